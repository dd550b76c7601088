"""Rules about the `version` statement: which engine runs the script, and whether it will."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bootstrap.dicomedit.dialect import SUPPORTED
from bootstrap.dicomedit.lint.rule import Spot, rule
from bootstrap.dicomedit.lint.subject import Subject
from bootstrap.dicomedit.lint.versions import FIRST_XNAT, Feature, ceiling, features, is_older
from bootstrap.dicomedit.nodes import Node, Position
from bootstrap.dicomedit.tables import Token

_ALMOST = re.compile(r"version {2,}|version\w|(?!version\b)(?i:version)\b")
_ODD_SPELLINGS = re.compile(r"(?!version\b)(?i:version)\s+\"?\d")


@rule(
    "L01",
    "error",
    "no `version` line in the first column, but DicomEdit 6 is used",
    happens="XNAT hands the script to DicomEdit 4, which ignores what it cannot read, and reports success",
    mend='write version "6.6" on a line of its own, in the first column',
    dialects="46",
)
def no_version_line(subject: Subject) -> Iterator[Spot]:
    if subject.engine == "4" and subject.new_constructs and not _tries_a_version(subject):
        name, token = subject.new_constructs[0]
        message = f"there is no `version` line, but {name} on line {token.line} is DicomEdit 6"
        yield Spot(Position(1, 1), message, whole=True)


def _tries_a_version(subject: Subject) -> bool:
    """Then another rule says what is wrong with it."""
    return bool(subject.version_tokens or _almost(subject) or _odd_spelling(subject))


@rule(
    "L02",
    "error",
    "a `version` statement that chooses no engine, or the wrong one",
    happens="no engine takes the script, so that every file fails; or DicomEdit 4 gets it and ignores most of it",
    mend='write version "6.0" to version "6.7" in the first column, with one blank and quotes',
    dialects="46",
)
def wrong_version_statement(subject: Subject) -> Iterator[Spot]:
    in_force = False
    for token in subject.version_tokens:
        fault = _fault(subject, token, in_force)
        in_force = in_force or (token.column == 1 and not fault)
        if fault:
            yield Spot(token.start, fault)


def _fault(subject: Subject, token: Token, in_force: bool) -> str:
    following = _following(subject, token)
    kind = following.type if following else "NEWLINE"
    if kind in ("ASSIGN", "EQUAL"):
        return "`version` takes no `:=` and no `=`"
    if kind in ("FLOAT", "INTEGER", "NAME"):
        return "the version needs quotes"
    if following is None or kind != "STRING":
        return "`version` needs a version in quotes"
    stated = following.value[1:-1]
    if stated not in SUPPORTED:
        return f"DicomEdit 6 has no version {stated!r}"
    if token.column > 1 and not in_force:
        return "`version` does not stand in the first column: XNAT does not see it"
    if following.column == token.end_column:
        return "a blank is missing behind `version`"
    return ""


def _following(subject: Subject, token: Token) -> Token | None:
    index = subject.tokens.index(token)
    following = subject.tokens[index + 1] if index + 1 < len(subject.tokens) else None
    return following if following and following.line == token.line and following.type != "NEWLINE" else None


@rule(
    "L03",
    "warning",
    "the declared version is lower than what the script uses",
    happens="a server that takes the declared version and not the needed one fails on every file",
    mend="declare the version that the script needs",
)
def version_too_low(subject: Subject) -> Iterator[Spot]:
    declared = subject.declared
    if declared is None:
        return
    newer = [one for one in _features(subject) if is_older(declared, one.version)]
    if newer:
        name, version, node = max(newer, key=lambda one: one.version)
        message = f"version {declared} is declared, but {name} on line {node.line} needs {version}"
        yield Spot(subject.version_tokens[0].start, f"{message} (XNAT {FIRST_XNAT[version]})")


def _features(subject: Subject) -> list[Feature]:
    """A line that ends in a backslash is joined to the next one since 6.6."""
    found = list(features(subject.all_nodes))
    joined = [number for number, line in enumerate(subject.lines[:-1], 1) if line.endswith("\\")]
    if joined:
        place = Position(joined[0], 1)
        found.append(Feature("a line that is continued with `\\`", "6.6", Node(start=place, end=place)))
    return found


@rule(
    "L04",
    "error",
    "the declared version, or what the script uses, is above what the server takes",
    happens="the server's engine refuses the script as a whole: every file fails",
    mend="declare a version that the server takes, and use nothing newer; or upgrade XNAT",
)
def version_too_high(subject: Subject) -> Iterator[Spot]:
    declared, highest = subject.declared, ceiling(subject.xnat_version)
    if not declared or not highest:
        return
    takes = f"XNAT {subject.xnat_version} takes versions up to {highest}"
    if is_older(highest, declared):
        yield Spot(subject.version_tokens[0].start, f"{takes}, and the script declares {declared}")
        return
    newer = next((one for one in _features(subject) if is_older(highest, one.version)), None)
    if newer:
        yield Spot(newer.node.start, f"{takes}, and {newer.name} needs {newer.version}")


@rule(
    "L05",
    "note",
    "`version` is not the first statement, or is given twice",
    happens="it works: the first one that begins a line counts. Readers and tools miss it",
    mend="keep one `version` statement, before all others",
)
def version_not_first(subject: Subject) -> Iterator[Spot]:
    if not subject.version_tokens or subject.engine != "6":
        return
    first, *others = subject.version_tokens
    code = next(token for token in subject.tokens if token.type != "NEWLINE")
    if code is not first:
        yield Spot(first.start, f"`version` comes after the statement on line {code.line}")
    yield from (Spot(token.start, f"`version` is given again; line {first.line} has it") for token in others)


@rule(
    "L90",
    "error",
    "a line that XNAT takes for the `version` statement, or almost",
    happens="two blanks or capitals hand the script to DicomEdit 4, which ignores it and reports success; "
    "a name that begins with `version` in the first column leaves it without an engine",
    mend='write version "6.6" with one blank, in small letters; give the variable another name',
    dialects="46",
)
def almost_a_version_line(subject: Subject) -> Iterator[Spot]:
    almost = _almost(subject) or _odd_spelling(subject)
    if almost:
        line = subject.lines[almost - 1]
        what = "has more than one blank behind `version`" if re.match(r"version {2}", line) else "begins like a version"
        yield Spot(Position(almost, 1), f"this line {what}: `{line[:40].rstrip()}`")


def _almost(subject: Subject) -> int:
    """The line that decides, which is the first one that begins with `version`; 0 where it is a proper one."""
    for number, line in enumerate(subject.lines, 1):
        if line.startswith("version"):
            return number if _ALMOST.match(line) else 0
    return 0


def _odd_spelling(subject: Subject) -> int:
    found = (number for number, line in enumerate(subject.lines, 1) if _ODD_SPELLINGS.match(line))
    return next(found, 0)
