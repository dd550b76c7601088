"""kill -9 of the server as a process, in the middle of an import: what was received is there, and nothing is stuck."""

from __future__ import annotations

import threading
from pathlib import Path
from types import ModuleType

import requests

from bootstrap.practice.data.incoming import prearchive
from bootstrap.practice.server import FAST, PracticeServer
from tests.practice.conftest import ADMIN
from tests.practice.data.incoming.conftest import IMPORT, ZIP, Station
from tests.practice.test_server import address, as_process

_IMAGES, _BEFORE = 50, 5


def begin_import(url: str, body: bytes, terms: dict[str, str]) -> threading.Thread:
    def send() -> None:
        try:
            requests.post(url + IMPORT, params=terms, data=body, headers=ZIP, auth=ADMIN, timeout=60)
        except requests.ConnectionError:
            return  # it was killed, as is intended

    sending = threading.Thread(target=send)
    sending.start()
    return sending


def wait_for_files(state: Path, number: int) -> None:
    pause = threading.Event()
    for _ in range(3000):
        if len(list(state.glob("**/prearchive/P/**/*.dcm"))) >= number:
            return
        pause.wait(0.01)
    raise AssertionError("nothing has been received")


def test_a_server_that_is_killed_in_an_import_loses_nothing(tmp_path: Path, images: ModuleType) -> None:
    state = tmp_path / "state"
    terms = {"import-handler": "DICOM-zip", "project": "P", "subject": "S", "session": "E"}
    before = images.zipped({f"{n}.dcm": images.instance("K", 1, n) for n in range(1, _BEFORE + 1)})
    during = images.zipped({f"{n}.dcm": images.instance("K", 2, n) for n in range(1, _IMAGES + 1)})
    with as_process(state) as process:
        url = address(process)
        assert requests.put(url + "/data/projects/P", auth=ADMIN, timeout=20).status_code == 200
        answer = requests.post(url + IMPORT, params=terms, data=before, headers=ZIP, auth=ADMIN, timeout=60)
        assert answer.status_code == 200
        sending = begin_import(url, during, terms | {"dest": "/archive"})
        wait_for_files(state, _BEFORE + 3)
        process.kill()
        process.wait(20)
        sending.join(60)
    with PracticeServer(state, clock=FAST) as server:
        station = Station(server, images)
        assert not {row["status"] for row in station.rows("P")} & prearchive.BUSY
        assert not list((state / "spool").iterdir())
        with station.quick_clock():
            station.until(lambda: not station.rows("P"))
        session = "/data/projects/P/subjects/S/experiments/E"
        assert station.names(f"{session}/scans/1") == [f"{n}.dcm" for n in range(1, _BEFORE + 1)]
        again = station.send(during, project="P", subject="S", session="E", dest="/archive", overwrite="delete")
        assert again[0] == 200, again
        assert len(station.names(f"{session}/scans/2")) == _IMAGES
