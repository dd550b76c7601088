"""Commands of a server as templates and site YAML."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bootstrap.facts.container_fields import Field, fields
from bootstrap.kinds.command_document import flaws_of
from bootstrap.kinds.command_document.normal import Document, normal, normal_wrapper
from bootstrap.kinds.container_reading import NOTHING, Row, Rows, Stored, commands, site_rows
from bootstrap.kinds.default_checks import configurable
from bootstrap.kinds.kind import Exported
from bootstrap.xnat.connection import Connection

FOLDER = "templates/commands"
_PROPERTIES = {"default-value": "value", "user-settable": "user_settable", "advanced": "advanced"}


def export_commands(xnat: Connection) -> Exported:
    rows, settings = commands(xnat), site_rows(xnat)
    section: dict[str, Any] = {}
    files: dict[str, str] = {}
    notes = []
    for row in rows:
        problem = _left_out(row, rows)
        if problem:
            notes.append(f"the command {row['name']} (id {row['id']}) is left out: {problem}")
            continue
        path = f"{FOLDER}/{_file_name(str(row['name']), files)}.json.j2"
        files[path] = template_of(row)
        section[str(row["name"])] = {"template": path, **_said(row, settings)}
    return Exported({"commands": section} if section else {}, files, tuple(notes))


def exported_rows(rows: Sequence[Row]) -> list[Row]:
    """Those of which an exported site can speak."""
    return [row for row in rows if not _left_out(row, rows)]


def _left_out(row: Row, rows: Sequence[Row]) -> str:
    """Why a site file could not have it; empty where it can."""
    if [each["name"] for each in rows].count(row["name"]) > 1:
        return "there are several of this name"
    wrong = [flaw for flaw in flaws_of(normal(row)) if flaw.severity == "error"]
    return wrong[0].message if wrong else ""


def _file_name(name: str, files: Mapping[str, str]) -> str:
    """Safe as a file's name, and none that is there already."""
    safe = re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-") or "command"
    number, found = 1, safe
    while f"{FOLDER}/{found}.json.j2".lower() in {path.lower() for path in files}:
        number += 1
        found = f"{safe}-{number}"
    return found


def template_of(row: Row) -> str:
    """The document without what XNAT fills in by itself; what Jinja2 would read as its own is kept from it."""
    text = json.dumps(compact("command", normal(row)), indent=2, ensure_ascii=False) + "\n"
    if re.search(r"\{\{|\{%|\{#", text):
        text = re.sub(r"\{(?=[{%#])", "{{ '{' }}", text)
    return text


def compact(kind: str, document: Mapping[str, Any]) -> Document:
    return {
        field.name: _compact_value(field, document[field.name])
        for field in fields()[kind]
        if field.name in document and document[field.name] != field.default_value()
    }


def _compact_value(field: Field, value: Any) -> Any:
    if field.of and isinstance(value, list):
        return [compact(field.of, one) for one in value]
    return compact(field.of, value) if field.of else value


def _said(row: Row, settings: Rows) -> dict[str, Any]:
    """What holds for all wrappers first, and then where one differs."""
    stored = {str(wrapper["name"]): settings.get(int(wrapper["id"]), NOTHING) for wrapper in row["xnat"]}
    if not stored:
        return {}
    flags = [one.on_site for one in stored.values()]
    enabled = flags.count(True) * 2 >= len(flags)
    found: dict[str, Any] = {"enabled": enabled}
    wrappers: dict[str, Any] = {}
    for wrapper in row["xnat"]:
        one = stored[str(wrapper["name"])]
        differing: dict[str, Any] = {} if one.on_site == enabled else {"enabled": one.on_site}
        defaults = said_defaults(row, wrapper, one)
        differing |= {"defaults": defaults} if defaults else {}
        wrappers |= {str(wrapper["name"]): differing} if differing else {}
    return found | ({"wrappers": wrappers} if wrappers else {})


def said_defaults(row: Row, wrapper: Row, stored: Stored) -> dict[str, Any]:
    """As the site file would write what a scope has stored."""
    known: Iterable[str] = configurable(normal(row), normal_wrapper(wrapper))
    found = {}
    for name, one in stored.inputs.items():
        said = {_PROPERTIES[key]: one[key] for key in _PROPERTIES if one.get(key) is not None}
        if said and name in known:
            found[name] = said["value"] if set(said) == {"value"} else said
    return found
