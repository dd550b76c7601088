"""The practice XNAT's containers: 50 queued launches of a no-op, against as many that the engine is asked for plainly.

The engine is the one of DOCKER_HOST, the image that of IMAGE (which must be there). The clock is a fast one, so that
XNAT's ten seconds between two looks at the engine do not count.
"""

from __future__ import annotations

import os
import socket
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic, sleep

import docker
import requests

from bootstrap.practice.server import FAST, PracticeServer

LAUNCHES, AT_ONCE = 50, 4
HOST = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")
IMAGE = os.environ.get("IMAGE", "xnat-bootstrap/test-base:1")
ADMIN = ("admin", "admin")
_LONGEST = 600


def main(size: int = LAUNCHES) -> None:
    if not _is_there():
        print(f"no engine at {HOST}, or no image {IMAGE}: nothing to measure")
        return
    plain = _plain(size)
    print(f"{size} containers, {AT_ONCE} at once, asked for plainly: {plain:.1f} s")
    launched = _launched(size)
    print(f"{size} queued launches: {launched:.1f} s, {launched / plain:.2f} of that")


def _is_there() -> bool:
    try:
        if HOST.startswith("unix://"):
            with socket.socket(socket.AF_UNIX) as knocking:
                knocking.connect(HOST.removeprefix("unix://"))
        client = docker.DockerClient(HOST)
        try:
            client.images.get(IMAGE)
        finally:
            client.close()
    except (docker.errors.DockerException, requests.RequestException, OSError):
        return False
    return True


def _plain(size: int) -> float:
    """Made, started, waited for, their log read, removed: what a launch asks for too."""
    client = docker.DockerClient(HOST, timeout=_LONGEST)
    began = monotonic()
    with ThreadPoolExecutor(AT_ONCE) as several:
        list(several.map(lambda _: client.containers.run(IMAGE, ["/bin/sh", "-c", "true"], remove=True), range(size)))
    client.close()
    return monotonic() - began


def _launched(size: int) -> float:
    with (
        tempfile.TemporaryDirectory() as folder,
        PracticeServer(Path(folder) / "state", clock=FAST) as server,
        requests.Session() as session,
    ):
        session.auth = ADMIN
        address = _prepared(session, server.url)
        began = monotonic()
        for _ in range(size):
            session.post(address, json={"project": "/archive/projects/BENCH"}).raise_for_status()
        while _ended(server) < size:
            if monotonic() - began > _LONGEST:
                raise TimeoutError(f"not all of {size} launches ended within {_LONGEST} s")
            sleep(0.05)
        return monotonic() - began


def _ended(server: PracticeServer) -> int:
    assert server.site
    return int(server.site.storage.value("SELECT count(*) FROM containers WHERE NOT open"))


def _prepared(session: requests.Session, url: str) -> str:
    """Where a launch is asked for."""
    session.put(f"{url}/data/projects/BENCH").raise_for_status()
    session.post(f"{url}/xapi/docker/server", json={"host": HOST, "auto-cleanup": True}).raise_for_status()
    wrapper: dict[str, object] = {"name": "no-op", "contexts": ["xnat:projectData"]}
    wrapper["external-inputs"] = [{"name": "project", "type": "Project"}]
    command = {"name": "no-op", "version": "1", "image": IMAGE, "command-line": "true", "override-entrypoint": True}
    number = session.post(f"{url}/xapi/commands", json=command | {"xnat": [wrapper]}).json()
    made = session.get(f"{url}/xapi/commands/{number}").json()["xnat"][0]["id"]
    return f"{url}/xapi/wrappers/{made}/root/project/launch"


if __name__ == "__main__":
    main()
