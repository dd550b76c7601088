"""Setup and wrapup commands: what fills a mount before the container runs, and works over an output after it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bootstrap.practice.containers import hubs, pulling
from bootstrap.practice.containers.commands import store
from bootstrap.practice.containers.commands.store import Command
from bootstrap.practice.containers.documents import Document
from bootstrap.practice.containers.problems import Problem
from bootstrap.practice.containers.resolution import mounts, templates
from bootstrap.practice.containers.resolution.context import Context
from bootstrap.practice.containers.resolution.failures import Unresolvable
from bootstrap.practice.containers.resolution.mounts import Detour
from bootstrap.practice.containers.server import Server

SETUP, WRAPUP = "docker-setup", "docker-wrapup"
OUTPUT = "output"  # the mount that it writes into
_SPOKEN = {SETUP: "setup", WRAPUP: "wrapup"}
_AS_IT_IS = ("working-directory", "reserve-memory", "limit-memory", "limit-cpu", "runtime", "ipc-mode")
_NOT_OF_IT = ("auto-remove", "shm-size", "network", "gpus")
_EMPTY: Document = {"ports": {}, "container-labels": {}, "inputs": [], "outputs": [], "secrets": []}


@dataclass(frozen=True)
class Companion:
    command: int
    document: Document  # as in its record, but for what the launch adds


@dataclass(frozen=True)
class Texts:
    """The values of the container that it goes with, by replacement key."""

    anywhere: Mapping[str, str]
    in_line: Mapping[str, str]


def resolved(
    context: Context, server: Server | None, main: Document, detours: Sequence[Detour], texts: Texts
) -> Iterator[Companion]:
    for detour in detours:
        yield _companion(context, server, main, SETUP, detour, texts)
    for detour in _after(context, main):
        yield _companion(context, server, main, WRAPUP, detour, texts)


def _after(context: Context, main: Document) -> Iterator[Detour]:
    places = {mount["name"]: mount["xnat-host-path"] for mount in main["mounts"]}
    for output in main["outputs"]:
        if through := output["via-wrapup-container"]:
            yield Detour(through, output["name"], places[output["mount"]], mounts.empty(context.site))


def _companion(
    context: Context, server: Server | None, main: Document, kind: str, detour: Detour, texts: Texts
) -> Companion:
    command = _command(context, kind, detour.command)
    said, site = command.document, context.site
    name = said.get("container-name")
    return Companion(
        command.id,
        {
            **_EMPTY,
            **dict.fromkeys(_NOT_OF_IT),
            **{each: said.get(each) for each in _AS_IT_IS},
            "docker-image": said["image"],
            "command-line": templates.replaced(said.get("command-line") or "", texts.in_line),
            "container-name": None if name is None else templates.replaced(name, texts.anywhere),
            "override-entrypoint": False,
            "subtype": kind,
            "parent-source-object-name": detour.name,
            "env": dict(main["env"]),
            "generic-resources": said["generic-resources"],
            "ulimits": said["ulimits"],
            "swarm-constraints": main["swarm-constraints"],
            "mounts": [
                mounts.document(site, server, "input", detour.source, inside="/input", writable=False),
                mounts.document(site, server, OUTPUT, detour.target, inside="/output", writable=True),
            ],
        },
    )


def _command(context: Context, kind: str, reference: str) -> Command:
    """By its image, and its name where several have that image."""
    image, name = _parts(reference)
    what = f"Could not resolve {_SPOKEN[kind]} command with image {reference}."
    several = store.all_commands(context.site, image=image) or _pulled(context, image)
    found = [one for one in several if not name or one.document["name"] == name]
    if len(found) != 1:
        raise Unresolvable(f"{what} {len(found) or 'No'} commands are stored of it.")
    if found[0].document["type"] != kind:
        said = f"has type {found[0].document['type']}, but I expected it to have type {kind}."
        raise Unresolvable(f"Command {found[0].document['name']} from image {reference} {said}")
    return found[0]


def _parts(reference: str) -> tuple[str, str]:
    """As XNAT cuts it: the second colon ends the image, so that a registry with a port cannot be named."""
    parts = reference.split(":")
    return ":".join(parts[:2]), ":".join(parts[2:])


def _pulled(context: Context, image: str) -> list[Command]:
    """What its labels bring, if it can be had at all."""
    try:
        pulling.pull(context.site, hubs.default(context.site), image, save_commands=True)
    except Problem:
        return []
    return store.all_commands(context.site, image=image)
