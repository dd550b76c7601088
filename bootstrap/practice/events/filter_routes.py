"""/xapi/events/subscription/filter: whether a payload filter can be read, and one made of nothing."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from bootstrap.facts.jsonpath import JsonPathError, compile_predicate
from bootstrap.practice.events.room import room
from bootstrap.practice.http import bodies, lenient_json
from bootstrap.practice.http.access import ADMIN, SIGNED_IN
from bootstrap.practice.http.call import Answer, Call
from bootstrap.practice.http.rooms import Body

_FORM = "application/x-www-form-urlencoded"
_NODE = "org.nrg.xnat.eventservice.model.JsonPathFilterNode"


@room.post("/xapi/events/subscription/filter/validate", SIGNED_IN, Body.TEXT)
def validate(call: Call) -> Answer:
    """The bare text, whatever it is called. It takes the dollar sign in front that creation refuses."""
    text = urlencode(parse_qsl(call.text, keep_blank_values=True)) if call.media_type == _FORM else call.text
    try:
        compile_predicate(text)
    except JsonPathError as error:
        return bodies.as_text(f"JsonPath format failed to validate.\n{error}", 424)
    return bodies.nothing()


@room.get("/xapi/events/subscription/filter", ADMIN)
def make(call: Call) -> Answer:
    """For an event type: nothing, as none has nodes. From nodes in the body: only none at all can be read."""
    if "event-type" in call.query:
        return bodies.nothing()
    if not call.body():
        return bodies.body_missing("EventServiceRestApi.generateJsonPathFilter")
    try:
        nodes = call.read_json()
    except lenient_json.NotJson as error:
        return bodies.json_error(str(error))
    if nodes == {}:
        return bodies.raw_json("$[?()]")
    return bodies.json_error(f"Cannot construct instance of `{_NODE}` (no Creators, like default constructor, exist)")
