"""The command line: every verb has its help, its options and an example that parses."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from bootstrap.cli import cli
from bootstrap.cli.group import ORDER
from bootstrap.cli.options import REPORT_FORMATS
from tests.live.processes import run_program
from tests.ops.conftest import Program
from tests.test_docs import parses

SERVER_VERBS = ("wait", "doctor", "plan", "apply", "drift", "export", "unlock")
REPORTING = ("validate", "plan", "apply", "drift")
# Not built yet, groups of verbs with options of their own, and what prints a script for a shell.
WITHOUT_TALK = {"plugins", "verify", "runs", "anon", "completion"}


def options_of(verb: str) -> set[str]:
    return {name for parameter in cli.commands[verb].params for name in parameter.opts}


def test_the_verbs_stand_in_the_order_in_which_they_are_needed(program: Program) -> None:
    said = program("--help")
    listed = re.findall(r"^  ([a-z]+)  ", said.out.partition("Commands:")[2], re.MULTILINE)
    assert listed == list(ORDER)
    assert "3 refused for safety" in " ".join(said.out.split())


@pytest.mark.parametrize("verb", ORDER)
def test_every_verb_explains_itself(verb: str, program: Program) -> None:
    long, short = program(verb, "--help"), program(verb, "-h")
    assert (long.code, long.err) == (0, "")
    assert long.out == short.out
    assert cli.commands[verb].help


@pytest.mark.parametrize("verb", [verb for verb in ORDER if "Example:" in (cli.commands[verb].help or "")])
def test_every_example_parses(verb: str) -> None:
    text = " ".join((cli.commands[verb].help or "").partition("Example:")[2].split())
    program, *words = shlex.split(re.sub(r'^eval "\$\((.*)\)"$', r"\1", text).partition(" > ")[0])
    assert (program, words[0]) == ("xnat-bootstrap", verb)
    parses(words)


def test_every_verb_has_an_example() -> None:
    lacking = {verb for verb in ORDER if "Example:" not in (cli.commands[verb].help or "")}
    assert {verb for verb in lacking if "Not built yet" not in (cli.commands[verb].help or "")} <= {"anon", "plugins"}


@pytest.mark.parametrize("verb", [verb for verb in ORDER if verb not in WITHOUT_TALK])
def test_every_verb_talks_as_it_is_told(verb: str) -> None:
    assert options_of(verb) >= {"-v", "--verbose", "-q", "--quiet", "--no-color", "--format"}


@pytest.mark.parametrize("verb", SERVER_VERBS)
def test_every_verb_with_a_server_is_told_which(verb: str) -> None:
    assert options_of(verb) >= {"-f", "--url", "--username", "--ca-file", "--timeout", "--parallel"}
    assert "--password" not in options_of(verb), "others could see it"


@pytest.mark.parametrize("verb", REPORTING)
def test_every_report_has_every_format(verb: str) -> None:
    option = next(parameter for parameter in cli.commands[verb].params if parameter.name == "format")
    assert isinstance(option.type, click.Choice)
    assert tuple(option.type.choices) == REPORT_FORMATS


def test_an_unknown_verb_is_wrong_usage_and_the_nearest_is_named(program: Program) -> None:
    said = program("aply")
    assert (said.code, said.out) == (64, "")
    assert "No such command 'aply'" in said.err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_printed(shell: str, program: Program) -> None:
    said = program("completion", shell)
    assert said.code == 0
    assert "_XNAT_BOOTSTRAP_COMPLETE" in said.out


def test_completion_knows_the_verbs() -> None:
    words = {"COMP_WORDS": "xnat-bootstrap dr", "COMP_CWORD": "1", "_XNAT_BOOTSTRAP_COMPLETE": "bash_complete"}
    assert run_program(environ=words).stdout.split() == ["plain,drift"]


def test_starting_loads_nothing_that_help_does_not_need() -> None:
    """`--help` is to be there at once; not counted by coverage, which loads libraries of its own."""
    code = "import sys, bootstrap.cli; print(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
        env={name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")},
    )
    heavy = {"pydantic", "requests", "docker", "pydicom", "flask", "rich", "yaml", "jinja2", "lark", "sqlite3"}
    assert heavy & set(done.stdout.split()) == set()
