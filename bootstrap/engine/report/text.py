"""The report for the person at the terminal: changes by kind, problems, and one line that sums it up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import zip_longest

from bootstrap.engine.plan import Change, FieldChange
from bootstrap.engine.report import words
from bootstrap.engine.report.difference import LineDiff, Pair, cut, difference
from bootstrap.engine.report.page import Page, Part
from bootstrap.engine.report.report import Line, Report
from bootstrap.engine.report.shown import shortened, shortened_pair
from bootstrap.values import Problem

_NAME_ROOM = 44
_NEW_TEXT = 12  # so many lines of a text that is all new or all gone tell what it is
_CHANGED_TEXT = 40  # and so many of a diff are what a person reads
_EASY_TO_COUNT = 5
_DIFF_STYLES = {"+": "green", "-": "red", "@": "cyan"}


def as_text(report: Report, *, colour: bool, width: int) -> str:
    page = Page(width)
    _head(page, report)
    for kind, lines in words.by_kind(report.lines).items():
        _kind(page, report, kind, lines)
    _problems(page, report.problems)
    _table(page, report)
    _foot(page, report)
    return page.rendered(colour)


def change_as_text(report: Report, line: Line, width: int) -> str:
    """One change alone and without colour, for formats that carry text within them."""
    page = Page(width)
    _change(page, report, line, _Columns.of(report, [line]))
    return page.rendered(colour=False)


def _head(page: Page, report: Report) -> None:
    page.line((f"{report.verb}: ", "bold"), (words.server_of(report), "bold"))
    if report.verb == "drift" and report.changes():
        page.line(("as last applied -> what the server has now", "dim"))


class _Columns:
    """How wide the columns of one kind are, so that its lines stand under each other."""

    def __init__(self, name: int, action: int, outcome: int) -> None:
        self.name, self.action, self.outcome = name, action, outcome

    @classmethod
    def of(cls, report: Report, lines: Sequence[Line]) -> _Columns:
        return cls(
            min(max(len(line.change.name) for line in lines), _NAME_ROOM),
            max(len(words.action_of(report, line.change)) for line in lines),
            max(len(words.OUTCOMES[line.outcome].sign) if line.outcome else 0 for line in lines),
        )


def _kind(page: Page, report: Report, kind: str, lines: Sequence[Line]) -> None:
    page.blank()
    page.line((kind, "bold"))
    said = _said_by_all(lines)
    for text in said:
        page.prose(f"all: {text}", "dim", indent=2)
    columns = _Columns.of(report, lines)
    for line in lines:
        _change(page, report, line, columns, said)


def _said_by_all(lines: Sequence[Line]) -> list[str]:
    """What would stand under each of several changes is said once, above them."""
    first, *rest = lines
    return [text for text in _remarks(first.change) if rest and all(text in _remarks(line.change) for line in rest)]


def _remarks(change: Change) -> list[str]:
    needs = words.needs_of(change)
    return [*([f"after {', '.join(needs)}"] if needs else []), *change.notes]


def _change(page: Page, report: Report, line: Line, columns: _Columns, said: Sequence[str] = ()) -> None:
    change = line.change
    page.line(*_title(report, line, columns), indent=2)
    for field in words.fields_of(report, change):
        _field(page, report, change, field)
    for remark in _remarks(change):
        if remark not in said:
            page.prose(remark, "dim", indent=6)
    if line.error:
        page.prose(words.error_of(line), "yellow" if line.outcome == "skipped" else "red", indent=6)


def _title(report: Report, line: Line, columns: _Columns) -> list[Part]:
    change, mark = line.change, words.ACTIONS[line.change.action]
    parts = [
        (f"{mark.sign} ", mark.style),
        (change.name.ljust(columns.name + 2), "bold"),
        (words.action_of(report, change).ljust(columns.action + 2), mark.style),
    ]
    if columns.outcome:
        outcome = words.OUTCOMES[line.outcome] if line.outcome else words.Mark("", "")
        parts.append((outcome.sign.ljust(columns.outcome + 2), outcome.style))
    return [*parts, (str(change.source or ""), "dim")]


# Fields


def _field(page: Page, report: Report, change: Change, field: FieldChange) -> None:
    found = difference(field, is_new=change.action in words.NEW)
    moved = words.moved_of(report, field)
    told = f"  ({moved})" if moved else ""
    if isinstance(found, LineDiff):
        page.line((f"{field.path}:", ""), (told, "yellow"), indent=6)
        _line_diff(page, found)
    else:
        _pair(page, field.path, found, told)


def _pair(page: Page, path: str, pair: Pair, moved: str) -> None:
    room = page.width - 6 - len(path) - len(moved) - 2
    told = (moved, "yellow")
    if pair.hidden:
        value = shortened(pair.after, max(room, 24))
        page.line((f"{path}: ", ""), (value, ""), (" (differs; secrets are not shown)", "dim"), told, indent=6)
    elif pair.before is None:
        page.line((f"{path}: ", ""), (shortened(pair.after, max(room, 24)), "green"), told, indent=6)
    elif len(pair.before) + len(pair.after) + 4 <= room:
        page.line((f"{path}: ", ""), (pair.before, "red"), (" -> ", ""), (pair.after, "green"), told, indent=6)
    else:
        before, after = shortened_pair(pair.before, pair.after, page.width - 11)
        page.line((f"{path}:", ""), told, indent=6)
        page.line((before, "red"), indent=11)
        page.line(("-> ", ""), (after, "green"), indent=8)


def _line_diff(page: Page, diff: LineDiff) -> None:
    for text in cut(diff.lines, _NEW_TEXT if diff.one_sided else _CHANGED_TEXT):
        page.line((text, _DIFF_STYLES.get(text[:1], "")), indent=8)


# What stands under the changes


def _problems(page: Page, problems: Sequence[Problem]) -> None:
    if problems:
        page.blank()
    ordered = words.in_order(problems)
    for problem, following in zip_longest(ordered, ordered[1:]):
        message, hint = words.message_of(problem)
        mark = words.SEVERITIES[problem.severity]
        where = f"{problem.source}: " if problem.source else ""
        first, _, rest = message.partition("\n")
        page.line((where, ""), (f"{mark.sign}: ", mark.style), (first, ""), (f" [{problem.rule}]", "dim"))
        if rest:
            page.prose(rest, indent=2)
        if hint and not (following and (following.rule, following.hint) == (problem.rule, hint)):
            page.prose(f"-> {hint}", indent=4)


def _table(page: Page, report: Report) -> None:
    """How many of what, where that cannot be seen at a glance."""
    groups = words.by_kind(report.changes())
    if len(groups) < 2 or len(report.changes()) <= _EASY_TO_COUNT:
        return
    actions = [action for action in words.ACTIONS if any(line.change.action == action for line in report.changes())]
    outcomes = [outcome for outcome in words.OUTCOMES if report.count(outcome)]
    head = [("", ""), *((action, words.ACTIONS[action].style) for action in actions)]
    head += [(outcome, words.OUTCOMES[outcome].style) for outcome in outcomes]
    rows = [_row(kind, lines, [*actions, *outcomes]) for kind, lines in groups.items()]
    page.blank()
    page.table(head, rows)


def _row(kind: str, lines: Sequence[Line], columns: Sequence[str]) -> list[Part]:
    counts = Counter(str(line.change.action) for line in lines) + Counter(line.outcome or "" for line in lines)
    return [(kind, "bold"), *((str(counts[column] or ""), "") for column in columns)]


def _foot(page: Page, report: Report) -> None:
    page.blank()
    for remark in words.remarks(report):
        page.prose(remark)
    page.line((words.summary(report), _verdict_style(report.exit_code)))
    for step in words.next_steps(report):
        page.line((step, ""))


def _verdict_style(exit_code: int) -> str:
    return {0: "bold green", 2: "bold yellow"}.get(exit_code, "bold red")
