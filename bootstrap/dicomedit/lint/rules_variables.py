"""Rules about variables: who sets them, and whether it was done when they are read."""

from __future__ import annotations

from collections.abc import Iterator

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.discovery import external_variables
from bootstrap.dicomedit.lint.flow import Under
from bootstrap.dicomedit.lint.resolve import GIVEN
from bootstrap.dicomedit.lint.rule import Spot, rule
from bootstrap.dicomedit.lint.subject import Subject


def _read_variables(subject: Subject) -> dict[str, nodes.Variable]:
    """Each name where it is read first."""
    found: dict[str, nodes.Variable] = {}
    for node in subject.all_nodes:
        if isinstance(node, nodes.Variable):
            found.setdefault(node.name, node)
    return found


@rule(
    "L40",
    "error",
    "a variable of XNAT that is used only as an argument, or in a list",
    happens="XNAT does not see that the script wants it and gives nothing: an Error, and every file is refused",
    mend="copy it first, as in s := subject, and use the copy",
)
def never_bound(subject: Subject) -> Iterator[Spot]:
    bound = set(external_variables(subject.statements)) | set(subject.definitions.values)
    for name, node in _read_variables(subject).items():
        if name.lower() in GIVEN and name not in bound:
            yield Spot(node.start, f"XNAT does not give `{name}`: it stands only in brackets or lists")


@rule(
    "L41",
    "error",
    "a variable that nobody sets",
    happens='an Error, "Unknown variable", where it is read: the file is refused',
    mend="set it; XNAT gives project, subject and session, and nothing else",
    dialects="46",
)
def never_set(subject: Subject) -> Iterator[Spot]:
    names = {name.lower() for name in subject.definitions.values} if subject.dialect == "4" else set()
    for name, node in _read_variables(subject).items():
        if name.lower() not in GIVEN | names and name not in subject.definitions.values:
            yield Spot(node.start, f"nobody sets `{name}`")


@rule(
    "L42",
    "warning",
    "names that differ only in letter case",
    happens="DicomEdit 6 has two variables, DicomEdit 4 one; XNAT gives its variables whatever the case",
    mend="write the name in one way",
    dialects="46",
)
def names_by_case(subject: Subject) -> Iterator[Spot]:
    seen: dict[str, str] = {}
    for node in subject.all_nodes:
        if isinstance(node, nodes.Variable | nodes.SetVariable | nodes.Describe):
            first = seen.setdefault(node.name.lower(), node.name)
            if first != node.name:
                seen[node.name.lower()] = node.name
                yield Spot(node.start, f"`{node.name}` and `{first}` differ only in letter case")


@rule(
    "L82",
    "error",
    "a variable that is not set on every way to where it is read",
    happens="an Error; or, when XNAT archives a study, the value that the file before left behind",
    mend="set it at the top, and change it in the branches",
)
def perhaps_not_set(subject: Subject) -> Iterator[Spot]:
    given = {name for name in external_variables(subject.statements) if name.lower() in GIVEN}
    told: set[str] = set()
    for name, node in _Assignments(subject).read_too_early():
        if name not in given and name not in told:
            told.add(name)
            yield Spot(node.start, f"`{name}` may have no value here")


Way = frozenset[tuple[str, bool]]


class _Assignments:
    """Under which conditions each variable was set so far."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.ways: dict[str, set[Way]] = {}
        self.spelled: dict[tuple[int, bool], tuple[str, bool]] = {}

    def read_too_early(self) -> Iterator[tuple[str, nodes.Variable]]:
        for step in self.subject.steps:
            way = frozenset(map(self._spelled, step.under))
            for node in nodes.walk(step.node):
                if isinstance(node, nodes.Variable) and self._is_early(node.name, way):
                    yield node.name, node
            if isinstance(step.node, nodes.SetVariable) and not step.is_condition:
                self._set(step.node.name, way)

    def _spelled(self, under: Under) -> tuple[str, bool]:
        key = (id(under.condition), under.holds)
        if key not in self.spelled:
            self.spelled[key] = _spelled(under)
        return self.spelled[key]

    def _is_early(self, name: str, way: Way) -> bool:
        """The script sets it somewhere, and not for certain before this place."""
        known = name in self.subject.definitions.values
        return known and not any(before <= way for before in self.ways.get(name, ()))

    def _set(self, name: str, way: Way) -> None:
        """Where it is set if a condition is true, and if it is false, the condition does not matter."""
        known = self.ways.setdefault(name, set())
        if len(known) > 50:
            return
        known.add(way)
        for condition, holds in way:
            rest = way - {(condition, holds)}
            if rest | {(condition, not holds)} in known:
                self._set(name, rest)


def _spelled(under: Under) -> tuple[str, bool]:
    """Equal conditions have equal spellings, and `!=` is a `=` that does not hold."""
    condition, holds = under
    if isinstance(condition, nodes.Comparison) and condition.operator.startswith("!"):
        operator = condition.operator[1:]
        return f"{condition.left!r} {operator} {condition.right!r}", not holds
    if isinstance(condition, nodes.Comparison):
        return f"{condition.left!r} {condition.operator} {condition.right!r}", holds
    return repr(condition), holds
