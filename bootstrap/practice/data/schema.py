"""What XNAT's data types hold, as far as it can be put here: fields by path, and children that are items themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bootstrap.facts import type_ancestry

PROJECT = "xnat:projectData"
_SHORT = 255  # letters that the database keeps of a text, where it does not keep any number


@dataclass(frozen=True)
class Kind:
    """What a field's value may be."""

    longest: int | None = None

    def fault(self, value: str) -> str | None:
        """Why this is none, as XNAT says it; None if it is one."""
        if self.longest is not None and len(value) > self.longest:
            return f"Must be less than {self.longest} characters long"
        return None


@dataclass(frozen=True)
class Child:
    type: str
    many: bool = False


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


TEXT, LONG_TEXT = Kind(_SHORT), Kind()
_NAME = ("ID", "secondary_ID", "active", "type")

TYPES: Mapping[str, Type] = {
    one.name: one
    for one in (
        Type(
            PROJECT,
            "Project",
            {name: TEXT for name in (*_NAME, "name")} | {"description": LONG_TEXT, "keywords": LONG_TEXT},
            attributes=frozenset(_NAME),
            children={
                "aliases/alias": Child("xnat:projectData_alias", many=True),
                "PI": Child("xnat:investigatorData"),
                "investigators/investigator": Child("xnat:investigatorData", many=True),
                "fields/field": Child("xnat:projectData_field", many=True),
            },
        ),
        Type(
            "xnat:projectData_alias",
            "alias",
            {"alias": TEXT, "source": TEXT},
            attributes=frozenset({"source"}),
            text="alias",
            key="alias",
            numbers=("xnat_projectData_alias_id",),
        ),
        Type(
            "xnat:investigatorData",
            "Investigator",
            {
                name: TEXT
                for name in ("title", "firstname", "lastname", "institution", "department", "email", "phone", "ID")
            },
            attributes=frozenset({"ID"}),
            required=("firstname", "lastname"),
            numbers=("xnat_investigatorData_id",),
        ),
        Type(
            "xnat:projectData_field",
            "field",
            {"name": TEXT, "field": LONG_TEXT},
            attributes=frozenset({"name"}),
            text="field",
            key="name",
            numbers=("xnat_projectData_field_id",),
        ),
    )
}

SHORTCUTS: Mapping[str, Mapping[str, str]] = {
    PROJECT: {
        **{name: name for name in ("ID", "secondary_ID", "name", "description", "keywords")},
        "alias": "aliases/alias/alias",
        "pi_firstname": "PI/firstname",
        "pi_lastname": "PI/lastname",
        "note": "fields/field[name=note]/field",
    },
}


def by_element(element: str) -> Type | None:
    """The type of a document, by the name that it begins with: the element's or the type's own."""
    return next(
        (one for one in TYPES.values() if element in (one.element, one.name.partition(":")[2])),
        None,
    )


def own_path(type_name: str, path: str) -> str | None:
    """A full path such as xnat:projectData/name without its type; None if it is not one of this type."""
    first, slash, rest = path.partition("/")
    if not slash or ":" not in first:
        return None
    known = next((name for name in type_ancestry.parents() if name.lower() == first.lower()), first)
    return rest if type_ancestry.is_a(type_name, known) else None


def is_id(text: str) -> bool:
    return re.fullmatch(r"[A-Za-z0-9_-]+", text) is not None
