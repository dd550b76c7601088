"""What hangs on the path of a project: where its new sessions go, and whether they wait for somebody's look."""

from __future__ import annotations

import re

from bootstrap.practice.admin import preferences
from bootstrap.practice.data import projects
from bootstrap.practice.data.projects import Project
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call, Refusal

_WORDS = {"true": 1, "false": 0}
_LARGEST = 2**31


def show(call: Call, project: Project) -> Answer:
    """The bare value, though its type is that of a page."""
    name = call.tail.removeprefix("/")
    if name == "quarantine_code":
        return _value(project.quarantine_code)
    if name.startswith("prearchive_code"):
        return _value(project.prearchive_code)
    if name.startswith("current_arc"):
        return _value(project.current_arc)
    return bodies.status_page(400)


def put(call: Call, project: Project | None) -> Answer:
    name, _, value = call.tail.removeprefix("/").partition("/")
    if project is None:
        text = f"You can't set the '{name}' attribute without specifying the project on which you want to set it."
        return bodies.status_page(400, text)
    if name not in projects.SETTINGS or not value:
        return bodies.status_page(400)
    if name == "prearchive_code" and value != "0" and not preferences.boolean(call.site, "projectAllowAutoArchive"):
        return bodies.status_page(403)
    projects.set_setting(call.site, project.id, name, _meant(name, value))
    return bodies.nothing()


def _meant(name: str, value: str) -> int | str:
    if name == "current_arc":
        return value
    if name == "scan_type_mapping":
        return int(value.lower() in ("true", "on", "yes", "t", "y"))
    if value in _WORDS:
        return _WORDS[value]
    if re.fullmatch(r"[+-]?\d+", value, re.ASCII) and -_LARGEST <= int(value) < _LARGEST:
        return int(value)
    raise Refusal(bodies.status_page(400, f"The submitted code {value} is invalid: must be an integer."))


def _value(value: int | str) -> Answer:
    return Answer(200, str(value).encode("utf-8", "surrogatepass"), bodies.HTML)
