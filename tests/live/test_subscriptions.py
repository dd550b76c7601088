"""Subscriptions against the practice XNAT: found again, put right, switched, taken away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bootstrap.engine.run import Talk
from bootstrap.engine.saved import load_document
from bootstrap.ops import jobs
from bootstrap.ops.console import Console
from bootstrap.ops.doctor import examine
from bootstrap.ops.session import Asked
from tests.live.commands import HEAD, Look, actions, done, notes, settled, written
from tests.live.conftest import Bench

COMMANDS = """\
commands:
  convert:
    document:
      version: "1"
      image: busy:1
      command-line: "echo #words#"
      inputs: [{name: words, default-value: hello}]
      xnat:
        - name: convert-scan
          contexts: ["xnat:imageScanData"]
          external-inputs: [{name: scan, type: Scan}]
    enabled: true
"""
SUBSCRIPTIONS = """\
event_service: {enabled: true}
subscriptions:
  - {name: everything, event: session.created, everywhere: true, action: logging, active: true}
  - name: on scans
    event: scan.created
    filter: "'DICOM' in @.resources[*].label"
    action: {command: convert-scan}
    attributes: {words: "#scan-type#"}
    active: false
projects:
  - id: BRAIN
    commands: {convert-scan: {enabled: true}}
    subscriptions: {on scans: {active: true}}
  - id: HEART
    commands: {convert-scan: {enabled: true}}
    subscriptions: {on scans: {}}
"""
SITE = HEAD + COMMANDS + SUBSCRIPTIONS
ALONE = """\
event_service: {enabled: true}
subscriptions: [{name: everything, event: session.created, everywhere: true, action: logging, active: true}]
"""
CONTAINERS = "org.nrg.containers.services.CommandActionProvider"
SCANS = {"event-type": "org.nrg.xnat.eventservice.events.ScanEvent", "status": "CREATED"}
BRAIN, HEART = "on scans for BRAIN", "on scans for HEART"


@pytest.fixture
def applied(bench: Bench) -> Bench:
    bench.write(SITE)
    done(bench.apply())
    return bench


def rows(look: Look) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in look.admin._send("GET", "/xapi/events/subscriptions").json()}


def test_from_nothing_in_one_run(applied: Bench) -> None:
    look = Look.at(applied)
    found = rows(look)
    assert {name: one["active"] for name, one in found.items()} == {"everything": True, BRAIN: True, HEART: False}
    key = f"{CONTAINERS}:{look.ids('convert')['convert-scan']}"
    assert (found[BRAIN]["action-key"], found[BRAIN]["event-filter"]["project-ids"]) == (key, ["BRAIN"])
    assert all(one["valid"] for one in found.values())
    settled(applied)


def test_a_command_that_was_made_anew_by_hand_is_pointed_at_again(applied: Bench) -> None:
    look = Look.at(applied)
    before, command = rows(look), look.command("convert")
    look.write("DELETE", f"/xapi/commands/{command['id']}")
    wrappers = [{key: value for key, value in one.items() if key != "id"} for one in command["xnat"]]
    look.write("POST", "/xapi/commands", json={**command, "xnat": wrappers})
    drift = applied.drift()
    moved = {line.change.ref: [field.path for field in line.change.fields] for line in drift.lines}
    assert moved[f"subscription:{BRAIN}"] == ["action"]
    assert "it points at a wrapper that is gone" in notes(drift, f"subscription:{BRAIN}")
    plan = applied.plan()
    assert actions(plan)[f"subscription:{BRAIN}"] == "repair"
    assert "it points at a wrapper that is gone" in notes(plan, f"subscription:{BRAIN}")
    done(applied.apply())
    found = rows(look)
    assert [found[name]["id"] for name in before] == [one["id"] for one in before.values()]
    assert all(one["valid"] for one in found.values())
    assert found[BRAIN]["attributes"] == {"words": "#scan-type#"}
    settled(applied)


def test_what_put_would_drop_is_kept_and_the_id_with_it(applied: Bench) -> None:
    """Only the filter is changed: XNAT's PUT would set projects, attributes and schedule back."""
    look = Look.at(applied)
    before = rows(look)[BRAIN]
    applied.write(SITE.replace("'DICOM' in @.resources[*].label", "@.modality == 'MR'"))
    done(applied.apply())
    after = rows(look)[BRAIN]
    assert after["event-filter"]["payload-filter"] == "@.modality == 'MR'"
    assert after["event-filter"]["project-ids"] == ["BRAIN"]
    assert (after["id"], after["attributes"], after["active"]) == (before["id"], {"words": "#scan-type#"}, True)
    settled(applied)


def test_twins_are_switched_off_and_deleted_only_where_history_may_be_lost(applied: Bench) -> None:
    look = Look.at(applied)
    ours = rows(look)["everything"]
    twin = {key: value for key, value in ours.items() if key not in ("id", "created", "valid", "subscription-owner")}
    look.write("POST", "/xapi/events/subscription", json=twin)
    start = len(applied.server.requests)
    done(applied.apply())
    number = ours["id"]
    assert list(written(applied, start)) == [f"POST /xapi/events/subscription/{number + 3}/deactivate"]
    settled(applied)
    done(applied.apply(allow=frozenset({"lose-history"})))
    listed = look.write("GET", "/xapi/events/subscriptions").json()
    assert [one["id"] for one in listed if one["name"] == "everything"] == [number]


def test_prune_switches_off_and_deletes_with_consent_alone(applied: Bench) -> None:
    look = Look.at(applied)
    shorter = SITE.replace("    subscriptions: {on scans: {active: true}}\n", "")
    applied.write(shorter)
    assert applied.apply().counts.writes == 0
    done(applied.apply(prune=True))
    assert rows(look)[BRAIN]["active"] is False
    applied.write(shorter.replace("    subscriptions: {on scans: {}}\n", ""))
    done(applied.apply(prune=True, allow=frozenset({"lose-history"})))
    assert set(rows(look)) == {"everything", BRAIN}
    settled(applied)


def test_a_wrapper_without_its_name_in_the_file_takes_others_along_and_the_plan_says_so(applied: Bench) -> None:
    look = Look.at(applied)
    number = look.ids("convert")["convert-scan"]
    theirs = {"name": "theirs", "active": False, "action-key": f"{CONTAINERS}:{number}", "event-filter": SCANS}
    look.write("POST", "/xapi/events/subscription", json=theirs)
    applied.write(SITE.replace("convert-scan", "convert-one"))
    plan = applied.plan()
    assert "the subscription `theirs` points at a wrapper that goes away" in notes(plan, "command:convert")
    assert actions(plan)[f"subscription:{BRAIN}"] == "update"
    applied.apply()
    done(applied.apply())
    found = rows(look)
    assert found[BRAIN]["action-key"] == f"{CONTAINERS}:{look.ids('convert')['convert-one']}"
    assert (found[BRAIN]["valid"], found["theirs"]["valid"]) == (True, False)
    settled(applied)


def test_a_renamed_wrapper_keeps_its_subscriptions(applied: Bench) -> None:
    look = Look.at(applied)
    before = rows(look)[BRAIN]
    renamed = SITE.replace("convert-scan", "convert-one").replace(
        "    enabled: true\nevent", "    enabled: true\n    wrappers: {convert-one: {was: convert-scan}}\nevent"
    )
    applied.write(renamed)
    assert f"subscription:{BRAIN}" not in actions(applied.plan())
    done(applied.apply())
    assert rows(look)[BRAIN] == before
    settled(applied)


@pytest.mark.parametrize("fault", ["fail-after", "cut-after", "cut-before"])
def test_a_creation_without_an_answer_makes_one(bench: Bench, fault: str) -> None:
    bench.write(HEAD + ALONE)
    bench.server.faults.add(f"{fault} POST /xapi/events/subscription")
    bench.apply()
    done(bench.apply())
    assert len(Look.at(bench).write("GET", "/xapi/events/subscriptions").json()) == 1
    settled(bench)


def test_without_the_switch_the_list_is_no_empty_list(bench: Bench) -> None:
    bench.write(HEAD + ALONE.partition("\n")[2])
    report = bench.apply()
    assert report.exit_code in (1, 5)
    told = [line.error or "" for line in report.lines] + [problem.message for problem in report.problems]
    assert any("the event service is off" in text for text in told)


def test_undo_puts_back_what_was_there(applied: Bench) -> None:
    look = Look.at(applied)
    before = rows(look)[HEART]
    applied.write(SITE.replace("on scans: {}", "on scans: {active: true}").replace("#scan-type#", "hi"))
    report = done(applied.apply())
    assert rows(look)[HEART]["attributes"] == {"words": "hi"}
    assert report.undo
    undo = Path(report.undo)
    done(jobs.undo(undo, load_document(undo), applied.job(), applied.tools, Talk()))
    assert rows(look)[HEART] == before


def test_what_is_gone_from_the_file_is_left_in_peace_while_the_service_is_off(applied: Bench) -> None:
    look = Look.at(applied)
    look.write("PUT", "/xapi/events/prefs", json={"enabled": False})
    applied.write(HEAD + COMMANDS + "projects: [{id: BRAIN}, {id: HEART}]\n")
    assert {line.change.kind for line in applied.drift().lines} == {"event_service"}
    report = done(applied.apply(prune=True))
    assert "subscription" not in {line.change.kind for line in report.lines}
    look.write("PUT", "/xapi/events/prefs", json={"enabled": True})
    assert rows(look)[BRAIN]["active"] is True


def doctor(bench: Bench, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    examine(bench.folder, Asked(url=bench.server.url), bench.tools, Console())
    return capsys.readouterr().out


def somebodys(look: Look, name: str, key: str) -> int:
    filtered = {**SCANS, "project-ids": ["BRAIN"]}
    body = {"name": name, "action-key": key, "active": True, "event-filter": filtered}
    told: str = look.admin._send("POST", "/xapi/events/subscription", json=body).text
    return int(told.rpartition(":")[2])


def test_a_dead_one_of_somebody_else_is_told_and_never_changed(
    applied: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    look = Look.at(applied)
    assert "3 subscriptions, 2 of them active, and all can do what they say" in doctor(applied, capsys)
    wrapper = {"name": "old", "contexts": ["xnat:imageScanData"], "external-inputs": [{"name": "s", "type": "Scan"}]}
    body = {"name": "theirs", "version": "1", "image": "busy:1", "command-line": "true", "xnat": [wrapper]}
    command = int(look.admin._send("POST", "/xapi/commands", json=body).text)
    (number,) = (one["id"] for one in look.command("theirs")["xnat"])
    for path in (f"/xapi/wrappers/{number}/enabled", f"/xapi/projects/BRAIN/wrappers/{number}/enabled"):
        look.write("PUT", path)
    told = f"theirs (id {somebodys(look, 'theirs', f'{CONTAINERS}:{number}')})"
    look.write("DELETE", f"/xapi/commands/{command}")
    drift = applied.drift()
    (problem,) = drift.problems
    assert (drift.exit_code, problem.rule, problem.severity) == (0, "subscription-dead", "warning")
    assert (
        f"{told} of `admin` is not in the file, and it points at a wrapper that is gone ({number})" in problem.message
    )
    assert f"{told}: it points at a wrapper that is gone ({number})" in doctor(applied, capsys)
    settled(applied)
    assert rows(look)["theirs"]["active"]
