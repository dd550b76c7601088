"""Scripts laid out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bootstrap.dicomedit import format_script, parse, statement_text

CASES = yaml.safe_load((Path(__file__).parent / "data" / "layout.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_layout(case: dict[str, Any]) -> None:
    dialect = case.get("dialect", "6")
    script = parse(case["text"], dialect)
    assert format_script(script) == case["becomes"]
    assert parse(case["becomes"], dialect).statements == script.statements


def test_an_if_on_one_line() -> None:
    assert statement_text(parse('if ("a" = "b") { }', "6").statements[0]) == 'if ("a" = "b")'
