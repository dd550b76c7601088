"""`anon test`: what is said of the cases of a folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

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
