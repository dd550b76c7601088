"""Files that a request brings, as its body or as parts of a form. They lie in the spool folder until they are moved."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.datastructures import FileStorage

from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Call, Refusal
from bootstrap.practice.http.wire import CHUNKED

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

FRONT = "upload-"  # of the names of these files; what a killed server has left of them goes at the next start
MULTIPART = "multipart/form-data"
_FORM = "application/x-www-form-urlencoded"
_BLOCK = 1 << 20
_APPLICATIONS = (
    *("dicom", "zip", "octet-stream", "pdf", "x-tar", "gnutar", "x-gzip", "xar", "x-xar", "x-mirc", "*"),
    *("msword", "vnd.ms-excel", "vnd.ms-powerpoint", "vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "vnd.openxmlformats-officedocument.presentationml.presentation",
)
_TYPES = {
    *(f"application/{name}" for name in _APPLICATIONS),
    *(f"text/{name}" for name in ("plain", "xml", "csv", "*")),
    *(f"image/{name}" for name in ("bmp", "gif", "x-icon", "jpeg", "png", "svg+xml", "tiff", "*")),
    *(f"video/{name}" for name in ("avi", "mp4", "mpeg", "quicktime", "x-ms-wmv", "*")),
}


@dataclass(frozen=True)
class Received:
    name: str  # as the form says it; '' for a body
    place: Path


def is_body(call: Call) -> bool:
    """Whether the body itself is a file."""
    return call.query.get("inbody", "").lower() not in ("", "false", "0") or call.media_type in _TYPES


@contextmanager
def received(call: Call) -> Iterator[list[Received]]:
    """All files of the request. What has not been moved away in the end is removed."""
    with folder(call.site) as place:
        yield list(_received(call, place))


@contextmanager
def folder(site: Site) -> Iterator[Path]:
    """One that is gone in the end."""
    place = site.folder.spool / f"{FRONT}{secrets.token_hex(8)}"
    place.mkdir()
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _received(call: Call, folder: Path) -> Iterator[Received]:
    if call.media_type == MULTIPART:
        for number, part in enumerate(_parts(call)):
            place = folder / str(number)
            part.save(place, _BLOCK)
            yield Received((part.filename or part.name or "").replace("\\", "/").rpartition("/")[2], place)
    elif is_body(call):
        _check_length(call)
        place = folder / "body"
        with place.open("xb") as target:
            shutil.copyfileobj(call.request.stream, target, _BLOCK)
        yield Received("", place)


def _parts(call: Call) -> list[FileStorage]:
    return [part for _, part in call.request.files.items(multi=True)]


def _check_length(call: Call) -> None:
    """XNAT fails at a body that is empty, or whose length it is not told."""
    if call.request.environ.get(CHUNKED) and call.media_type != "application/zip":
        raise Refusal(bodies.status_page(500))
    if not call.request.content_length and not call.request.environ.get(CHUNKED):
        raise Refusal(bodies.status_page(500))
