"""The bodies that XNAT makes: values, the container's error pages, Restlet's status pages, wrapped exceptions.

Values                      `as_json`, `raw_json`, `as_text`, `table`, `nothing`
/xapi says what is wrong    `wrapped` (500), `advice`, `not_found`, `invalid_fields`, `denied`
/data says what is wrong    `status_page`
the container does          `container_page`
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from bootstrap.practice.http.call import Answer, as_bytes

JSON = "application/json;charset=UTF-8"
TEXT = "text/plain;charset=ISO-8859-1"
TEXT_UTF8 = "text/plain;charset=UTF-8"
HTML = "text/html;charset=UTF-8"

_RESTLET_PHRASES = {
    400: "The request could not be understood by the server due to malformed syntax",
    401: "The request requires user authentication",
    403: "The server understood the request, but is refusing to fulfill it",
    404: "The server has not found anything matching the request URI",
    405: "The method specified in the request is not allowed for the resource identified by the request URI",
    409: "The request could not be completed due to a conflict with the current state of the resource",
    500: "The server encountered an unexpected condition which prevented it from fulfilling the request",
    501: "The server does not support the functionality required to fulfill the request",
}


def nothing(status: int = 200) -> Answer:
    return Answer(status)


def as_json(value: Any, status: int = 200) -> Answer:
    """As XNAT's writer does it: members that are null are left out."""
    return Answer(status, as_bytes(_without_nulls(value)), JSON)


def raw_json(text: str, status: int = 200) -> Answer:
    """A text that is called JSON and stands there without quotes."""
    return Answer(status, text.encode("utf-8", "surrogatepass"), JSON)


def as_text(text: str, status: int = 200, *, accept: str = "") -> Answer:
    """Latin-1, where other letters become question marks, unless the caller asked for UTF-8."""
    if "utf-8" in accept.lower():
        return Answer(status, text.encode("utf-8", "surrogatepass"), TEXT_UTF8)
    return Answer(status, text.encode("latin-1", "replace"), TEXT)


def data_text(text: str, status: int = 200) -> Answer:
    """Text of a /data resource."""
    return Answer(status, text.encode("utf-8", "surrogatepass"), TEXT_UTF8)


def table(rows: Iterable[Mapping[str, Any]], *, total: bool = True, **more: Any) -> Answer:
    """A /data list: every cell is text, null is the empty text."""
    cells = [{name: "" if value is None else str(value) for name, value in row.items()} for row in rows]
    inner: dict[str, Any] = {"Result": cells, **({"totalRecords": str(len(cells))} if total else {}), **more}
    return Answer(200, as_bytes({"ResultSet": inner}), "application/json")


def data_json(value: Any, status: int = 200) -> Answer:
    """JSON of a /data resource, as it is."""
    return Answer(status, as_bytes(value), "application/json")


def advice(status: int, text: str) -> Answer:
    """What /xapi says of an exception: plain text. The text empty, there is no body and no type."""
    return as_text(text, status) if text else nothing(status)


def wrapped(text: object, status: int = 500) -> Answer:
    """An exception that /xapi knows no better words for."""
    return advice(status, f"There was an error in the request : {text}")


def not_found(text: str) -> Answer:
    return advice(404, f"Unable to find requested file or resource: {text}")


def json_error(text: str) -> Answer:
    return advice(500, f"JSON parse error: {text}")


def body_missing(handler: str) -> Answer:
    return advice(500, f"Required request body is missing: {handler}")


def invalid_fields(
    missing: Iterable[str] = (), invalid: Mapping[str, str] | None = None, unknown: Iterable[str] = ()
) -> Answer:
    lines = ["There was an error with the submitted data"]
    lines += [f" * {kind} fields: {', '.join(names)}" for kind, names in _named(missing, unknown) if names]
    if invalid:
        lines.append(" * Invalid fields:")
        lines += [f"    - {name}: {reason}" for name, reason in sorted(invalid.items())]
    return advice(400, "\n".join(lines) + "\n")


def denied(*, guest: bool, realm: str, body: str = "", status: int | None = None) -> Answer:
    """A call of /xapi that the caller has no right to: the handler was not reached."""
    answer = Answer(status or (401 if guest else 403))
    if body:
        answer.body, answer.type = body.encode(), JSON
    return answer.with_header("WWW-Authenticate", f'Basic realm="{realm}"') if guest else answer


def status_page(status: int, text: str = "") -> Answer:
    """What /data says of a failure."""
    shown = html.escape(text or _RESTLET_PHRASES.get(status, _phrase(status)), quote=False)
    page = (
        "<html>\n<head>\n   <title>Status page</title>\n</head>\n<body>\n"
        f'<h3>{shown}</h3><p>You can get technical details <a href="http://www.w3.org/Protocols/rfc2616/'
        'rfc2616-sec10.html">here</a>.<br>\nPlease continue your visit at our <a href="/">home page</a>.\n</p>\n'
        "</body>\n</html>\n"
    )
    return Answer(status, page.encode("utf-8", "surrogatepass"), HTML)


def container_page(status: int, text: str = "") -> Answer:
    """The page that the servlet container makes."""
    title = f"HTTP Status {status} - {_phrase(status)}"
    message = f"<p><b>Message</b> {html.escape(text)}</p>" if text else ""
    page = (
        f'<!doctype html><html lang="en"><head><title>{title}</title></head><body><h1>{title}</h1><hr class="line" />'
        f'<p><b>Type</b> Status Report</p>{message}<hr class="line" /><h3>Apache Tomcat</h3></body></html>'
    )
    return Answer(status, page.encode("utf-8", "surrogatepass"), "text/html;charset=utf-8")


def redirect(location: str) -> Answer:
    return Answer(302).with_header("Location", location)


def not_built(what: str) -> Answer:
    return as_text(f"The practice XNAT does not answer {what}, which XNAT 1.9.2.1 does: it is not built.\n", 501)


def _named(missing: Iterable[str], unknown: Iterable[str]) -> list[tuple[str, list[str]]]:
    return [("Missing", list(missing)), ("Unknown", list(unknown))]


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


def _without_nulls(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _without_nulls(inner) for name, inner in value.items() if inner is not None}
    if isinstance(value, list | tuple):
        return [_without_nulls(inner) for inner in value]
    return value
