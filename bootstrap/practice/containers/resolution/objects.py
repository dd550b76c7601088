"""XNAT objects that a value names: by address, by ID, or as the object itself written as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bootstrap.practice.containers.resolution.context import Context
from bootstrap.practice.containers.resolution.failures import Unauthorized, Unresolvable
from bootstrap.practice.containers.resolution.inputs import Input, flat
from bootstrap.practice.data import archive, experiments, models, owners, projects, resources, rights, subjects
from bootstrap.practice.data.experiments import Experiment
from bootstrap.practice.data.models import Model
from bootstrap.practice.data.owners import Thing
from bootstrap.practice.data.projects import Project
from bootstrap.practice.data.resources import Resource
from bootstrap.practice.data.scans import Scan
from bootstrap.practice.data.subjects import Subject

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

TYPES = ("Project", "ProjectAsset", "Subject", "SubjectAssessor", "Session", "Scan", "Assessor", "Resource")
_ARCHIVE = "/archive"
_PLACES = ("/projects/", "/subjects/", "/experiments/")
_LEVELS = {
    "Subject": ("subjects",),
    "Session": ("subjects", "sessions"),
    "SubjectAssessor": ("subjects", "sessions"),
    "Scan": ("subjects", "sessions", "scans"),
    "Assessor": ("subjects", "sessions", "assessors"),
    "Resource": ("resources",),
    "File": ("resources", "files"),
    "File[]": ("resources", "files"),
    "Directory": ("resources",),
}


def named(context: Context, one: Input, text: str, levels: frozenset[str]) -> Model | None:
    """The object that the text names; None for an ID that nothing has."""
    if text.startswith("/"):
        return _at(context, one, text, levels)
    if text.startswith("{"):
        return _written(context.site, text, levels)
    thing = with_id(context.site, one.type, text)
    if thing is None or not _may_read(context, thing):
        return None
    return models.of(context.site, thing, levels)


def at(site: Site, address: str) -> Thing | Resource | None:
    """What is at an address such as a model's `uri`."""
    inner = address.removeprefix(_ARCHIVE)
    return archive.find(site, f"{_ARCHIVE}{inner}") if inner.startswith(_PLACES) else None


def project_of(site: Site, thing: Thing | Resource) -> str:
    if isinstance(thing, Resource):
        owned = owners.thing(site, thing.owner)
        return owners.project(site, owned) if owned else ""
    return owners.project(site, thing)


def levels_for(inputs: list[Input]) -> frozenset[str]:
    """Which levels are looked at: those that an input is of, or that a matcher or a property speaks of."""
    found: set[str] = set()
    for one in flat(inputs):
        found.update(_LEVELS.get(one.type, ()))
        said = one.matcher + str(one.document.get("derived-from-xnat-object-property") or "")
        found.update(level for level in models.EVERYTHING if level in said)
    return frozenset(found)


def _at(context: Context, one: Input, text: str, levels: frozenset[str]) -> Model:
    thing = at(context.site, text)
    if thing is None or not _is_of(one.type, thing):
        raise Unresolvable(f"Invalid {one.type} uri {text}")
    if not _may_read(context, thing):
        raise Unauthorized(f"User does not have permission to read {one.type} with URI {text}.")
    return models.of(context.site, thing, levels)


def _written(site: Site, text: str, levels: frozenset[str]) -> Model | None:
    """Nobody's rights are looked at."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise Unresolvable(f"Could not read the object {text}: {error}") from error
    address = document.get("uri") if isinstance(document, dict) else None
    thing = at(site, address) if isinstance(address, str) else None
    return models.of(site, thing, levels) if thing else None


def with_id(site: Site, kind: str, text: str) -> Thing | Resource | None:
    """Of the type; a scan has no ID that is only its own."""
    found: Thing | Resource | None = None
    if kind == "Project":
        found = projects.find_by_name(site, text)
    elif kind == "Subject":
        found = subjects.by_id(site, text)
    elif kind == "Resource":
        found = resources.by_number(site, int(text)) if text.isascii() and text.isdigit() and len(text) < 16 else None
    elif kind in TYPES and kind != "Scan":
        found = experiments.by_id(site, text)
    return found if found and _is_of(kind, found) else None


def _is_of(kind: str, thing: Thing | Resource) -> bool:
    plain = {"Project": Project, "Subject": Subject, "Scan": Scan, "Resource": Resource}
    if kind in plain:
        return isinstance(thing, plain[kind])
    if not isinstance(thing, Experiment):
        return False
    return {"Session": thing.is_session, "Assessor": thing.is_assessor}.get(kind, not thing.is_assessor)


def _may_read(context: Context, thing: Thing | Resource) -> bool:
    return rights.may_read(context.site, context.caller, project_of(context.site, thing))
