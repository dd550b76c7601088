"""The role ContainerManager, taken away in the middle of a run: 401 for commands, 403 for the rest of the service."""

from __future__ import annotations

import requests

from bootstrap.engine.run import Talk
from bootstrap.ops import jobs
from tests.live.commands import SITE, Look, done, outcomes, settled
from tests.live.conftest import Bench

REGISTRY = 'registries: [{name: a, url: "https://a.example.org"}]\n'


def taken_away_at(bench: Bench, step: str) -> Talk:
    """Somebody takes the role away as soon as this step is begun."""

    def tell(text: str) -> None:
        if text == step:
            path = f"{bench.server.url}/xapi/users/admin/roles/ContainerManager"
            assert requests.delete(path, auth=("admin", "admin"), timeout=30).status_code == 200

    return Talk(tell)


def test_a_command_that_is_refused_is_told_with_the_reason_and_made_by_the_next_run(bench: Bench) -> None:
    bench.write(SITE)
    report = jobs.apply(bench.job(), bench.tools, taken_away_at(bench, "create command:greet"))
    found = outcomes(report)
    assert report.exit_code == 5
    assert (found["project:BRAIN"], found["command:greet"], found["enablement:greet/say"]) == (
        "done",
        "failed",
        "skipped",
    )
    error = next(str(line.error) for line in report.lines if line.change.ref == "command:greet")
    assert "this account may not do it" in error
    assert "User admin is not a Container Manager" in error
    assert sum(seen.status == 401 for seen in bench.server.requests) == 1
    done(bench.apply())
    assert len(Look.at(bench).commands()) == 1
    settled(bench)


def test_a_registry_that_is_refused_is_told_and_made_by_the_next_run(bench: Bench) -> None:
    bench.write(SITE + REGISTRY)
    report = jobs.apply(bench.job(), bench.tools, taken_away_at(bench, "create registry:a"))
    assert outcomes(report)["registry:a"] == "failed"
    assert "this account may not do it" in next(str(x.error) for x in report.lines if x.change.ref == "registry:a")
    done(bench.apply())
    settled(bench)
