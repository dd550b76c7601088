"""Images that come over the network: C-ECHO and C-STORE, by the receivers that are configured."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.uid import MRImageStorage
from pynetdicom import AE, association

from bootstrap.practice.server import FAST, PracticeServer
from tests.practice.data.incoming.conftest import Station

SUCCESS, NOT_UNDERSTOOD = 0x0000, 0xC000
VERIFICATION = "1.2.840.10008.1.1"


@contextmanager
def associated(station: Station, called: str = "XNAT", calling: str = "SCANNER") -> Iterator[association.Association]:
    entity = AE(calling)
    entity.add_requested_context(VERIFICATION)
    entity.add_requested_context(MRImageStorage)
    port = station.server.dicom_port
    assert port
    found = entity.associate("127.0.0.1", port, ae_title=called)
    try:
        yield found
    finally:
        if found.is_established:
            found.release()
        entity.shutdown()


def image(station: Station, number: int, comments: str) -> Dataset:
    made = station.images.instance("A", 1, number, PatientComments=comments)
    return dcmread(BytesIO(made))


def configure(station: Station, **facts: Any) -> None:
    """The first receiver."""
    assert station("PUT", "/xapi/dicomscp/1", json=facts).status_code == 200


def test_a_series_arrives_where_its_comments_say_and_is_archived(station: Station) -> None:
    project = station.project()
    with associated(station) as found:
        assert found.send_c_echo().Status == SUCCESS
        for number in (1, 2, 3):
            comments = f"Project:{project} Subject:S Session:E AA:true"
            assert found.send_c_store(image(station, number, comments)).Status == SUCCESS
    with station.quick_clock():
        station.until(lambda: not station.rows(project))
    path = f"/data/projects/{project}/subjects/S/experiments/E/scans/1"
    names = station.names(path)
    assert len(names) == 3
    assert names[0].startswith("2.25.")
    dumped = station("GET", "/data/services/dicomdump", params={"src": path, "field": "PatientName"})
    assert dumped.json()["ResultSet"]["Result"][0]["value"] == "S"


def test_an_association_that_is_cut_has_brought_what_it_brought(station: Station) -> None:
    project = station.project()
    with associated(station) as found:
        for number in (1, 2):
            status = found.send_c_store(image(station, number, f"Project:{project} Subject:S Session:E"))
            assert status.Status == SUCCESS
        found.abort()
    (row,) = station.rows(project)
    assert row["status"] == "RECEIVING"
    assert station("POST", f"/data{row['url']}", params={"action": "build"}).status_code == 200
    assert len(station.names(f"/data{row['url']}/scans/1/resources/DICOM")) == 2


@pytest.mark.parametrize(
    ("called", "facts", "accepted"),
    [
        ("NOBODY", {}, False),
        ("XNAT", {"enabled": False}, False),
        ("XNAT", {"whitelistEnabled": True, "whitelist": ["ELSE", "10.0.0.0/8", "SCANNER@10.0.0.1", "x/y"]}, False),
        ("XNAT", {"whitelistEnabled": True, "whitelist": ["SCANNER"]}, True),
        ("XNAT", {"whitelistEnabled": True, "whitelist": ["127.0.0.0/8"]}, True),
        ("XNAT", {"whitelistEnabled": True, "whitelist": ["SCANNER@127.0.0.1"]}, True),
    ],
)
def test_whom_a_receiver_lets_in(station: Station, called: str, facts: dict[str, Any], accepted: bool) -> None:
    configure(station, **facts)
    try:
        with associated(station, called) as found:
            assert found.is_established is accepted
            assert found.is_rejected is not accepted
    finally:
        configure(station, enabled=True, whitelistEnabled=False, whitelist=[])


def test_a_site_that_receives_no_dicom_lets_nobody_in(station: Station) -> None:
    station.set(enableDicomReceiver=False)
    try:
        with associated(station) as found:
            assert found.is_rejected
    finally:
        station.set(enableDicomReceiver=True)


def test_a_receiver_routes_by_its_own_expressions_and_may_anonymise_nothing(station: Station) -> None:
    project = station.project()
    expressions = {"projectRoutingExpression": "(0008,0070):.*:0", "sessionRoutingExpression": "(0010,0020):PHI-(.*)"}
    assert station("PUT", f"/data/projects/{project}", params={"alias": "Synthetic"}).status_code == 200
    configure(station, routingExpressionsEnabled=True, anonymizationEnabled=False, **expressions)
    try:
        with associated(station) as found:
            assert found.send_c_store(image(station, 1, "Session:OTHER")).Status == SUCCESS
    finally:
        configure(station, routingExpressionsEnabled=False, anonymizationEnabled=True)
    (row,) = station.rows(project)
    assert (row["name"], row["subject"], row["prevent_anon"]) == ("000123", "Planted_Phyllis", "true")


def test_what_cannot_be_anonymised_is_refused(station: Station) -> None:
    project = station.project()
    with station.site_script('version "6.1"\nthis is (no script\n'), associated(station) as found:
        assert found.send_c_store(image(station, 1, f"Project:{project}")).Status == NOT_UNDERSTOOD
    assert station.rows(project) == []


def half_a_message(kind: int) -> bytes:
    """Its head says that more is to come than ever does."""
    return struct.pack(">BxL", kind, 5000) + b"\x00\x01"


def test_senders_that_stop_in_mid_message_do_not_keep_a_server_from_ending(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    with PracticeServer(tmp_path / "state", clock=FAST, dicom_port=0) as server:
        entity = AE("SCANNER")
        entity.add_requested_context(VERIFICATION)
        assert server.dicom_port
        stalled: Any = entity.associate("127.0.0.1", server.dicom_port, ae_title="XNAT")
        assert stalled.is_established
        raw = socket.create_connection(("127.0.0.1", server.dicom_port), timeout=20)
        raw.sendall(half_a_message(1))
        stalled.dul.socket.socket.sendall(half_a_message(4))
    with raw:
        left = [one for one in threading.enumerate() if one not in {*before, stalled, stalled.dul} and not one.daemon]
        for one in left:
            one.join(5)
        assert not [one for one in left if one.is_alive()]
    stalled.join(20)
    assert not stalled.is_alive()


def test_receivers_are_followed_and_a_change_ends_what_they_are_taking(station: Station) -> None:
    made = station("POST", "/xapi/dicomscp", json={"aeTitle": "B", "port": 8105, "identifier": "dicomObjectIdentifier"})
    path = f"/xapi/dicomscp/{made.json()['id']}"
    with associated(station) as first, associated(station, "B") as found:
        assert found.is_established
        assert station("PUT", path, json={"aeTitle": "C"}).status_code == 200
        station.until(lambda: found.is_aborted)
        assert first.send_c_echo().Status == SUCCESS
    with associated(station, "B") as old, associated(station, "C") as new:
        assert (old.is_rejected, new.is_established) == (True, True)
    assert station("DELETE", path).status_code == 200
    with associated(station, "C") as gone:
        assert gone.is_rejected
