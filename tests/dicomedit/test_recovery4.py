"""What DicomEdit 4 makes of a script with errors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bootstrap.dicomedit import format_script, nodes, parse, statement_text

CASES = yaml.safe_load((Path(__file__).parent / "data" / "recovery4.yaml").read_text("utf-8"))


def shown(statement: nodes.Statement) -> str:
    if any(isinstance(node, nodes.Unreadable) for node in nodes.walk(statement)):
        return f"? {type(statement).__name__}"
    return statement_text(statement)


@pytest.mark.parametrize("case", CASES, ids=lambda case: repr(case["text"]))
def test_recovery(case: dict[str, Any]) -> None:
    script = parse(case["text"], "4")
    assert [shown(statement) for statement in script.statements] == case["statements"]
    assert [dropped.start.line for dropped in script.dropped] == case["dropped"]
    assert sorted({repair.start.line for repair in script.repairs}) == case["repaired"]
    if case["dropped"] or case["repaired"]:
        assert format_script(script) == case["text"]
