"""The smoke test: what is asked, what counts as a failure, and what is told of it."""

from __future__ import annotations

from typing import Any

import pytest

from bootstrap.errors import Unreachable
from bootstrap.kinds.commands_section import Smoke
from bootstrap.kinds.smoke import CannotTry, SmokeTest, root_uri
from bootstrap.xnat.connection import Connection
from bootstrap.xnat.fake import FakeTransport, reply
from bootstrap.xnat.transport import NotSent
from tests.xnat.test_connection import connected, xnat

SESSION = {"name": "w", "external-inputs": [{"name": "session", "type": "Session"}]}
EXPERIMENT = "/data/projects/TEST/experiments/E1"
FORM = "/xapi/projects/TEST/wrappers/7/launch"
LAUNCH = "/xapi/projects/TEST/wrappers/7/root/session/launch"
FOUND = reply(json={"items": [{"data_fields": {"ID": "XNAT_E00001"}}]})


def server() -> FakeTransport:
    return xnat(200).on("GET", EXPERIMENT, FOUND).on("GET", FORM, reply(json={"input-config": []}))


def trying(fake: FakeTransport, launch: bool = False, root: str = "E1") -> str | None:
    with connected(fake) as connection, connection.client.writing():
        smoke = Smoke(wrapper="w", project="TEST", root=root, launch=launch)
        return SmokeTest(connection, smoke, SESSION, 7).failure()


def workflow(status: str, **more: Any) -> Any:
    return reply(json={"items": [{"data_fields": {"status": status, **more}}]})


def test_the_launch_form_is_asked_for_with_the_address_of_the_root() -> None:
    fake = server()
    assert trying(fake) is None
    assert f"GET {FORM}?session=%2Farchive%2Fexperiments%2FXNAT_E00001" in fake.lines
    assert not [line for line in fake.lines if line.startswith("POST")]


@pytest.mark.parametrize("status", [400, 404, 500])
def test_a_form_that_is_refused_is_a_failure_in_the_servers_words(status: int) -> None:
    fake = xnat(200).on("GET", EXPERIMENT, FOUND).on("GET", FORM, reply(status, text="cannot be resolved: x"))
    assert "cannot be resolved: x" in str(trying(fake))


def test_what_never_arrived_is_no_failure_of_the_command() -> None:
    fake = xnat(200).on("GET", EXPERIMENT, FOUND).on("GET", FORM, NotSent("refused"))
    with pytest.raises(Unreachable):
        trying(fake)


def test_a_server_that_cannot_do_it_is_none_either() -> None:
    fake = xnat(200).on("GET", EXPERIMENT, FOUND).on("GET", FORM, reply(501, text="not built"))
    with pytest.raises(CannotTry):
        trying(fake)
    with pytest.raises(CannotTry):
        trying(xnat(200).on("GET", EXPERIMENT, reply(501, text="not built")))


def test_a_root_that_is_not_there_cannot_be_tried_on() -> None:
    with pytest.raises(CannotTry, match="no `E1` yet"):
        trying(xnat(200).on("GET", EXPERIMENT, reply(404)))


def test_a_launch_is_waited_for() -> None:
    fake = server().on("POST", LAUNCH, reply(json={"status": "success", "workflow-id": "12"}))
    fake.on("GET", "/data/workflows/12", workflow("Queued"), workflow("Running"), workflow("Complete"))
    assert trying(fake, launch=True) is None
    assert len([line for line in fake.lines if "/data/workflows/12" in line]) == 3


def test_a_failed_launch_tells_how_the_containers_log_ends() -> None:
    fake = server().on("POST", LAUNCH, reply(json={"status": "success", "workflow-id": "12"}))
    fake.on("GET", "/data/workflows/12", workflow("Failed", comments="abc", details="Non-zero exit code"))
    fake.on("GET", "/xapi/containers/abc/logs/stdout", reply(404))
    fake.on("GET", "/xapi/containers/abc/logs/stderr", reply(text="line one\nno such file\n"))
    failure = str(trying(fake, launch=True))
    assert "it ended as `Failed`: Non-zero exit code" in failure
    assert "stderr: no such file" in failure


def test_a_log_that_cannot_be_read_does_not_hide_the_failure() -> None:
    fake = server().on("POST", LAUNCH, reply(json={"status": "success", "workflow-id": "12"}))
    fake.on("GET", "/data/workflows/12", workflow("Failed (Killed)", comments="abc"))
    fake.on("GET", "/xapi/containers/abc/logs/stdout", reply(403))
    fake.on("GET", "/xapi/containers/abc/logs/stderr", reply(500))
    assert "Failed (Killed)" in str(trying(fake, launch=True))


def test_a_launch_without_a_workflow_is_a_failure() -> None:
    fake = server().on("POST", LAUNCH, reply(json={"status": "success", "workflow-id": "To be assigned"}))
    assert "made no workflow" in str(trying(fake, launch=True))


def test_a_launch_that_does_not_end_is_given_up() -> None:
    fake = server().on("POST", LAUNCH, reply(json={"status": "success", "workflow-id": "12"}))
    fake.on("GET", "/data/workflows/12", workflow("Running"))
    assert "still so after" in str(trying(fake, launch=True))


ROOTS = {
    ("Session", "E1"): "/archive/experiments/XNAT_E00001",
    ("Scan", "E1/scans/3"): "/archive/experiments/XNAT_E00001/scans/3",
    ("Assessor", "E1/assessors/a b"): "/archive/experiments/XNAT_E00001/assessors/a%20b",
    ("Subject", "E1"): "/archive/subjects/XNAT_E00001",
    ("Project", "."): "/archive/projects/TEST",
}


@pytest.mark.parametrize(("kind", "root"), ROOTS)
def test_the_address_of_a_root(kind: str, root: str) -> None:
    fake = xnat(200).on("GET", EXPERIMENT, FOUND).on("GET", "/data/projects/TEST/subjects/E1", FOUND)
    wrapper = {"name": "w", "external-inputs": [{"name": "x", "type": kind}]}
    connection: Connection
    with connected(fake) as connection:
        smoke = Smoke(wrapper="w", project="TEST", root=root)
        assert root_uri(connection, smoke, wrapper) == ROOTS[kind, root]
