"""What a container sees of the archive: directories as they are, copied to be written, or new and empty."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Mapping, Sequence
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


def resolved(
    context: Context, server: Server | None, chosen: Sequence[Chosen], keys: Mapping[str, str]
) -> list[Document]:
    """As they stand in the container's record. New directories are made, and files copied."""
    return [_mount(context, server, one, chosen, keys) for one in context.command.document["mounts"]]


def place(site: Site, mount: Document) -> Path:
    """Where it lies on the disk of this server."""
    return site.folder.place(mount["xnat-host-path"])


def bind(site: Site, mount: Document) -> str:
    """Where the engine finds it: as the server's translation says, or else where it lies."""
    if mount["container-host-path"] != mount["xnat-host-path"]:
        return str(mount["container-host-path"])
    return str(place(site, mount))


def put_files(context: Context, chosen: Sequence[Chosen], mounts: Sequence[Document]) -> dict[str, str]:
    """Inputs that are files of the user's cache go into the first writable mount; where that is, by input."""
    target = next((mount for mount in mounts if mount["writable"]), None)
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


def _mount(
    context: Context, server: Server | None, one: Document, chosen: Sequence[Chosen], keys: Mapping[str, str]
) -> Document:
    provider = next(
        (each for each in chosen if each.input.document.get("provides-files-for-command-mount") == one["name"]), None
    )
    path, writable = _empty(context.site), True
    if provider is not None:
        source = _source(provider, one)
        writable = one["writable"]
        path = _copied(context.site, source, path) if writable else source
    here = context.site.folder.place(path)
    if not here.exists():
        here.mkdir(parents=True, exist_ok=True)
    return {
        "name": one["name"],
        "writable": writable,
        "xnat-host-path": path,
        "container-host-path": _translated(server, path),
        "container-path": templates.replaced(one.get("path") or "", keys),
        "input-files": [],
    }


def _source(provider: Chosen, mount: Document) -> str:
    one = provider.input
    if one.type not in _MOUNTABLE:
        raise Unresolvable(f'I don\'t know how to provide files to a mount from an input of type "{one.type}".')
    if one.document.get("via-setup-command"):
        raise Unresolvable(f'The practice XNAT runs no setup commands: input "{one.name}" needs one.')
    if provider.model is None:
        raise Stumbled(f'Input "{one.name}" has no object whose files mount "{mount["name"]}" could show.')
    return str(provider.model["path" if one.type == "File" else "directory"])


def _empty(site: Site) -> str:
    return f"{preferences.text(site, 'buildPath').rstrip('/')}/{uuid.uuid4()}"


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
