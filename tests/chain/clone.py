"""What a user has: the files of a clone in a folder of its own, `make`, and an XNAT to practise on in `.practice`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PASSWORD = "practice-me"
_FILES = ("Makefile", "constraints.txt", "pyproject.toml")
_FOLDERS = ("anon_scripts", "images", "sites", "subscriptions", "templates")
_SECONDS = 300
# In place of an environment that pip would fill: this one, with the pauses shortened.
_PROGRAM = """\
#!/bin/sh
PYTHONPATH='{root}' exec '{python}' -m tests.live.hurried "$@"
"""


@dataclass(frozen=True)
class Clone:
    folder: Path
    base: str  # of the processing images

    @property
    def site(self) -> Path:
        return self.folder / "sites" / "practice"

    def make(self, target: str) -> str:
        """What it printed. Its exit code is 0."""
        ended = subprocess.run(
            ["make", "--no-print-directory", target],
            cwd=self.folder,
            env={**os.environ, "BASE_IMAGE": self.base, "XNAT_PASSWORD": PASSWORD},
            check=False,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
        )
        assert ended.returncode == 0, f"make {target} ended with {ended.returncode}:\n{ended.stdout}\n{ended.stderr}"
        return ended.stdout


def clone(folder: Path, base: str) -> Clone:
    (folder / ".git").mkdir(parents=True)
    for name in _FILES:
        shutil.copy(ROOT / name, folder / name)
    for name in _FOLDERS:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(".xnat-bootstrap"))
    program = folder / ".venv" / "bin" / "xnat-bootstrap"
    program.parent.mkdir(parents=True)
    program.write_text(_PROGRAM.format(root=ROOT, python=sys.executable), encoding="utf-8")
    program.chmod(0o755)
    (folder / ".venv" / ".tool").touch()
    return Clone(folder, base)
