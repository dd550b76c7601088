"""What a user must be allowed to read and to edit before a wrapper is offered to him."""

from __future__ import annotations

from collections.abc import Iterator

from bootstrap.facts import type_ancestry
from bootstrap.practice.containers.documents import Document
from bootstrap.practice.data import contents, rights
from bootstrap.practice.http.call import Call

PROJECT, SUBJECT = "xnat:projectData", "xnat:subjectData"
SESSION, SCAN = "xnat:imageSessionData", "xnat:imageScanData"
_READ, _EDIT = "read", "edit"
_FIXED = {"Project": PROJECT, "Subject": SUBJECT}
_OF_PARENT = ("Scan", "Resource")


def are_met(call: Call, project: str, context: str, wrapper: Document) -> bool:
    """With an object of the type `context` as the first input. Of a type that XNAT does not know nothing is asked."""
    if not type_ancestry.is_known(context):
        return True
    return all(_may(call, project, action, kind) for action, kind in _required(context, wrapper))


def _required(context: str, wrapper: Document) -> Iterator[tuple[str, str]]:
    """Actions and types. Where a type cannot be told beforehand, nothing is asked."""
    types: dict[str, str | None] = {}
    if wrapper["external-inputs"]:
        types[wrapper["external-inputs"][0]["name"]] = context
    for one in wrapper["derived-inputs"]:
        parent = types.get(one.get("derived-from-wrapper-input", ""))
        types[one["name"]] = parent if one["type"] in _OF_PARENT else _FIXED.get(one["type"])
    yield from ((_READ, kind) for kind in types.values() if kind)
    made: dict[str, str | None] = {}
    for handler in wrapper["output-handlers"]:
        target = handler.get("as-a-child-of", "")
        kind = handler.get("xsi-type") if handler["type"] == "Assessor" else types.get(target) or made.get(target)
        made[handler["name"]] = kind
        if kind:
            yield _EDIT, kind


def _may(call: Call, project: str, action: str, kind: str) -> bool:
    if not type_ancestry.is_known(kind):
        return True
    if type_ancestry.is_a(kind, SCAN) and not _holds_image_sessions(call, project):
        return False  # of a scan the service asks for the sessions that are there
    if action == _READ:
        return rights.may_read(call.site, call.caller, project)
    if kind == PROJECT:
        return rights.may_delete(call.site, call.caller, project)
    return rights.may_edit(call.site, call.caller, project)


def _holds_image_sessions(call: Call, project: str) -> bool:
    return any(type_ancestry.is_a(kind, SESSION) for kind in contents.experiment_types(call.site, project))
