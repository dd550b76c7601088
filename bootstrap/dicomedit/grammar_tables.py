"""Computes the parser's tables from the grammar, with lark, and puts them beside it: `grammar6.json`.

To compute them takes longer than to read a script of 500 lines. After a change of the grammar:

    python -m bootstrap.dicomedit.grammar_tables
"""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

GRAMMAR, STARTS = "grammar6", ("script", "tag_path")


def computed() -> dict[str, Any]:
    """`rules` are origin, size and name; a row has the state to go to for a symbol, or `[rule]` to reduce by."""
    from lark import Lark
    from lark.parsers.lalr_analysis import Shift

    text = files("bootstrap.dicomedit").joinpath(f"{GRAMMAR}.lark").read_text("utf-8")
    lark = Lark(text, parser="lalr", lexer="basic", start=list(STARTS), keep_all_tokens=True, maybe_placeholders=False)
    table = lark.parser.parser.parser.parse_table
    numbers = _in_order(table, Shift)
    rules: dict[Any, int] = {}
    rows = []
    for state in numbers:
        row = {str(name): action for name, action in table.states[state].items()}
        rows.append({name: _cell(row[name], Shift, numbers, rules) for name in sorted(row)})
    return {
        "starts": {name: numbers[table.start_states[name]] for name in STARTS},
        "ends": {name: numbers[table.end_states[name]] for name in STARTS},
        "rules": [[str(one.origin.name), len(one.expansion), str(one.alias or one.origin.name)] for one in rules],
        "rows": rows,
    }


def _in_order(table: Any, shift: Any) -> dict[Any, int]:
    """Lark's own numbers differ from run to run: as they are met, going from the starts."""
    numbers: dict[Any, int] = {}
    waiting = [table.start_states[name] for name in STARTS]
    while waiting:
        state = waiting.pop(0)
        if state in numbers:
            continue
        numbers[state] = len(numbers)
        row = table.states[state]
        waiting += [argument for _, (action, argument) in sorted(row.items(), key=_name) if action is shift]
    return numbers


def _name(cell: tuple[Any, Any]) -> str:
    return str(cell[0])


def _cell(cell: tuple[Any, Any], shift: Any, numbers: dict[Any, int], rules: dict[Any, int]) -> int | list[int]:
    action, argument = cell
    return numbers[argument] if action is shift else [rules.setdefault(argument, len(rules))]


def as_text(tables: dict[str, Any]) -> str:
    parts = [f'"{name}": {json.dumps(tables[name])}' for name in ("starts", "ends")]
    for name in ("rules", "rows"):
        parts.append(f'"{name}": [\n' + ",\n".join(json.dumps(one) for one in tables[name]) + "\n]")
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    Path(str(files("bootstrap.dicomedit") / f"{GRAMMAR}.json")).write_text(as_text(computed()), encoding="utf-8")
