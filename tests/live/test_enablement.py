"""Switches and defaults of wrappers, for the site and in projects, against the practice XNAT."""

from __future__ import annotations

import pytest

from tests.live.commands import COMMANDS, HEAD, SITE, Look, actions, done, errors, notes, settled, written
from tests.live.conftest import Bench


@pytest.fixture
def applied(bench: Bench) -> Bench:
    bench.write(SITE)
    done(bench.apply())
    return bench


def test_only_what_differs_is_switched(applied: Bench) -> None:
    look = Look.at(applied)
    say = look.ids()["say"]
    versions = len(look.stored(say)), len(look.stored(say, "BRAIN"))
    applied.write(SITE.replace("busy:1", "busy:2").replace("value: hey", "value: hello"))
    done(applied.apply())
    assert (len(look.stored(say)), len(look.stored(say, "BRAIN"))) == (versions[0], versions[1] + 1)


def test_what_holds_for_all_wrappers_and_where_one_differs(bench: Bench) -> None:
    differing = "    wrappers: {shout: {enabled: false, defaults: {words: loud}}}\n"
    bench.write(HEAD + COMMANDS + differing)
    done(bench.apply())
    look = Look.at(bench)
    ids = look.ids()
    assert (look.on(ids["say"]), look.on(ids["shout"])) == (True, False)
    assert look.stored(ids["shout"])[-1]["inputs"]["words"]["default-value"] == "loud"
    settled(bench)
    bench.write(HEAD + COMMANDS.replace("    enabled: true\n", "    enabled: null\n") + differing)
    done(bench.apply())
    assert look.on(ids["say"]) is False


def test_what_is_not_said_is_left_alone(applied: Bench) -> None:
    look = Look.at(applied)
    ids = look.ids()
    look.write("PUT", f"/xapi/projects/HEART/wrappers/{ids['say']}/enabled")
    applied.write(
        SITE.replace("      shout: {enabled: true}\n    orchestration: both\n", "").replace(
            "    enabled: true\n    defaults", "    defaults"
        )
    )
    report = applied.apply()
    assert (report.exit_code, report.counts.writes) == (0, 0)
    assert look.on(ids["say"], "HEART")
    assert {problem.rule for problem in report.problems if problem.severity == "note"} == {"gone-from-file"}


def test_in_a_project_its_own_flag_is_told_from_the_one_in_effect(applied: Bench) -> None:
    look = Look.at(applied)
    ids = look.ids()
    look.write("PUT", f"/xapi/wrappers/{ids['say']}/disabled")
    assert actions(applied.plan()) == {
        "enablement:greet/say": "update",
        "orchestration:both": "update",
        "project_orchestration:BRAIN": "update",
    }
    off = SITE.replace("    enabled: true\n    defaults", "    wrappers: {say: {enabled: false}}\n    defaults")
    alone = off.replace("    orchestration: both\n", "    orchestration: null\n").replace(
        "orchestrations: [{name: both, wrappers: [say, shout]}]\n", ""
    )
    applied.write(alone.replace("  - id: HEART\n", "  - id: HEART\n    commands: {say: {enabled: true}}\n"))
    plan = applied.plan()
    assert "it has no effect while the wrapper is off for the site" in notes(plan, "project_enablement:HEART/greet/say")
    assert "not-in-effect" in [problem.rule for problem in plan.problems]
    done(applied.apply())
    effective = look.write("GET", f"/xapi/projects/HEART/wrappers/{ids['say']}/enabled").json()
    assert (effective["enabled-for-project"], look.on(ids["say"], "HEART")) == (False, True)
    settled(applied)


def test_switching_off_for_the_site_tells_which_orchestrations_go_with_it(applied: Bench) -> None:
    alone = SITE.replace("    orchestration: both\n", "").replace(
        "orchestrations: [{name: both, wrappers: [say, shout]}]\n", ""
    )
    applied.write(alone.replace("    enabled: true\n    defaults", "    enabled: false\n    defaults"))
    assert "XNAT switches off the orchestration `both` as well" in notes(applied.plan(), "enablement:greet/say")


def test_defaults_keep_the_switch_and_what_others_configured(applied: Bench) -> None:
    look = Look.at(applied)
    ids = look.ids()
    say = ids["say"]
    document = {
        "inputs": {"session": {"matcher": "@.x == 1"}, "words": {"default-value": "by hand", "user-settable": False}},
        "outputs": {},
    }
    look.write("POST", f"/xapi/wrappers/{say}/config?enable=true", json=document)
    look.write("PUT", f"/xapi/wrappers/{ids['shout']}/disabled")
    applied.write(SITE.replace("    enabled: true\n    defaults", "    defaults"))
    start = len(applied.server.requests)
    applied.apply(only=("wrapper_defaults",))
    assert list(written(applied, start)) == [f"POST /xapi/wrappers/{say}/config"]
    now = look.stored(say)[-1]
    assert now["inputs"]["words"]["default-value"] == "hi"
    assert now["inputs"]["words"]["user-settable"] is False
    assert now["inputs"]["session"]["matcher"] == "@.x == 1"
    assert (look.on(say), look.on(ids["shout"])) == (True, False)


def test_defaults_in_a_project_do_not_freeze_its_flag_while_the_site_is_off(applied: Bench) -> None:
    look = Look.at(applied)
    say = look.ids()["say"]
    look.write("PUT", f"/xapi/wrappers/{say}/disabled")
    applied.write(SITE.replace("value: hey", "value: hey you"))
    done(applied.apply(only=("project_wrapper_defaults",)))
    assert look.on(say, "BRAIN") is True
    look.write("PUT", f"/xapi/projects/BRAIN/wrappers/{say}/disabled")
    applied.write(SITE.replace("value: hey", "value: hello"))
    done(applied.apply(only=("project_wrapper_defaults",)))
    assert look.on(say, "BRAIN") is False


def test_null_is_the_commands_own_default(applied: Bench) -> None:
    look = Look.at(applied)
    say = look.ids()["say"]
    applied.write(SITE.replace("    defaults: {words: hi}\n", "    defaults: {words: null}\n"))
    report = done(applied.apply())
    assert actions(report) == {"wrapper_defaults:greet/say": "update", "wrapper_defaults:greet/shout": "update"}
    assert look.stored(say)[-1]["inputs"] == {}
    settled(applied)


def test_prune_switches_off_and_takes_defaults_back(applied: Bench) -> None:
    look = Look.at(applied)
    ids = look.ids()
    applied.write(
        HEAD
        + COMMANDS.replace("    enabled: true\n    defaults: {words: hi}\n", "")
        + "projects: [{id: BRAIN}, {id: HEART}]\n"
    )
    assert applied.apply().counts.writes == 0
    done(applied.apply(prune=True))
    assert [look.on(ids[name], project) for name in ("say", "shout") for project in ("", "BRAIN")] == [False] * 4
    assert look.stored(ids["say"], "BRAIN")[-1]["inputs"] == {}
    assert look.orchestrations() == {}
    assert applied.apply(prune=True).counts.writes == 0


def test_another_teams_wrapper_is_used_by_its_full_name(applied: Bench) -> None:
    text = HEAD.replace("server: {", "server: {owner: second, ")
    applied.write(text + "projects: [{id: LUNG, commands: {greet/say: {enabled: true, defaults: {words: ho}}}}]\n")
    done(applied.apply())
    assert Look.at(applied).on(Look.at(applied).ids()["say"], "LUNG")
    settled(applied)
    applied.write(text + "projects: [{id: LUNG, commands: {greet/sya: {enabled: true}}}]\n")
    assert errors(applied.apply()) == ["unknown-wrapper"]
    applied.write(text + "projects: [{id: LUNG, commands: {say: {enabled: true}}}]\n")
    assert errors(applied.plan()) == ["unknown-wrapper"]


def test_a_project_that_is_not_there_gets_no_ghost(bench: Bench) -> None:
    bench.write(SITE)
    bench.server.faults.add("fail-after PUT /data/projects/BRAIN times=*")
    bench.server.faults.add("cut-before PUT /data/projects/HEART times=*")
    bench.apply()
    look = Look.at(bench)
    assert look.write("GET", f"/xapi/wrappers/{look.ids()['say']}/projects").json() in ([], ["BRAIN"])


@pytest.mark.parametrize("path", ["/xapi/wrappers/*", "/xapi/projects/*"])
@pytest.mark.parametrize("fault", ["fail-after", "cut-after", "cut-before"])
def test_a_switch_without_an_answer_is_found_again(bench: Bench, fault: str, path: str) -> None:
    bench.write(SITE)
    bench.server.faults.add(f"{fault} WRITE {path} nth=2")
    bench.apply()
    done(bench.apply())
    settled(bench)
