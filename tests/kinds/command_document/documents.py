"""Documents for property tests, made from the table of fields: of the right form, whatever they mean."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from bootstrap.facts.container_fields import Field, fields

NAMES = st.sampled_from(["a", "b", "session", "scan", "in", "out", "A-1"])
TEXTS = st.one_of(NAMES, st.text(max_size=8), st.sampled_from(["#a#", "true", "5", ""]))
BOOLEANS = st.sampled_from([True, False, None, "true", "False", "", 0, 1])
INTEGERS = st.one_of(st.none(), st.integers(-5, 5000), st.sampled_from(["100", ""]))
NUMBERS = st.one_of(INTEGERS, st.floats(0, 64, allow_nan=False))
SCALARS = st.one_of(TEXTS, st.integers(0, 9), st.booleans())
MAPS = st.dictionaries(NAMES, SCALARS, max_size=2)
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=2))

_WORDS: dict[tuple[str, str], list[Any]] = {
    ("command", "type"): ["docker", "docker-setup", "docker-wrapup", None],
    ("command", "visibility"): ["public", "private", None],
    ("input", "type"): ["string", "boolean", "number", "select-one", "select-many", "file", "File", None],
    ("input", "multiple-delimiter"): ["space", "flag", None],
    ("external-input", "type"): ["string", "Session", "Scan", "Project", "file", None],
    ("derived-input", "type"): ["string", "Scan", "Resource", "File", "file", None],
    ("handler", "type"): ["Resource", "Assessor", None],
    ("secret-source", "type"): ["system-property"],
    ("secret-destination", "type"): ["environment-variable"],
}
_ALWAYS = {"name", "image", "path", "mount", "derived-from-wrapper-input", "accepts-command-output", "as-a-child-of"}
_ALWAYS |= {"source", "destination", "type", "identifier"}
_PLAIN = {"text": TEXTS, "boolean": BOOLEANS, "integer": INTEGERS, "number": NUMBERS, "json": JSON, "map": MAPS}


def objects(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    needed: dict[str, st.SearchStrategy[Any]] = {}
    optional: dict[str, st.SearchStrategy[Any]] = {}
    for field in fields()[kind]:
        if field.name == "id":
            continue
        name = field.alias if field.name == "ipc-mode" else field.name
        (needed if field.name in _ALWAYS else optional)[name] = _values(kind, field)
    return st.fixed_dictionaries(needed, optional=optional)


def _values(kind: str, field: Field) -> st.SearchStrategy[Any]:
    if (kind, field.name) in _WORDS:
        return st.sampled_from(_WORDS[kind, field.name])
    if field.name in _ALWAYS and not field.of:
        return NAMES
    if field.type.startswith("list:"):
        return st.lists(objects(field.of), max_size=3)
    if field.of:
        return objects(field.of)
    return st.lists(TEXTS, max_size=3) if field.type == "texts" else _PLAIN[field.type]


def commands() -> st.SearchStrategy[dict[str, Any]]:
    return objects("command")
