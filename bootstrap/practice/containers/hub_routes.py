"""/xapi/docker/hubs: registries by id and by name, and pulls from them."""

from __future__ import annotations

from bootstrap.practice.containers import access, answers, hubs, pulling
from bootstrap.practice.containers.documents import read
from bootstrap.practice.containers.numbers import row_number
from bootstrap.practice.containers.problems import NotFound
from bootstrap.practice.containers.room import room
from bootstrap.practice.http import bodies, media, parameters
from bootstrap.practice.http.access import ANYBODY
from bootstrap.practice.http.call import Answer, Call
from bootstrap.practice.http.rooms import Body
from bootstrap.practice.storage import Row

BY_ID = r"/xapi/docker/hubs/{id:\d+}"
BY_NAME = r"/xapi/docker/hubs/{name:\d*[^\d]+\d*}"
_USER_REQUEST = "User request"


def _manager_after_optional_body(call: Call) -> bool:
    if call.body():
        media.read_body(call, Body.OBJECT, "updateHub")
        call.json = read("hub", call.json)
    return access.MANAGER(call)


@room.get("/xapi/docker/hubs", ANYBODY)
def list_all(call: Call) -> Answer:
    return answers.exact_json(hubs.printed(call.site, hubs.all_of(call.site)))


@room.get(BY_ID, ANYBODY)
@room.get(BY_NAME, ANYBODY)
def show(call: Call) -> Answer:
    return answers.exact_json(hubs.printed(call.site, [_hub(call)])[0])


@room.get(f"{BY_ID}/ping", ANYBODY)
@room.get(f"{BY_NAME}/ping", ANYBODY)
def ping(call: Call) -> Answer:
    return answers.exact_json(
        hubs.status(call.site, _hub(call), call.query.get("username"), call.query.get("password"))
    )


@room.post("/xapi/docker/hubs", access.after_reading("hub", access.MANAGER), Body.OBJECT)
def create(call: Call) -> Answer:
    """`default` counts as a parameter only."""
    number = hubs.create(call.site, call.json)
    if _is_to_be_default(call):
        hubs.make_default(call.site, call.caller.name, number, _reason(call))
    return answers.exact_json(hubs.printed(call.site, [hubs.by_number(call.site, number)])[0], 201)


@room.post(BY_ID, _manager_after_optional_body)
def update(call: Call) -> Answer:
    """Without a body this one becomes the default; with `default=true` the id in the body says which is written."""
    number = row_number(call.parts["id"])
    if call.json is None:
        hubs.make_default(call.site, call.caller.name, number, _reason(call))
    elif _is_to_be_default(call):
        number = call.json.get("id") or 0
        hubs.update(call.site, number, call.json)
        hubs.make_default(call.site, call.caller.name, number, _reason(call))
    else:
        hubs.update(call.site, number, call.json)
    return bodies.nothing()


@room.delete(BY_ID, access.MANAGER)
def delete(call: Call) -> Answer:
    hubs.delete(call.site, row_number(call.parts["id"]))
    return bodies.nothing(204)


@room.delete(BY_NAME, access.MANAGER)
def delete_by_name(call: Call) -> Answer:
    try:
        number = hubs.by_name(call.site, call.parts["name"])["id"]
    except NotFound:
        number = None
    hubs.delete(call.site, number)
    return bodies.nothing(204)


@room.post(f"{BY_ID}/pull", access.with_parameters(access.MANAGER, "image"))
@room.post(f"{BY_NAME}/pull", access.with_parameters(access.MANAGER, "image"))
def pull(call: Call) -> Answer:
    image, save = pulling.asked(call)
    username, password = (access.parameter(call, name) for name in ("username", "password"))
    if username is not None or password is not None:
        username = access.required_parameter(call, "username")
        password = access.required_parameter(call, "password")
    pulling.pull(call.site, _hub(call), image, save_commands=save, username=username, password=password)
    return bodies.nothing()


@room.post("/xapi/docker/pull", access.with_parameters(access.MANAGER, "image"))
def pull_from_default(call: Call) -> Answer:
    image, save = pulling.asked(call)
    pulling.pull(call.site, hubs.default(call.site), image, save_commands=save)
    return bodies.nothing()


def _hub(call: Call) -> Row:
    if "id" in call.parts:
        return hubs.by_number(call.site, row_number(call.parts["id"]))
    return hubs.by_name(call.site, call.parts["name"])


def _is_to_be_default(call: Call) -> bool:
    return parameters.boolean(call.query.get("default") or "false", "boolean")


def _reason(call: Call) -> str:
    return call.query.get("reason") or _USER_REQUEST
