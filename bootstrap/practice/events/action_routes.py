"""/xapi/events/allactions, actions, actionsbyevent, action: what a subscription may do, for the site, in projects."""

from __future__ import annotations

from bootstrap.facts import event_types
from bootstrap.practice.events import actions
from bootstrap.practice.events.actions import Action, Asked
from bootstrap.practice.events.addresses import PROJECT
from bootstrap.practice.events.container_action import ContainerAction
from bootstrap.practice.events.email_action import EmailAction
from bootstrap.practice.events.logging_action import LoggingAction
from bootstrap.practice.events.room import room
from bootstrap.practice.events.xsi_types import of_event
from bootstrap.practice.http import bodies
from bootstrap.practice.http.access import ADMIN, SIGNED_IN
from bootstrap.practice.http.call import Answer, Call, Refusal

_NO_EVENT = f'Cannot invoke "{event_types.EVENTS}EventServiceEvent.getPayloadXnatType()" because "event" is null'
_NO_TYPE = "Required request parameter 'event-type' for method parameter type String is not present"
_NO_PROJECT = 'Cannot invoke "String.replaceAll(String, String)" because "projectId" is null'

actions.PROVIDERS.extend((EmailAction(), LoggingAction(), ContainerAction()))


@room.get("/xapi/events/allactions", SIGNED_IN)
def everything(call: Call) -> Answer:
    _must_not_have(call, "projectid", "xnattype")
    return bodies.as_json([one.shown(with_attributes=False) for one in actions.all_actions(call.site)])


@room.get("/xapi/events/actions", ADMIN)
def of_site(call: Call) -> Answer:
    _must_not_have(call, "event-type")
    return _listed(_offered(call, call.query.get("project", ""), _asked_type(call)))


@room.get("/xapi/projects/{project}/events/actions", PROJECT)
def of_project(call: Call) -> Answer:
    return _listed(_offered(call, call.project_id(), _asked_type(call)))


@room.get("/xapi/events/actionsbyevent", ADMIN)
def of_site_by_event(call: Call) -> Answer:
    _must_not_have(call, "xnattype")
    return _listed(_offered(call, call.query.get("project", ""), _event_types(call)))


@room.get("/xapi/projects/{project}/events/actionsbyevent", PROJECT)
def of_project_by_event(call: Call) -> Answer:
    return _listed(_offered(call, call.project_id(), _event_types(call)))


@room.get("/xapi/events/action", SIGNED_IN)
def one(call: Call) -> Answer:
    if "actionkey" not in call.query:
        return bodies.container_page(400)
    if "project" not in call.query:
        return bodies.wrapped(_NO_PROJECT)
    java_class, action_id = actions.split_key(call.query["actionkey"])
    wanted = f"{java_class}:{action_id}"
    found = [one for one in _offered(call, call.query["project"], _asked_type(call)) if one.key == wanted]
    return bodies.as_json(found[0].shown()) if found else bodies.nothing()


def _offered(call: Call, projects: str, xsi_types: list[str] | None) -> list[Action]:
    """For several projects, only what is offered in all of them and is the same there."""
    lists = [
        actions.offered(call.site, Asked(call, project, xsi_types))
        for project in [one.strip() for one in projects.split(",")]
    ]
    return [action for action in lists[0] if all(action in others for others in lists[1:])]


def _asked_type(call: Call) -> list[str] | None:
    return [call.query["xnattype"]] if call.query.get("xnattype") else None


def _event_types(call: Call) -> list[str]:
    if "event-type" not in call.query:
        raise Refusal(bodies.advice(500, f"There was an error in the request: {_NO_TYPE}"))
    event = event_types.find(call.query["event-type"])
    if event is None:
        raise Refusal(bodies.wrapped(_NO_EVENT))
    return of_event(event)


def _must_not_have(call: Call, *names: str) -> None:
    if any(name in call.query for name in names):
        raise Refusal(bodies.container_page(400))


def _listed(found: list[Action]) -> Answer:
    return bodies.as_json([action.shown() for action in found])
