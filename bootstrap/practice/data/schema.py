"""What XNAT's data types hold, as far as it can be put here: fields by path, and children that are items themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bootstrap.facts import type_ancestry
from bootstrap.practice.data import experiment_types
from bootstrap.practice.data.kinds import Word
from bootstrap.practice.data.type_parts import (
    DATE,
    FLOAT,
    INTEGER,
    LONG_TEXT,
    TEXT,
    Child,
    Type,
    all_of,
    field_of,
    words,
)

PROJECT, SUBJECT = "xnat:projectData", "xnat:subjectData"
GENDER = Word(("male", "female", "other", "unknown", "M", "F"))
HANDEDNESS = Word(("left", "right", "ambidextrous", "unknown"))

_TYPES = (
    Type(
        PROJECT,
        "Project",
        all_of(TEXT, "ID secondary_ID active type name") | all_of(LONG_TEXT, "description keywords"),
        attributes=frozenset({"ID", "secondary_ID", "active", "type"}),
        children={
            "aliases/alias": Child("xnat:projectData_alias", many=True),
            "PI": Child("xnat:investigatorData"),
            "investigators/investigator": Child("xnat:investigatorData", many=True),
            "fields/field": Child(f"{PROJECT}_field", many=True),
        },
    ),
    field_of(PROJECT),
    Type(
        "xnat:projectData_alias",
        "alias",
        all_of(TEXT, "alias source"),
        attributes=frozenset({"source"}),
        text="alias",
        key="alias",
        numbers=("xnat_projectData_alias_id",),
    ),
    Type(
        "xnat:investigatorData",
        "Investigator",
        all_of(TEXT, "ID title firstname lastname institution department email phone"),
        attributes=frozenset({"ID"}),
        required=("firstname", "lastname"),
        numbers=("xnat_investigatorData_id",),
    ),
    Type(
        SUBJECT,
        "Subject",
        all_of(TEXT, "ID project group label src initials"),
        attributes=frozenset({"ID", "project", "group", "label", "src", "initials"}),
        children={
            "investigator": Child("xnat:investigatorData"),
            "demographics": Child("xnat:demographicData", says_type=True),
            "fields/field": Child(f"{SUBJECT}_field", many=True),
        },
    ),
    field_of(SUBJECT),
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
            **all_of(FLOAT, "weight height gestational_age post_menstrual_age birth_weight"),
        },
        numbers=("xnat_abstractDemographicData_id", "xnat_abstractdemographicdata_id"),
    ),
)
TYPES: Mapping[str, Type] = {one.name: one for one in (*_TYPES, *experiment_types.every())}


def _same(names: str) -> Mapping[str, str]:
    return {name: name for name in names.split()}


_OF_A_PERSON = "demographics[@xsi:type=xnat:demographicData]/"
_OF_EXPERIMENTS = {
    **_same("ID visit_id visit protocol date time note project label"),
    **{f"validation_{name}": f"validation/{name}" for name in words("status method date notes")},
    "pi_firstname": "investigator/firstname",
    "pi_lastname": "investigator/lastname",
}
_OF_SESSIONS = {
    **_same("scanner operator dcmAccessionNumber dcmPatientId dcmPatientName"),
    **_same("session_type modality UID coil fieldStrength subject_ID"),
    "studyInstanceUID": "UID",
    "scanner_manufacturer": "scanner/manufacturer",
    "scanner_model": "scanner/model",
}
_OF_SCANS = {
    **_same("ID type UID note quality condition series_description documentation"),
    **_same("scanner modality frames operator"),
    "scanner_manufacturer": "scanner/manufacturer",
    "scanner_model": "scanner/model",
}


def _shortcuts() -> Mapping[str, Mapping[str, str]]:
    """Of a type those of the most particular kind that it is of."""
    kinds = {
        experiment_types.SCAN: _OF_SCANS,
        experiment_types.RECONSTRUCTION: {name: name for name in ("ID", "type", "baseScanType")},
        experiment_types.ASSESSOR: _OF_EXPERIMENTS | {"session_ID": "imageSession_ID"},
        experiment_types.EXPERIMENT: _OF_EXPERIMENTS | _OF_SESSIONS,
    }
    found = {}
    for name in TYPES:
        kind = next((kind for kind in kinds if type_ancestry.is_a(name, kind)), None)
        if kind:
            found[name] = kinds[kind]
    return found


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
    **_shortcuts(),
}


def by_element(element: str) -> Type | None:
    """The type of a document, by the name that it begins with: the element's or the type's own."""
    return next((one for one in TYPES.values() if element in (one.element, one.name.partition(":")[2])), None)


def own_path(type_name: str, path: str) -> str | None:
    """A full path such as xnat:projectData/name without its type; None if it is not one of this type."""
    known, rest = typed_path(path)
    return rest if rest and type_ancestry.is_a(type_name, known) else None


def typed_path(path: str) -> tuple[str, str]:
    """The type of a full path, and what follows; case does not matter. Two empty texts if it is none."""
    first, slash, rest = path.partition("/")
    if not slash or ":" not in first:
        return "", ""
    known = next((name for name in TYPES if name.lower() == first.lower()), first)
    fields = TYPES[known].fields if known in TYPES else {}
    return known, next((name for name in fields if name.lower() == rest.lower()), rest)


def is_id(text: str) -> bool:
    return re.fullmatch(r"[A-Za-z0-9_-]+", text) is not None
