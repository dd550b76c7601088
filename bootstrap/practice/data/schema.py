"""What XNAT's data types hold, as far as it can be put here: fields by path, and children that are items themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bootstrap.facts import type_ancestry
from bootstrap.practice.data.kinds import Date, Float, Integer, Kind, ShortText, Word

PROJECT, SUBJECT = "xnat:projectData", "xnat:subjectData"


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


TEXT, LONG_TEXT, INTEGER, FLOAT, DATE = ShortText(), Kind(), Integer(), Float(), Date()
GENDER = Word(("male", "female", "other", "unknown", "M", "F"))
HANDEDNESS = Word(("left", "right", "ambidextrous", "unknown"))


def _all(kind: Kind, names: str) -> dict[str, Kind]:
    return dict.fromkeys(names.split(), kind)


def _field_of(owner: str) -> Type:
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


_TYPES = (
    Type(
        PROJECT,
        "Project",
        _all(TEXT, "ID secondary_ID active type name") | _all(LONG_TEXT, "description keywords"),
        attributes=frozenset({"ID", "secondary_ID", "active", "type"}),
        children={
            "aliases/alias": Child("xnat:projectData_alias", many=True),
            "PI": Child("xnat:investigatorData"),
            "investigators/investigator": Child("xnat:investigatorData", many=True),
            "fields/field": Child(f"{PROJECT}_field", many=True),
        },
    ),
    _field_of(PROJECT),
    Type(
        "xnat:projectData_alias",
        "alias",
        _all(TEXT, "alias source"),
        attributes=frozenset({"source"}),
        text="alias",
        key="alias",
        numbers=("xnat_projectData_alias_id",),
    ),
    Type(
        "xnat:investigatorData",
        "Investigator",
        _all(TEXT, "ID title firstname lastname institution department email phone"),
        attributes=frozenset({"ID"}),
        required=("firstname", "lastname"),
        numbers=("xnat_investigatorData_id",),
    ),
    Type(
        SUBJECT,
        "Subject",
        _all(TEXT, "ID project group label src initials"),
        attributes=frozenset({"ID", "project", "group", "label", "src", "initials"}),
        children={
            "investigator": Child("xnat:investigatorData"),
            "demographics": Child("xnat:demographicData", says_type=True),
            "fields/field": Child(f"{SUBJECT}_field", many=True),
        },
    ),
    _field_of(SUBJECT),
    Type(
        "xnat:demographicData",
        "demographics",
        {
            "dob": DATE,
            "yob": INTEGER,
            "age": INTEGER,
            "gender": GENDER,
            "handedness": HANDEDNESS,
            "ses": INTEGER,
            "education": INTEGER,
            "educationDesc": TEXT,
            "race": TEXT,
            "ethnicity": TEXT,
            **_all(FLOAT, "weight height gestational_age post_menstrual_age birth_weight"),
        },
        numbers=("xnat_abstractDemographicData_id", "xnat_abstractdemographicdata_id"),
    ),
)
TYPES: Mapping[str, Type] = {one.name: one for one in _TYPES}

_OF_A_PERSON = "demographics[@xsi:type=xnat:demographicData]/"
SHORTCUTS: Mapping[str, Mapping[str, str]] = {
    PROJECT: {
        **{name: name for name in ("ID", "secondary_ID", "name", "description", "keywords")},
        "alias": "aliases/alias/alias",
        "pi_firstname": "PI/firstname",
        "pi_lastname": "PI/lastname",
        "note": "fields/field[name=note]/field",
    },
    SUBJECT: {
        **{name: name for name in ("project", "label", "ID", "group", "src")},
        "pi_firstname": "investigator/firstname",
        "pi_lastname": "investigator/lastname",
        **{name: f"{_OF_A_PERSON}{name}" for name in TYPES["xnat:demographicData"].fields},
    },
}


def by_element(element: str) -> Type | None:
    """The type of a document, by the name that it begins with: the element's or the type's own."""
    return next((one for one in _TYPES if element in (one.element, one.name.partition(":")[2])), None)


def own_path(type_name: str, path: str) -> str | None:
    """A full path such as xnat:projectData/name without its type; None if it is not one of this type."""
    first, slash, rest = path.partition("/")
    if not slash or ":" not in first:
        return None
    known = next((name for name in type_ancestry.parents() if name.lower() == first.lower()), first)
    return rest if type_ancestry.is_a(type_name, known) else None


def is_id(text: str) -> bool:
    return re.fullmatch(r"[A-Za-z0-9_-]+", text) is not None
