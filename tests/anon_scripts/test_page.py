"""docs/anonymisation.md: its commands run, its scripts and options exist."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
import yaml

from bootstrap.cli import run
from bootstrap.config.files import Files
from bootstrap.config.templates import render
from bootstrap.dicomedit import parse
from bootstrap.facts.ps315 import OPTIONS, attributes
from tests.anon_scripts.rendered import FOLDER, SCRIPTS

ROOT = FOLDER.parent
TEXT = (ROOT / "docs" / "anonymisation.md").read_text(encoding="utf-8")
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL) for line in block.splitlines()]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of what the page speaks of, in which its commands run."""
    shutil.copytree(FOLDER, tmp_path / "anon_scripts")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_runs(command: str, folder: Path) -> None:
    program, *words = shlex.split(command)
    assert program == "xnat-bootstrap"
    assert run(words) == 0
    if "--html" in words:
        assert (folder / words[words.index("--html") + 1]).read_text(encoding="utf-8").startswith("<!doctype html>")


def test_every_shipped_script_is_on_the_page() -> None:
    told = set(re.findall(r"^\| `([^`]+\.das(?:\.j2)?)` \|", TEXT, re.MULTILINE))
    assert told == {path.name for path in SCRIPTS}


def test_every_option_is_on_the_page() -> None:
    missing = [option for option in OPTIONS if f"`{option.replace('_', '-')}`" not in TEXT]
    assert missing == []
    assert f"PS3.15 names {len(attributes())} attributes" in TEXT


def test_the_site_file_on_the_page_makes_a_script() -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    site = yaml.safe_load(block.replace("!file ", ""))
    name = Path(site["anonymization"]["script"]).name
    assert parse(render(FOLDER / name, site["vars"], Files())).version == "6.7"
