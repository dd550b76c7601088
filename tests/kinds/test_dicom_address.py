"""Addresses of DICOM receivers, as the command line and the site file have them."""

from __future__ import annotations

import pytest

from bootstrap.kinds.dicom_address import DicomAddress, dicom_address


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("pacs:104", DicomAddress("pacs", 104, "XNAT")),
        (" 127.0.0.1:8104:RESEARCH ", DicomAddress("127.0.0.1", 8104, "RESEARCH")),
        ("[::1]:8104:MY XNAT", DicomAddress("::1", 8104, "MY XNAT")),
    ],
)
def test_an_address_is_read_and_written_again(text: str, found: DicomAddress) -> None:
    assert dicom_address(text) == found
    assert dicom_address(str(found)) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "pacs",
        "8104",
        "pacs:",
        ":104",
        "pacs:0",
        "pacs:65536",
        "pacs:104:",
        "::1:104",
        "p:1:A\\B",
        "p:1:" + "A" * 17,
    ],
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(ValueError, match="no address of a DICOM receiver"):
        dicom_address(text)
