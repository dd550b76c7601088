"""docs/anonymisation.md: its commands run, its scripts and options exist."""

from __future__ import annotations

import re
import shlex
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from bootstrap.config.files import Files
from bootstrap.config.templates import render
from bootstrap.dicomedit import parse
from bootstrap.facts.ps315 import OPTIONS, attributes
from bootstrap.ops.anon_cases import run_folder
from bootstrap.ops.anon_coverage import CoverageAsked, cover
from tests.anon_scripts.rendered import FOLDER, SCRIPTS

ROOT = FOLDER.parent
TEXT = (ROOT / "docs" / "anonymisation.md").read_text(encoding="utf-8")
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL) for line in block.splitlines()]


def answer(words: list[str], folder: Path) -> int:
    """Runs a command of the page as the command line would."""
    assert words[:2] == ["xnat-bootstrap", "anon"]
    verb, place, *flags = words[2:]
    if verb == "test":
        return int(not all(result.passed for result in run_folder(ROOT / place)))
    assert verb == "coverage"
    given = dict(pairwise([*flags, ""]))
    asked = CoverageAsked(
        ROOT / place,
        require=given.get("--require"),
        prove="--prove" in flags,
        html=folder / given["--html"] if "--html" in given else None,
        format="json" if given.get("--format") == "json" else "text",
    )
    return cover(asked).exit_code


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_runs(command: str, tmp_path: Path) -> None:
    assert answer(shlex.split(command), tmp_path) == 0


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
