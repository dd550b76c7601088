"""What a PUT to the config service asks for: contents, a status, or both."""

from __future__ import annotations

from dataclasses import dataclass

from bootstrap.practice.admin.configs import DISABLED, ENABLED
from bootstrap.practice.http import bodies, lenient_json
from bootstrap.practice.http.call import TEXT_LIMIT, Call, Refusal
from bootstrap.practice.http.wire import CHUNKED

_ON, _OFF = (ENABLED, "true"), (DISABLED, "false")
_UPLOAD_TYPES = (
    "application/octet-stream",
    "application/xml",
    "application/zip",
    "text/csv",
    "text/html",
    "text/plain",
    "text/xml",
)
_NO_CONTENTS = "Error [Unknown]: No contents provided"


@dataclass(frozen=True)
class Wanted:
    contents: str | None
    status: str | None  # the word that was sent
    unversioned: bool | None

    @property
    def is_off(self) -> bool:
        return self.status in _OFF


def wanted(call: Call) -> Wanted:
    """A Refusal for what says neither, or says it wrong."""
    contents, status = _contents_and_status(call)
    if status is not None and status not in _ON + _OFF:
        text = f"Only valid values for the status flag are enabled or true and disabled or false: {status}"
        raise Refusal(bodies.status_page(400, text))
    if contents is None and status is None:
        text = "You must specify either the status querystring parameter or a configuration object in the request body."
        raise Refusal(bodies.status_page(400, text))
    asked = call.query.get("unversioned")
    return Wanted(contents, status, None if asked is None else asked == "true")


def _contents_and_status(call: Call) -> tuple[str | None, str | None]:
    status = call.query.get("status")
    if (call.request.content_length or 0) > TEXT_LIMIT:
        raise Refusal(bodies.container_page(413))
    if call.media_type == "multipart/form-data":
        return _uploaded(call), status
    if call.request.environ.get(CHUNKED) or not call.body():
        return None, status
    if call.media_type == "application/json":
        return _from_json(call)
    if call.media_type not in _UPLOAD_TYPES and call.query.get("inbody") != "true":
        raise Refusal(bodies.status_page(500))
    return call.body().decode("utf-8", "replace"), status


def _from_json(call: Call) -> tuple[str, str | None]:
    try:
        document = lenient_json.loads_strictly(call.body())
    except lenient_json.NotJson:
        raise Refusal(bodies.status_page(500)) from None
    contents = document.get("contents") if isinstance(document, dict) else None
    if not isinstance(contents, str) or not contents:
        raise Refusal(bodies.status_page(500, _NO_CONTENTS))
    status = document.get("status")
    return contents, status if isinstance(status, str) else None


def _uploaded(call: Call) -> str | None:
    files = list(call.request.files.values())
    if not files:
        return None
    contents = bytes(files[0].read()).decode("utf-8", "replace")
    if not contents:
        raise Refusal(bodies.status_page(500, _NO_CONTENTS))
    return contents
