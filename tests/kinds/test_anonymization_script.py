"""Scripts are linted where the site file gives them, and held against the server's version."""

from __future__ import annotations

from pathlib import Path

import pytest

from bootstrap.config.texts import FileText
from bootstrap.kinds.anonymization_script import script_problems, too_new
from bootstrap.kinds.kind import Resource
from bootstrap.values import Problem, Source

YAML = Source("site.yaml", 7, 11)
BAD = 'version "6.6"\n(0010,0010) := nobody\n'


def of_rule(rule: str, problems: list[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.rule == rule]


def test_a_script_of_its_own_file_is_pointed_into() -> None:
    (problem,) = of_rule("L41", script_problems(FileText(BAD, Path("a.das")), YAML, "site"))
    assert (problem.severity, problem.source) == ("error", Source("a.das", 2, 16))
    assert problem.message.startswith("nobody sets `nobody`: an Error")
    assert problem.hint == "set it; XNAT gives project, subject and session, and nothing else"


def test_of_a_script_in_the_yaml_the_line_is_said() -> None:
    (problem,) = of_rule("L41", script_problems(FileText(BAD), YAML, "site"))
    assert problem.source == YAML
    assert problem.message.startswith("line 2 of the script: nobody sets")


def test_severities_are_those_of_lint() -> None:
    problems = script_problems(FileText("-(0060,3000)\n" + BAD), YAML, "site")
    assert {problem.severity for problem in problems} == {"error", "warning", "note"}


def test_where_it_runs_makes_a_difference() -> None:
    script = FileText('version "6.6"\n(0020,000D) := hashUID[(0020,000D)]')
    assert not of_rule("L77", script_problems(script, YAML, "site"))
    assert of_rule("L77", script_problems(script, YAML, "project"))
    assert of_rule("L78", script_problems(script, YAML, "project", str(script)))


@pytest.mark.parametrize("character", ["\0", "\x1b", "\ufffd"])
def test_strange_characters(character: str) -> None:
    text = f'version "6.6"\r\n(0010,0010) := "a{character}"\r\n'
    (in_file,) = script_problems(FileText(text, Path("a.das")), YAML, "site")
    (in_yaml,) = script_problems(FileText(text), YAML, "site")
    assert (in_file.rule, in_file.source) == ("strange-character", Source("a.das", 2, 18))
    assert (in_yaml.source, in_yaml.message[:23]) == (YAML, "line 2 of the script: t")


def test_a_huge_script() -> None:
    (problem,) = script_problems(FileText("// " + "x" * 1024 * 1024), YAML, "site")
    assert problem.rule == "huge-script"


@pytest.mark.parametrize(("version", "count"), [("1.8.9", 1), ("1.8.10", 0), ("1.9.2.1", 0), ("Unknown", 0)])
def test_a_script_that_the_server_refuses(version: str, count: int) -> None:
    wanted = Resource("anonymization", "site", {"script": 'version "6.6"\n-(0010,0010)'}, YAML)
    found = list(too_new(wanted, version))
    assert [(one.severity, one.rule, one.source) for one in found] == [("error", "script-too-new", YAML)] * count
    assert all("--allow script-too-new" in one.hint for one in found)


def test_without_a_script_there_is_nothing_to_refuse() -> None:
    assert list(too_new(Resource("anonymization", "site", {"script": None}), "1.8.0")) == []
    assert list(too_new(Resource("anonymization", "site", {"enabled": True}), "1.8.0")) == []
