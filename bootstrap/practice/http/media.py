"""Media types: what a route takes and gives, and how Spring reads a body into it."""

from __future__ import annotations

from typing import Any

from bootstrap.practice.http import bodies, lenient_json
from bootstrap.practice.http.call import TEXT_LIMIT, Call, Refusal
from bootstrap.practice.http.rooms import Body

_SHAPES: dict[Body, tuple[type, str]] = {
    Body.OBJECT: (dict, "`java.util.LinkedHashMap<java.lang.String,java.lang.Object>`"),
    Body.ARRAY: (list, "`java.util.ArrayList<java.lang.Object>`"),
}
_TOKENS = {dict: "START_OBJECT", list: "START_ARRAY", str: "VALUE_STRING", bool: "VALUE_TRUE", type(None): "VALUE_NULL"}


def consumes(call: Call, listed: tuple[str, ...]) -> bool:
    if not listed:
        return True
    given = call.media_type or "application/octet-stream"
    return any(_covers(one.split(";")[0].strip(), given) for one in listed)


def accepts(call: Call, listed: tuple[str, ...]) -> bool:
    if not listed or not call.headers.get("Accept"):
        return True
    wanted = call.request.accept_mimetypes
    return any(wanted.quality(one.split(";")[0].strip()) > 0 for one in listed)


def read_body(call: Call, wanted: Body, handler: str) -> None:
    """Put the body where the route expects it, or refuse as Spring does."""
    if wanted is Body.NONE:
        return
    if (call.request.content_length or 0) > TEXT_LIMIT:
        raise Refusal(bodies.container_page(413))
    if wanted is Body.TEXT:
        call.text = call.decoded("UTF-8" if call.media_type.endswith("json") else "ISO-8859-1")
        if not call.text:
            raise Refusal(bodies.body_missing(handler))
        return
    if call.media_type and not _is_json(call.media_type):
        raise Refusal(bodies.wrapped(f"Content type '{_with_charset(call)}' not supported"))
    if not call.body():
        raise Refusal(bodies.body_missing(handler))
    if not call.media_type:
        raise Refusal(bodies.wrapped("Content type 'application/octet-stream' not supported"))
    call.json = _shaped(call, wanted, handler)


def whole_body(call: Call) -> bytes:
    """For those who read it themselves."""
    if (call.request.content_length or 0) > TEXT_LIMIT:
        raise Refusal(bodies.container_page(413))
    return call.body()


def _shaped(call: Call, wanted: Body, handler: str) -> Any:
    try:
        value = call.read_json()
    except lenient_json.NotJson as error:
        text = str(error)
        nested = f"nested exception is com.fasterxml.jackson.core.JsonParseException: {text}"
        raise Refusal(bodies.json_error(f"{text.split(' at [')[0]}; {nested}")) from error
    if value is None:
        raise Refusal(bodies.body_missing(handler))
    if wanted in _SHAPES and not isinstance(value, _SHAPES[wanted][0]):
        raise Refusal(bodies.json_error(wrong_shape(value, _SHAPES[wanted][1])))
    return value


def wrong_shape(value: Any, java_type: str) -> str:
    """In the words of XNAT's reader: this value where that type was due."""
    token = _TOKENS.get(type(value), "VALUE_NUMBER_INT")
    words = {"START_ARRAY": "Array", "START_OBJECT": "Object", "VALUE_STRING": "String", "VALUE_TRUE": "Boolean"}
    text = f"Cannot deserialize value of type {java_type} from {words.get(token, 'Integer')} value"
    return (
        f"{text} (token `JsonToken.{token}`); nested exception is "
        f"com.fasterxml.jackson.databind.exc.MismatchedInputException: {text}"
    )


def _is_json(media_type: str) -> bool:
    return media_type == "application/json" or media_type.endswith("+json")


def _with_charset(call: Call) -> str:
    charset = call.request.mimetype_params.get("charset")
    return f"{call.media_type};charset={charset}" if charset else call.media_type


def _covers(listed: str, given: str) -> bool:
    return listed in ("*/*", given) or (listed.endswith("/*") and given.startswith(listed[:-1]))
