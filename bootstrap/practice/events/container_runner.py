"""What the Container Service does with an event: its wrapper is launched on the event's object."""

from __future__ import annotations

from bootstrap.practice.containers.commands import store
from bootstrap.practice.containers.commands.store import Wrapper
from bootstrap.practice.containers.launching import queue
from bootstrap.practice.containers.launching.request import Request
from bootstrap.practice.events import actions, scheduled_launches
from bootstrap.practice.events.container_action import ContainerAction
from bootstrap.practice.events.delivery import RUNNERS, ActionFailed, Delivery
from bootstrap.practice.events.happenings import SCHEDULED

_NO_OBJECT = 'Cannot invoke "Object.getClass()" because "eventObject" is null'
_ARCHIVE = "/archive"


def _run(delivery: Delivery) -> None:
    wrapper = _wrapper(delivery)
    root = root_of(wrapper)
    if delivery.happening.kind == SCHEDULED:
        scheduled_launches.launch(delivery, wrapper, root)
        return
    if delivery.payload is None:
        raise ActionFailed(_NO_OBJECT)
    given = {**delivery.attributes, root: _address(str(delivery.payload["uri"]))}
    request = Request(delivery.user, given, wrapper=wrapper.id, project=_project(delivery), root=root)
    try:
        queue.submit(delivery.site, request)
    except queue.NotAccepted as error:
        raise ActionFailed(str(error)) from error
    delivery.step("ACTION_STEP", "Container queued.")


def root_of(wrapper: Wrapper) -> str:
    """The input that the object is given to: the first one."""
    external = wrapper.document["external-inputs"]
    if not external:
        raise ActionFailed(f"Wrapper {wrapper.name} has no external input that an object could be given to.")
    return str(external[0]["name"])


def _wrapper(delivery: Delivery) -> Wrapper:
    number = actions.split_key(delivery.subscription.action_key)[1] or ""
    found = store.find_wrapper(delivery.site, int(number)) if number.isdigit() else None
    if found is None:
        raise ActionFailed(f"No command wrapper for id {number}")
    return found


def _project(delivery: Delivery) -> str:
    """None for a subscription of the whole site, its only one, or the event's."""
    projects = delivery.subscription.filter.projects
    if len(projects) > 1:
        return delivery.happening.project
    return projects[0] if projects else ""


def _address(uri: str) -> str:
    return uri if uri.startswith(_ARCHIVE) else f"{_ARCHIVE}{uri}"


RUNNERS[ContainerAction.java_class] = _run
