"""What happens in the archive and is told, or is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from bootstrap.practice.events.happenings import HAPPENED, Happening
from bootstrap.practice.server import FAST, PracticeServer
from tests.practice.conftest import Asker

P, S = "/data/projects/P1", "/data/projects/P1/subjects/S1"
E = f"{S}/experiments/E1"
FILE = {"inbody": "true"}


class Archive:
    def __init__(self, server: PracticeServer) -> None:
        self.ask, self.told = Asker(server), list[Happening]()
        assert server.site
        server.site.bus.on(HAPPENED, lambda facts: self.told.append(facts["happening"]), after=None)

    def news(self, method: str, path: str, **query: str) -> Counter[str]:
        """What one request has told."""
        self.told.clear()
        answer = self.ask(method, path, params=query, data=b"x" if "inbody" in query else None)
        assert answer.status_code in (200, 201), answer.text
        return Counter(f"{one.kind.removesuffix('Event')} {one.status}" for one in self.told)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with PracticeServer(tmp_path_factory.mktemp("triggers") / "state", clock=FAST) as server:
        yield Archive(server)


def test_each_change_tells_what_xnat_tells(archive: Archive) -> None:
    """One after the other, because each needs the one before."""
    session = {"xsiType": "xnat:mrSessionData"}
    steps: list[tuple[str, str, dict[str, str], list[str]]] = [
        ("PUT", P, {}, ["Project CREATED"]),
        ("PUT", S, {}, ["Subject CREATED"]),
        ("PUT", E, session, ["Session CREATED", "SubjectAssessor CREATED"]),
        ("PUT", E, session | {"note": "x"}, []),
        ("PUT", f"{E}/scans/1", {"xsiType": "xnat:mrScanData"}, ["Scan CREATED"]),
        ("PUT", f"{E}/scans/1", {"xsiType": "xnat:mrScanData"}, []),
        ("PUT", f"{E}/scans/1/resources/A/files/a", FILE, ["Resource CREATED"]),
        ("PUT", f"{E}/scans/1/resources/A/files/b", FILE, ["Resource UPDATED"]),
        ("PUT", f"{E}/resources/A/files/a", FILE, []),
        ("PUT", f"{E}/resources/A/files/b", FILE, ["Resource UPDATED"]),
        ("PUT", f"{S}/resources/A/files/a", FILE, []),
        ("PUT", f"{P}/resources/A/files/a", FILE, []),
        ("PUT", f"{E}/assessors/Q1", {"xsiType": "xnat:qcAssessmentData"}, ["ImageAssessor CREATED"]),
        ("DELETE", f"{E}/assessors/Q1", {}, []),
        ("DELETE", f"{E}/scans/1", {}, []),
        ("DELETE", E, {}, ["Session DELETED", "SubjectAssessor DELETED"]),
        ("PUT", E, session, ["Session CREATED", "SubjectAssessor CREATED"]),
        ("DELETE", S, {}, ["Session DELETED", "SubjectAssessor DELETED", "Subject DELETED"]),
        ("PUT", S, {}, ["Subject CREATED"]),
        ("DELETE", P, {}, ["Subject DELETED", "Project DELETED"]),
    ]
    for method, path, query, expected in steps:
        assert archive.news(method, path, **query) == Counter(expected), (method, path)


def test_what_is_gone_has_no_address(archive: Archive) -> None:
    archive.news("PUT", "/data/projects/P2")
    archive.news("PUT", "/data/projects/P2/subjects/S")
    archive.news("DELETE", "/data/projects/P2/subjects/S")
    assert [(one.label, one.uri) for one in archive.told] == [("XnatSubjectdata", None)]
