"""What is said where a thing that a write needs is not there, and of what runs at the moment."""

from __future__ import annotations

from typing import Any

import pytest

from bootstrap.errors import NotFound
from bootstrap.kinds.command_examine import examine_commands
from bootstrap.kinds.command_notes import notes_of
from bootstrap.kinds.enablement import Enablement
from bootstrap.kinds.kind import Resource, State
from bootstrap.kinds.orchestration import OrchestrationKind
from bootstrap.kinds.project_orchestration import ProjectOrchestration
from bootstrap.xnat.fake import FakeTransport, reply
from tests.xnat.test_connection import connected, xnat

ROW: dict[str, Any] = {"id": 5, "name": "greet", "image": "busy:1", "version": "1", "type": "docker", "xnat": []}


def server(*rows: dict[str, Any]) -> FakeTransport:
    return xnat(200).on("GET", "/xapi/commands", reply(json=list(rows)))


def test_a_wrapper_that_is_gone_is_named_and_nothing_is_sent() -> None:
    fake = server(ROW)
    wanted = Resource("enablement", "greet/say", {"enabled": True})
    gone = pytest.raises(NotFound, match="XNAT has no wrapper say of a command greet")
    with connected(fake) as connection, connection.client.writing(), gone:
        Enablement().update(connection, wanted, State({}), frozenset({"enabled"}))
    assert not [line for line in fake.lines if line.startswith("PUT")]


def test_an_orchestration_of_a_wrapper_that_is_gone_is_not_sent() -> None:
    fake = server(ROW)
    fields = {"wrappers": ["greet/say", "greet/shout"], "halt_on_failure": True, "enabled": True}
    gone = pytest.raises(NotFound, match="XNAT has no wrapper greet/say")
    with connected(fake) as connection, connection.client.writing(), gone:
        OrchestrationKind().create(connection, Resource("orchestration", "both", fields))


def test_an_orchestration_that_is_gone_cannot_be_chosen() -> None:
    fake = xnat(200).on("GET", "/xapi/orchestration", reply(json=[]))
    wanted = Resource("project_orchestration", "BRAIN", {"orchestration": "both"})
    gone = pytest.raises(NotFound, match="no such orchestration")
    with connected(fake) as connection, connection.client.writing(), gone:
        ProjectOrchestration().update(connection, wanted, State({}), frozenset({"orchestration"}))


def test_an_orchestration_that_is_switched_off_in_a_new_one_is_stored_first() -> None:
    wrappers = [{"id": 1, "name": "say"}, {"id": 2, "name": "shout"}]
    fake = server({**ROW, "xnat": wrappers}).on("POST", "/xapi/orchestration", reply(json={"id": 7}))
    fake.on("PUT", "/xapi/orchestration/7/enabled/false", reply())
    fields = {"wrappers": ["greet/say", "greet/shout"], "halt_on_failure": True, "enabled": False}
    with connected(fake) as connection, connection.client.writing():
        OrchestrationKind().create(connection, Resource("orchestration", "both", fields))
    assert fake.lines[-3:-1] == ["POST /xapi/orchestration", "PUT /xapi/orchestration/7/enabled/false"]


def test_what_is_queued_or_running_of_a_command_is_named() -> None:
    running = [{"id": number, "command-id": 5, "status": "Running", "project": "BRAIN"} for number in range(7)]
    other = {"id": 99, "command-id": 6, "status": "Running", "project": "BRAIN"}
    fake = xnat(200).on("GET", "/xapi/containers", reply(json=[*running, other]))
    document = {"name": "greet", "image": "busy:2", "version": "1", "type": "docker", "xnat": []}
    wanted = Resource("command", "greet", {"image": "busy:2"}, payload={"document": document, "was": {}, "smoke": None})
    with connected(fake) as connection:
        told = "\n".join(notes_of(connection, wanted, ROW))
    assert "container 0 (Running, project BRAIN), 1 (Running" in told
    assert "and 2 more" in told
    assert "99" not in told
    assert "GET /xapi/containers?nonfinalized=true" in fake.lines


def test_wrappers_without_a_name_are_told_by_doctor() -> None:
    fake = server({**ROW, "xnat": [{"id": 1}, {"id": 2, "name": "say"}]})
    fake.on("GET", "/xapi/orchestration", reply(json=[]))
    fake.on("GET", "/data/config/container-service", reply(404))
    with connected(fake) as connection:
        findings = list(examine_commands(connection))
    assert [finding.state for finding in findings] == ["bad"]
    assert "wrappers without a name" in findings[0].text
