"""/xapi/docker/images: what the engine has, and the commands in the labels of its images."""

from __future__ import annotations

from bootstrap.practice.containers import access, answers, images
from bootstrap.practice.containers.commands import labels
from bootstrap.practice.containers.problems import BadRequest, EngineFailed, NotFound
from bootstrap.practice.containers.room import room
from bootstrap.practice.http import bodies, parameters
from bootstrap.practice.http.access import ANYBODY
from bootstrap.practice.http.call import Answer, Call


@room.get("/xapi/docker/images", ANYBODY)
def list_all(call: Call) -> Answer:
    installed_only = parameters.boolean(call.query.get("installed") or "false")
    found = images.listed(call.site, installed_only=installed_only)
    return bodies.as_json([image.printed() for image in found])


@room.get("/xapi/docker/image-summaries", ANYBODY)
def summaries(call: Call) -> Answer:
    return answers.exact_json(images.summaries(call.site))


@room.get("/xapi/docker/images/{id}", ANYBODY)
def show(call: Call) -> Answer:
    name = call.parts["id"]
    try:
        return bodies.as_json(images.one(call.site, name).printed())
    except (NotFound, EngineFailed) as error:
        if name == "save":
            raise BadRequest("To save commands from image labels POST to /images/save.") from error
        raise NotFound(error.text) from error


@room.delete("/xapi/docker/images/{id}", access.MANAGER)
def delete(call: Call) -> Answer:
    images.delete(call.site, call.parts["id"], force=parameters.boolean(call.query.get("force") or "false"))
    return bodies.nothing(204)


@room.post("/xapi/docker/images/save", access.with_parameters(access.MANAGER, "image"))
def save_commands(call: Call) -> Answer:
    name = access.required_parameter(call, "image")
    saved = labels.save(call.site, name, images.one(call.site, name))
    return answers.exact_json([command.printed() for command in saved])
