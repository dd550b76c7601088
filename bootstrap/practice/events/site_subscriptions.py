"""/xapi/events/subscription(s): the site's addresses, for administrators."""

from __future__ import annotations

from bootstrap.practice.events import bodies_in, keeping, shown, subscriptions, switch
from bootstrap.practice.events.addresses import ADMIN_BY_ID, number
from bootstrap.practice.events.room import room
from bootstrap.practice.events.subscriptions import Subscription
from bootstrap.practice.http import bodies
from bootstrap.practice.http.access import ADMIN
from bootstrap.practice.http.call import Answer, Call
from bootstrap.practice.http.rooms import Body


@room.post("/xapi/events/subscription", ADMIN, Body.JSON)
def create(call: Call) -> Answer:
    return made(call, keeping.create(call.site, bodies_in.for_site(call.json, call.caller.name)))


@room.get("/xapi/events/subscriptions", ADMIN)
def everything(call: Call) -> Answer:
    """Nothing at all while the service is off, not even brackets."""
    if not switch.is_on(call.site):
        return bodies.nothing()
    return bodies.as_json([shown.for_site(call.site, one) for one in subscriptions.everything(call.site)])


@room.get("/xapi/events/subscription/{id}", ADMIN_BY_ID)
def one(call: Call) -> Answer:
    return bodies.as_json(shown.for_site(call.site, keeping.readable(call.site, number(call))))


@room.put("/xapi/events/subscription/{id}", ADMIN_BY_ID, Body.JSON)
def change(call: Call) -> Answer:
    old = keeping.readable(call.site, number(call))
    keeping.change(call.site, bodies_in.merged(call.json, old))
    return bodies.nothing()


@room.delete("/xapi/events/subscription/{id}", ADMIN_BY_ID)
def remove(call: Call) -> Answer:
    subscriptions.remove(call.site, keeping.readable(call.site, number(call)).id)
    return bodies.nothing(204)


@room.post("/xapi/events/subscription/{id}/activate", ADMIN_BY_ID)
def activate(call: Call) -> Answer:
    """Neither the switch of the service nor the subscription itself is looked at."""
    return _switched(call, active=True)


@room.post("/xapi/events/subscription/{id}/deactivate", ADMIN_BY_ID)
def deactivate(call: Call) -> Answer:
    return _switched(call, active=False)


def made(call: Call, subscription: Subscription) -> Answer:
    """Name and id, called JSON for who asks for JSON."""
    text = f"{subscription.name}:{subscription.id}"
    accept = call.headers.get("Accept", "")
    if call.request.accept_mimetypes.best_match(["text/plain", "application/json"]) == "application/json":
        return bodies.raw_json(text, 201)
    return bodies.as_text(text, 201, accept=accept)


def _switched(call: Call, *, active: bool) -> Answer:
    subscriptions.switch(call.site, keeping.existing(call.site, number(call)).id, active=active)
    return bodies.nothing()
