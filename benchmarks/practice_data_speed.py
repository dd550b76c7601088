"""The practice XNAT's data: 10,000 sessions listed (goal 1 s), a series of 500 slices imported and archived (goal 5 s).

The series has slices of 512x512; the site's first script and one of the project are applied to each. Beside the seconds
stands the server's own processor time.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path
from time import monotonic

import requests
from pydicom import dcmwrite

from benchmarks.dicomedit_speed import slice_of
from benchmarks.practice_speed import ADMIN, Served, _worked, served
from bootstrap.practice.data import archive, experiments, projects
from bootstrap.practice.data.item import Item
from bootstrap.practice.server import PracticeServer

SESSIONS, SUBJECTS, SLICES, ROUNDS = 10_000, 1_000, 500, 3
PROJECT, MR = "BENCH", "xnat:mrSessionData"
SCRIPT = 'version "6.6"\n-(0008,0080)\n-(0010,1040)\n(0010,0030) := "19000101"\nremoveAllPrivateTags\n'
LISTS: tuple[dict[str, str], ...] = (
    {},
    {"columns": "ID,label,subject_label,date,xsiType"},
    {"format": "csv"},
    {"label": "E1*"},
    {"limit": "100"},
)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        _fill(Path(folder) / "state")
        with served(Path(folder) / "state") as server:
            _list(server)
            _import(server)


def _fill(state: Path) -> None:
    with PracticeServer(state) as server:
        assert server.site
        site = server.site
        with site.storage.write():
            projects.create(site, "admin", Item("xnat:projectData", {"ID": PROJECT}), "private")
            several = [
                archive.make_subject(site, "admin", PROJECT, f"S{number}", Item("xnat:subjectData"))
                for number in range(SUBJECTS)
            ]
            for number in range(SESSIONS):
                place = experiments.new_session(PROJECT, several[number % SUBJECTS].id, f"E{number}", MR)
                experiments.create(site, "admin", place, Item(MR, {"date": "2024-01-31", "note": "a note"}))


def _list(server: Served) -> None:
    for params in LISTS:
        path = f"/data/projects/{PROJECT}/experiments"
        seconds, worked = _timed(server, "GET", path, params=params)
        print(f"{SESSIONS} sessions, GET experiments {params or ''}: {seconds:.2f} s, {worked:.2f} s of processor time")


def _import(server: Served) -> None:
    script = f"/xapi/anonymize/projects/{PROJECT}"
    _timed(server, "PUT", script, data=SCRIPT, headers={"Content-Type": "text/plain"})
    series = _series()
    for number in range(ROUNDS):
        params = {"import-handler": "DICOM-zip", "project": PROJECT, "subject": "SX", "session": f"X{number}"}
        params["dest"] = "/archive"
        headers = {"Content-Type": "application/zip"}
        seconds, worked = _timed(server, "POST", "/data/services/import", params=params, data=series, headers=headers)
        size = len(series) / 2**20
        print(f"{SLICES} slices ({size:.0f} MB) imported, anonymised, archived: {seconds:.2f} s, {worked:.2f} s of it")


def _timed(server: Served, method: str, path: str, **more: object) -> tuple[float, float]:
    began, worked = monotonic(), _worked(server.process)
    answer = requests.request(method, server.url + path, auth=ADMIN, timeout=300, **more)  # type: ignore[arg-type]
    answer.raise_for_status()
    return monotonic() - began, _worked(server.process) - worked


def _series() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for number in range(SLICES):
            one = io.BytesIO()
            dcmwrite(one, slice_of(number), enforce_file_format=True)
            packed.writestr(f"{number:04}.dcm", one.getvalue())
    return stream.getvalue()


if __name__ == "__main__":
    main()
