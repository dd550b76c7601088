"""What the prearchive and dicomdump show; sessions of several modalities; objects that are odd."""

from __future__ import annotations

from io import BytesIO

import pytest
from pydicom import dcmread, dcmwrite
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import UID, DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian

from bootstrap.practice.data.incoming import described
from bootstrap.practice.data.incoming.headers import TAGS, Header
from tests.practice.data.incoming.conftest import Station
from tests.practice.data.incoming.test_archiving import archived, built, sent
from tests.practice.data.incoming.test_importing import zipped

DUMP = "/data/services/dicomdump"


def test_who_sees_what(station: Station) -> None:
    project = station.project()
    uri = sent(station, project)
    tag = station.rows(project)[0]["tag"]
    user = station.make_user("onlooker")
    everything = station("GET", "/data/prearchive").json()["ResultSet"]["Result"]
    assert project in {row["project"] for row in everything}
    asked = station("GET", "/data/prearchive", params={"tag": tag}).json()["ResultSet"]["Result"]
    assert {row["tag"] for row in asked} == {tag}
    assert station("GET", "/data/prearchive", params={"tag": tag}, as_user=user).status_code == 404
    hers = station("GET", "/data/prearchive/projects", as_user=user).json()["ResultSet"]["Result"]
    assert {row["project"] for row in hers} <= {"Unassigned"}
    for path in (uri, f"/data/prearchive/projects/{project}", f"{uri}/scans"):
        assert station("GET", path, as_user=user).status_code == 404
    assert station("GET", "/data/prearchive/projects/Unassigned", as_user=user).status_code == 200


def test_files_and_logs_of_a_session(station: Station) -> None:
    project = station.project()
    uri = built(station, project)
    assert station("GET", f"{uri}/scans/1/resources/DICOM/files/1.dcm").content[128:132] == b"DICM"
    assert station("GET", f"{uri}/scans/1/resources/DICOM/files/2.dcm").status_code == 404
    assert station("GET", f"{uri}/scans/2/resources").status_code == 404
    assert station("GET", f"{uri}x").status_code == 404
    assert station("GET", f"{uri}/logs").headers["Content-Type"].startswith("text/xml")
    assert station("GET", f"{uri}/logs/last").status_code == 404
    assert archived(station, uri, session="E", subject="S")[0] == 200


DUMPED = [
    ({"field": ["Modality"]}, [("(0008,0060)", "MR")]),
    ({"field": ["00280010", "nonsense"]}, [("(0028,0010)", "8")]),
    ({"field": ["00091010"]}, [("(0009,1010)", "PHI-PRIVATE-5")]),
]


@pytest.mark.parametrize(("params", "expected"), DUMPED)
def test_what_stands_in_a_file(station: Station, params: dict[str, list[str]], expected: list[tuple[str, str]]) -> None:
    project = station.project()
    uri = built(station, project)
    for source in (uri, f"{uri}/scans/1"):
        answer = station("GET", DUMP, params={"src": source} | params)
        rows = answer.json()["ResultSet"]["Result"]
        assert [(row["tag1"], row["value"]) for row in rows] == expected
    assert archived(station, uri)[0] == 200
    whole = station("GET", DUMP, params={"src": f"/archive/projects/{project}/subjects/S/experiments/E"})
    assert len(whole.json()["ResultSet"]["Result"]) > 40
    for source in ("", "/archive/projects/NONE", uri, f"/archive/projects/{project}/subjects/S"):
        assert station("GET", DUMP, params={"src": source}).status_code == 404
    stranger = station.make_user(f"u{project}")
    source = f"/archive/projects/{project}/subjects/S/experiments/E"
    assert station("GET", DUMP, params={"src": source}, as_user=stranger).status_code == 404


@pytest.mark.parametrize("syntax", [ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian])
def test_files_of_other_encodings(station: Station, syntax: str) -> None:
    image = dcmread(BytesIO(station.images.instance("B", 1, 1)))
    image.file_meta.TransferSyntaxUID = UID(syntax)
    if syntax == ExplicitVRBigEndian:
        del image.PixelData
    stream = BytesIO()
    dcmwrite(stream, image)
    project = station.project()
    body = zipped({"x.dcm": stream.getvalue()})
    status, uri = station.send(body, project=project, subject="S", session="E", dest="/archive")
    assert (status, uri.endswith("/experiments/E")) == (200, True)
    shown = station("GET", f"{uri}/scans/1", params={"format": "json"}).json()["items"][0]["data_fields"]
    assert (shown["modality"], shown["UID"]) == ("MR", str(image.SeriesInstanceUID))


def test_sequences_are_shown_item_by_item(station: Station) -> None:
    inner = Dataset()
    inner.CodeValue, inner.CodeMeaning = "1", "one"
    image = dcmread(BytesIO(station.images.instance("Q", 1, 1)))
    image.ProcedureCodeSequence = Sequence([inner, inner])
    stream = BytesIO()
    dcmwrite(stream, image)
    project = station.project()
    body = zipped({"q.dcm": stream.getvalue()})
    _, uri = station.send(body, project=project, subject="S", session="E", dest="/prearchive")
    rows = station("GET", DUMP, params={"src": uri, "field": "ProcedureCodeSequence"}).json()["ResultSet"]["Result"]
    assert [(row["tag2"], row["value"]) for row in rows] == 2 * [
        ("(0008,1032)", ""),
        ("(0008,0100)", "1"),
        ("(0008,0104)", "one"),
    ]


def header(modality: str, **values: str) -> Header:
    said = {"SOPClassUID": "1.2.3", "Modality": modality} | values
    return Header({TAGS[name]: value for name, value in said.items()})


TYPES = [
    (["MR", "PT"], "xnat:petmrSessionData"),
    (["CT", "PT"], "xnat:petSessionData"),
    (["SR", "CT"], "xnat:ctSessionData"),
    (["RTSTRUCT"], "xnat:rtSessionData"),
    (["nonsense"], "xnat:otherDicomSessionData"),
]


@pytest.mark.parametrize(("modalities", "expected"), TYPES)
def test_what_a_session_is(modalities: list[str], expected: str) -> None:
    assert described.session_type([header(one) for one in modalities]) == expected


@pytest.mark.parametrize(
    ("modality", "expected"),
    [("SEG", "xnat:segScanData"), ("RTDOSE", "xnat:otherDicomScanData"), ("nonsense", "xnat:otherDicomScanData")],
)
def test_what_a_scan_is(modality: str, expected: str) -> None:
    assert described.scan_type(header(modality)) == expected


def test_values_that_no_field_can_have_are_left_out() -> None:
    said = header("MR", SeriesDescription="x" * 300, NumberOfFrames="many", ImageOrientationPatient="0\\1\\0\\0\\0\\-1")
    item = described.scan("1", said, described.frames(said))
    assert "type" not in item.fields
    assert (item.fields["frames"], item.fields["parameters/orientation"]) == ("1", "Sag")
