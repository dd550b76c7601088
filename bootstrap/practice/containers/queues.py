"""/xapi/jms_queues: how many consumers the queues have. Read at the next start only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.practice import java_numbers
from bootstrap.practice.admin import preferences
from bootstrap.practice.containers import access
from bootstrap.practice.containers.problems import Broken
from bootstrap.practice.containers.room import room
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call
from bootstrap.practice.http.rooms import Body

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

TOOL = "jms-queue"
_FIRST = {
    "concurrencyMinStagingQueue": "10",
    "concurrencyMaxStagingQueue": "20",
    "concurrencyMinFinalizingQueue": "10",
    "concurrencyMaxFinalizingQueue": "20",
}


@room.seed
def store_first_values(site: Site) -> None:
    preferences.store_missing(site, _FIRST, TOOL)


@room.get("/xapi/jms_queues", access.MANAGER)
def read(call: Call) -> Answer:
    return bodies.as_json({name: int(value) for name, value in preferences.all_of(call.site, TOOL).items()})


@room.post("/xapi/jms_queues", access.MANAGER, Body.OBJECT)
def write(call: Call) -> Answer:
    for name, value in call.json.items():
        number = None if isinstance(value, bool) else java_numbers.integer(str(value))
        if name not in _FIRST or number is None or number < 0:
            raise Broken(f"Unable to set the preference {name}")
        preferences.store(call.site, name, str(value), TOOL)
    return bodies.nothing()
