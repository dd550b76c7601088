"""How long the practice XNAT takes to list 1,000 commands of three wrappers each (goal: under a second)."""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median
from time import monotonic

import requests

from bootstrap.practice.containers.commands import changes, reading
from bootstrap.practice.server import FAST, PracticeServer

COMMANDS, RUNS = 1_000, 5
LISTS = ("/xapi/commands", "/xapi/commands?restrictToEnabledForSite=true", "/xapi/commands?name=command-500")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, PracticeServer(Path(folder) / "state", clock=FAST) as server:
        assert server.site
        began = monotonic()
        with server.site.storage.write():
            for number in range(COMMANDS):
                changes.create(server.site, reading.created(_document(number)))
        print(f"{COMMANDS} commands made in {monotonic() - began:.2f} s")
        with requests.Session() as session:
            session.auth = ("admin", "admin")
            for path in LISTS:
                times, answer = _timed(session, server.url + path)
                listed = len(answer.json())
                print(f"{path}: {listed} listed, {len(answer.content) // 1024} kB, median {median(times):.3f} s")


def _timed(session: requests.Session, url: str) -> tuple[list[float], requests.Response]:
    times = []
    for _ in range(RUNS):
        began = monotonic()
        answer = session.get(url, timeout=60)
        times.append(monotonic() - began)
        answer.raise_for_status()
    return times, answer


def _document(number: int) -> dict[str, object]:
    """About as large as a real one."""
    wrapper = {
        "contexts": ["xnat:mrSessionData", "xnat:petSessionData"],
        "external-inputs": [{"name": "session", "type": "Session", "provides-files-for-command-mount": "in"}],
        "derived-inputs": [
            {
                "name": "label",
                "derived-from-wrapper-input": "session",
                "derived-from-xnat-object-property": "label",
                "provides-value-for-command-input": "subject",
            }
        ],
        "output-handlers": [
            {"name": "out", "accepts-command-output": "out", "as-a-child-of": "session", "label": "OUT"}
        ],
    }
    return {
        "name": f"command-{number}",
        "version": "1",
        "image": f"example/image-{number}:1",
        "command-line": "run.sh --in /in --out /out #subject# #options#",
        "mounts": [{"name": "in", "path": "/in"}, {"name": "out", "path": "/out", "writable": True}],
        "inputs": [{"name": "subject"}, {"name": "options", "description": "further options", "default-value": ""}],
        "outputs": [{"name": "out", "mount": "out", "required": True}],
        "xnat": [{**wrapper, "name": f"wrapper-{number}-{which}"} for which in range(3)],
    }


if __name__ == "__main__":
    main()
