"""The shipped sites/practice, as `make bootstrap` applies it: with an engine, one that reaches nothing, none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bootstrap.engine.run import Talk
from bootstrap.ops import jobs
from bootstrap.ops.jobs import Job
from tests.live.commands import Look, done
from tests.live.conftest import Bench
from tests.practice.containers.fake_engine import FakeEngine

SITE = Path(__file__).parents[2] / "sites" / "practice" / "site.yaml"
BASE = "sha256:" + "b" * 64


@pytest.fixture
def engine() -> Iterator[FakeEngine]:
    with FakeEngine() as made:
        made.reaches_registries = False
        yield made


def job(bench: Bench, host: str) -> Job:
    """The shipped file, on another engine than this machine's."""
    overlay = bench.write(f"compute: {{host: '{host}', build_engine: '{host}'}}\n", "engine.yaml")
    base = bench.write(_elsewhere(SITE.read_text(encoding="utf-8")))
    made = bench.job()
    return replace(made, place=base, asked=replace(made.asked, overlays=(overlay,)))


def _elsewhere(text: str) -> str:
    return text.replace("../../", f"{SITE.parents[2]}/")


def wrappers_on(bench: Bench, project: str) -> int:
    look = Look(bench.admin())
    ids = look.ids("dcm2niix")
    found = [look.write("GET", f"/xapi/projects/{project}/wrappers/{ids[name]}/enabled").json() for name in ids if name]
    return sum(one["enabled-for-project"] for one in found)


def subscribed(bench: Bench) -> dict[str, tuple[bool, bool]]:
    """Which of them work, and which of them XNAT holds for valid."""
    rows = Look(bench.admin()).write("GET", "/xapi/events/subscriptions").json()
    return {row["name"]: (row["active"], row["valid"]) for row in rows}


@pytest.mark.parametrize(
    ("has_engine", "deferred"), [(True, {"image:dcm2niix"}), (False, {"container_engine:server", "image:dcm2niix"})]
)
def test_it_ends_well_without_docker_and_without_its_base(
    bench: Bench, engine: FakeEngine, has_engine: bool, deferred: set[str]
) -> None:
    wanted = job(bench, engine.host if has_engine else "unix:///nowhere/docker.sock")
    first = done(jobs.apply(wanted, bench.tools, Talk()))
    assert {line.change.ref for line in first.lines if line.change.deferred} == deferred
    assert (wrappers_on(bench, "DEMO"), wrappers_on(bench, "PLAIN")) == (2, 0)
    assert subscribed(bench) == {
        "dcm2niix-on-scan for DEMO": (True, True),
        "dcm2niix-on-merge for DEMO": (False, True),
        "dcm2niix-on-scan for RESTING": (False, True),
    }
    again = jobs.apply(wanted, bench.tools, Talk())
    assert (again.exit_code, again.counts.writes, again.deferred) == (0, 0, len(deferred))


def test_another_base_makes_the_image_and_the_command_has_it(bench: Bench, engine: FakeEngine) -> None:
    engine.add(BASE, "local/debian:1")
    bench.environ["BASE_IMAGE"] = "local/debian:1"
    done(jobs.apply(job(bench, engine.host), bench.tools, Talk()))
    (built,) = engine.built
    assert Look(bench.admin()).command("dcm2niix")["image"] == built
    again = jobs.apply(job(bench, engine.host), bench.tools, Talk())
    assert (again.exit_code, again.counts.writes, again.deferred) == (0, 0, 0)
