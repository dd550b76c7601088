"""The form of a command document: keys, types, known words, lengths. XNAT itself passes over what it does not know."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bootstrap.config.problems import listed, suggest
from bootstrap.facts.container_fields import Field, fields
from bootstrap.kinds.command_document.flaws import Flaw, Path
from bootstrap.kinds.command_document.normal import normal

COMMAND_TYPES = ("docker", "docker-setup", "docker-wrapup")
INPUT_TYPES = ("string", "boolean", "number", "select-one", "select-many", "file", "File")
WRAPPER_INPUT_TYPES = (
    *("string", "boolean", "number", "Directory", "File[]", "File", "Project", "ProjectAsset", "Subject"),
    *("SubjectAssessor", "Session", "Scan", "Assessor", "Resource", "Config", "file"),
)
HANDLER_TYPES = ("Resource", "Assessor", "Scan")
_WORDS: Mapping[tuple[str, str], Sequence[str]] = {
    ("command", "type"): COMMAND_TYPES,
    ("command", "visibility"): ("public", "private", "protected"),
    ("input", "type"): INPUT_TYPES,
    ("input", "multiple-delimiter"): ("quoted-space", "space", "comma", "flag"),
    ("external-input", "type"): WRAPPER_INPUT_TYPES,
    ("derived-input", "type"): WRAPPER_INPUT_TYPES,
    ("handler", "type"): HANDLER_TYPES,
    ("secret-source", "type"): ("system-property",),
    ("secret-destination", "type"): ("environment-variable",),
}
_NEEDED: Mapping[str, Sequence[str]] = {
    "command": ("name", "image"),
    "mount": ("name", "path"),
    "input": ("name",),
    "output": ("name", "mount"),
    "wrapper": ("name",),
    "external-input": ("name",),
    "derived-input": ("name", "derived-from-wrapper-input"),
    "handler": ("name", "accepts-command-output", "as-a-child-of"),
    "secret": ("source", "destination"),
    "secret-source": ("type", "identifier"),
    "secret-destination": ("type", "identifier"),
}
_OLD: Mapping[tuple[str, str], str] = {
    ("command", "$schema"): "take it out: it is for editors",
    ("command", "id"): "take it out: XNAT gives ids itself",
    ("command", "workdir"): "write `working-directory`",
    ("command", "ipcMode"): "write `ipc-mode`: XNAT understands this one only when a command is made",
    ("mount", "required"): "take it out: a mount is there always",
    ("mount", "type"): "take it out: who provides files tells an input from an output",
    ("mount", "description"): "take it out",
    ("input", "user-settable"): "write it under `defaults` of the site file: NAME: {user_settable: ...}",
    ("external-input", "multiple"): "take it out: only a derived input can be of several values",
    ("handler", "as-a-child-of-wrapper-input"): "write `as-a-child-of`: XNAT understands this one only at first",
    ("wrapper", "id"): "take it out: XNAT gives ids itself",
}
# Texts for which published documents have numbers and switches as well.
_SCALARS = frozenset(
    {"default-value", "true-value", "false-value", "version", "schema-version", "gpus", "select-values"}
)
_LETTERS = frozenset({"input", "output", "external-input", "derived-input", "handler"})
_OTHER_LETTERS = re.compile(r"[^A-Za-z0-9_-]")
_BOOLEAN_TEXTS = ("true", "True", "TRUE", "false", "False", "FALSE", "")
_INTEGER_TEXT = re.compile(r"\s*(-?[0-9]+)?\s*")
_NUMBER_TEXT = re.compile(r"\s*(-?[0-9]+(\.[0-9]+)?)?\s*")
_NAMES = {
    "text": "a text",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "texts": "a list of texts",
    "map": "an object of texts",
}


def structure(document: Mapping[str, Any]) -> list[Flaw]:
    found = list(_object("command", document, ()))
    if not any(flaw.rule == "command-wrong-type" for flaw in found):
        found += _lengths("command", normal(document), ())
    return found


def _object(kind: str, value: Any, path: Path) -> Iterator[Flaw]:
    if not isinstance(value, Mapping):
        yield _wrong_type("an object", value, path)
        return
    known = {field.name: field for field in fields()[kind]}
    for key, inner in value.items():
        place = (*path, key)
        if (kind, key) in _OLD:
            yield Flaw("command-deprecated-key", f"XNAT passes over `{key}` here", place, _OLD[kind, key], at_key=True)
        elif key not in known:
            yield Flaw(
                "command-unknown-key", f"XNAT does not know `{key}` here", place, suggest(key, known), at_key=True
            )
        elif inner is not None:
            yield from _field(kind, known[key], inner, place)
    yield from _missing(kind, value, path)


def _missing(kind: str, value: Mapping[str, Any], path: Path) -> Iterator[Flaw]:
    for key in _NEEDED.get(kind, ()):
        alias = next((field.alias for field in fields()[kind] if field.name == key), "")
        found = value.get(key) if value.get(key) is not None else value.get(alias)
        if found is None:
            yield Flaw("command-missing-key", f"`{key}` is missing here", path)
        elif isinstance(found, str) and not found.strip():
            yield Flaw("command-blank", f"`{key}` is blank", (*path, key))


def _field(kind: str, field: Field, value: Any, path: Path) -> Iterator[Flaw]:
    if field.of:
        yield from _objects(field, value, path)
    elif field.type == "texts":
        yield from _texts(field, value, path)
    elif field.type == "map":
        yield from _map(value, path)
    elif not _fits(field, value):
        yield _wrong_type(_NAMES[field.type], value, path)
    else:
        yield from _words(kind, field, value, path)


def _objects(field: Field, value: Any, path: Path) -> Iterator[Flaw]:
    if field.type.startswith("object:"):
        yield from _object(field.of, value, path)
    elif not isinstance(value, list):
        yield _wrong_type("a list", value, path)
    else:
        for number, one in enumerate(value):
            yield from _object(field.of, one, (*path, number))


def _texts(field: Field, value: Any, path: Path) -> Iterator[Flaw]:
    if not isinstance(value, list):
        yield _wrong_type(_NAMES["texts"], value, path)
        return
    for number, one in enumerate(value):
        if not isinstance(one, str) and not (field.name in _SCALARS and isinstance(one, bool | int | float)):
            yield _wrong_type("a text", one, (*path, number))


def _map(value: Any, path: Path) -> Iterator[Flaw]:
    if not isinstance(value, Mapping):
        yield _wrong_type(_NAMES["map"], value, path)
        return
    for key, one in value.items():
        if one is None:
            yield Flaw("command-null-entry", f"`{key}` is null", (*path, key))
        elif not isinstance(one, str | bool | int | float):
            yield _wrong_type("a text", one, (*path, key))


def _fits(field: Field, value: Any) -> bool:
    if field.type == "json":
        return True
    if field.type == "text":
        return isinstance(value, str) or (field.name in _SCALARS and isinstance(value, bool | int | float))
    if isinstance(value, bool):
        return field.type == "boolean"
    if field.type == "boolean":
        return isinstance(value, int) or value in _BOOLEAN_TEXTS
    if isinstance(value, str):
        return (_INTEGER_TEXT if field.type == "integer" else _NUMBER_TEXT).fullmatch(value) is not None
    return isinstance(value, int) or (isinstance(value, float) and (field.type == "number" or value.is_integer()))


def _words(kind: str, field: Field, value: Any, path: Path) -> Iterator[Flaw]:
    words = _WORDS.get((kind, field.name))
    if words is not None and value not in words:
        message = f"`{value}` is no `{field.name}` that XNAT knows"
        yield Flaw("command-wrong-value", message, path, f"{_did_you_mean(value, words)}known: {listed(words, 20)}")
    if field.name == "name" and kind in _LETTERS and _OTHER_LETTERS.search(value):
        message = f"the name `{value}` has other characters than letters, digits, - and _"
        yield Flaw("command-bad-name", message, path)


def _did_you_mean(value: Any, words: Sequence[str]) -> str:
    hint = suggest(str(value), words)
    return f"{hint} " if hint.startswith("did") else ""


def _wrong_type(due: str, value: Any, path: Path) -> Flaw:
    found = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return Flaw("command-wrong-type", f"{due} is due here, not {found.get(type(value), 'a number')}", path)


def _lengths(kind: str, document: Mapping[str, Any], path: Path) -> Iterator[Flaw]:
    for field in fields()[kind]:
        value, place = document.get(field.name), (*path, field.name)
        if field.limit:
            for inner, text in _texts_in(value):
                if len(text) > field.limit:
                    message = f"{len(text)} characters, and XNAT stores {field.limit}"
                    yield Flaw("command-too-long", message, (*place, *inner))
        elif field.of:
            for step, one in [((), value)] if isinstance(value, Mapping) else _numbered(value):
                yield from _lengths(field.of, one, (*place, *step))


def _numbered(value: Any) -> list[tuple[Path, Any]]:
    return [((number,), one) for number, one in enumerate(value or ())]


def _texts_in(value: Any) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield (), value
    elif isinstance(value, list):
        yield from (((number,), one) for number, one in enumerate(value) if isinstance(one, str))
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield (key,), max(str(key), str(one), key=len)
