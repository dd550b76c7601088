"""Where a DICOM receiver listens, as people write it: HOST:PORT, or HOST:PORT:AETITLE."""

from __future__ import annotations

import re
from dataclasses import dataclass

FORM = "HOST:PORT or HOST:PORT:AETITLE"
_ADDRESS = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\s:\[\]]+):(\d{1,5})(?::([!-\[\]-~](?:[ -\[\]-~]{0,14}[!-\[\]-~])?))?")
_USUAL_TITLE = "XNAT"  # of the receiver that a fresh XNAT has
_LAST_PORT = 65535


@dataclass(frozen=True)
class DicomAddress:
    host: str
    port: int
    title: str = _USUAL_TITLE

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}:{self.title}"


def dicom_address(text: str) -> DicomAddress:
    """ValueError where it is none. A title has 16 letters at most and no backslash, as DICOM has it."""
    found = _ADDRESS.fullmatch(text.strip())
    if found is None or not 0 < int(found[2]) <= _LAST_PORT:
        raise ValueError(f"`{text}` is no address of a DICOM receiver")
    return DicomAddress(found[1].strip("[]"), int(found[2]), found[3] or _USUAL_TITLE)
