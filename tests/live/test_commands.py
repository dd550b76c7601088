"""Commands against the practice XNAT: made, changed in place, renamed, put in order, removed."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests

from bootstrap.engine.run import Talk
from bootstrap.engine.saved import load_document
from bootstrap.ops import jobs
from tests.live.commands import COMMANDS, HEAD, SITE, Look, actions, done, errors, notes, outcomes, settled, written
from tests.live.conftest import Bench

ONLY_COMMANDS = HEAD + COMMANDS


@pytest.fixture
def applied(bench: Bench) -> Bench:
    bench.write(SITE)
    done(bench.apply())
    return bench


def test_everything_is_made_in_its_order_and_the_second_run_writes_nothing(bench: Bench) -> None:
    bench.write(SITE)
    first = done(bench.apply())
    assert set(outcomes(first).values()) == {"done"}
    assert {ref.partition(":")[0] for ref in outcomes(first)} >= {
        "command",
        "enablement",
        "wrapper_defaults",
        "project_enablement",
        "project_wrapper_defaults",
        "orchestration",
        "project_orchestration",
    }
    settled(bench)
    look = Look.at(bench)
    ids = look.ids()
    assert look.on(ids["say"])
    assert look.stored(ids["say"])[-1]["inputs"]["words"]["default-value"] == "hi"
    assert look.stored(ids["say"], "BRAIN")[-1]["inputs"]["words"]["default-value"] == "hey"
    assert look.chosen("BRAIN") == look.orchestrations()["both"]["id"]


def test_a_plan_on_a_fresh_server_writes_nothing_and_foretells_everything(bench: Bench) -> None:
    bench.write(SITE)
    assert bench.plan().exit_code == 2
    assert list(written(bench, 0)) == []


def test_a_new_image_is_an_update_in_place_that_keeps_ids_switches_and_configuration(applied: Bench) -> None:
    look = Look.at(applied)
    ids, before = look.ids(), [look.stored(number) for number in list(look.ids().values())[1:]]
    applied.write(SITE.replace("busy:1", "busy:2").replace('version: "1"', 'version: "2"'))
    plan = applied.plan()
    assert actions(plan) == {"command:greet": "update"}
    assert f"command id kept: {ids['']}, wrapper ids kept: {ids['say']}, {ids['shout']}" in notes(plan, "command:greet")
    start = len(applied.server.requests)
    done(applied.apply())
    assert list(written(applied, start)) == [f"POST /xapi/commands/{ids['']}"]
    assert look.ids() == ids
    assert [look.stored(number) for number in list(ids.values())[1:]] == before
    assert (look.command()["image"], look.command()["version"], len(look.commands())) == ("busy:2", "2", 1)
    settled(applied)


def test_a_command_and_its_wrapper_are_renamed_and_keep_their_ids(applied: Bench) -> None:
    look = Look.at(applied)
    ids = look.ids()
    renamed = SITE.replace("  greet:\n", "  salute:\n    was: greet\n    wrappers: {yell: {was: shout}}\n")
    applied.write(
        renamed.replace("name: shout", "name: yell").replace("[say, shout]", "[say, yell]").replace("shout:", "yell:")
    )
    start = len(applied.server.requests)
    report = done(applied.apply())
    assert actions(report) == {"command:salute": "rename"}
    assert list(written(applied, start)) == [
        f"POST /xapi/commands/{ids['']}/wrappers/{ids['shout']}",
        f"POST /xapi/commands/{ids['']}",
    ]
    assert look.ids("salute") == {"": ids[""], "say": ids["say"], "yell": ids["shout"]}
    assert look.on(ids["shout"], "BRAIN")
    settled(applied)
    undo = Path(str(report.undo))
    done(jobs.undo(undo, load_document(undo), applied.job(), applied.tools, Talk()))
    assert look.ids("greet") == ids


def test_a_rename_that_is_done_is_harmless_and_may_be_taken_out(applied: Bench) -> None:
    renamed = SITE.replace("  greet:\n", "  salute:\n    was: greet\n")
    applied.write(renamed)
    done(applied.apply())
    applied.write(renamed.replace("    was: greet\n", ""))
    settled(applied)
    assert applied.plan(prune=True).exit_code == 0


def test_an_order_that_an_update_cannot_reach_is_reached_in_two_steps_and_ids_stay(applied: Bench) -> None:
    look = Look.at(applied)
    ids = look.ids()
    parent = "            - {name: subject, type: Subject, derived-from-wrapper-input: session}\n"
    moved = SITE.replace("          derived-inputs:\n", "          derived-inputs:\n" + parent).replace(
        "name: label, type: string, derived-from-wrapper-input: session",
        "name: label, type: string, derived-from-wrapper-input: subject",
    )
    applied.write(moved)
    assert "would put label before what it hangs on" in notes(applied.plan(), "command:greet")
    start = len(applied.server.requests)
    done(applied.apply())
    assert list(written(applied, start)) == [f"POST /xapi/commands/{ids['']}"] * 2
    say = next(wrapper for wrapper in look.command()["xnat"] if wrapper["name"] == "say")
    assert [one["name"] for one in say["derived-inputs"]] == ["subject", "label"]
    assert [one["name"] for one in say["external-inputs"]] == ["session"]
    assert look.ids() == ids
    assert look.on(ids["say"], "BRAIN")
    settled(applied)


def test_an_order_that_somebody_else_broke_is_repaired(applied: Bench) -> None:
    look = Look.at(applied)
    parent = "            - {name: subject, type: Subject, derived-from-wrapper-input: session}\n"
    moved = SITE.replace("          derived-inputs:\n", "          derived-inputs:\n" + parent).replace(
        "name: label, type: string, derived-from-wrapper-input: session",
        "name: label, type: string, derived-from-wrapper-input: subject",
    )
    applied.write(moved)
    command = look.command()
    say = command["xnat"][0]
    say["derived-inputs"] = [
        {"name": "subject", "type": "Subject", "derived-from-wrapper-input": "session"},
        {**say["derived-inputs"][0], "derived-from-wrapper-input": "subject"},
    ]
    look.write("POST", f"/xapi/commands/{command['id']}", json=command)
    assert [one["name"] for one in look.command()["xnat"][0]["derived-inputs"]] == ["label", "subject"]
    assert actions(applied.plan()) == {"command:greet": "repair"}
    done(applied.apply())
    settled(applied)


def test_a_wrapper_that_is_gone_from_the_document_is_deleted_and_who_points_at_it_is_told(applied: Bench) -> None:
    look = Look.at(applied)
    ids = look.ids()
    document = SITE.replace("orchestration: both", "orchestration: null").replace(", shout]}]", ", say]}]")
    cut = (
        document[: document.index("        - name: shout")]
        + document[document.index("    enabled: true\n    defaults") :]
    )
    applied.write(
        cut.replace("      shout: {enabled: true}\n", "").replace(
            "orchestrations: [{name: both, wrappers: [say, say]}]\n", ""
        )
    )
    plan = applied.plan()
    told = notes(plan, "command:greet")
    assert f"the wrapper shout (id {ids['shout']}) is deleted" in told
    assert "the orchestration `both` points at a wrapper that goes away" in told
    start = len(applied.server.requests)
    applied.apply()
    assert list(written(applied, start))[:2] == [
        f"POST /xapi/commands/{ids['']}",
        f"DELETE /xapi/wrappers/{ids['shout']}",
    ]
    assert list(look.ids()) == ["", "say"]


def test_another_type_is_another_command_and_the_plan_says_so(bench: Bench) -> None:
    setup = (
        HEAD
        + 'commands: {prep: {document: {version: "1", image: "busy:1", command-line: "true", type: docker-setup}}}\n'
    )
    bench.write(setup.replace("docker-setup", "docker"))
    done(bench.apply())
    before = Look.at(bench).ids("prep")[""]
    bench.write(setup)
    assert "the id changes: `type` forces" in notes(bench.plan(), "command:prep")
    done(bench.apply())
    assert Look.at(bench).ids("prep")[""] > before
    settled(bench)
    bench.write(setup.replace("{prep: {", "{prep: {protected: true, ").replace("docker-setup", "docker"))
    assert errors(bench.apply()) == ["protected"]


def test_a_command_is_removed_only_by_prune(applied: Bench) -> None:
    applied.write(HEAD + "projects: [{id: BRAIN}, {id: HEART}]\n")
    left = applied.apply()
    assert (left.exit_code, left.counts.writes) == (0, 0)
    assert Look.at(applied).commands()
    done(applied.apply(prune=True))
    assert Look.at(applied).commands() == []
    assert applied.apply(prune=True).counts.writes == 0


def test_two_owners_do_not_touch_each_others_commands(applied: Bench) -> None:
    other = SITE.replace("server: {", "server: {owner: radiology, ").replace("busy:1", "busy:2")
    applied.write(other)
    assert errors(applied.apply()) == ["foreign"]
    own = (
        other.replace("greet", "theirs")
        .replace("name: both", "name: theirs")
        .replace("orchestration: both", "orchestration: theirs")
    )
    applied.write(own.replace("id: BRAIN", "id: LUNG"))
    done(applied.apply())
    assert sorted(one["name"] for one in Look.at(applied).commands()) == ["greet", "theirs"]
    assert Look.at(applied).command()["image"] == "busy:1"
    applied.write(HEAD.replace("server: {", "server: {owner: radiology, "))
    done(applied.apply(prune=True))
    assert [one["name"] for one in Look.at(applied).commands()] == ["greet"]


def test_of_several_commands_of_a_name_the_ledgers_is_changed(applied: Bench) -> None:
    look = Look.at(applied)
    ids = look.ids()
    look.write("POST", "/xapi/commands", json={"name": "greet", "version": "9", "image": "busy:9", "command-line": ""})
    applied.write(SITE.replace("busy:1", "busy:3"))
    done(applied.apply())
    assert look.commands()[0]["id"] == ids[""]
    assert [one["image"] for one in look.commands()] == ["busy:3", "busy:9"]
    assert look.ids()["say"] == ids["say"]
    settled(applied)


def test_of_several_that_could_be_meant_none_is_touched(bench: Bench) -> None:
    bench.write(HEAD)
    done(bench.apply())
    look = Look.at(bench)
    for version in ("7", "8"):
        body = {"name": "greet", "version": version, "image": "busy:9", "command-line": ""}
        look.write("POST", "/xapi/commands", json=body)
    bench.write(ONLY_COMMANDS)
    report = bench.apply()
    assert (report.exit_code, errors(report)) == (3, ["command-twins"])
    bench.write(ONLY_COMMANDS.replace('version: "1"', 'version: "8"').replace("busy:1", "busy:9"))
    done(bench.apply())
    assert [len(one["xnat"]) for one in look.commands()] == [0, 2]
    bench.write(ONLY_COMMANDS.replace('version: "1"', 'version: "7"').replace("busy:1", "busy:9"))
    assert errors(bench.apply()) == ["command-twins"]


def test_what_is_there_and_fits_is_adopted_without_a_write(bench: Bench) -> None:
    bench.write(ONLY_COMMANDS.replace("    enabled: true\n    defaults: {words: hi}\n", ""))
    done(bench.apply())
    bench.write((bench.folder / "site.yaml").read_text().replace("server: {", "server: {owner: second, "))
    assert bench.apply().counts.writes == 0


def test_ignored_and_accepted_keys_are_left_as_the_server_has_them(applied: Bench) -> None:
    look = Look.at(applied)
    command = look.command()
    look.write("POST", f"/xapi/commands/{command['id']}", json={**command, "label": "by hand", "description": "ours"})
    accepted = """\
accept: [{what: "command:greet", field: description, reason: edited by the office, until: 2099-01-01}]
"""
    text = SITE.replace("  greet:\n", "  greet:\n    ignore: [label]\n").replace("busy:1", "busy:2") + accepted
    applied.write(text)
    done(applied.apply())
    now = look.command()
    assert (now["label"], now["description"], now["image"]) == ("by hand", "ours", "busy:2")
    settled(applied)


def test_drift_names_what_somebody_changed(applied: Bench) -> None:
    look = Look.at(applied)
    command = look.command()
    command["inputs"][0]["default-value"] = "moved"
    look.write("POST", f"/xapi/commands/{command['id']}", json=command)
    look.write("PUT", f"/xapi/projects/BRAIN/wrappers/{look.ids()['say']}/disabled")
    found = applied.drift()
    moved = {(line.change.ref, field.path, field.moved) for line in found.lines for field in line.change.fields}
    assert ("command:greet", "inputs.words.default-value", "server") in moved
    assert ("project_enablement:BRAIN/greet/say", "enabled", "server") in moved
    done(applied.apply())
    assert applied.drift().exit_code == 0


@pytest.mark.parametrize(
    "fault", ["fail-after POST /xapi/commands", "cut-after POST /xapi/commands", "cut-before POST /xapi/commands"]
)
def test_a_creation_without_an_answer_makes_no_second_command(bench: Bench, fault: str) -> None:
    bench.write(ONLY_COMMANDS)
    bench.server.faults.add(fault)
    bench.apply()
    done(bench.apply())
    assert len(Look.at(bench).commands()) == 1
    settled(bench)


def test_a_smoke_test_that_this_server_cannot_make_puts_nothing_back(applied: Bench) -> None:
    smoke = "    smoke: {wrapper: say, project: BRAIN, root: E1}\n"
    applied.write(
        SITE.replace("busy:1", "busy:2").replace(
            "    enabled: true\n    defaults", smoke + "    enabled: true\n    defaults"
        )
    )
    assert "its smoke test cannot be made: " in notes(applied.plan(), "command:greet")
    done(applied.apply())
    assert Look.at(applied).command()["image"] == "busy:2"


def test_a_renamed_wrapper_gets_its_old_name_back_by_an_undo(applied: Bench) -> None:
    look = Look.at(applied)
    ids = look.ids()
    text = SITE.replace("name: shout", "name: yell").replace("[say, shout]", "[say, yell]").replace("shout:", "yell:")
    applied.write(
        text.replace(
            "    enabled: true\n    defaults", "    wrappers: {yell: {was: shout}}\n    enabled: true\n    defaults"
        )
    )
    report = done(applied.apply())
    assert look.ids() == {"": ids[""], "say": ids["say"], "yell": ids["shout"]}
    undo = Path(str(report.undo))
    done(jobs.undo(undo, load_document(undo), applied.job(), applied.tools, Talk()))
    assert look.ids() == ids


MOVED = SITE.replace(
    "          derived-inputs:\n",
    "          derived-inputs:\n            - {name: subject, type: Subject, derived-from-wrapper-input: session}\n",
).replace(
    "label, type: string, derived-from-wrapper-input: session",
    "label, type: string, derived-from-wrapper-input: subject",
)


@pytest.mark.parametrize("fault", ["cut-before", "cut-after", "fail-after"])
@pytest.mark.parametrize("nth", [1, 2])
def test_two_steps_that_are_cut_leave_a_command_that_can_be_launched(applied: Bench, fault: str, nth: int) -> None:
    look = Look.at(applied)
    ids = look.ids()
    applied.server.faults.add(f"{fault} POST /xapi/commands/{ids['']} nth={nth}")
    applied.write(MOVED)
    applied.apply()
    assert [one["name"] for one in look.command()["xnat"][0]["external-inputs"]] == ["session"]
    done(applied.apply())
    assert [one["name"] for one in look.command()["xnat"][0]["derived-inputs"]] == ["subject", "label"]
    assert look.ids() == ids
    settled(applied)


def test_wrappers_that_xnat_stored_although_it_refused_them_are_taken_out(applied: Bench) -> None:
    look = Look.at(applied)
    ids = look.ids()
    twin = {"name": "say", "contexts": ["xnat:mrSessionData"]}
    for body in ({}, twin):
        answer = requests.post(
            f"{applied.server.url}/xapi/commands/{ids['']}/wrappers", json=body, auth=("admin", "admin"), timeout=30
        )
        assert answer.status_code == 400
    assert len(look.command()["xnat"]) == 4
    plan = applied.plan()
    assert actions(plan) == {"command:greet": "repair"}
    assert "the wrapper (without a name)" in notes(plan, "command:greet")
    done(applied.apply())
    assert look.ids() == ids
    settled(applied)
