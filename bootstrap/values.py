"""Values that every room may know: where a value stands in a file, secrets, problems, canonical JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

Severity = Literal["error", "warning", "note"]
MASK = "***"


@dataclass(frozen=True, order=True, slots=True)
class Source:
    """Where a value stands: a file, and a line and column that count from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Secret:
    """A text that must not be seen. Only `reveal()` gives it away; printing, formatting and JSON give a mask."""

    __slots__ = ("_text", "origin")

    def __init__(self, text: str, origin: str = "") -> None:
        self._text = text
        self.origin = origin  # how the file gets it, as in "!env SMTP_PASSWORD"; safe to show

    def reveal(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return MASK

    __str__ = __repr__

    def __format__(self, _spec: str) -> str:
        return MASK

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> Any:
        raise TypeError("a secret is never pickled or copied into a file")

    def __deepcopy__(self, _memo: object) -> Secret:
        return self

    def __copy__(self) -> Secret:
        return self

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        from pydantic_core import core_schema

        def wrap(value: Any) -> Secret:
            if isinstance(value, Secret):
                return value
            if isinstance(value, str):
                return cls(value, getattr(value, "origin", ""))
            raise ValueError("a text is wanted here, best as `!env NAME` or `!secret FILE`")

        return core_schema.no_info_plain_validator_function(
            wrap, serialization=core_schema.plain_serializer_function_ser_schema(lambda _value: MASK)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, _schema: CoreSchema, _handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "writeOnly": True}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong (or worth saying) that a person can mend, and where."""

    severity: Severity
    rule: str  # a stable, dashed id: "unknown-key"
    message: str
    hint: str = ""
    source: Source | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "severity": self.severity,
            "rule": self.rule,
            "message": self.message,
            "hint": self.hint,
            "source": str(self.source) if self.source else None,
        }

    def __str__(self) -> str:
        where = f"{self.source}: " if self.source else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{where}{self.severity}: {self.message}{hint} [{self.rule}]"


def errors_among(problems: Iterable[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.severity == "error"]


def masked(value: Any) -> Any:
    """The same value with every secret in it replaced by the mask."""
    if isinstance(value, Secret):
        return MASK
    if isinstance(value, Mapping):
        return {str(key): masked(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [masked(inner) for inner in value]
    return value


def secrets_in(value: Any) -> Iterator[Secret]:
    """Every secret in a value, however deep."""
    if isinstance(value, Secret):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from secrets_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from secrets_in(inner)


def canonical_json(value: Any) -> str:
    """One text for equal values: keys sorted, no blanks, secrets refused."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_refuse)


def fingerprint(value: Any) -> str:
    """A short name for a value without secrets in it: equal values, equal names."""
    return hashlib.sha256(canonical_json(value).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _refuse(value: object) -> Any:
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in canonical JSON")
