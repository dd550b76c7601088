"""Invariant 12: the output format changes no exit code; stdout is data, stderr is talk."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import click
import pytest
import yaml

from bootstrap.cli import cli
from tests.ops.conftest import Program, Said
from tests.ops.situations import CHANGING, MAKERS, Situations

TABLE: dict[str, dict[str, int]] = yaml.safe_load((Path(__file__).parent / "exit_codes.yaml").read_text("utf-8"))
REPORTING = {"validate", "plan", "apply", "drift"}
# Built by somebody else, or served in the foreground: their own tests hold their codes.
ELSEWHERE = {"practice", "plugins", "anon"}
CODES = {0, 1, 2, 3, 4, 5, 64}


def formats_of(line: str) -> list[str]:
    command = cli.commands.get(line.split()[0])
    options = [p for p in command.params if p.name == "format"] if command else []
    return list(options[0].type.choices) if options and isinstance(options[0].type, click.Choice) else []


def shown_in(line: str) -> list[str | None]:
    """The formats in which a line is tried; a line that names one, or a verb without, is tried as it is."""
    found: list[str | None] = [] if "--format" in line else [*formats_of(line)]
    return found or [None]


ROWS = [
    pytest.param(situation, line, form, code, id=f"{situation}: {line} ({form or 'as it is'})")
    for situation, lines in TABLE.items()
    for line, code in lines.items()
    for form in shown_in(line)
]


@pytest.fixture(scope="module")
def situations(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Situations]:
    made = Situations(tmp_path_factory.mktemp("situations"))
    yield made
    made.close()


def test_the_table_knows_every_verb_situation_and_code() -> None:
    verbs = {line.split()[0] for lines in TABLE.values() for line in lines}
    assert verbs >= set(cli.commands) - ELSEWHERE
    assert set(TABLE) == set(MAKERS)
    assert {code for lines in TABLE.values() for code in lines.values()} == CODES
    assert set(MAKERS) > CHANGING


@pytest.mark.parametrize(("situation", "line", "form", "code"), ROWS)
def test_exit_code(
    situation: str,
    line: str,
    form: str | None,
    code: int,
    situations: Situations,
    program: Program,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if "--from" in line:
        monkeypatch.setenv("XNAT_PASSWORD", "practice-me")
    words = situations.of(situation).filled(line, tmp_path / "new")
    said = program(*words, *(["--format", form] if form else []))
    assert said.code == code, said
    assert "Traceback" not in said.err
    assert said.err or said.out or "-o" in words
    if form and words[0] in REPORTING and code != 64:
        is_a_report(said, words[0], form, code)
    elif words[0] == "verify" and said.out:
        is_a_proof(said, form, code)
    elif code not in (0, 2) and words[0] != "doctor":
        assert said.out == ""
        assert re.search(r"^(xnat-bootstrap|Usage): ", said.err, re.MULTILINE)


def is_a_proof(said: Said, form: str | None, code: int) -> None:
    if form == "json":
        document = json.loads(said.out)
        assert (document["format"], document["exit"]) == ("xnat-bootstrap/verify", code)
    elif form == "junit":
        (suite,) = ElementTree.fromstring(said.out)
        assert (suite.get("failures") != "0") == (code != 0)
    else:
        assert "BROKEN" in said.out if code else "promises held" in said.out


def is_a_report(said: Said, verb: str, form: str, code: int) -> None:
    if form == "json":
        document = json.loads(said.out)
        assert (document["format"], document["verb"], document["exit"]) == ("xnat-bootstrap/report", verb, code)
    elif form == "junit":
        suites = ElementTree.fromstring(said.out)
        failed = sum(int(suite.get("failures", 0)) + int(suite.get("errors", 0)) for suite in suites.iter("testsuite"))
        assert bool(failed) == (code not in (0, 2)), said.out
    elif form == "markdown":
        assert verb in said.out
    else:
        assert said.out or said.err
