"""/data/search/elements: which data types can be searched, and by which fields.

The fields are those that we know of; XNAT shows more of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from bootstrap.facts import type_ancestry
from bootstrap.practice.data import projects, rights, schema, subjects, tables
from bootstrap.practice.data.room import room
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call

_SUBJECT = "xnat:subjectData"
_ELEMENTS = ("SINGULAR", "SECURED", "ELEMENT_NAME", "COUNT", "PLURAL")
_FIELDS = ("FIELD_ID", "HEADER", "SUMMARY", "TYPE", "REQUIRES_VALUE", "DESC", "ELEMENT_NAME", "SRC")
_SINGULAR = {
    "xnat:crSessionData": "CR Session",
    "xnat:ctSessionData": "CT Session",
    "xnat:mrSessionData": "MR Session",
    "xnat:otherDicomSessionData": "Other DICOM Session",
    "xnat:petSessionData": "PET Session",
    "xnat:petmrSessionData": "PET/MR Session",
    "xnat:usSessionData": "US Session",
    schema.PROJECT: "Project",
    "xnat:qcAssessmentData": "Auto QC",
    "xnat:qcManualAssessorData": "Manual QC",
    _SUBJECT: "Subject",
}


@dataclass(frozen=True)
class Field:
    id: str
    header: str
    type: str = "string"


_ENTERED = (Field("INSERT_DATE", "Inserted", "date"), Field("INSERT_USER", "Creator"))
_OF_PROJECTS = (
    Field("ID", "ID"),
    Field("SECONDARY_ID", "Running Title"),
    Field("NAME", "Title"),
    Field("DESCRIPTION", "Description"),
    Field("KEYWORDS", "Keywords"),
    Field("PI", "PI"),
    *_ENTERED,
)
_OF_SUBJECTS = (Field("SUBJECT_ID", "Subject"), Field("SUBJECT_LABEL", "Label"), Field("PROJECT", "Project"), *_ENTERED)
_OF_EXPERIMENTS = (
    Field("LABEL", "Label"),
    Field("PROJECT", "Project"),
    Field("DATE", "Date", "date"),
    *_ENTERED,
)


@room.get("/data/search/elements")
def elements(call: Call) -> Answer:
    """With the numbers of what the caller may see: projects, subjects."""
    if call.tail:
        return bodies.status_page(404)
    counted = _counted(call)
    rows = [
        {
            "SINGULAR": singular,
            "SECURED": "true",
            "ELEMENT_NAME": name,
            "COUNT": str(counted.get(name, 0)),
            "PLURAL": singular if singular.endswith("QC") else f"{singular}s",
        }
        for name, singular in sorted(_SINGULAR.items(), key=lambda item: item[1])
    ]
    return tables.answer(call, _ELEMENTS, rows, total=False, title="Data-Types")


@room.get("/data/search/elements/{ELEMENT_NAME}")
def fields(call: Call) -> Answer:
    name = call.parts["ELEMENT_NAME"]
    if call.tail:
        return bodies.status_page(404)
    if not type_ancestry.is_known(name):
        return bodies.status_page(400)
    rows = [_row(name, field) for field in _fields(name)]
    return tables.answer(call, _FIELDS, rows, total=False, versions="")


def singular(type_name: str) -> str:
    """What one thing of a type is called."""
    return _SINGULAR.get(type_name, type_name)


def _counted(call: Call) -> Mapping[str, int]:
    site, caller = call.site, call.caller
    return {
        schema.PROJECT: sum(rights.may_see(site, caller, one.id) for one in projects.everything(site)),
        **_experiments(call),
        _SUBJECT: sum(rights.may_read(site, caller, one.project) for one in subjects.everything(site)),
    }


def _experiments(call: Call) -> Mapping[str, int]:
    sql = "SELECT type, project, count(*) AS many FROM experiments GROUP BY type, project"
    counted: Counter[str] = Counter()
    for row in call.site.storage.rows(sql):
        if rights.may_read(call.site, call.caller, row["project"]):
            counted[row["type"]] += row["many"]
    return counted


def _fields(name: str) -> tuple[Field, ...]:
    if name == schema.PROJECT:
        return _OF_PROJECTS
    if name == _SUBJECT:
        return _OF_SUBJECTS
    return _OF_EXPERIMENTS if type_ancestry.is_a(name, "xnat:experimentData") else ()


def _row(name: str, field: Field) -> Mapping[str, str]:
    return {
        "FIELD_ID": field.id,
        "HEADER": field.header,
        "SUMMARY": f"{name}/{field.id}",
        "TYPE": field.type,
        "REQUIRES_VALUE": "false",
        "DESC": "",
        "ELEMENT_NAME": name,
        "SRC": "0",
    }
