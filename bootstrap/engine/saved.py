"""A plan on disk: `plan -o plan.json`, and what `apply plan.json` reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from bootstrap.engine.journal import write_whole
from bootstrap.engine.plan import Change, FieldChange, Plan
from bootstrap.errors import LocalFileError, UsageError
from bootstrap.values import Problem, Source, fingerprint

FORMAT, VERSION = "xnat-bootstrap/plan", 1


def plan_as_json(plan: Plan) -> dict[str, Any]:
    document = {
        "format": FORMAT,
        "version": VERSION,
        "owner": plan.owner,
        "server": {"url": plan.server_url, "version": plan.server_version},
        "site": {"files": list(plan.files), "digest": plan.digest},
        "options": {"prune": plan.prune, "allow": sorted(plan.allow), "only": list(plan.only)},
        "changes": [change.as_json() for change in plan.changes if change.action != "none"],
        "refusals": [problem.as_json() for problem in plan.refusals],
        "failures": [problem.as_json() for problem in plan.failures],
        "notes": [problem.as_json() for problem in plan.notes],
        "accepted": plan.accepted,
    }
    return document | {"checksum": _checksum(document)}


def save_plan(plan: Plan, place: Path) -> None:
    write_whole(place, json.dumps(plan_as_json(plan), indent=2, ensure_ascii=False, sort_keys=True) + "\n")


def as_of_now(saved: Plan, fresh: Plan, place: Path) -> Plan:
    """A saved plan, of which only the choice and what was seen count: the rest is as it follows from the files now.

    What has come about since, by an apply of the same plan or by hand, is left out.
    """
    now = {change.ref: change for change in fresh.changes}
    there = [change for change in saved.changes if change.action != "delete" or change.ref in now]
    return replace(saved, changes=tuple(_as_of_now(change, now.get(change.ref), place) for change in there))


def _as_of_now(change: Change, now: Change | None, place: Path) -> Change:
    if now is None or now.action == "none":
        return now or change
    if now.action == change.action:
        return replace(now, seen=change.seen)
    if now.seen == change.seen:
        raise UsageError(
            f"reading {place}: it would {change.action} {change.ref}, and what it was made from says {now.action}: "
            "it is not what `plan` wrote",
            hint="make a new plan and look at it",
        )
    return change


def refuse_edited(document: Mapping[str, Any], place: Path) -> None:
    """What somebody looked at and let pass must be what is applied."""
    if document.get("checksum") != _checksum(document):
        raise UsageError(
            f"reading {place}: the saved plan was changed after `plan` wrote it, so nothing of it is applied",
            hint="make a new plan with `plan -o` and look at it",
        )


def _checksum(document: Mapping[str, Any]) -> str:
    return fingerprint({key: value for key, value in document.items() if key != "checksum"})


def load_document(place: Path) -> dict[str, Any]:
    """A JSON document of ours: a plan or an undo document; its `format` says which."""
    try:
        document = json.loads(place.read_text(encoding="utf-8"))
    except OSError as error:
        raise LocalFileError(f"reading {place}: {error.strerror or error}") from error
    except ValueError as error:
        raise UsageError(
            f"reading {place}: it is not JSON: {error}", hint="give a site, or a file that `plan -o` wrote"
        ) from error
    if not isinstance(document, dict) or not str(document.get("format", "")).startswith("xnat-bootstrap/"):
        raise UsageError(
            f"reading {place}: it is no document of xnat-bootstrap", hint="give a file that `plan -o` wrote"
        )
    if document.get("version") != 1:
        raise UsageError(
            f"reading {place}: it is of version {document.get('version')}, and this tool reads version 1",
            hint="make it anew with this version of the tool",
        )
    return document


def plan_from_json(document: Mapping[str, Any], place: Path) -> Plan:
    try:
        return _plan(document)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(f"reading {place}: it lacks a part of a saved plan: {error}", hint="make it anew") from error


def _plan(document: Mapping[str, Any]) -> Plan:
    options, site = document["options"], document["site"]
    return Plan(
        owner=document["owner"],
        server_url=document["server"]["url"],
        server_version=document["server"]["version"],
        changes=tuple(_change(change) for change in document["changes"]),
        refusals=tuple(_problem(problem) for problem in document["refusals"]),
        failures=tuple(_problem(problem) for problem in document["failures"]),
        notes=tuple(_problem(problem) for problem in document["notes"]),
        accepted=document["accepted"],
        prune=options["prune"],
        allow=frozenset(options["allow"]),
        only=tuple(options["only"]),
        files=tuple(site["files"]),
        digest=site["digest"],
    )


def _change(document: Mapping[str, Any]) -> Change:
    return Change(
        kind=document["kind"],
        name=document["name"],
        action=document["action"],
        fields=tuple(FieldChange(f["path"], f["before"], f["after"], f["moved"]) for f in document["fields"]),
        needs=tuple(document["needs"]),
        notes=tuple(document["notes"]),
        source=_source(document["source"]),
        level=document["level"],
        seen=document["seen"],
        deferred=document["deferred"],
    )


def _problem(document: Mapping[str, Any]) -> Problem:
    return Problem(
        document["severity"], document["rule"], document["message"], document["hint"], _source(document["source"])
    )


def _source(text: str | None) -> Source | None:
    if text is None:
        return None
    file, line, column = text.rsplit(":", 2)
    return Source(file, int(line), int(column))
