"""A server that images are sent to, and images to send."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType

import pytest

from bootstrap.practice.server import FAST, PracticeServer
from bootstrap.practice.site import Site
from tests.mr_study import maker
from tests.practice.conftest import Asker

ZIP = {"Content-Type": "application/zip"}
IMPORT = "/data/services/import"
_LOOKS, _PAUSE = 600, 0.05


@pytest.fixture(scope="session")
def images() -> ModuleType:
    """instance(study, series, number, ...), series(...), zipped({name: bytes}), tarred(...)."""
    return maker()


@pytest.fixture(scope="module")
def archive_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeServer]:
    with PracticeServer(tmp_path_factory.mktemp("images") / "state", clock=FAST, dicom_port=0) as server:
        yield server


class Station(Asker):
    """Sends images to projects, each of a test's own."""

    def __init__(self, server: PracticeServer, images: ModuleType) -> None:
        super().__init__(server)
        self.images = images
        self._made = 0

    @property
    def site(self) -> Site:
        assert self.server.site
        return self.server.site

    def project(self, code: int = 0) -> str:
        self._made += 1
        name = f"P{self._made}"
        assert self("PUT", f"/data/projects/{name}", params={"accessibility": "private"}).status_code == 200
        assert self("PUT", f"/data/projects/{name}/prearchive_code/{code}").status_code == 200
        return name

    def send(self, body: bytes, as_user: tuple[str, str] = ("admin", "admin"), **more: str) -> tuple[int, str]:
        """As a zip; the status, and what was said."""
        params = {"import-handler": "DICOM-zip"} | {name.replace("_", "-"): value for name, value in more.items()}
        answer = self("POST", IMPORT, params=params, data=body, headers=ZIP, as_user=as_user)
        return answer.status_code, answer.text.strip()

    def rows(self, project: str) -> list[dict[str, str]]:
        answer = self("GET", f"/data/prearchive/projects/{project}")
        assert answer.status_code == 200, answer.text
        found: list[dict[str, str]] = answer.json()["ResultSet"]["Result"]
        return found

    def until(self, holds: Callable[[], bool]) -> None:
        """Look again and again what the clock has done."""
        pause = threading.Event()
        for _ in range(_LOOKS):
            if holds():
                return
            pause.wait(_PAUSE)
        raise AssertionError("it has not come to it")

    @contextmanager
    def quick_clock(self) -> Iterator[None]:
        """Sessions are committed as soon as the clock comes round; otherwise only after a long while."""
        self.set(sessionXmlRebuilderInterval=0, sessionXmlRebuilderRepeat=3000)
        try:
            yield
        finally:
            self.set(sessionXmlRebuilderInterval=1000, sessionXmlRebuilderRepeat=60000)

    @contextmanager
    def site_script(self, text: str) -> Iterator[None]:
        before = self("GET", "/xapi/anonymize/site").text
        try:
            self._set_script("site", text)
            yield
        finally:
            self._set_script("site", before)

    def project_script(self, project: str, text: str) -> None:
        self._set_script(f"projects/{project}", text)

    def _set_script(self, where: str, text: str) -> None:
        answer = self("PUT", f"/xapi/anonymize/{where}", data=text, headers={"Content-Type": "text/plain"})
        assert answer.status_code == 200, answer.text
        self.settle()

    def names(self, path: str) -> list[str]:
        """Of the files below something."""
        answer = self("GET", f"{path}/files")
        assert answer.status_code == 200, answer.text
        return sorted(row["Name"] for row in answer.json()["ResultSet"]["Result"])


@pytest.fixture(scope="module")
def station(archive_server: PracticeServer, images: ModuleType) -> Station:
    made = Station(archive_server, images)
    made.set(sessionXmlRebuilderInterval=1000)
    return made
