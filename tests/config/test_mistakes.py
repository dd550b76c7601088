"""One plain sentence for each thing that is wrong, at its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.config.sites import told

CASES: dict[str, list[dict[str, Any]]] = yaml.safe_load((Path(__file__).parent / "mistakes.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES["server"], ids=lambda case: case["line"])
def test_a_wrong_line(tmp_path: Path, case: dict[str, str]) -> None:
    assert told(tmp_path, f"server:\n\n  {case['line']}\n") == [f"site.yaml:{case['told']}"]


@pytest.mark.parametrize("case", CASES["origins"], ids=lambda case: case["origin"])
def test_the_noise_of_alternatives_is_one_sentence(tmp_path: Path, case: dict[str, Any]) -> None:
    found = told(tmp_path, f"server: {{}}\nimages: [{{name: a, origin: {case['origin']}}}]\n")
    assert [line.partition(" error: ")[2] for line in found] == case["told"]


@pytest.mark.parametrize("case", CASES["top"], ids=lambda case: case["text"].replace("\n", " "))
def test_the_top_level(tmp_path: Path, case: dict[str, Any]) -> None:
    assert told(tmp_path, case["text"]) == case["told"]


def test_the_environment_in_an_alternative_is_read_leniently(tmp_path: Path) -> None:
    site = "server: {}\nimages: [{name: a, origin: {pull: !env A, via: !env B}}]"
    assert told(tmp_path, site, environ={"A": "5", "B": "xnat"}) == []


def test_all_problems_come_at_once_sorted_by_place(tmp_path: Path) -> None:
    text = """\
server:
  url: !env NOT_SET
  port: "81"
  prot: 5
  hosts: [1, 2]
  url: twice
images: [{name: a}, {name: a}]
commands: {a: {enabled: on}}
bogus: true
script: !file none
"""
    found = told(tmp_path, text, "server: {secure: 5}\nnothing: 1\n")
    assert [(*line.split(": ", 1)[0].split(":"), line.rpartition("[")[2][:-1]) for line in found] == [
        ("site.yaml", "2", "8", "env-missing"),
        ("site.yaml", "3", "9", "wrong-type"),
        ("site.yaml", "4", "3", "unknown-key"),
        ("site.yaml", "5", "11", "wrong-type"),
        ("site.yaml", "5", "14", "wrong-type"),
        ("site.yaml", "6", "3", "duplicate-key"),
        ("site.yaml", "7", "21", "duplicate-name"),
        ("site.yaml", "8", "25", "wrong-type"),
        ("site.yaml", "9", "1", "unknown-key"),
        ("site.yaml", "10", "9", "file-missing"),
        ("over1.yaml", "1", "18", "wrong-type"),
        ("over1.yaml", "2", "1", "unknown-key"),
    ]


def test_long_and_strange_values_are_cut_and_escaped(tmp_path: Path) -> None:
    (found,) = told(tmp_path, 'server: {mode: "\\e[31m' + "x" * 100 + '\\nmore"}')
    assert "the text `\\x1b[31m" + "x" * 55 + "…` is not allowed" in found
