"""`anon test`: what is said of the cases of a folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bootstrap.errors import SiteFileError
from bootstrap.ops.anon_case_report import run_cases

CASES = """\
script: a.das
cases:
  - name: the name goes
    input: {"(0010,0010)": Doe}
    expected: {"(0010,0010)": gone}
  - name: the id goes
    input: {"(0010,0020)": 4711}
    expected: {"(0010,0020)": gone}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.das").write_text('version "6.6"\n(0010,0010) := "gone"\n')
    (tmp_path / "a.yaml").write_text(CASES)
    return tmp_path


@pytest.mark.parametrize("name", ["", "a.yaml"])
def test_what_fails_is_told(name: str, folder: Path) -> None:
    answer = run_cases(folder / name)
    assert answer.exit_code == 1
    assert answer.text.splitlines() == [
        f"FAILED  {folder / 'a.yaml'}: the id goes",
        "        (0010,0020): expected 'gone', got '4711'",
        "",
        "1 of 2 cases pass",
    ]


def test_all_cases(folder: Path) -> None:
    assert f"ok      {folder / 'a.yaml'}: the name goes\n" in run_cases(folder, all_cases=True).text


def test_a_file_of_cases_that_cannot_be_used_does_not_keep_the_others(folder: Path) -> None:
    wrong = folder / "b.yaml"
    wrong.write_text(CASES.replace("gone}\n  - name: the id", "gone}\n    expectd: {}\n  - name: the id"))
    answer = run_cases(folder)
    assert answer.exit_code == 1
    assert f"FAILED  {wrong}: the file cannot be used" in answer.text
    assert f"{wrong}:6:5: error: case `the name goes`: unknown key `expectd` (did you mean `expected`?)" in answer.text
    assert f"FAILED  {folder / 'a.yaml'}: the id goes" in answer.text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("script: a.das\n", ":1:1: error: `cases` is missing"),
        ("script: a.das\ncases:\n  - {name: x, runs: many}\n", ":3:21: error: case `x`: `runs`: "),
        ("- a list\n", ":1:1: error: "),
        ("script: [\n", ":2:1: error: not YAML"),
    ],
)
def test_where_a_file_of_cases_is_wrong(text: str, told: str, folder: Path) -> None:
    (folder / "a.yaml").write_text(text)
    with pytest.raises(SiteFileError) as caught:
        run_cases(folder / "a.yaml")
    assert f"a.yaml{told}" in str(caught.value)
    assert "pydantic" not in str(caught.value)


def test_json(folder: Path) -> None:
    (folder / "a.das").write_text('version "6.6"\n(0010,0010) := "gone"\n(0010,0020) := "gone"\n')
    answer = run_cases(folder, form="json")
    document = json.loads(answer.text)
    assert (answer.exit_code, document["exit"]) == (0, 0)
    assert document["summary"] == {"cases": 2, "passed": 2, "failed": 0}
    assert [case["name"] for case in document["cases"]] == ["the name goes", "the id goes"]


def test_the_cases_that_we_ship_pass() -> None:
    answer = run_cases(Path(__file__).parents[2] / "anon_scripts" / "cases")
    assert answer.exit_code == 0, answer.text
