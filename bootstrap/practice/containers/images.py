"""Images of the engine, those that only commands name, and which commands belong to which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bootstrap.practice.containers import engine, server
from bootstrap.practice.containers.commands import changes, labels, store
from bootstrap.practice.containers.commands.store import Command
from bootstrap.practice.containers.engine import Image
from bootstrap.practice.containers.problems import NoServer, Problem
from bootstrap.practice.containers.server import KUBERNETES, Server

if TYPE_CHECKING:
    from bootstrap.practice.site import Site


def listed(site: Site, *, installed_only: bool) -> list[Image]:
    found = engine.images(server.get(site))
    if installed_only:
        return found
    there = {tag for image in found for tag in image.tags}
    named = dict.fromkeys(command.document["image"] for command in store.all_commands(site))
    return found + [Image(None, (name,)) for name in named if name not in there]


def one(site: Site, name: str) -> Image:
    """By id, or by a name; of a Kubernetes cluster nobody knows the images."""
    found = server.get(site)
    if found.backend == KUBERNETES:
        raise NoServer
    return engine.image(found, name)


def delete(site: Site, name: str, *, force: bool) -> None:
    """With the commands whose image is this id; those that name it by a tag stay."""
    engine.delete_image(server.get(site), name, force=force)
    for command in store.all_commands(site, image=name):
        changes.delete(site, command.id)


def summaries(site: Site) -> list[dict[str, Any]]:
    """Each image once, with its stored commands and those that are only in its label."""
    found = server.get(site)
    by_key: dict[str, dict[str, Any]] = {}
    names: dict[str, str] = {}  # every name that an image goes by
    for image in engine.images(found):
        key = str(image.id)
        names |= dict.fromkeys(image.tags, key)
        first = image.tags[0] if image.tags else None
        by_key[key] = {
            "image-id": image.id,
            "server": found.document.get("name"),
            "names": list(image.tags),
            "commands": labels.unsaved(first, image),
        }
    for command in store.all_commands(site):
        name = command.document["image"]
        key = names.setdefault(name, _id_of(found, name))
        summary = by_key.setdefault(key, {"names": [name], "commands": []})
        _put(summary["commands"], command)
    return list(by_key.values())


def _id_of(found: Server, name: str) -> str:
    """What the engine knows it by, else the name itself."""
    if found.backend == KUBERNETES:
        return name
    try:
        return str(engine.image(found, name).id)
    except Problem:
        return name


def _put(commands: list[dict[str, Any]], command: Command) -> None:
    """In the place of one of the same name, which came from the label."""
    for position, other in enumerate(commands):
        if other.get("name") == command.document["name"]:
            commands[position] = command.printed()
            return
    commands.append(command.printed())
