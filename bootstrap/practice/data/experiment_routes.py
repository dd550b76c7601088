"""/data/experiments/{ID} and below projects and subjects: read, renamed, deleted, and what hangs on their paths."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bootstrap.practice.data import (
    addresses,
    archive,
    experiment_items,
    experiments,
    item_forms,
    rights,
    search_elements,
    workflows,
)
from bootstrap.practice.data.experiments import Experiment
from bootstrap.practice.data.places import BadName
from bootstrap.practice.data.room import room
from bootstrap.practice.data.subject_routes import of_projects
from bootstrap.practice.data.subjects import BadLabel
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call

BY_ID, IN_PROJECT = "/data/experiments/{EXPT_ID}", "/data/projects/{PROJECT_ID}/experiments/{EXPT_ID}"
OF_SUBJECT = "/data/projects/{PROJECT_ID}/subjects/{SUBJECT_ID}/experiments/{EXPT_ID}"
NOT_FOUND = "Unable to find the specified experiment."


@room.get(BY_ID)
@room.get(IN_PROJECT)
@room.get(OF_SUBJECT)
def show(call: Call) -> Answer:
    """What follows the path does not matter, but for a few words."""
    found = addresses.readable(call)
    if found is None:
        return bodies.status_page(404, NOT_FOUND)
    if shower := _SHOWERS.get(call.tail):
        return shower(call, found)
    return item_forms.answer(call, experiment_items.whole(call.site, found))


@room.delete(BY_ID)
@room.delete(IN_PROJECT)
@room.delete(OF_SUBJECT)
def delete(call: Call) -> Answer:
    if call.tail:
        return bodies.not_built("taking an experiment out of a project")
    found = addresses.readable(call)
    if found is None:
        return bodies.status_page(404, NOT_FOUND)
    return removed(call, found)


def removed(call: Call, found: Experiment) -> Answer:
    if not rights.may_delete(call.site, call.caller, found.project):
        return bodies.status_page(403)
    remove = call.query.get("removeFiles", "").lower() == "true"
    archive.delete(call.site, call.caller.name, found, remove_files=remove)
    workflows.record(call.site, call.caller.name, found, f"Removed {search_elements.singular(found.type)}")
    return bodies.nothing()


def rename(call: Call, found: Experiment, label: str) -> Answer:
    """Nothing else that is said is looked at."""
    if not rights.may_edit(call.site, call.caller, found.project):
        return bodies.status_page(403)
    if label == found.label:
        return bodies.nothing()
    if experiments.by_label(call.site, found.project, label):
        return bodies.status_page(409, "Specified label is already in use.")
    if going_on := workflows.open_one(call.site, found.id):
        return bodies.status_page(409, f"Specified session is being processed ({going_on.pipeline}).")
    try:
        experiments.rename(call.site, found, label)
    except (BadLabel, BadName):
        return bodies.status_page(500)
    except OSError:
        return bodies.status_page(409, "Target folder already exists.")
    workflows.record(call.site, call.caller.name, found, "Renamed")
    return bodies.nothing()


def _status(_call: Call, found: Experiment) -> Answer:
    return Answer(200, found.status.encode(), bodies.HTML)


def _history(call: Call, found: Experiment) -> Answer:
    return bodies.data_json({"events": [_event(one) for one in workflows.of(call.site, found.id)]})


def _event(one: workflows.Workflow) -> dict[str, Any]:
    return {
        "event_id": one.number,
        "event_action": one.pipeline,
        "event_type": one.item.fields.get("type", ""),
        "event_category": one.item.fields.get("category", ""),
        "event_status": one.status,
        "event_user": one.username,
        "event_date": int(one.started * 1000),
        "changesets": [],
    }


_SHOWERS: dict[str, Callable[[Call, Experiment], Answer]] = {
    "/status": _status,
    "/history": _history,
    "/projects": of_projects,
}
