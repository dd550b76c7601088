"""`make up`, `down` and `logs` call docker compose with what this machine knows, and verbs read `.env`, too."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.compose.project import ROOT
from tests.docker_engine import do_without

SAYS = '#!/bin/sh\necho "$PROGRAM $* gid=${DOCKER_GID:-} bind=${XNAT_CALLBACK_BIND:-} password=${XNAT_PASSWORD:-}"\n'
ADDRESSES = "10.1.2.3 172.30.0.1 "


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A Makefile, a finished environment, and programs that say how they were called."""
    if not shutil.which("make"):
        do_without("there is no program make")
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    for name, text in (
        ("bin/docker", f'#!/bin/sh\n[ "$1" = network ] && {{ echo 172.30.0.1; exit; }}\nPROGRAM=docker\n{SAYS}'),
        ("bin/hostname", f"#!/bin/sh\necho '{ADDRESSES}'\n"),
        ("bin/stat", "#!/bin/sh\necho 997\n"),
        (".venv/bin/xnat-bootstrap", f"#!/bin/sh\nPROGRAM=tool\n{SAYS}"),
        (".venv/.tool", ""),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    return tmp_path


def _made(folder: Path, *words: str, **environ: str) -> str:
    done = subprocess.run(
        ["make", *words],
        cwd=folder,
        env={"PATH": f"{folder / 'bin'}:{os.environ['PATH']}", **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.strip()


CALLS = [
    (["up"], "docker compose up --detach --build gid=997 bind=172.30.0.1 password="),
    (["up", "ARGS=xnat-db"], "docker compose up --detach --build xnat-db gid=997 bind=172.30.0.1 password="),
    (["down"], "docker compose --profile tls down gid=997 bind=172.30.0.1 password="),
    (["logs", "ARGS=--follow"], "docker compose logs --tail 200 --follow gid=997 bind=172.30.0.1 password="),
    (["plan", "SITE=x"], "tool plan x gid= bind= password="),
]


@pytest.mark.parametrize(("words", "said"), CALLS, ids=lambda value: " ".join(value) if isinstance(value, list) else "")
def test_a_target_calls_what_it_says(folder: Path, words: list[str], said: str) -> None:
    assert _made(folder, *words) == said


def test_dotenv_is_read_and_the_environment_wins(folder: Path) -> None:
    (folder / ".env").write_text("DOCKER_GID=5\nXNAT_CALLBACK_BIND=127.0.0.1\nXNAT_PASSWORD='it is $o'\n")
    assert _made(folder, "up") == "docker compose up --detach --build gid=5 bind=127.0.0.1 password=it is $o"
    assert _made(folder, "plan", "SITE=x").endswith("password=it is $o")
    assert _made(folder, "plan", "SITE=x", XNAT_PASSWORD="given '").endswith("password=given '")
