"""The report as a comment of a pull request: a verdict, a table, the problems, and diffs to unfold.

Hosts refuse comments of more than 65,536 characters, so each part has its share and says what it left out. Names
and values come from files and servers: they cannot open a tag, a table cell, a fence or a mention.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bootstrap.engine.plan import FieldChange
from bootstrap.engine.report import words
from bootstrap.engine.report.difference import LineDiff, Pair, cut, difference
from bootstrap.engine.report.markdown_text import Share, code, escaped, fenced, prose
from bootstrap.engine.report.report import Line, Report
from bootstrap.engine.report.shown import shortened, shortened_pair, visible
from bootstrap.values import Problem

LIMIT = 60_000
_TABLE = Share(18_000, "changes", "\n")
_PROBLEMS = Share(12_000, "problems", "\n")
_DETAILS = Share(22_000, "diffs", "\n\n")
_REMARKS = Share(3_000, "remarks", "\n\n")
_NAME, _VALUE, _MESSAGE = 80, 120, 1_000  # the longest of each, in characters
_DIFF_LINES, _DIFF_WIDTH, _DIFF_ROOM = 200, 300, 12_000
_ITEMS_IN_CELL = 3


@dataclass(frozen=True)
class _Item:
    """A change with what differs in it."""

    line: Line
    action: str
    differences: tuple[tuple[FieldChange, Pair | LineDiff], ...]

    @classmethod
    def of(cls, report: Report, line: Line) -> _Item:
        change = line.change
        found = [(f, difference(f, change.action in words.NEW)) for f in words.fields_of(report, change)]
        return cls(line, words.action_of(report, change), tuple(found))

    @property
    def went_wrong(self) -> bool:
        return self.line.outcome in ("failed", "unknown")

    @property
    def needs_room(self) -> bool:
        """More than fits into a row of the table."""
        return bool(self.line.error) or len(self.differences) > _ITEMS_IN_CELL or any(map(_is_big, self.differences))


def _is_big(part: tuple[FieldChange, Pair | LineDiff]) -> bool:
    _field, found = part
    return isinstance(found, LineDiff) or max(len(found.before or ""), len(found.after)) > _VALUE


def as_markdown(report: Report) -> str:
    items = [_Item.of(report, line) for line in report.lines]
    unfolding = sorted((item for item in items if item.needs_room), key=lambda item: not item.went_wrong)
    parts = [
        f"### xnat-bootstrap {escaped(report.verb, _NAME)}: {escaped(words.verdict(report), _VALUE)}",
        escaped(words.server_of(report), _VALUE) + (f"; {words.cost(report)}" if report.server_url else ""),
        _table(report, items),
        _PROBLEMS.of(words.in_order(report.problems), _problem),
        _DETAILS.of(unfolding, _details),
        _REMARKS.of(words.remarks(report), lambda text: prose(text, _MESSAGE)),
        "\n\n".join(prose(step, _VALUE * 2) for step in words.next_steps(report)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


# The table


def _table(report: Report, items: Sequence[_Item]) -> str:
    if not items:
        return ""
    titles = ["", "what", "action", "outcome", "how", "where"]
    if not any(item.line.outcome for item in items):
        titles.remove("outcome")
    head = f"| {' | '.join(titles)} |\n|{'---|' * len(titles)}\n"
    return head + _TABLE.of(items, lambda item: _row(report, item, "outcome" in titles))


def _row(report: Report, item: _Item, with_outcome: bool) -> str:
    change, outcome = item.line.change, item.line.outcome
    cells = [code(words.ACTIONS[change.action].sign, 1), code(change.ref, _NAME), item.action]
    if with_outcome:
        cells.append(words.OUTCOMES[outcome].sign if outcome else "")
    cells += ["<br>".join(_how(report, item)), code(str(change.source), _NAME) if change.source else ""]
    return f"| {' | '.join(cells)} |"


def _how(report: Report, item: _Item) -> Iterator[str]:
    for field, found in item.differences[:_ITEMS_IN_CELL]:
        moved = words.moved_of(report, field)
        told = f" ({moved})" if moved else ""
        yield f"{code(field.path, _NAME)}: {_value(found)}{told}"
    if len(item.differences) > _ITEMS_IN_CELL:
        yield f"and {len(item.differences) - _ITEMS_IN_CELL} more"
    for note in item.line.change.notes[:_ITEMS_IN_CELL]:
        yield prose(note, _VALUE)


def _value(found: Pair | LineDiff) -> str:
    if isinstance(found, LineDiff):
        return found.size
    if found.hidden:
        return "differs; secrets are not shown"
    if found.before is None:
        return code(found.after, _VALUE)
    before, after = shortened_pair(found.before, found.after, _VALUE)
    return f"{code(before, _VALUE)} → {code(after, _VALUE)}"


# Problems


def _problem(problem: Problem) -> str:
    message, hint = words.message_of(problem)
    said = "<br>".join(prose(text, _MESSAGE // 4) for text in message.split("\n")[:8])
    where = f"{code(str(problem.source), _NAME)}: " if problem.source else ""
    advice = f"<br>→ {prose(hint, _MESSAGE // 4)}" if hint else ""
    return f"- **{problem.severity}** {where}{said} ({code(problem.rule, _NAME)}){advice}"


# The diffs


def _details(item: _Item) -> str:
    what = f"{item.action} <code>{escaped(item.line.change.ref, _NAME)}</code>"
    parts = [f"<details{' open' if item.went_wrong else ''}><summary>{what}</summary>"]
    if item.line.error:
        parts.append(fenced(_bounded(visible(text) for text in words.error_of(item.line).split("\n"))))
    if item.differences:
        parts.append(fenced(_bounded(_diff_lines(item)), "diff"))
    return "\n\n".join([*parts, "</details>"])


def _diff_lines(item: _Item) -> Iterator[str]:
    for field, found in item.differences:
        yield f"@@ {visible(field.path)} @@"
        if isinstance(found, LineDiff):
            yield from found.lines
            continue
        before, after = shortened_pair(found.before or "", found.after, _DIFF_WIDTH)
        if found.before is not None:
            yield f"- {before}"
        yield f"+ {after}"


def _bounded(lines: Iterable[str]) -> list[str]:
    """At most so many lines of at most such a width, and of all together at most so many characters."""
    shown = [shortened(line, _DIFF_WIDTH) for line in lines]
    room, fitting = _DIFF_ROOM, 0
    for line in shown:
        room -= len(line) + 1
        fitting += room >= 0
    return cut(shown, min(_DIFF_LINES, fitting))
