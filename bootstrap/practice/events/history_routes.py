"""/xapi/events/delivered and its like in projects: the history, in pages, counted, one by one."""

from __future__ import annotations

from bootstrap.practice.events import history, page_request, shown
from bootstrap.practice.events.addresses import ADMIN_BY_ID, PROJECT, PROJECT_BY_ID, no_entity, number
from bootstrap.practice.events.history import Scope
from bootstrap.practice.events.room import room
from bootstrap.practice.http import bodies, lenient_json, parameters
from bootstrap.practice.http.access import ADMIN
from bootstrap.practice.http.call import Answer, Call, Refusal

_SUMMARY = (
    "class java.lang.Integer cannot be cast to class java.lang.Enum "
    "(java.lang.Integer and java.lang.Enum are in module java.base of loader 'bootstrap')"
)
_PROJECT = "/xapi/projects/{project}/events/delivered"


@room.post("/xapi/events/delivered", ADMIN)
def of_site(call: Call) -> Answer:
    return _page(call, call.query.get("project") or None)


@room.post(_PROJECT, PROJECT)
def of_project(call: Call) -> Answer:
    return _page(call, call.project_id())


@room.get("/xapi/events/delivered/count", ADMIN)
def count_of_site(call: Call) -> Answer:
    return bodies.raw_json(str(history.count(call.site, _scope(call, call.query.get("project") or None))))


@room.get(f"{_PROJECT}/count", PROJECT)
def count_of_project(call: Call) -> Answer:
    return bodies.raw_json(str(history.count(call.site, _scope(call, call.project_id()))))


@room.get("/xapi/events/delivered/summary", ADMIN)
def summary(_call: Call) -> Answer:
    return bodies.wrapped(_SUMMARY)


@room.get(f"{_PROJECT}/summary", PROJECT)
def summary_of_project(_call: Call) -> Answer:
    return bodies.wrapped(_SUMMARY)


@room.get("/xapi/events/delivered/{id}", ADMIN_BY_ID)
def one(call: Call) -> Answer:
    found = history.one(call.site, number(call))
    if found is None:
        raise no_entity(number(call))
    return bodies.raw_json(shown.as_text(found))


@room.get(_PROJECT + "/{id}", PROJECT_BY_ID)
def one_of_project(call: Call) -> Answer:
    found = history.one(call.site, number(call))
    if found is None:
        raise no_entity(number(call))
    if found["project"] != call.project_id():
        return bodies.wrapped("No history item with matching id and projectID", 404)
    return bodies.raw_json(shown.as_text(found))


@room.post("/xapi/events/delivered/cleanup", ADMIN)
def clean_up(call: Call) -> Answer:
    """Only with a slash at its end."""
    if not call.raw_path.endswith("/"):
        return bodies.container_page(405, "Request method 'POST' not supported")
    history.forget_payloads(call.site, parameters.integer(call.query.get("keep-recent", "0"), "java.lang.Integer"))
    return bodies.nothing()


def _page(call: Call, project: str | None) -> Answer:
    try:
        body = call.read_json() if call.body() else {}
    except lenient_json.NotJson as error:
        raise Refusal(bodies.json_error(str(error))) from error
    request = page_request.read(body)
    with_children = parameters.boolean(call.query.get("load-children", "true"))
    found = history.page(call.site, _scope(call, project), request, with_children=with_children)
    return bodies.raw_json(shown.as_text(found))


def _scope(call: Call, project: str | None) -> Scope:
    wanted = call.query.get("subscription-id")
    return Scope(
        project,
        parameters.integer(wanted, "java.lang.Long") if wanted else None,
        parameters.boolean(call.query.get("include-filter-mismatch", "false")),
    )
