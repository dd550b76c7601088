"""Items: paths, XML documents, and the forms in which items are answered."""

from __future__ import annotations

from typing import Any

import pytest

from bootstrap.practice.data import item_xml, schema, submitted
from bootstrap.practice.data.item import Item
from tests.practice.conftest import Asker

PATHS = [
    ("name", True),
    ("nonsense", False),
    ("PI/firstname", True),
    ("PI/nonsense", False),
    ("PI", False),
    ("aliases/alias/alias", True),
    ("aliases/alias[0]/source", True),
    ("aliases/alias[@xsi:type=xnat:projectData_alias]/alias", True),
    ("aliases/alias[@xsi:type=xnat:nonsense]/alias", False),
    ("fields/field[name=x]/field", True),
    ("fields/field[nonsense=x]/field", False),
    ("aliases/nonsense", False),
    ("", False),
]


@pytest.mark.parametrize(("path", "there"), PATHS)
def test_what_is_put_is_found_there(path: str, there: bool) -> None:
    item = Item(schema.PROJECT)
    assert item.put(path, "v") is there
    assert item.text(path) == ("v" if there else "")
    assert bool(item.fields or item.children) is there


def test_two_conditions_make_two_children() -> None:
    item = Item(schema.PROJECT)
    for name in ("a", "b", "a"):
        item.put(f"fields/field[name={name}]/field", name)
    assert [child.fields for child in item.children["fields/field"]] == [
        {"name": "a", "field": "a"},
        {"name": "b", "field": "b"},
    ]
    assert item.text("fields/field[name=c]/field") == ""


ROOTS = ["xnat:Project", "xnat:projectData", "other:Project"]


@pytest.mark.parametrize("root", ROOTS)
def test_documents_are_read_by_local_names(root: str) -> None:
    prefix = root.partition(":")[0]
    document = f"""<?xml version="1.0"?>
        <{root} xmlns:{prefix}="urn:x" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
            xsi:schemaLocation="urn:x y" ID="P"><{prefix}:secondary_ID>S</{prefix}:secondary_ID>
            <{prefix}:name> a &amp; b </{prefix}:name>
            <{prefix}:description/><{prefix}:aliases><{prefix}:alias source="s">A</{prefix}:alias>
            <{prefix}:alias>B</{prefix}:alias></{prefix}:aliases></{root}>"""
    item = item_xml.read(document.encode())
    assert item.fields == {"ID": "P", "secondary_ID": "S", "name": "a & b"}
    assert [child.fields for child in item.children["aliases/alias"]] == [
        {"source": "s", "alias": "A"},
        {"alias": "B"},
    ]


BOMB = '<!DOCTYPE P [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><Project ID="&b;"/>'
OUTSIDE = '<!DOCTYPE P [<!ENTITY a SYSTEM "file:///etc/passwd">]><Project><name>&a;</name></Project>'
NO_ITEMS = [
    ("", "no element found"),
    ("<Project", "lineNumber: 1"),
    ("<Project>\n</Projekt>", "lineNumber: 2"),
    ("<Project><name>&a;</name></Project>", "undefined entity"),
    (BOMB, "DOCTYPE"),
    (OUTSIDE, "DOCTYPE"),
    ("<nonsense/>", "Element not found: 'nonsense'"),
    ("<Project nonsense='1'/>", "Invalid field 'nonsense'"),
    ("<Project><aliases><nonsense/></aliases></Project>", "Invalid field 'aliases/nonsense'"),
    ("<Project><PI><nonsense/></PI></Project>", "Invalid field 'nonsense'"),
    ("<?xml version='1.0' encoding='nonsense'?><Project/>", "encoding"),
    ("<Project>" + "<a>" * 10000, "lineNumber: 1"),
]


@pytest.mark.parametrize(("document", "said"), NO_ITEMS)
def test_documents_that_are_no_items(document: str, said: str) -> None:
    with pytest.raises(item_xml.NotAnItem, match=r"org\.xml\.sax") as caught:
        item_xml.read(document.encode())
    assert said in str(caught.value)


def test_a_document_that_is_written_reads_the_same() -> None:
    item = Item(schema.PROJECT, {"ID": "P", "active": "true", "name": "a <&> é"})
    for path in ("PI/firstname", "PI/lastname", "aliases/alias[0]/alias", "aliases/alias[1]/alias"):
        assert item.put(path, path[-3:])
    document = item_xml.write(item)
    assert b'<xnat:Project ID="P" active="true" xmlns:xnat=' in document
    assert document.count(b"<xnat:aliases>") == 1
    assert item_xml.read(document) == item


ASKED = [
    ("", {}, 200, "text/html"),
    ("?format=nonsense", {}, 200, "text/html"),
    ("?format=json", {}, 200, "application/json"),
    ("?format=application/json", {}, 200, "application/json"),
    ("?format=xml", {"Accept": "application/json"}, 200, "text/xml"),
    ("", {"Accept": "text/xml"}, 200, "text/xml"),
    ("", {"Accept": "application/json"}, 406, "text/html"),
]


@pytest.mark.parametrize(("query", "headers", "status", "media_type"), ASKED)
def test_forms_of_an_item(ask: Asker, query: str, headers: dict[str, str], status: int, media_type: str) -> None:
    ask("PUT", "/data/projects/P", params={"name": "a <b>"})
    answer = ask("GET", f"/data/projects/P{query}", headers=headers)
    assert (answer.status_code, answer.headers["Content-Type"].partition(";")[0]) == (status, media_type)


LISTED = [
    ("?format=csv", None, "ID,URI\n"),
    ("?format=text/csv", None, "ID,URI\n"),
    ("?format=html", None, "<html>"),
    ("?format=nonsense", None, '{"ResultSet"'),
    ("?format=xml", None, '<ResultSet totalRecords="2"><results><columns><column>ID</column>'),
    ("", "text/xml", "<ResultSet"),
    ("", "application/nonsense", '{"ResultSet"'),
    ("", "text/html, application/json;q=0.5", "<html>"),
]


@pytest.mark.parametrize(("query", "accept", "begins"), LISTED)
def test_forms_of_a_list(ask: Asker, query: str, accept: str | None, begins: str) -> None:
    for project in ("P", "Q"):
        ask("PUT", f"/data/projects/{project}")
    headers = {"Accept": accept} if accept else {}
    answer = ask("GET", "/data/projects", params=query.strip("?") + "&columns=ID", headers=headers)
    assert answer.text.startswith(begins)
    assert answer.text.count("/data/projects/Q") == 1


def test_a_csv_cell_has_no_line_break(ask: Asker) -> None:
    body = "<Project ID='P'><description>a\nb,c</description></Project>"
    assert ask("POST", "/data/projects?req_format=xml", data=body).status_code == 200
    answer = ask("GET", "/data/projects?columns=description&format=csv")
    assert answer.text == 'description,URI\n"a b,c",/data/projects/P\n'


BODIES = [
    ("<Project ID='P'><name>N</name></Project>", {}, {"Content-Type": "text/xml"}, "N"),
    ("<Project ID='P'><name>N</name></Project>", {"name": "Q"}, {"Content-Type": "application/xml"}, "Q"),
    ("<Project ID='P'><name>N</name></Project>", {"inbody": "true"}, {}, "N"),
    ("<Project ID='P'><name>N</name></Project>", {"req_format": "qs"}, {"Content-Type": "text/xml"}, "P"),
    ("<Project ID='P'><name>N</name></Project>", {}, {"Content-Type": "text/plain"}, "P"),
    (iter([b"<Project ID='P'><name>N</name></Project>"]), {}, {"Content-Type": "text/xml"}, "P"),
]


@pytest.mark.parametrize(("body", "query", "headers", "name"), BODIES)
def test_when_a_body_is_read(ask: Asker, body: Any, query: dict[str, str], headers: dict[str, str], name: str) -> None:
    assert ask("PUT", "/data/projects/P", data=body, params=query, headers=headers).status_code == 200
    (row,) = ask("GET", "/data/projects").json()["ResultSet"]["Result"]
    assert row["name"] == name


@pytest.mark.parametrize(("method", "path"), [("PUT", "/data/projects/P"), ("POST", "/data/projects")])
def test_another_kind_of_document_does_nothing(ask: Asker, method: str, path: str) -> None:
    body = "<Investigator><firstname>A</firstname></Investigator>"
    answer = ask(method, path, data=body, headers={"Content-Type": "text/xml"})
    assert (answer.status_code, answer.text) == (200, "")
    assert ask("GET", "/data/projects").json()["ResultSet"]["Result"] == []


def test_a_body_that_is_too_long_is_not_read(ask: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submitted, "TEXT_LIMIT", 10)
    answer = ask("PUT", "/data/projects/P", data="<Project ID='P'/>", headers={"Content-Type": "text/xml"})
    assert answer.status_code == 413
