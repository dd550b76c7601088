"""The schemas that we give out, and what can be searched."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from bootstrap.facts import type_ancestry
from bootstrap.practice import schemas
from bootstrap.practice.data import schema
from bootstrap.practice.data.type_parts import Type
from tests.practice.conftest import Asker

_XS = "{http://www.w3.org/2001/XMLSchema}"


def declared() -> dict[str, ElementTree.Element]:
    text = schemas.text("xnat")
    assert text
    return {f"xnat:{one.get('name')}": one for one in ElementTree.fromstring(text).findall(f"{_XS}complexType")}


@pytest.mark.parametrize("name", schemas.names())
def test_each_schema_that_is_listed_can_be_read(ask: Asker, name: str) -> None:
    answer = ask("GET", f"/xapi/schemas/{name}")
    assert (answer.status_code, answer.headers["Content-Type"].split(";")[0]) == (200, "application/xml")
    root = ElementTree.fromstring(answer.content)
    assert (root.tag, bool(root.get("targetNamespace"))) == (f"{_XS}schema", True)


@pytest.mark.parametrize(("name", "file"), [("nosuch", "nosuch/nosuch"), ("pipeline/nosuch", "pipeline/nosuch")])
def test_a_schema_that_is_not_there(ask: Asker, name: str, file: str) -> None:
    answer = ask("GET", f"/xapi/schemas/{name}")
    said = f"Unable to find requested file or resource: classpath:schemas/{file}.xsd"
    assert (answer.status_code, answer.text) == (404, said)


def test_the_schema_declares_every_known_type_once_and_every_parent() -> None:
    types = declared()
    assert set(type_ancestry.parents()) <= set(types)
    bases = {one.get("base", "") for kind in types.values() for one in kind.iter(f"{_XS}extension")}
    assert {base for base in bases if not base.startswith("xs:")} <= set(types)


@pytest.mark.parametrize("kind", [one for one in schema.TYPES.values() if one.name in type_ancestry.parents()])
def test_what_an_item_holds_is_in_its_schema(kind: Type) -> None:
    """In that of the type, of those that it is a kind of, or of those that its elements are of."""
    types, names, open_ = declared(), set[str | None](), [kind.name]
    while open_:
        element = types.get(open_.pop())
        for one in element.iter() if element is not None else ():
            names.add(one.get("name"))
            if one.tag == f"{_XS}extension" or (one.get("name") or "") == "validation":
                open_.append(one.get("base") or one.get("type") or "")
    assert {part for path in (*kind.fields, *kind.children) for part in path.split("/")} <= names


def test_what_can_be_searched(ask: Asker) -> None:
    ask("PUT", "/data/projects/P1?accessibility=private")
    ask("PUT", "/data/projects/P1/subjects/S1")
    found = ask("GET", "/data/search/elements").json()["ResultSet"]
    assert found["title"] == "Data-Types"
    counted = {row["ELEMENT_NAME"]: (row["SINGULAR"], row["PLURAL"], row["COUNT"]) for row in found["Result"]}
    assert counted["xnat:projectData"] == ("Project", "Projects", "1")
    assert counted["xnat:crSessionData"] == ("CR Session", "CR Sessions", "0")
    assert counted["xnat:subjectData"] == ("Subject", "Subjects", "1")
    others = ask("GET", "/data/search/elements", as_user=ask.make_user("u")).json()["ResultSet"]["Result"]
    assert {row["ELEMENT_NAME"]: row["COUNT"] for row in others}["xnat:projectData"] == "0"


@pytest.mark.parametrize(
    ("name", "some"),
    [
        ("xnat:projectData", "KEYWORDS"),
        ("xnat:subjectData", "SUBJECT_LABEL"),
        ("xnat:mrSessionData", "DATE"),
        ("xnat:mrScanData", None),
    ],
)
def test_the_fields_of_one_type(ask: Asker, name: str, some: str | None) -> None:
    found = ask("GET", f"/data/search/elements/{name}").json()["ResultSet"]
    ids = [row["FIELD_ID"] for row in found["Result"]]
    assert some in ids if some else ids == []
    assert "versions" in found


@pytest.mark.parametrize(
    ("path", "status"),
    [("/xnat:nonsense", 400), ("/xnat:mrSessionData/more", 404), ("/xnat:mrSessionData/versions", 501)],
)
def test_what_is_not_there_to_be_searched(ask: Asker, path: str, status: int) -> None:
    assert ask("GET", f"/data/search/elements{path}").status_code == status
