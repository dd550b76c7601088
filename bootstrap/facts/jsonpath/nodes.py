"""What a path and a predicate consist of, once they are read."""

from __future__ import annotations

from dataclasses import dataclass

from bootstrap.facts.jsonpath.values import Value

_SIGNS = ("==", "!=", "===", "!==", "<", "<=", ">", ">=", "=~")
_WORDS = ("IN", "NIN", "CONTAINS", "ALL", "SIZE", "EXISTS", "TYPE", "MATCHES", "EMPTY", "SUBSETOF", "ANYOF", "NONEOF")
OPERATORS = frozenset((*_SIGNS, *_WORDS))


@dataclass(frozen=True)
class Property:
    names: tuple[str, ...]


@dataclass(frozen=True)
class Index:
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Slice:
    first: int | None
    end: int | None


@dataclass(frozen=True)
class Wildcard:
    """All members."""


@dataclass(frozen=True)
class Scan:
    """Two dots: whatever stands below, at any depth."""


@dataclass(frozen=True)
class Function:
    name: str


@dataclass(frozen=True)
class Filter:
    expression: Expression


Token = Property | Index | Slice | Wildcard | Scan | Function | Filter


@dataclass(frozen=True)
class Path:
    from_root: bool  # $, else @
    tokens: tuple[Token, ...]

    @property
    def is_definite(self) -> bool:
        """Whether it leads to one value; else to a list of them."""
        return self.is_folded or all(is_definite(token, last=token is self.tokens[-1]) for token in self.tokens)

    @property
    def is_folded(self) -> bool:
        """`@..size.max()`: the function is for all that was found together."""
        return len(self.tokens) > 1 and isinstance(self.tokens[0], Scan) and isinstance(self.tokens[-1], Function)


@dataclass(frozen=True)
class Operand:
    """One side of a comparison: a path, else a value."""

    value: Value = None
    path: Path | None = None
    negated: bool = False  # with `!` before its path, which counts only where nothing follows


@dataclass(frozen=True)
class Comparison:
    left: Operand
    operator: str
    right: Operand


@dataclass(frozen=True)
class Exists:
    path: Path
    wanted: bool


@dataclass(frozen=True)
class All:
    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Any:
    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Not:
    part: Expression


Expression = Comparison | Exists | All | Any | Not


def is_definite(token: Token, *, last: bool) -> bool:
    if isinstance(token, Property):
        return len(token.names) == 1 or last
    return isinstance(token, Function) or (isinstance(token, Index) and len(token.numbers) == 1)
