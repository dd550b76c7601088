"""What is known of a value before any object is seen: where its text may come from, and when it is null."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bootstrap.dicomedit.nodes import TagPath

OTHER_REASON = -1  # in `null`: not because an element is missing
PRIVATE_TEXT = -2  # in `sources`: the text of a private element
_NONE: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Worth:
    said: str
    text: str | None = None  # if it is always this
    sources: frozenset[int] = _NONE  # attributes whose text may be in it
    verbatim: bool = False  # it is the text of its source, unchanged
    hashed: frozenset[int] = _NONE
    shifted: frozenset[int] = _NONE
    null: frozenset[int] = _NONE  # attributes without which it is null
    never: bool = False  # always null
    elements: tuple[TagPath | Worth, ...] | None = None  # of a list

    @property
    def origins(self) -> frozenset[int]:
        return self.sources | self.hashed | self.shifted


Argument = TagPath | Worth


def literal(text: str) -> Worth:
    return Worth(f'"{text}"', text=text)


def derived(said: str, parts: list[Worth], *, keeps_null: bool = False) -> Worth:
    """A text made of others. Where the function fails on null, what it gives is not null."""
    return Worth(
        said,
        sources=_union([part.sources for part in parts]),
        hashed=_union([part.hashed for part in parts]),
        shifted=_union([part.shifted for part in parts]),
        null=_union([part.null for part in parts]) if keeps_null else _NONE,
        never=keeps_null and any(part.never for part in parts),
    )


def hashed(said: str, part: Worth) -> Worth:
    return Worth(said, hashed=part.origins, null=part.null, never=part.never)


def shifted(said: str, part: Worth) -> Worth:
    return Worth(said, shifted=part.origins)


def either(one: Worth, other: Worth) -> Worth:
    """What a variable may be where two ways through the script meet."""
    if one == other:
        return one
    return Worth(
        one.said if one.said == other.said else f"{one.said} or {other.said}",
        text=one.text if one.text == other.text else None,
        sources=one.sources | other.sources,
        verbatim=one.verbatim and other.verbatim,
        hashed=one.hashed | other.hashed,
        shifted=one.shifted | other.shifted,
        null=one.null | other.null | ({OTHER_REASON} if one.never != other.never else set()),
        never=one.never and other.never,
        elements=one.elements if one.elements == other.elements else None,
    )


def called(worth: Worth, said: str) -> Worth:
    return replace(worth, said=said)


def _union(sets: list[frozenset[int]]) -> frozenset[int]:
    return frozenset().union(*sets)
