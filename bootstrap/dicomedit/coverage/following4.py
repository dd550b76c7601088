"""Follows a DicomEdit 4 script: the original object decides everything, and the first write of an element wins."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.coverage import wording
from bootstrap.dicomedit.coverage.fates import UNTOUCHED, Fate, Kind
from bootstrap.dicomedit.coverage.flow import Flow
from bootstrap.dicomedit.coverage.worth import Worth, derived, hashed, literal
from bootstrap.dicomedit.coverage.writing import write

_NEW = frozenset({"newUID", "getURL"})


class Following4:
    def __init__(self) -> None:
        self.notes: list[tuple[int, str]] = []

    def statements(self, flow: Flow, statements: Iterable[nodes.Statement]) -> Flow:
        for statement in statements:
            if isinstance(statement, nodes.Constrained):
                said = " and ".join(wording.condition(one) for one in statement.conditions)
                self._action(flow, statement.action, said)
            else:
                self._action(flow, statement, None)
        return flow

    def _action(self, flow: Flow, action: nodes.Statement, condition: str | None) -> None:
        match action:
            case nodes.Assign():
                self._first_wins(flow, action, condition)
            case nodes.Delete():
                self._first_wins(flow, action, condition)
            case nodes.SetVariable():
                flow.variables[action.name.lower()] = self._value(flow, action.value)

    def _first_wins(self, flow: Flow, action: nodes.Assign | nodes.Delete, condition: str | None) -> None:
        step = action.path.steps[-1]
        if not isinstance(step, nodes.ElementStep):
            return
        group, element = step.tag.group, step.tag.element
        attempt = Flow(flow.probes, when=flow.when if condition is None else (*flow.when, condition))
        numbers = flow.probes.numbered(group, element)
        if isinstance(action, nodes.Delete):
            attempt.remove(numbers, action.line)
            self._private(flow, attempt, group, element, action.line, condition)
        else:
            worth = self._value(flow, action.value)
            at_root = [one for one in numbers if not flow.probes.all[one].chain]
            write(attempt, at_root, worth, action.line, null_empties=True)
        for number, fates in attempt.fates.items():
            flow.fates[number] = _behind(flow.of(number), fates, condition)

    def _private(self, flow: Flow, attempt: Flow, group: str, element: str, line: int, condition: str | None) -> None:
        if group[-1:] not in ("#", "X") and not (group[-1:].isalnum() and int(group[-1], 16) % 2):
            return
        if group.upper() in ("XXX#", "XXXX") and element.upper() == "XXXX":
            fate = attempt.fate(Kind.REMOVED, line)
            flow.private = _behind(flow.private, frozenset({fate}), condition)
        else:
            self.notes.append((line, f"({group},{element}): only these private elements; the others stay"))

    def _value(self, flow: Flow, node: nodes.Value) -> Worth:
        match node:
            case nodes.Text():
                return literal(node.value)
            case nodes.TagPath():
                return self._read(node)
            case nodes.Variable():
                return flow.variables.get(node.name.lower(), Worth(f"XNAT's {node.name}"))
            case nodes.Format():
                return derived(wording.value(node), [self._value(flow, one) for one in node.arguments])
            case nodes.Call():
                return self._call(flow, node)
            case _:
                return Worth(wording.value(node))

    def _read(self, path: nodes.TagPath) -> Worth:
        step = path.steps[-1]
        digits = f"{step.tag.group}{step.tag.element}" if isinstance(step, nodes.ElementStep) else ""
        fixed = re.fullmatch("[0-9a-fA-F]{8}", digits) is not None
        tags: frozenset[int] = frozenset({int(digits, 16)}) if fixed else frozenset()
        return Worth(f"the text of {path}", sources=tags, verbatim=True, null=tags)

    def _call(self, flow: Flow, node: nodes.Call) -> Worth:
        said = wording.value(node)
        parts = [self._value(flow, one) for one in node.arguments]
        if node.name in _NEW:
            return Worth(said)
        if node.name == "hashUID" and parts:
            return hashed(said, parts[0])
        return derived(said, parts, keeps_null=True)


def _behind(old: frozenset[Fate], new: frozenset[Fate], condition: str | None) -> frozenset[Fate]:
    """Only where nothing was done before does the new statement count."""
    if not old & UNTOUCHED:
        return old
    done = old - UNTOUCHED
    return done | new | (frozenset() if condition is None else UNTOUCHED)
