"""What an input that is derived from another can be: things below the parent, its owners, or its properties."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bootstrap.facts.jsonpath import FilterFault, JsonPathError, compile_predicate, search
from bootstrap.practice.containers.resolution import objects
from bootstrap.practice.containers.resolution.context import Context
from bootstrap.practice.containers.resolution.inputs import Input
from bootstrap.practice.data import experiments, models, owners, projects, subjects
from bootstrap.practice.data.experiments import Experiment
from bootstrap.practice.data.models import Model
from bootstrap.practice.data.owners import Thing
from bootstrap.practice.data.resources import Resource

_OWNERS = {
    "Project": ("ProjectAsset", "Subject", "Session", "SubjectAssessor", "Scan", "Assessor"),
    "Subject": ("Session", "SubjectAssessor"),
    "Session": ("Scan", "Assessor"),
    "Scan": ("Resource",),
}
_BELOW = {
    "ProjectAsset": ("project-assets", ("Project",)),
    "Subject": ("subjects", ("Project",)),
    "Session": ("sessions", ("Subject",)),
    "SubjectAssessor": ("subject-assessors", ("Subject",)),
    "Scan": ("scans", ("Session",)),
    "Assessor": ("assessors", ("Session",)),
    "Resource": ("resources", ("Project", "ProjectAsset", "Subject", "SubjectAssessor", "Session", "Scan", "Assessor")),
    "File": ("files", ("Resource",)),
    "File[]": ("files", ("Resource",)),
}
_TRIED = {
    "Scan": ("uri", "id", "directory"),
    "Resource": ("uri", "id", "label"),
    "Assessor": ("uri", "id", "label"),
    "File": ("uri",),
}
_TRIED_ELSE = ("uri", "id", "label", "directory")
STRING, DIRECTORY = "string", "Directory"


@dataclass(frozen=True)
class Candidate:
    text: str | None
    label: str
    model: Model | None = None


def of(context: Context, one: Input, parent: Model, asked: str | None, matcher: str) -> list[Candidate]:
    """`asked`: what the user wants it to be; `matcher`: with all keys replaced."""
    if one.type == STRING:
        return [] if matcher else _as_text(one, parent)
    if one.type == DIRECTORY:
        place = parent.get("directory") if parent["type"] == "Resource" else None
        return [Candidate(place, str(place))] if place else []
    if parent["type"] in _OWNERS.get(one.type, ()):
        return [_shown(one, owner) for owner in _owner(context, one.type, parent)]
    key, parents = _BELOW.get(one.type, ("", ()))
    if parent["type"] not in parents:
        return []
    return [_shown(one, model) for model in _chosen(one, parent.get(key, []), asked, matcher)]


def matches(model: Model, matcher: str) -> bool:
    """A matcher that cannot be read matches nothing."""
    try:
        return compile_predicate(matcher).holds(model)
    except (JsonPathError, FilterFault):
        return False


def _chosen(one: Input, several: Iterable[Model], asked: str | None, matcher: str) -> list[Model]:
    fitting = [model for model in several if not matcher or matches(model, matcher)]
    if asked is None:
        return fitting
    wanted = _wanted(one, asked)
    for name in _TRIED.get(one.type, _TRIED_ELSE):
        found = [model for model in fitting if str(model.get(name)) in wanted]
        if found:
            return found
    return []


def _wanted(one: Input, asked: str) -> list[str]:
    if one.multiple and asked.lstrip().startswith("["):
        try:
            return [str(each) for each in json.loads(asked)]
        except json.JSONDecodeError:
            return [asked]
    return [asked]


def _owner(context: Context, kind: str, parent: Model) -> list[Model]:
    """Neither matcher nor value is looked at."""
    site = context.site
    thing = objects.at(site, parent["uri"])
    found: Thing | None = None
    if isinstance(thing, Resource):
        found = owners.thing(site, thing.owner)
    elif thing is not None and kind == "Project":
        found = projects.find(site, owners.project(site, thing))
    elif thing is not None and kind == "Session":
        found = owners.session(site, thing)
    elif isinstance(thing, Experiment):
        found = subjects.by_id(site, thing.subject)
    if found is None or models.of(site, found, ())["type"] != kind:
        return []
    return [models.of(site, found, _levels(found))]


def _levels(found: Thing) -> frozenset[str]:
    """Of a session everything; what is above it would be too much."""
    is_session = isinstance(found, experiments.Experiment)
    return models.EVERYTHING if is_session else frozenset({"resources", "files"})


def _as_text(one: Input, parent: Model) -> list[Candidate]:
    text = _property(parent, one.document.get("derived-from-xnat-object-property"))
    if text is not None and (parser := one.document.get("parser")):
        text = _parsed(text, parser)
    return [] if text is None else [Candidate(text, text)]


def _shown(one: Input, model: Model) -> Candidate:
    name = one.document.get("derived-from-xnat-object-property")
    text = _property(model, name) if name else model["uri"]
    return Candidate(text, str(model["label"]) if not name else str(text), model)


def _property(model: Model, name: str | None) -> str | None:
    """A text or a number; None for what is not there, or is more than one."""
    if not name:
        return None
    try:
        results = search(name, model)
    except (JsonPathError, FilterFault):
        return None
    found: Any = results.values[0] if results.is_definite and results.values else None
    return str(found) if isinstance(found, str | int | float) else None


def _parsed(text: str, parser: str) -> str | None:
    """What an XPath finds where the text is XML; else the text if the expression fits all of it."""
    try:
        return ElementTree.fromstring(text).findtext(parser)
    except (ElementTree.ParseError, SyntaxError, KeyError):
        pass
    try:
        return text if re.fullmatch(parser, text) else None
    except re.error:
        return None
