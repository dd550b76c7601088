"""Subscriptions of a server as the site file would say them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bootstrap.kinds.command_document.normal import normal, normal_wrapper
from bootstrap.kinds.command_export import exported_rows
from bootstrap.kinds.container_reading import Row, commands, has_containers
from bootstrap.kinds.event_service import is_on
from bootstrap.kinds.kind import Exported
from bootstrap.kinds.project import list_projects
from bootstrap.kinds.subscription_action_checks import WrapperDocument
from bootstrap.kinds.subscription_checks import flaws_of
from bootstrap.kinds.subscription_meaning import COMMAND, Meaning, event_name, meaning_of
from bootstrap.kinds.subscription_pairs import Member, loops
from bootstrap.kinds.subscription_reading import Wrappers, fields_of, subscriptions, wrapper_number, wrappers
from bootstrap.kinds.subscriptions_section import LOGGING, LONGEST
from bootstrap.xnat.connection import Connection


def export_subscriptions(xnat: Connection) -> Exported:
    if not is_on(xnat):
        return Exported()
    rows, known = subscriptions(xnat), wrappers(xnat)
    speakable = {int(one["id"]) for row in _commands(xnat) for one in row["xnat"]}
    projects = set(xnat.shared("projects", lambda: list_projects(xnat))) if rows else set[str]()
    found, notes = [], []
    wrong = _looping(rows, known)
    for row in rows:
        problem = _left_out(row, rows, known, speakable, projects) or wrong.get(int(row["id"]), "")
        if problem:
            notes.append(f"the subscription {row.get('name')} (id {row['id']}) is left out: {problem}")
        else:
            found.append(_said(fields_of(row, known)))
    return Exported({"subscriptions": found} if found else {}, notes=tuple(notes))


def _commands(xnat: Connection) -> Sequence[Row]:
    return exported_rows(commands(xnat)) if has_containers(xnat) else ()


def _left_out(row: Row, rows: Sequence[Row], known: Wrappers, speakable: set[int], projects: set[str]) -> str:
    """Why a site file could not have it; empty where it can."""
    name, number = row.get("name"), wrapper_number(str(row.get("action-key")))
    if not name or [each.get("name") for each in rows].count(name) > 1:
        return "there are several of this name" if name else "it has no name"
    if row.get("valid") is False:
        return f"XNAT holds it for invalid: {' '.join(str(row.get('validation-message')).split())}"
    if number is not None and number not in speakable:
        return "the file does not have its command"
    meaning = meaning_of(fields_of(row, known))
    missing = [project for project in meaning.projects if project not in projects]
    if missing:
        return f"there is no project {', '.join(missing)}"
    wrong = [flaw.message for flaw in flaws_of(meaning, _document(number, known)) if flaw.severity == "error"]
    return wrong[0] if wrong else "" if len(str(name)) <= LONGEST else "its name is too long"


def _looping(rows: Sequence[Row], known: Wrappers) -> Mapping[int, str]:
    members = [
        Member(
            str(row["id"]),
            meaning_of(fields_of(row, known)),
            _document(wrapper_number(str(row.get("action-key"))), known),
        )
        for row in rows
    ]
    return {int(member.name): flaw.message for member, flaw in loops(members) if flaw.severity == "error"}


def _document(number: int | None, known: Wrappers) -> WrapperDocument | None:
    found = known.document(number)
    return WrapperDocument(normal(found[0]), normal_wrapper(found[1])) if found else None


def _said(fields: Mapping[str, Any]) -> dict[str, Any]:
    meaning = meaning_of(fields)
    found: dict[str, Any] = {"name": fields["name"], **_event(meaning)}
    found |= {"projects": list(meaning.projects)} if meaning.projects else {"everywhere": True}
    found |= {"filter": meaning.filter} if meaning.filter else {}
    found["action"] = _action(meaning)
    found |= {key: fields[key] for key in ("attributes", "schedule", "act_as_event_user") if fields[key]}
    return found | {"active": meaning.active}


def _event(meaning: Meaning) -> dict[str, Any]:
    name = event_name(meaning.event)
    if meaning.is_scheduled:
        return {"event": name}
    if meaning.type and meaning.status:
        return {"event": f"{name}.{meaning.status.lower()}"}
    return {"event": meaning.event} | ({"status": meaning.status} if meaning.status else {})


def _action(meaning: Meaning) -> Any:
    if meaning.action == LOGGING:
        return LOGGING
    return {"command": meaning.wrapper} if meaning.action.startswith(COMMAND) else {"key": meaning.action}
