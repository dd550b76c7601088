"""Subscriptions against the practice XNAT: found again, put right, switched, taken away."""

from __future__ import annotations

from typing import Any

import pytest

from tests.live.commands import HEAD, Look, actions, done, errors, notes, settled, written
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
    key = f"org.nrg.containers.services.CommandActionProvider:{look.ids('convert')['convert-scan']}"
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
    plan = applied.plan()
    assert actions(plan)[f"subscription:{BRAIN}"] == "repair"
    assert "it points at a wrapper that is gone" in notes(plan, f"subscription:{BRAIN}")
    done(applied.apply())
    found = rows(look)
    assert [found[name]["id"] for name in before] == [one["id"] for one in before.values()]
    assert all(one["valid"] for one in found.values())
    assert found[BRAIN]["attributes"] == {"words": "#scan-type#"}
    settled(applied)
