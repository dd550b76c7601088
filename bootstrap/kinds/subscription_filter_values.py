"""Filters that ask for values which no event can bring: the wrong type or project, or two things at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from bootstrap.facts import type_ancestry
from bootstrap.facts.event_types import EventType
from bootstrap.facts.jsonpath.elements import members
from bootstrap.facts.jsonpath.nodes import All, Any, Comparison, Expression, Operand, Path, Property
from bootstrap.facts.jsonpath.values import Json, Value, number
from bootstrap.kinds.subscription_meaning import Flaw, Meaning

# The type that all objects of an event are a kind of. Others are left out: nobody has listed their types.
TYPES: Mapping[str, str] = {
    "project": "xnat:projectData",
    "subject": "xnat:subjectData",
    "session": "xnat:imageSessionData",
    "scan": "xnat:imageScanData",
    "subject_assessor": "xnat:subjectAssessorData",
    "image_assessor": "xnat:imageAssessorData",
}
_SESSIONS_ALSO = {"SubjectAssessor": ("SubjectAssessor", "Session")}


@dataclass(frozen=True)
class Wish:
    """A field, and the values of which it must have one."""

    field: str
    values: tuple[Value, ...]

    @property
    def told(self) -> str:
        return " or ".join(f"`{value}`" for value in self.values)


@dataclass(frozen=True)
class ValueChecks:
    meaning: Meaning
    payload: EventType | None

    def flaws(self, expression: Expression) -> Iterator[Flaw]:
        """Errors where nothing can ever pass; warnings where only a part of the filter is idle."""
        never = self._is_hopeless(expression)
        for text, hint in self._reasons(expression):
            message = text if never else f"{text}: this part of the filter lets nothing through"
            sure = never and not (self.meaning.is_scheduled and text.startswith("`project-id`"))
            told = f"{message}, so nothing ever matches" if never else message
            yield Flaw("filter-never-matches", told, "filter", hint, "error" if sure else "warning")

    def _is_hopeless(self, expression: Expression) -> bool:
        if isinstance(expression, All):
            return any(map(self._is_hopeless, expression.parts)) or bool(_contradictions(expression))
        if isinstance(expression, Any):
            return all(map(self._is_hopeless, expression.parts))
        return isinstance(expression, Comparison) and bool(self._reason(expression))

    def _reasons(self, expression: Expression) -> Iterator[tuple[str, str]]:
        """What stands behind a `!` passes just then, and is no reason."""
        if isinstance(expression, All | Any):
            for part in expression.parts:
                yield from self._reasons(part)
        if isinstance(expression, All):
            yield from _contradictions(expression)
        elif isinstance(expression, Comparison) and (found := self._reason(expression)):
            yield found

    def _reason(self, part: Comparison) -> tuple[str, str] | None:
        wish = wish_of(part)
        if wish is None:
            return None
        checks = {"type": self._type, "project-id": self._project, "xsiType": self._data_type}
        check = checks.get(wish.field)
        return check(wish) if check else None

    def _type(self, wish: Wish) -> tuple[str, str] | None:
        if self.payload is None or not self.payload.has_payload:
            return None
        model = self.payload.model.split()[-1]
        models = _SESSIONS_ALSO.get(model, (model,))
        if any(value in models for value in wish.values):
            return None
        own = " or ".join(f"`{one}`" for one in models)
        return f"the `type` of a {self.payload.short} is {own}, never {wish.told}", "ask `@.xsiType` for a data type"

    def _project(self, wish: Wish) -> tuple[str, str] | None:
        projects = self.meaning.projects
        if not projects or self.payload is None or any(value in projects for value in wish.values):
            return None
        hint = "leave it out: `projects` says it already"
        return f"`project-id` is {wish.told} in the filter, and `projects` has {', '.join(projects)}", hint

    def _data_type(self, wish: Wish) -> tuple[str, str] | None:
        """A type that this XNAT may have from a plugin is left alone."""
        general = TYPES.get(self.payload.short) if self.payload else None
        names = [value for value in wish.values if isinstance(value, str) and type_ancestry.is_known(value)]
        if self.payload is None or general is None or len(names) < len(wish.values):
            return None
        if any(type_ancestry.is_a(name, general) for name in names):
            return None
        what = self.payload.display_name.lower()
        return f"{wish.told} is no type of a {what}, which is a kind of `{general}`", "name the event of that type"


def wish_of(part: Comparison) -> Wish | None:
    """What `@.field == literal` and `@.field in [...]` ask for."""
    operator, left, right = part.operator, part.left, part.right
    if operator in ("==", "==="):
        field, value = (field_of(left), right) if left.path else (field_of(right), left)
        plain = value.path is None and isinstance(value.value, str | Decimal)
        return Wish(field, (value.value,)) if field and plain else None
    if operator == "IN" and field_of(left) and isinstance(right.value, Json):
        values = members(right.value) or []
        plain = bool(values) and all(isinstance(one, str | Decimal) for one in values)
        return Wish(field_of(left), tuple(values)) if plain else None
    return None


def field_of(operand: Operand) -> str:
    """`a.b` for a path of names alone; empty for any other."""
    path: Path | None = operand.path
    if path is None or path.from_root:
        return ""
    names = [token.names[0] for token in path.tokens if isinstance(token, Property) and len(token.names) == 1]
    return ".".join(names) if len(names) == len(path.tokens) else ""


def _contradictions(expression: All) -> list[tuple[str, str]]:
    wishes = [wish for part in _conjuncts(expression) if isinstance(part, Comparison) and (wish := wish_of(part))]
    return [
        (f"`{one.field}` cannot be {one.told} and {other.told} at once", "write `||` between them, or `in [...]`")
        for one, other in combinations(wishes, 2)
        if one.field == other.field and not any(_equal(a, b) for a in one.values for b in other.values)
    ]


def _conjuncts(expression: All) -> Iterator[Expression]:
    for part in expression.parts:
        if isinstance(part, All):
            yield from _conjuncts(part)
        else:
            yield part


def _equal(one: Value, other: Value) -> bool:
    """Numbers and texts of numbers are equal for XNAT."""
    mine, theirs = (number(value) if isinstance(value, str) else value for value in (one, other))
    return one == other or (isinstance(mine, Decimal) and mine == theirs)
