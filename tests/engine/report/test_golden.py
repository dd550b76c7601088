"""The cases beside this file, in all formats that people read.

`UPDATE_GOLDEN=1 pytest tests/engine/report` writes what is expected anew; read the difference before it is committed.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bootstrap.engine.report import render

from .building import CASES, case_names, report_of

ENDINGS = {"text": ".txt", "markdown": ".md", "junit": ".xml"}
WIDTH = 100


def agrees(path: Path, actual: str) -> bool:
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(actual, encoding="utf-8")
    return path.read_text(encoding="utf-8") == actual


@pytest.mark.parametrize("form", ENDINGS)
@pytest.mark.parametrize("name", case_names())
def test_a_case_reads_as_expected(name: str, form: str) -> None:
    actual = render(report_of(name), form, colour=False, width=WIDTH)
    assert agrees(CASES / (name + ENDINGS[form]), actual), actual


def test_the_colours_are_as_expected() -> None:
    actual = render(report_of("apply-partly"), "text", colour=True, width=WIDTH)
    assert agrees(CASES / "apply-partly.ansi", actual), actual


def test_each_expectation_has_its_case() -> None:
    expected = {path.stem for path in CASES.iterdir() if path.suffix != ".json"}
    assert expected == set(case_names())
