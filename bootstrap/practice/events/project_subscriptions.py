"""/xapi/projects/{project}/events/subscription(s): the project's addresses, for its owners.

A subscription is changed here only by who owns all of the projects that it has until now, the one in the path among
them. The projects that it gets are not looked at, so that an owner can give it to the whole site.
"""

from __future__ import annotations

from bootstrap.practice.data import rights
from bootstrap.practice.events import bodies_in, keeping, shown, subscriptions, switch
from bootstrap.practice.events.addresses import PROJECT, PROJECT_BY_ID, number
from bootstrap.practice.events.room import room
from bootstrap.practice.events.site_subscriptions import made
from bootstrap.practice.events.subscriptions import Subscription
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call, Refusal
from bootstrap.practice.http.rooms import Body

_ONE = "/xapi/projects/{project}/events/subscription/{id}"
_NO_LIST = 'Cannot invoke "java.util.List.stream()" because "subscriptions" is null'


@room.post("/xapi/projects/{project}/events/subscription", PROJECT, Body.JSON)
def create(call: Call) -> Answer:
    sent = bodies_in.for_project(call.json, call.caller.name)
    _may_change(call, sent.subscription)
    return made(call, keeping.create(call.site, sent))


@room.get("/xapi/projects/{project}/events/subscriptions", PROJECT)
def everything(call: Call) -> Answer:
    if not switch.is_on(call.site):
        return bodies.wrapped(_NO_LIST)
    project = call.project_id()
    found = subscriptions.of_project(call.site, project)
    return bodies.raw_json(shown.as_text([shown.for_project(call.site, one, project) for one in found]))


@room.get(_ONE, PROJECT_BY_ID)
def one(call: Call) -> Answer:
    found, project = keeping.readable(call.site, number(call)), call.project_id()
    if found.filter.projects and project not in found.filter.projects:
        raise _unauthorised(f"{call.caller.name} not authorized to read subscriptions for other projects")
    return bodies.raw_json(shown.as_text(shown.for_project(call.site, found, project)))


@room.put(_ONE, PROJECT_BY_ID, Body.JSON)
def change(call: Call) -> Answer:
    keeping.change(call.site, bodies_in.merged(call.json, _changeable(call)))
    return bodies.nothing()


@room.delete(_ONE, PROJECT_BY_ID)
def remove(call: Call) -> Answer:
    subscriptions.remove(call.site, _changeable(call).id)
    return bodies.nothing(204)


@room.post(f"{_ONE}/activate", PROJECT_BY_ID)
def activate(call: Call) -> Answer:
    subscriptions.switch(call.site, _changeable(call).id, active=True)
    return bodies.nothing()


@room.post(f"{_ONE}/deactivate", PROJECT_BY_ID)
def deactivate(call: Call) -> Answer:
    subscriptions.switch(call.site, _changeable(call).id, active=False)
    return bodies.nothing()


def _changeable(call: Call) -> Subscription:
    found = keeping.readable(call.site, number(call))
    _may_change(call, found)
    return found


def _may_change(call: Call, subscription: Subscription) -> None:
    projects = subscription.filter.projects
    if call.project_id() in projects and all(_owns(call, project) for project in projects):
        return
    where = ",".join(projects) or "Site"
    raise _unauthorised(f"{call.caller.name} not authorized to modify subscriptions for project(s): {where}")


def _owns(call: Call, project: str) -> bool:
    return call.caller.is_admin or rights.may_delete(call.site, call.caller, project)


def _unauthorised(text: str) -> Refusal:
    return Refusal(bodies.as_text(f"Unauthorized.\n{text}", 401))
