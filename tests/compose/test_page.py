"""docs/compose.md: its commands are such as there are, and its variables such as the compose file knows."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from bootstrap.cli import cli
from tests.compose.project import ROOT

TEXT = (ROOT / "docs" / "compose.md").read_text(encoding="utf-8")
COMMANDS = [
    line.partition("  #")[0].strip()
    for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
    for line in block.splitlines()
]
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_one_that_there_is(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    program, *words = shlex.split(command)
    named = [word for word in words if "/" in word or word.startswith(".env.")]
    assert all(Path(word.partition("=")[2] or word).exists() for word in named)
    if program == "make":
        targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
        assert words[0] in targets
    elif program == "xnat-bootstrap":
        parent = click.Context(cli, **cli.context_settings)
        assert cli.commands[words[0]].make_context(words[0], words[1:], parent=parent).params
    else:
        assert program in ("cp", "docker")


def test_every_variable_of_the_page_is_told_in_the_example() -> None:
    told = set(re.findall(r"^#? ?([A-Z_0-9]+)=", EXAMPLE, re.MULTILINE)) | {"SITE", "XNAT_CA_FILE"}
    named = set(re.findall(r"\b([A-Z]+(?:_[A-Z0-9]+)+)\b", TEXT)) | set(re.findall(r"^([A-Z_]+)=", TEXT, re.MULTILINE))
    assert named - told == set()
