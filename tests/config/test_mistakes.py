"""One plain sentence for each thing that is wrong, at its place."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
import yaml
from pydantic import Field, model_validator

from bootstrap.config import FileText, Model, Section
from bootstrap.values import Secret
from tests.config.sites import told, write

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


class Mail(Model):
    by: Literal["mail"]
    address: str


class Chat(Model):
    by: Literal["chat"]
    room: str


class Notice(Model):
    target: Annotated[Mail | Chat, Field(discriminator="by")]
    level: Literal[1, 2] = 1
    script: FileText | int | None = None
    word: Secret | None = None
    names: dict[Annotated[str, Field(pattern="^[a-z]+$")], int] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _is_no_good(self) -> Notice:
        if self.word is not None:
            raise ValueError(f"{self.word.reveal()} and {self.word.reveal()}x, abc")
        return self


NOTICE = Section("notice", Notice, "A notice.")
NOTICES = [
    ("target: {by: mail, adress: x}", [(3, "missing-key"), (3, "unknown-key")]),
    ("target: {by: post}", [(3, "`notice.target.by`: the text `post` is not allowed here (allowed: `mail`, `chat`)")]),
    ("target: {address: x}", [(3, "`notice.target`: the key `by` is missing")]),
    ("target: {by: mail, address: x}\n  level: 3", [(4, "the value `3` is not allowed here (allowed: `1`, `2`)")]),
    ("target: {by: mail, address: x}\n  script: !file x.das", []),
    (
        "target: {by: mail, address: x}\n  script: [a]",
        [(4, "a text or a whole number is due here, and this is a list")],
    ),
    ("target: {by: mail, address: x}\n  level: !file x.das", [(4, "the text of the file x.das is not allowed here")]),
    ("target: {by: mail, address: x}\n  word: abc", [(3, "`notice`: *** and abcx, ***")]),
    ("target: {by: mail, address: x}\n  names: {Abc: 1}", [(4, "the key `Abc` does not fit the pattern `^[a-z]+$`")]),
    ("target: {by: mail, address: x}\n  names: {a: x}", [(4, "`notice.names.a`: a whole number is due here")]),
]


@pytest.mark.parametrize(("text", "expected"), NOTICES, ids=lambda case: case if isinstance(case, str) else "")
def test_shapes_that_are_seldom(tmp_path: Path, text: str, expected: list[tuple[int, str]]) -> None:
    write(tmp_path, "text", "x.das")
    found = told(tmp_path, f"notice:\n\n  {text}\n", sections=[NOTICE])
    assert [line.split(":")[1] for line in found] == [str(number) for number, _message in expected]
    for line, (_number, message) in zip(found, expected, strict=True):
        assert message in line
