"""The words of a report, the same in every format: marks, the verdict, what it cost, what to do next."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bootstrap.engine.plan import Action, Change, FieldChange, Moved
from bootstrap.engine.report.report import Line, Report
from bootstrap.kinds.kind import LEFT_TO_A_PERSON
from bootstrap.values import Problem, Severity


class Mark(NamedTuple):
    sign: str
    style: str


ACTIONS: dict[Action, Mark] = {
    "create": Mark("+", "green"),
    "update": Mark("~", "yellow"),
    "delete": Mark("-", "red"),
    "rename": Mark(">", "cyan"),
    "repair": Mark("!", "magenta"),
    "pending": Mark("?", "blue"),
    "restart": Mark("o", "cyan"),
    "none": Mark("=", "dim"),
}
OUTCOMES = {
    "done": Mark("ok done", "green"),
    "failed": Mark("x FAILED", "bold red"),
    "skipped": Mark("- skipped", "yellow"),
    "unknown": Mark("? UNKNOWN", "bold magenta"),
}
SEVERITIES: dict[Severity, Mark] = {
    "error": Mark("error", "bold red"),
    "warning": Mark("warning", "yellow"),
    "note": Mark("note", "dim"),
}
_MOVED: dict[Moved, str] = {"server": "changed on the server", "both": "changed in the file and on the server"}
NEW = ("create", "pending")  # a value before it is none, or is not known
_DRIFTED: dict[Action, str] = {"create": "new", "update": "changed", "delete": "gone"}
_LACKING = "the container engine is not there, or cannot get what it takes"
_FAILED = {
    1: "Failed",
    3: "Refused",
    4: "The server cannot be reached or is not ready",
    5: "Partly done",
}


def action_of(report: Report, change: Change) -> str:
    """A plan says what is to be done, a drift what somebody did."""
    if report.verb == "drift":
        return _DRIFTED.get(change.action, change.action)
    return f"{change.action} (deferred)" if change.deferred else change.action


def server_of(report: Report) -> str:
    if report.server_url is None:
        return "no server was asked" if report.verb == "validate" else "nothing was read from a server"
    version = f"XNAT {report.server_version}" if report.server_version else "version not known"
    return f"{report.server_url}, {version}{' (practice)' if report.practice else ''}"


def by_kind(lines: Iterable[Line]) -> dict[str, list[Line]]:
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(line.change.kind, []).append(line)
    return groups


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Errors first; among equals the order they came in, which has refusals at the head."""
    places = list(SEVERITIES)
    return sorted(problems, key=lambda problem: places.index(problem.severity))


def message_of(problem: Problem) -> tuple[str, str]:
    """Message and hint; a message that ends with the hint already does not get it twice."""
    message = problem.message.removesuffix(f"\n  -> {problem.hint}") if problem.hint else problem.message
    return message, problem.hint


def fields_of(report: Report, change: Change) -> tuple[FieldChange, ...]:
    """The fields worth showing: what is gone altogether has none."""
    return () if report.verb == "drift" and change.action == "delete" else change.shown


def needs_of(change: Change) -> list[str]:
    """What comes before it, apart from what a note explains anyway."""
    return [need for need in change.needs if not any(need in note for note in change.notes)]


def error_of(line: Line) -> str:
    """The error without the place in the file, which stands beside the change already."""
    return (line.error or "").removeprefix(f"{line.change.source}: ")


def moved_of(report: Report, field: FieldChange) -> str:
    """Who moved it, where that is news: in a drift it is always the server."""
    if report.verb == "drift":
        return "the file has changed, too" if field.moved == "both" else ""
    return _MOVED.get(field.moved, "")


# The verdict


def verdict(report: Report) -> str:
    """What came out of it, in one sentence without its full stop."""
    if report.verb in ("validate", "doctor"):
        return _problems_found(report.problems)
    if any(line.outcome for line in report.lines):
        return _what_was_done(report)
    failed = _FAILED.get(report.exit_code)
    pending = _what_is_pending(report)
    if failed and report.verb == "apply":
        return f"{failed}, nothing was changed"
    if failed:
        return f"{failed}; {pending}" if report.changes() else failed
    return pending


def cost(report: Report) -> str:
    counts = report.counts
    requests = f"{_many(counts.requests, 'request')}, {_many(counts.writes, 'write')}"
    home = f", {_many(counts.in_home, 'change')} in its home" if counts.in_home else ""
    return f"{requests}{home}, {_duration(counts.seconds)}"


def summary(report: Report) -> str:
    if report.server_url is None:
        return f"{verdict(report)}."
    said = verdict(report)
    return f"{said}{';' if ':' in said else ':'} {cost(report)}."


def _problems_found(problems: Sequence[Problem]) -> str:
    counts = Counter(problem.severity for problem in problems)
    found = [_many(counts[severity], severity) for severity in SEVERITIES if counts[severity]]
    return ", ".join(found) if found else "No problems found"


def _what_was_done(report: Report) -> str:
    total = sum(line.change.counts for line in report.lines)
    rest = "".join(f", {report.count(word)} {word}" for word in ("failed", "skipped", "unknown") if report.count(word))
    head = "Done" if report.exit_code == 0 else _FAILED.get(report.exit_code, "Not done")
    return f"{head}: {report.count('done')} of {_many(total, 'change')}{rest}"


def _what_is_pending(report: Report) -> str:
    changes = [line.change for line in report.changes() if line.change.counts]
    if not changes:
        return "No drift" if report.verb == "drift" else "Nothing to do"
    if report.verb == "drift":
        return f"{_many(len(changes), 'thing')} moved on the server{_moved_in_the_file(changes)}"
    actions = Counter(change.action for change in changes)
    parts = [f"{actions[action]} {_to_do(action)}" for action in ACTIONS if actions[action]]
    return f"{_many(len(changes), 'change')}: {', '.join(parts)}"


def _to_do(action: Action) -> str:
    return "that cannot be read yet" if action == "pending" else f"to {action}"


def _moved_in_the_file(changes: Iterable[Change]) -> str:
    both = sum(any(field.moved == "both" for field in change.fields) for change in changes)
    return f", {both} of them in the file as well" if both else ""


# What else there is to say


def remarks(report: Report) -> list[str]:
    """Sentences between the changes and the summary."""
    found = list(report.talk)
    if report.deferred:
        found.append(f"{_many(report.deferred, 'change')} deferred: {_LACKING}.")
    if report.accepted:
        found.append(f"{_many(report.accepted, 'difference')} left alone, as `accept` in the site file says.")
    if report.after_restart:
        found.append(f"Effective after the next restart of XNAT: {', '.join(report.after_restart)}.")
    return found


def next_steps(report: Report) -> list[str]:
    steps = []
    if report.verb in ("plan", "drift") and report.exit_code == 2:
        steps.append(_how_to_apply(report))
    if any(line.outcome == "skipped" for line in report.lines) and report.exit_code == 3:
        steps.append("next: plan again; the server is not as it was when this plan was made")
    elif _only_a_restart_is_left(report):
        steps.append("next: restart XNAT when it suits, and run apply again: what needs the restart is looked at then")
    elif any(line.outcome in ("failed", "skipped", "unknown") for line in report.lines):
        steps.append("next: mend the cause and run apply again; what is done already is not done twice")
    if report.undo:
        steps.append(f"undo: {report.undo_command or f'xnat-bootstrap apply {shlex.quote(report.undo)}'}")
    return steps


def _only_a_restart_is_left(report: Report) -> bool:
    outcomes = {line.outcome for line in report.lines}
    left = [line for line in report.lines if line.change.action == "restart" and line.outcome == "skipped"]
    return bool(left) and not outcomes & {"failed", "unknown"}


def _left_to_a_person(line: Line) -> bool:
    return any(note.endswith(LEFT_TO_A_PERSON) for note in line.change.notes)


def _how_to_apply(report: Report) -> str:
    own = [line for line in report.changes() if _left_to_a_person(line)]
    if own and len(own) == len(report.changes()):
        return "next: restart XNAT when it suits; no apply does it"
    return _apply_step(report) + (", but for the restart: that is left to you" if own else "")


def _apply_step(report: Report) -> str:
    command = f"`{report.apply_command or 'xnat-bootstrap apply'}`"
    if report.verb == "drift":
        return f"next: {command} puts the file's values back; to keep the server's, take them into the file"
    return (
        f"next: {command} does it"
        if report.apply_command
        else f"next: {command}, with the same site and options, does it"
    )


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"
