"""The report as a comment of a pull request: a verdict, a table, the problems, and diffs to unfold.

Hosts refuse comments of more than 65,536 characters, so each part has its share and says what it left out. Names
and values come from files and servers: they cannot open a tag, a table cell, a fence or a mention.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bootstrap.engine.plan import FieldChange
from bootstrap.engine.report import words
from bootstrap.engine.report.difference import LineDiff, cut, difference
from bootstrap.engine.report.markdown_text import code, escaped, fenced, prose, within
from bootstrap.engine.report.report import Line, Report
from bootstrap.engine.report.shown import shortened, shortened_pair, visible
from bootstrap.values import Problem

LIMIT = 60_000
_TABLE_ROOM, _PROBLEM_ROOM, _DETAIL_ROOM, _REMARK_ROOM = 18_000, 12_000, 22_000, 3_000
_NAME, _VALUE, _MESSAGE = 80, 120, 1_000  # the longest of each, in characters
_DIFF_LINES, _DIFF_WIDTH, _DIFF_ROOM = 200, 300, 12_000
_ITEMS_IN_CELL = 3


def as_markdown(report: Report) -> str:
    parts = [
        f"### xnat-bootstrap {escaped(report.verb, _NAME)}: {escaped(words.verdict(report), _VALUE)}",
        escaped(words.server_of(report), _VALUE) + (f"; {words.cost(report)}" if report.server_url else ""),
        _table(report),
        within([_problem(problem) for problem in words.in_order(report.problems)], _PROBLEM_ROOM, "problems", "\n"),
        within([_details(report, line) for line in _unfolding(report)], _DETAIL_ROOM, "diffs", "\n\n"),
        within([prose(text, _MESSAGE) for text in words.remarks(report)], _REMARK_ROOM, "remarks", "\n\n"),
        "\n\n".join(prose(step, _VALUE * 2) for step in words.next_steps(report)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


# The table


def _table(report: Report) -> str:
    if not report.lines:
        return ""
    titles = ["", "what", "action", "outcome", "how", "where"]
    if not any(line.outcome for line in report.lines):
        titles.remove("outcome")
    head = f"| {' | '.join(titles)} |\n|{'---|' * len(titles)}\n"
    rows = [_row(report, line, "outcome" in titles) for line in report.lines]
    return head + within(rows, _TABLE_ROOM, "changes", "\n")


def _row(report: Report, line: Line, with_outcome: bool) -> str:
    change = line.change
    cells = [code(words.ACTIONS[change.action].sign, 1), code(change.ref, _NAME), words.action_of(change)]
    if with_outcome:
        cells.append(words.OUTCOMES[line.outcome].sign if line.outcome else "")
    cells += ["<br>".join(_how(report, line)), code(str(change.source), _NAME) if change.source else ""]
    return f"| {' | '.join(cells)} |"


def _how(report: Report, line: Line) -> Iterator[str]:
    change = line.change
    for field in change.fields[:_ITEMS_IN_CELL]:
        moved = f" ({words.MOVED[field.moved]})" if words.tells_who_moved(report, field.moved) else ""
        yield f"{code(field.path, _NAME)}: {_value(field, change.action == 'create')}{moved}"
    if len(change.fields) > _ITEMS_IN_CELL:
        yield f"and {len(change.fields) - _ITEMS_IN_CELL} more"
    for note in change.notes[:_ITEMS_IN_CELL]:
        yield f"{prose(note, _VALUE)}"


def _value(field: FieldChange, is_new: bool) -> str:
    found = difference(field, is_new)
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


def _unfolding(report: Report) -> list[Line]:
    """What the table's row cannot hold; what went wrong comes first, lest it be cut."""
    lines = [line for line in report.lines if line.error or _needs_room(line)]
    return sorted(lines, key=lambda line: line.outcome not in ("failed", "unknown"))


def _needs_room(line: Line) -> bool:
    found = [difference(field, line.change.action == "create") for field in line.change.fields]
    return len(found) > _ITEMS_IN_CELL or any(
        isinstance(part, LineDiff) or max(len(part.before or ""), len(part.after)) > _VALUE for part in found
    )


def _details(report: Report, line: Line) -> str:
    change = line.change
    mark = words.ACTIONS[change.action].sign
    unfolded = " open" if line.outcome in ("failed", "unknown") else ""
    parts = [f"<details{unfolded}><summary>{escaped(mark, 1)} {change.action} {code_in_html(change.ref)}</summary>"]
    if line.error:
        parts.append(fenced(_bounded(visible(text) for text in words.error_of(line).split("\n"))))
    if change.fields:
        parts.append(fenced(_bounded(_diff_lines(line)), "diff"))
    return "\n\n".join([*parts, "</details>"])


def code_in_html(text: str) -> str:
    return f"<code>{escaped(text, _NAME)}</code>"


def _diff_lines(line: Line) -> Iterator[str]:
    for field in line.change.fields:
        found = difference(field, line.change.action == "create")
        yield f"@@ {visible(field.path)} @@"
        if isinstance(found, LineDiff):
            yield from found.lines
        else:
            before, after = shortened_pair(found.before or "", found.after, _DIFF_WIDTH)
            if found.before is not None:
                yield f"- {before}"
            yield f"+ {after}"


def _bounded(lines: Iterator[str] | Sequence[str]) -> list[str]:
    """At most so many lines of at most such a width, and of all together at most so many characters."""
    shown = [shortened(line, _DIFF_WIDTH) for line in lines]
    room, fitting = _DIFF_ROOM, 0
    for line in shown:
        room -= len(line) + 1
        fitting += room >= 0
    return cut(shown, min(_DIFF_LINES, fitting))
