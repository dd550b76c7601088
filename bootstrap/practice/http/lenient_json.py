"""JSON as XNAT reads it: single quotes are quotes, # begins a comment, after the first value anything may follow."""

from __future__ import annotations

import json
import re
from typing import Any


class NotJson(Exception):
    """What is wrong, in words near to those of XNAT's reader."""


_MOST_LEVELS = 100
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_TOKEN = re.compile(
    r"""(?P<double>"(?:[^"\\]|\\.)*") | '(?P<single>(?:[^'\\]|\\.)*)' | (?P<comment>\#[^\n]*)
    | (?P<other>[^"'\#]+ | ["'])""",
    re.VERBOSE | re.DOTALL,
)


def loads(text: str) -> Any:
    return _checked(_read(text), text)


def loads_strictly(text: str | bytes) -> Any:
    """JSON alone, and the whole of the text."""
    try:
        decoded = text if isinstance(text, str) else text.decode(json.detect_encoding(text))
        return _checked(json.loads(decoded), decoded)
    except RecursionError as error:
        raise _too_deep() from error
    except ValueError as error:
        raise NotJson(str(error)) from error


def _too_deep() -> NotJson:
    return NotJson(f"Document nesting depth exceeds the maximum allowed ({_MOST_LEVELS})")


def _checked(value: Any, text: str) -> Any:
    if _is_too_deep(value):
        raise _too_deep()
    return _without_halves(value) if _HALF.search(text) else value


def _read(text: str) -> Any:
    decoder = json.JSONDecoder(parse_constant=_refuse_constant)
    stripped = text.strip()
    try:
        return decoder.raw_decode(stripped)[0]
    except json.JSONDecodeError as error:
        if "'" not in stripped and "#" not in stripped:
            raise _explained(stripped, error) from error
    except RecursionError as error:
        raise _too_deep() from error
    except ValueError as error:
        raise NotJson(str(error)) from error
    try:
        return decoder.raw_decode(_strict(stripped))[0]
    except json.JSONDecodeError as error:
        raise _explained(stripped, error) from error
    except RecursionError as error:
        raise _too_deep() from error
    except ValueError as error:
        raise NotJson(str(error)) from error


def _is_too_deep(value: Any) -> bool:
    """Level by level, so that it needs no depth itself."""
    level = [value]
    for _ in range(_MOST_LEVELS):
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
        if not level:
            return False
    return True


def _without_halves(value: Any) -> Any:
    """Halves of surrogate pairs are no letters, and cannot be stored: Java writes them as question marks."""
    if isinstance(value, dict):
        return {_without_halves(name): _without_halves(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_without_halves(inner) for inner in value]
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _strict(text: str) -> str:
    def one(token: re.Match[str]) -> str:
        if token["comment"] is not None:
            return ""
        if token["single"] is None:
            return token[0]
        inner = token["single"].replace("\\'", "'")
        return '"' + re.sub(r'(?<!\\)((?:\\\\)*)"', r'\1\\"', inner) + '"'

    return _TOKEN.sub(one, text)


def _explained(text: str, error: json.JSONDecodeError) -> NotJson:
    place = f" at [Source: (PushbackInputStream); line: {error.lineno}, column: {error.colno}]"
    at = error.pos + 1 if text[error.pos : error.pos + 1] == "{" else error.pos
    found = text[at : at + 1]
    if not found:
        return NotJson(f"Unexpected end-of-input{place}")
    if "property name" in error.msg:
        return NotJson(
            f"Unexpected character ('{found}' (code {ord(found)})): "
            f"was expecting double-quote to start field name{place}"
        )
    if word := re.match(r"[A-Za-z_$][\w$]*", text[at:]):
        return NotJson(
            f"Unrecognized token '{word[0]}': was expecting (JSON String, Number, Array, Object or token){place}"
        )
    return NotJson(f"Unexpected character ('{found}' (code {ord(found)})){place}")


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"Non-standard token '{name}': enable JsonParser.Feature.ALLOW_NON_NUMERIC_NUMBERS to allow")
