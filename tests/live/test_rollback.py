"""A command whose smoke test fails after a change is put back as it was, ids and all."""

from __future__ import annotations

import pytest

from bootstrap.kinds import command_notes, command_writing
from bootstrap.kinds.smoke import SmokeTest
from tests.live.commands import SITE, Look, actions, done, notes, settled
from tests.live.conftest import Bench

SMOKE = SITE.replace(
    "    enabled: true\n    defaults",
    "    smoke: {wrapper: say, project: BRAIN, root: E1}\n    enabled: true\n    defaults",
)


class Answers:
    """What the smoke test finds; None is that all is well."""

    failure: str | None = None
    tried: list[str]


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    found = Answers()
    found.tried = []

    class Tried(SmokeTest):
        def failure(self) -> str | None:
            found.tried.append(str(self.xnat.client.read_json(f"/xapi/commands/{number}", doing="x")["image"]))
            return found.failure

    number = 1
    monkeypatch.setattr(command_writing, "SmokeTest", Tried)
    monkeypatch.setattr(command_notes, "root_uri", lambda *_all: "/archive/experiments/E1")
    return found


@pytest.fixture
def applied(bench: Bench, answers: Answers) -> Bench:
    bench.write(SMOKE)
    done(bench.apply())
    assert answers.tried == ["busy:1"]
    return bench


def test_a_good_change_is_tried_and_stays(applied: Bench, answers: Answers) -> None:
    applied.write(SMOKE.replace("busy:1", "busy:2"))
    assert "afterwards say is asked for its launch form on E1 in BRAIN" in notes(applied.plan(), "command:greet")
    done(applied.apply())
    assert answers.tried[-1] == "busy:2"
    settled(applied)


def test_a_bad_change_is_put_back_and_the_report_says_why(applied: Bench, answers: Answers) -> None:
    look = Look.at(applied)
    before, ids = look.command(), look.ids()
    answers.failure = "it ended as `Failed`: stderr: no such file"
    applied.write(SMOKE.replace("busy:1", "busy:2").replace("name: shout", "name: yell").replace("shout", "yell"))
    report = applied.apply()
    line = next(line for line in report.lines if line.change.ref == "command:greet")
    assert line.outcome == "failed"
    assert "the document before it is there again: it ended as `Failed`: stderr: no such file" in str(line.error)
    assert look.ids()["say"] == ids["say"]
    assert look.command() == before
    assert look.on(ids["say"], "BRAIN")
    answers.failure = None
    done(applied.apply())
    assert look.command()["image"] == "busy:2"
    settled(applied)


def test_a_renamed_wrapper_has_its_old_name_again(applied: Bench, answers: Answers) -> None:
    look = Look.at(applied)
    before, ids = look.command(), look.ids()
    answers.failure = "no"
    text = SMOKE.replace("name: shout", "name: yell").replace("[say, shout]", "[say, yell]").replace("shout:", "yell:")
    applied.write(text.replace("    smoke:", "    wrappers: {yell: {was: shout}}\n    smoke:"))
    assert applied.apply().exit_code in (1, 5)
    assert (look.command(), look.ids()) == (before, ids)


def test_a_wrapper_that_was_to_go_keeps_its_id(applied: Bench, answers: Answers) -> None:
    look = Look.at(applied)
    before = look.command()
    answers.failure = "no"
    start, end = SMOKE.index("        - name: shout"), SMOKE.index("    smoke:")
    text = (SMOKE[:start] + SMOKE[end:]).replace("      shout: {enabled: true}\n    orchestration: both\n", "")
    applied.write(text.replace("orchestrations: [{name: both, wrappers: [say, shout]}]\n", ""))
    assert actions(applied.plan())["command:greet"] == "update"
    assert applied.apply().exit_code in (1, 5)
    assert look.command() == before
    assert look.orchestrations()["both"]["enabled"] is True


def test_a_new_command_that_fails_stays_and_nothing_that_needs_it_is_done(bench: Bench, answers: Answers) -> None:
    answers.failure = "no"
    bench.write(SMOKE)
    report = bench.apply()
    found = {line.change.ref: line.outcome for line in report.lines}
    assert (found["command:greet"], found["enablement:greet/say"]) == ("failed", "skipped")
    assert len(Look.at(bench).commands()) == 1


def test_a_document_that_cannot_be_put_back_is_told(applied: Bench, answers: Answers) -> None:
    answers.failure = "no"
    applied.server.faults.add("unavailable POST /xapi/commands/1 nth=2 times=*")
    applied.write(SMOKE.replace("busy:1", "busy:2"))
    report = applied.apply()
    errors = [str(line.error) for line in report.lines if line.change.ref == "command:greet"]
    assert "the document before it could not be put back" in errors[0]


def test_a_smoke_test_of_a_wrapper_that_is_gone_is_a_failure(applied: Bench, answers: Answers) -> None:
    from bootstrap.kinds.commands_section import Smoke
    from bootstrap.kinds.kind import Resource
    from bootstrap.ops.session import load, opened, target_of

    site = load(applied.folder, applied.job().asked, applied.tools)
    smoke = Smoke(wrapper="nobody", project="BRAIN", root="E1")
    with opened(target_of(applied.job().asked, applied.tools, site), applied.tools) as xnat:
        writer = command_writing.Writer(xnat, Resource("command", "greet", {}, payload={"smoke": smoke}))
        assert "no wrapper `nobody`" in str(writer._smoke_failure(smoke, Look.at(applied).command()))
