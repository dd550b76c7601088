"""Clients that others wrote, unmodified, against the practice XNAT."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import xnat
from xnat.exceptions import XNATLoginFailedError

from bootstrap.practice.server import PracticeServer
from tests.live.conftest import serving

WHEN_IT_CONNECTS = [
    ("GET", "/", 302),
    ("GET", "/app/template/Login.vm", 200),
    ("PUT", "/data/services/auth", 200),
    ("GET", "/data/auth", 200),
    ("GET", "/data/JSESSION", 200),
    ("GET", "/data/version", 404),
    ("GET", "/xapi/siteConfig/buildInfo?format=json", 200),
    ("GET", "/xapi/schemas?format=json", 200),
]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PracticeServer]:
    with serving(tmp_path / "state", initialized=True) as running:
        yield running


def test_xnatpy_lists_and_makes_a_project(server: PracticeServer) -> None:
    with xnat.connect(server.url, user="admin", password="admin") as session:
        assert (session.logged_in_user, session.xnat_version) == ("admin", "1.9.2.1")
        assert list(session.projects) == []
        session.classes.ProjectData(parent=session, id_="P1", name="The first one")
        session.clearcache()
        assert [project.id for project in session.projects] == ["P1"]
        project = session.projects["P1"]
        project.description = "what it is about"
        project.clearcache()
        assert (project.name, project.description) == ("The first one", "what it is about")
    seen = [(request.method, request.path, request.status) for request in server.requests]
    assert seen[: len(WHEN_IT_CONNECTS)] == WHEN_IT_CONNECTS
    assert seen[-1] == ("DELETE", "/data/JSESSION", 200)
    assert {request.user_agent.partition("/")[0] for request in server.requests} == {"xnatpy"}
    assert {status for _, _, status in seen[len(WHEN_IT_CONNECTS) :]} == {200}


def test_xnatpy_builds_its_classes_of_all_types(server: PracticeServer) -> None:
    with xnat.connect(server.url, user="admin", password="admin") as session:
        lookup = session.XNAT_CLASS_LOOKUP
        assert issubclass(lookup["xnat:crSessionData"], session.classes.ImageSessionData)
        assert issubclass(lookup["xnat:mrScanData"], session.classes.ImageScanData)
        assert "xnat:mrSessionData" in session.inspect.datatypes()
        assert "xnat:projectData/KEYWORDS" in session.inspect.datafields("xnat:projectData")


def test_xnatpy_changes_a_project_that_is_there(server: PracticeServer) -> None:
    with xnat.connect(server.url, user="admin", password="admin") as session:
        project = session.classes.ProjectData(parent=session, id_="P1", name="One")
        project.secondary_id = "OTHER"
        session.classes.ProjectData(parent=session, id_="P1", name="Two")
        session.clearcache()
        assert [(one.id, one.name, one.secondary_id) for one in session.projects.values()] == [("P1", "Two", "OTHER")]
        session.delete("/data/projects/P1")
        session.clearcache()
        assert len(session.projects) == 0


def test_xnatpy_is_told_of_a_wrong_password(server: PracticeServer) -> None:
    with pytest.raises(XNATLoginFailedError):
        xnat.connect(server.url, user="admin", password="wrong")
