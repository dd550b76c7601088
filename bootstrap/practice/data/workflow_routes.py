"""/data/workflows and /data/services/workflows: records of what was done, and those that clients make themselves."""

from __future__ import annotations

from bootstrap.practice.data import experiment_types as types
from bootstrap.practice.data import experiments, item_forms, rights, subjects, submitted, workflows
from bootstrap.practice.data.room import room
from bootstrap.practice.data.workflows import Workflow
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call

_THREE = ("ID", "pipeline_name", "launch_time")
_NEEDED = (*_THREE, "data_type")
_NOT_FOUND = "Unable to find the specified workflow."


@room.get("/data/workflows")
def of_three(call: Call) -> Answer:
    said = _said(call)
    if not all(said.get(name) for name in _THREE):
        return bodies.status_page(404, _NOT_FOUND)
    return _shown(call, workflows.of_three(call.site, *(said[name] for name in _THREE)))


@room.get("/data/workflows/{WORKFLOW_ID}")
def by_number(call: Call) -> Answer:
    return _shown(call, _found(call, call.parts["WORKFLOW_ID"]))


@room.put("/data/workflows")
def put(call: Call) -> Answer:
    said = submitted.read(call, types.WORKFLOW)
    said.fields |= _said(call)
    if not all(said.fields.get(name) for name in _NEEDED):
        text = "Id, launch_time, data_type and pipeline_name are all required"
        return bodies.status_page(400, f"{text} (scan_id may be specified when appropriate but is not required).")
    old = workflows.of_three(call.site, *(said.fields[name] for name in _THREE))
    if old and not _may_change(call, old):
        return bodies.status_page(403)
    workflows.store(call.site, call.caller.name, said)
    return bodies.nothing()


@room.put("/data/workflows/{WORKFLOW_ID}")
def change(call: Call) -> Answer:
    old = _found(call, call.parts["WORKFLOW_ID"])
    if old is None:
        return bodies.status_page(404, _NOT_FOUND)
    if not _may_change(call, old):
        return bodies.status_page(403)
    said = submitted.read(call, types.WORKFLOW)
    said.fields = old.item.fields | said.fields | _said(call) | {name: old.item.fields[name] for name in _THREE}
    workflows.store(call.site, call.caller.name, said)
    return bodies.nothing()


@room.get("/data/services/workflows/workflowid/{WORKFLOW_PRIMARY_KEY}")
def by_key(call: Call) -> Answer:
    return _shown(call, _found(call, call.parts["WORKFLOW_PRIMARY_KEY"]))


@room.get("/data/services/workflows/{PIPELINE_NAME}")
def latest(call: Call) -> Answer:
    """The newest of that name about one experiment, which must be there still: of others XNAT finds nothing."""
    name, asked = call.parts["PIPELINE_NAME"], call.query
    about = experiments.by_id(call.site, asked.get("experiment", ""))
    if about is None:
        return bodies.status_page(404, f"Unable to find workflow entry with pipeline_name {name}")
    for one in workflows.of_pipeline(call.site, name):
        if one.object == about.id and asked.get("status", one.status) == one.status:
            return _shown(call, one)
    return bodies.status_page(404, f"Unable to find workflow entry for pipeline {name} and experiment.{about.id}")


def _said(call: Call) -> dict[str, str]:
    """The parameters; case does not matter there: xnat's clients write the ID as id."""
    names = {name.lower(): name for name in (*_NEEDED, "ExternalID", "status", "scan_id", "justification", "category")}
    front = f"{types.WORKFLOW}/".lower()
    pairs = ((name.lower().removeprefix(front), value) for name, value in call.query.items())
    return {names[name]: value for name, value in pairs if name in names and value}


def _found(call: Call, asked: str) -> Workflow | None:
    return (
        workflows.by_number(call.site, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 16 else None
    )


def _shown(call: Call, found: Workflow | None) -> Answer:
    if found is None or not _may_see(call, found):
        return bodies.status_page(404, _NOT_FOUND)
    return item_forms.answer(call, found.item, otherwise="xml")


def _may_see(call: Call, found: Workflow) -> bool:
    about = experiments.by_id(call.site, found.object) or subjects.by_id(call.site, found.object)
    project = about.project if about else found.item.fields.get("ExternalID", "")
    return rights.may_read(call.site, call.caller, project) or _may_change(call, found)


def _may_change(call: Call, found: Workflow) -> bool:
    return call.caller.is_admin or found.username == call.caller.name
