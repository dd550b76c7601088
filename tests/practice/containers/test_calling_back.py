"""A real container that calls the practice XNAT back, with the credentials that it is given."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from bootstrap.practice.server import FAST, PracticeServer
from tests.docker_engine import Engine
from tests.practice.conftest import Asker
from tests.practice.containers.conftest import Commands

# The network of the machine, because the server of a test listens on loopback only.
CALLS = (
    "wget -q -O /out/me.txt http://$XNAT_USER:$XNAT_PASS@${XNAT_HOST#http://}/xapi/users/username; "
    "wget -q -O /out/a.txt "
    "http://$XNAT_USER:$XNAT_PASS@${XNAT_HOST#http://}/data/projects/P1/resources/IN/files/a.txt"
)
_SECONDS = 60.0


@pytest.mark.docker
def test_a_container_reads_what_its_user_may_read(docker_engine: Engine, tmp_path: Path) -> None:
    with PracticeServer(tmp_path / "state", clock=FAST) as server:
        ask = Asker(server)
        ask("POST", "/xapi/docker/server", json={"host": docker_engine.host, "auto-cleanup": True})
        ask("PUT", "/data/projects/P1")
        ask("PUT", "/data/projects/P1/resources/IN/files/a.txt", params={"inbody": "true"}, data="from the archive")
        external = [{"name": "project", "type": "Project"}]
        handlers = [{"name": "h", "accepts-command-output": "o", "as-a-child-of": "project", "label": "OUT"}]
        wrapper = {"name": "w", "external-inputs": external, "output-handlers": handlers}
        commands = Commands(ask)
        shell: dict[str, Any] = {"command-line": CALLS, "override-entrypoint": True}
        made = commands.make(
            "calls",
            **shell,
            image=docker_engine.busy,
            network="host",
            mounts=[{"name": "out", "path": "/out", "writable": True}],
            outputs=[{"name": "o", "mount": "out", "required": True}],
            xnat=[wrapper | {"contexts": ["xnat:projectData"]}],
        )
        number = next(iter(commands.wrappers(made).values()))
        address = f"/xapi/wrappers/{number}/root/project/launch"
        ask("POST", address, json={"project": "/archive/projects/P1"})
        give_up = time.monotonic() + _SECONDS
        while (answer := ask("GET", "/data/projects/P1/resources/OUT/files/a.txt")).status_code != 200:
            assert time.monotonic() < give_up, ask("GET", "/xapi/containers").text
            time.sleep(0.05)
        assert answer.text == "from the archive"
        assert ask("GET", "/data/projects/P1/resources/OUT/files/me.txt").text == "admin"
