"""Of what the description of a data type is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bootstrap.practice.data.kinds import Date, Float, Integer, Kind, ShortText

TEXT, LONG_TEXT, INTEGER, FLOAT, DATE = ShortText(), Kind(), Integer(), Float(), Date()


@dataclass(frozen=True)
class Child:
    type: str
    many: bool = False
    says_type: bool = False  # a document names its type, because others would fit as well


@dataclass(frozen=True)
class Type:
    name: str
    element: str  # what its document begins with
    fields: Mapping[str, Kind]
    attributes: frozenset[str] = frozenset()  # fields that a document has as attributes
    children: Mapping[str, Child] = field(default_factory=dict)
    text: str = ""  # the field that is the text of its element
    key: str = ""  # the field that tells one of several from another
    required: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()  # under which names the number of its row is shown
    copies: Mapping[str, str] = field(default_factory=dict)  # names under which a field is shown once more
    declared: Mapping[str, str] = field(default_factory=dict)  # fields that come from a type that it is a kind of


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def all_of(kind: Kind, names: str) -> dict[str, Kind]:
    return dict.fromkeys(names.split(), kind)


def field_of(owner: str) -> Type:
    """A field that a site has thought of."""
    name = f"{owner}_field"
    return Type(
        name,
        "field",
        {"name": TEXT, "field": LONG_TEXT},
        attributes=frozenset({"name"}),
        text="field",
        key="name",
        numbers=(f"{name.replace(':', '_')}_id",),
    )
