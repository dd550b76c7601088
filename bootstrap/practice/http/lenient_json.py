"""JSON as XNAT reads it: single quotes are quotes, # begins a comment, after the first value anything may follow."""

from __future__ import annotations

import json
import re
from typing import Any


class NotJson(Exception):
    """What is wrong, in words near to those of XNAT's reader."""


_TOKEN = re.compile(
    r"""(?P<double>"(?:[^"\\]|\\.)*") | '(?P<single>(?:[^'\\]|\\.)*)' | (?P<comment>\#[^\n]*)
    | (?P<other>[^"'\#]+ | ["'])""",
    re.VERBOSE | re.DOTALL,
)


def loads(text: str) -> Any:
    decoder = json.JSONDecoder(parse_constant=_refuse_constant)
    stripped = text.strip()
    try:
        return decoder.raw_decode(stripped)[0]
    except json.JSONDecodeError as error:
        if "'" not in stripped and "#" not in stripped:
            raise _explained(stripped, error) from error
    except (RecursionError, ValueError) as error:
        raise NotJson(str(error)) from error
    try:
        return decoder.raw_decode(_strict(stripped))[0]
    except json.JSONDecodeError as error:
        raise _explained(stripped, error) from error
    except (RecursionError, ValueError) as error:
        raise NotJson(str(error)) from error


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
