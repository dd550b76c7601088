"""Where an object belongs, by what its header says; and whether the filters want it."""

from __future__ import annotations

import json

import pytest

from bootstrap.practice.data.incoming import headers, routing, series_filter
from bootstrap.practice.data.incoming.headers import TAGS, Header
from bootstrap.practice.data.incoming.routing import Rules
from bootstrap.practice.http.call import Caller
from tests.practice.data.incoming.conftest import Station

ADMIN = Caller("admin", is_admin=True)


def header(**values: str) -> Header:
    return Header({TAGS[name]: value for name, value in values.items()})


SAID = [
    ({"PatientComments": "Project:RP Subject:S1 Session:E1 AA:true"}, ("RP", "S1", "E1", True)),
    ({"PatientComments": "project : RP;subject:S-1,Session:E_1 aa:F"}, ("RP", "S-1", "E_1", False)),
    ({"StudyComments": "xProject:NO Project:RP"}, ("RP", "", "dicom_upload", None)),
    (
        {"AdditionalPatientHistory": "Project:ralias", "PatientName": "Doe^J. o'X"},
        ("RP", "Doe_J__o_X", "dicom_upload", None),
    ),
    ({"StudyDescription": "RP", "PatientID": "ID 1/2"}, ("RP", "", "ID_1_2", None)),
    ({"StudyDescription": "NONE", "AccessionNumber": "RP"}, ("RP", "", "dicom_upload", None)),
    ({"PatientComments": "Project:rp", "StudyDescription": "rp"}, (None, "", "dicom_upload", None)),
    ({"PatientComments": "AA:perhaps", "PatientID": "E"}, (None, "", "E", None)),
]


@pytest.fixture(scope="module", autouse=True)
def projects(station: Station) -> None:
    for name, alias in (("RP", "ralias"), ("HIDDEN", "hidden-alias")):
        answer = station("PUT", f"/data/projects/{name}", params={"alias": alias, "accessibility": "private"})
        assert answer.status_code == 200
    station.make_user("stranger")


@pytest.mark.parametrize(("values", "expected"), SAID)
def test_what_the_header_says(
    station: Station, values: dict[str, str], expected: tuple[str | None, str, str, bool | None]
) -> None:
    found = routing.route(station.site, ADMIN, header(**values), Rules(), {}, None)
    assert (found.project.id if found.project else None, found.subject, found.session, found.archives) == expected


def test_what_is_asked_for_goes_before_the_header(station: Station) -> None:
    said = header(PatientComments="Project:HIDDEN Subject:S1 Session:E1")
    project = routing.visible(station.site, ADMIN, "ralias")
    found = routing.route(station.site, ADMIN, said, Rules(), {"subject": "SX", "session": "E/X"}, project)
    assert found.project
    assert (found.project.id, found.subject, found.session) == ("RP", "SX", "E/X")


def test_a_project_that_the_sender_cannot_see_counts_for_nothing(station: Station) -> None:
    said = header(PatientComments="Project:HIDDEN", StudyDescription="hidden-alias")
    assert routing.route(station.site, Caller("stranger"), said, Rules(), {}, None).project is None
    assert routing.visible(station.site, Caller("stranger"), "HIDDEN") is None


def test_rules_of_the_site_go_first(station: Station) -> None:
    rules = "(0008,1010):([A-Z]+)_.*\n(0008,1010):nonsense(\nno rule\n(0008,1070):.*:7\n"
    path = "/data/config/dicom/projectRules"
    headers_ = {"Content-Type": "text/plain"}
    assert station("PUT", path, params={"inbody": "true"}, data=rules, headers=headers_).status_code == 201
    known = routing.rules(station.site)
    assert known.tags == {TAGS["StationName"], TAGS["OperatorsName"]}
    said = header(StationName="RP_7", StudyDescription="HIDDEN", OperatorsName="HIDDEN")
    found = routing.route(station.site, ADMIN, said, known, {}, None)
    assert found.project
    assert found.project.id == "RP"
    assert station("PUT", path, params={"status": "disabled"}).status_code == 200
    assert routing.rules(station.site).tags == set()


FILTERS = [
    ({"mode": "blacklist", "list": "T2\n\nSCOUT"}, "T2 FLAIR", False),
    ({"mode": "blacklist", "list": "T2"}, "T1", True),
    ({"mode": "whitelist", "list": "^T1"}, "T1 MPRAGE", True),
    ({"mode": "whitelist", "list": "^T1"}, "T2", False),
    ({"mode": "modalityMap", "default": "x"}, "T2", True),
]


@pytest.mark.parametrize(("document", "description", "wanted"), FILTERS)
def test_series_filters(station: Station, document: dict[str, str], description: str, wanted: bool) -> None:
    _store_filter(station, json.dumps(document))
    assert series_filter.wants(station.site, "RP", header(SeriesDescription=description)) is wanted
    assert series_filter.wants(station.site, "HIDDEN", header(SeriesDescription=description))


@pytest.mark.parametrize("text", ["no JSON", "[]", '{"mode":"blacklist","list":"("}'])
def test_a_filter_that_is_none_stops_every_import(station: Station, text: str) -> None:
    _store_filter(station, text)
    with pytest.raises(series_filter.BrokenFilter):
        series_filter.wants(station.site, "RP", header(SeriesDescription="T1"))


def _store_filter(station: Station, text: str) -> None:
    answer = station(
        *("PUT", "/data/projects/RP/config/seriesImportFilter/config"),
        params={"inbody": "true"},
        data=text,
        headers={"Content-Type": "text/plain"},
    )
    assert answer.status_code in (200, 201), answer.text


@pytest.mark.parametrize("data", [b"", b"text", b"\0" * 128 + b"DICM", b"\0" * 128 + b"DICM\x08\x00\x16\x00UI\xff\xff"])
def test_what_is_no_dicom_is_not_read(data: bytes) -> None:
    with pytest.raises(headers.Unreadable):
        headers.of(data)


def test_an_object_that_is_cut_short_anywhere_is_not_read(station: Station) -> None:
    whole: bytes = station.images.instance("A", 1, 1)
    assert headers.of(whole)["Modality"] == "MR"
    for length in range(0, len(whole), 97):
        with pytest.raises(headers.Unreadable):
            headers.of(whole[:length])


def test_values_that_are_none_are_left_out() -> None:
    said = header(StudyDate="2024013", StudyTime="10:1", RepetitionTime="x\\1", EchoTime="1\\2")
    assert (said.date("StudyDate"), said.time("StudyTime")) == ("", "")
    assert (said.numbers("RepetitionTime"), said.numbers("EchoTime")) == ([], ["1.0", "2.0"])
