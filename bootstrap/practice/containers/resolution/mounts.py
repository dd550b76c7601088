"""What a container sees of the archive: directories as they are, copied to be written, or new and empty."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bootstrap.practice.admin import preferences
from bootstrap.practice.containers.documents import Document
from bootstrap.practice.containers.resolution import templates
from bootstrap.practice.containers.resolution.choice import Chosen
from bootstrap.practice.containers.resolution.context import Context
from bootstrap.practice.containers.resolution.failures import Stumbled, Unresolvable
from bootstrap.practice.containers.resolution.inputs import COMMAND
from bootstrap.practice.containers.server import Server
from bootstrap.practice.data import user_cache

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

_MOUNTABLE = ("Project", "ProjectAsset", "SubjectAssessor", "Session", "Scan", "Assessor", "Resource", "File")


@dataclass(frozen=True)
class Detour:
    """Files that go through a command of their own, from one directory to another."""

    command: str  # its image, and its name where the image has several
    name: str  # of the mount that it fills, or the output that it works over
    source: str
    target: str


def resolved(
    context: Context, server: Server | None, chosen: Sequence[Chosen], keys: Mapping[str, str]
) -> tuple[list[Document], list[Detour]]:
    """As they stand in the container's record, and what fills some of them. New directories are made, files copied."""
    several = [_mount(context, server, one, chosen, keys) for one in context.command.document["mounts"]]
    return [mount for mount, _ in several], [detour for _, detour in several if detour]


def place(site: Site, mount: Document) -> Path:
    """Where it lies on the disk of this server."""
    return site.folder.place(mount["xnat-host-path"])


def bind(site: Site, mount: Document) -> str:
    """Where the engine finds it: as the server's translation says, or else where it lies."""
    if mount["container-host-path"] != mount["xnat-host-path"]:
        return str(mount["container-host-path"])
    return str(place(site, mount))


def put_files(
    context: Context, chosen: Sequence[Chosen], mounts: Sequence[Document], detours: Sequence[Detour]
) -> dict[str, str]:
    """Inputs that are files of the user's cache go into the first writable mount; where that is, by input."""
    filled = {detour.name for detour in detours}
    target = next((mount for mount in mounts if mount["writable"] and mount["name"] not in filled), None)
    found = {}
    for one in chosen:
        if target is None or one.input.kind != COMMAND or one.input.type != "file" or not one.texts:
            continue
        cached = user_cache.find(context.site, context.caller.name, one.texts[0])
        if cached is None:
            continue
        inner = f"{cached.resource}/{cached.path}"
        into = context.site.folder.inside(place(context.site, target), *inner.split("/"))
        into.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(cached.place, into)
        found[one.input.name] = f"{target['container-path'].rstrip('/')}/{inner}"
    return found


def document(site: Site, server: Server | None, name: str, path: str, *, inside: str, writable: bool) -> Document:
    """`path`: as XNAT calls it. The directory is made where it is not there."""
    here = site.folder.place(path)
    if not here.exists():
        here.mkdir(parents=True, exist_ok=True)
    return {
        "name": name,
        "writable": writable,
        "xnat-host-path": path,
        "container-host-path": _translated(server, path),
        "container-path": inside,
        "input-files": [],
    }


def empty(site: Site) -> str:
    """A directory that is new."""
    return f"{preferences.text(site, 'buildPath').rstrip('/')}/{uuid.uuid4()}"


def _mount(
    context: Context, server: Server | None, one: Document, chosen: Sequence[Chosen], keys: Mapping[str, str]
) -> tuple[Document, Detour | None]:
    provider = next(
        (each for each in chosen if each.input.document.get("provides-files-for-command-mount") == one["name"]), None
    )
    path, writable, detour = empty(context.site), True, None
    if provider is not None:
        source = _source(provider, one)
        writable = one["writable"]
        if through := provider.input.document.get("via-setup-command"):
            detour = Detour(through, one["name"], source, path)
        else:
            path = _copied(context.site, source, path) if writable else source
    inside = templates.replaced(one.get("path") or "", keys)
    return document(context.site, server, one["name"], path, inside=inside, writable=writable), detour


def _source(provider: Chosen, mount: Document) -> str:
    one = provider.input
    if one.type not in _MOUNTABLE:
        raise Unresolvable(f'I don\'t know how to provide files to a mount from an input of type "{one.type}".')
    if provider.model is None:
        raise Stumbled(f'Input "{one.name}" has no object whose files mount "{mount["name"]}" could show.')
    return str(provider.model["path" if one.type == "File" else "directory"])


def _copied(site: Site, source: str, target: str) -> str:
    """Into the directory that is new; a single file keeps its name."""
    here, there = site.folder.place(source), site.folder.place(target)
    if here.is_file():
        there.mkdir(parents=True)
        shutil.copyfile(here, there / here.name)
        return f"{target}/{here.name}"
    if here.is_dir():
        shutil.copytree(here, there, symlinks=True)
    return target


def _translated(server: Server | None, path: str) -> str:
    """Where both prefixes are set: plainly one text for the other."""
    document = server.document if server else {}
    inner, outer = document.get("path-translation-xnat-prefix"), document.get("path-translation-docker-prefix")
    return path.replace(inner, outer) if inner and outer else path
