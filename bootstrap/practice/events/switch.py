"""/xapi/events/prefs: the event service on and off. A fresh site has it off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.practice.admin import preferences
from bootstrap.practice.events.room import room
from bootstrap.practice.http import bodies, json_fields
from bootstrap.practice.http.access import ADMIN, SIGNED_IN
from bootstrap.practice.http.call import Answer, Call, Refusal
from bootstrap.practice.http.rooms import Body

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

TOOL, ENABLED = "eventService", "enabled"
_JAVA_CLASS = "org.nrg.xnat.eventservice.model.EventServicePrefs"


def is_on(site: Site) -> bool:
    return preferences.boolean(site, ENABLED, TOOL)


def must_be_on(site: Site) -> None:
    if not is_on(site):
        raise Refusal(bodies.wrapped("Event Service disabled.", 405))


@room.seed
def first_settings(site: Site) -> None:
    preferences.store_missing(site, {ENABLED: "false"}, TOOL)


@room.get("/xapi/events/prefs", SIGNED_IN)
def show(call: Call) -> Answer:
    return bodies.as_json({ENABLED: is_on(call.site)})


@room.put("/xapi/events/prefs", ADMIN, Body.JSON)
def change(call: Call) -> Answer:
    wanted = json_fields.boolean(json_fields.an_object(call.json, _JAVA_CLASS), ENABLED)
    if wanted is not None:
        preferences.store(call.site, ENABLED, str(wanted).lower(), TOOL)
    return bodies.nothing()
