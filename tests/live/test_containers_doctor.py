"""What `doctor` says of commands, and what is said where XNAT has no Container Service."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bootstrap.ops.console import Console
from bootstrap.ops.doctor import examine
from bootstrap.ops.export import export_site
from bootstrap.ops.session import Asked
from tests.live.commands import HEAD, SITE, Look, done, errors
from tests.live.conftest import Bench, serving


@pytest.fixture
def applied(bench: Bench) -> Bench:
    bench.write(SITE)
    done(bench.apply())
    return bench


def doctor(bench: Bench, capsys: pytest.CaptureFixture[str]) -> str:
    examine(bench.folder, Asked(url=bench.server.url), bench.tools, Console())
    return capsys.readouterr().out


def test_a_server_that_fits(applied: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    assert "1 commands with 2 wrappers, 2 of them on for the site" in doctor(applied, capsys)


def test_what_can_never_run_is_named(applied: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    look = Look.at(applied)
    command = look.command()
    look.write("POST", f"/xapi/commands/{command['id']}", json={**command, "xnat": command["xnat"][:1]})
    say = command["xnat"][0]
    parent = {"name": "subject", "type": "Subject", "derived-from-wrapper-input": "session"}
    child = {**say["derived-inputs"][0], "derived-from-wrapper-input": "subject"}
    body = {**command, "xnat": [{**say, "derived-inputs": [parent, child]}]}
    look.write("POST", f"/xapi/commands/{command['id']}", json=body)
    told = doctor(applied, capsys)
    assert "greet/say: label stands before what it hangs on" in told
    assert "the orchestration both points at wrappers that are gone" in told


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Bench]:
    """An XNAT without the plugin."""
    (tmp_path / "site").mkdir()
    with serving(tmp_path / "state", plugins=()) as server:
        made = Bench(tmp_path / "site", server)
        made.write(HEAD)
        done(made.apply())
        yield made


def test_without_the_plugin_there_is_nothing_to_say(
    bare: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "commands" not in doctor(bare, capsys)
    bare.environ["XNAT_PASSWORD"] = "admin"
    assert export_site(bare.server.url, tmp_path / "out", Asked(url=bare.server.url), bare.tools, Console()) == 0
    assert "commands" not in (tmp_path / "out" / "site.yaml").read_text()


def test_without_the_plugin_a_site_with_commands_fails_clearly_and_changes_nothing(bare: Bench) -> None:
    bare.write(SITE)
    plan = bare.plan()
    assert (plan.exit_code, errors(plan)) == (3, ["no-container-service"])
