"""Orchestrations and what projects choose, against the practice XNAT."""

from __future__ import annotations

import pytest

from tests.live.commands import SITE, Look, actions, done, errors, notes, settled, written
from tests.live.conftest import Bench


@pytest.fixture
def applied(bench: Bench) -> Bench:
    bench.write(SITE)
    done(bench.apply())
    return bench


def test_an_orchestration_is_changed_in_place_and_stays_chosen(applied: Bench) -> None:
    look = Look.at(applied)
    ids, before = look.ids(), look.orchestrations()["both"]
    applied.write(SITE.replace("[say, shout]}", "[shout, say], halt_on_failure: false}"))
    done(applied.apply())
    now = look.orchestrations()["both"]
    assert (now["id"], now["wrapperIds"]) == (before["id"], [ids["shout"], ids["say"]])
    assert now["haltOnCommandFailure"] is False
    assert look.chosen("BRAIN") == before["id"]
    settled(applied)


def test_one_that_was_switched_off_by_hand_is_on_again_and_chosen_again(applied: Bench) -> None:
    look = Look.at(applied)
    number = look.orchestrations()["both"]["id"]
    look.write("PUT", f"/xapi/orchestration/{number}/enabled/false")
    assert actions(applied.plan()) == {"orchestration:both": "update", "project_orchestration:BRAIN": "update"}
    start = len(applied.server.requests)
    done(applied.apply())
    assert list(written(applied, start)) == [
        f"PUT /xapi/orchestration/{number}/enabled/true",
        "PUT /xapi/orchestration/project/BRAIN",
    ]
    settled(applied)


def test_one_can_be_kept_switched_off(applied: Bench) -> None:
    off = SITE.replace("[say, shout]}", "[say, shout], enabled: false}")
    applied.write(off)
    assert errors(applied.plan()) == ["orchestration-off"]
    applied.write(off.replace("    orchestration: both\n", ""))
    done(applied.apply())
    assert Look.at(applied).orchestrations()["both"]["enabled"] is False
    settled(applied)


def test_a_broken_reference_is_repaired(applied: Bench) -> None:
    """Somebody left a wrapper out of an update: its row stays behind, and the orchestration goes on pointing at it."""
    look = Look.at(applied)
    command = look.command()
    shout = command["xnat"].pop()
    look.write("POST", f"/xapi/commands/{command['id']}", json=command)
    command["xnat"].append({key: value for key, value in shout.items() if key != "id"})
    look.write("POST", f"/xapi/commands/{command['id']}", json=command)
    assert look.ids()["shout"] != shout["id"]
    plan = applied.plan()
    assert actions(plan)["orchestration:both"] == "repair"
    assert "it points at a wrapper that is gone" in notes(plan, "orchestration:both")
    applied.apply()
    done(applied.apply())
    assert look.orchestrations()["both"]["wrapperIds"] == [look.ids()["say"], look.ids()["shout"]]
    settled(applied)


def test_a_command_that_was_made_anew_by_hand_is_put_right_with_all_that_hangs_on_it(applied: Bench) -> None:
    look = Look.at(applied)
    command = look.command()
    look.write("DELETE", f"/xapi/commands/{command['id']}")
    assert look.orchestrations() == {}
    applied.apply()
    done(applied.apply())
    ids = look.ids()
    assert look.on(ids["say"], "BRAIN")
    assert look.orchestrations()["both"]["wrapperIds"] == [ids["say"], ids["shout"]]
    settled(applied)


def test_a_project_chooses_none_by_null(applied: Bench) -> None:
    applied.write(SITE.replace("orchestration: both", "orchestration: null"))
    done(applied.apply())
    assert Look.at(applied).chosen("BRAIN") is None
    settled(applied)


def test_prune_deletes_it(applied: Bench) -> None:
    without = SITE.replace("    orchestration: both\n", "").replace(
        "orchestrations: [{name: both, wrappers: [say, shout]}]\n", ""
    )
    applied.write(without)
    assert applied.apply().counts.writes == 0
    done(applied.apply(prune=True))
    assert Look.at(applied).orchestrations() == {}


@pytest.mark.parametrize("fault", ["fail-after", "cut-after", "cut-before"])
def test_a_creation_without_an_answer_makes_one(bench: Bench, fault: str) -> None:
    bench.write(SITE)
    bench.server.faults.add(f"{fault} POST /xapi/orchestration")
    bench.apply()
    done(bench.apply())
    assert list(Look.at(bench).orchestrations()) == ["both"]
    settled(bench)


MISTAKES = {
    "unknown-wrapper": ("[say, shout]", "[say, shuot]"),
    "no-common-context": ('["xnat:mrSessionData", "xnat:ctSessionData"]', '["xnat:ctSessionData"]'),
    "orchestration-wrapper-off": ("      shout: {enabled: true}\n", ""),
    "unknown-orchestration": ("orchestration: both", "orchestration: bth"),
    "orchestration-off": ("    enabled: true\n    defaults", "    wrappers: {say: {enabled: false}}\n    defaults"),
}


@pytest.mark.parametrize("rule", MISTAKES)
def test_what_xnat_would_refuse_is_told_before(bench: Bench, rule: str) -> None:
    bench.write(SITE.replace(*MISTAKES[rule]))
    report = bench.apply()
    assert report.exit_code == 3
    assert rule in errors(report)
