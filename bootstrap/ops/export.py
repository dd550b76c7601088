"""`export`: the server as a site file that plans empty, with what it needs beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from bootstrap.config import Site
from bootstrap.engine.journal import write_whole
from bootstrap.engine.order import KindOrder
from bootstrap.errors import LocalFileError, NotReady, UsageError
from bootstrap.kinds import KINDS
from bootstrap.kinds.kind import Exported, Kind, TagText
from bootstrap.kinds.server import PRACTICE, server_of
from bootstrap.ops.console import Console
from bootstrap.ops.session import Asked, Target, Tools, load, opened, target_of
from bootstrap.values import Secret
from bootstrap.xnat.connection import Connection

_KEPT = ("owner", "version", "timeout", "parallel")


def export_site(
    place: str,
    folder: Path | None,
    asked: Asked,
    tools: Tools,
    console: Console,
    beside: Mapping[str, str] | None = None,
    only: Sequence[str] = (),
) -> int:
    """`beside` is a schema for editors by its file's name: it is written too, and the site file names it."""
    kinds = _chosen(only)
    target, said = _target(place, asked, tools)
    with opened(target, tools) as xnat:
        if not xnat.initialized:
            raise NotReady(
                "this XNAT is not set up yet, so there is nothing to export",
                doing=f"exporting {xnat.url}",
                hint="set it up first: `xnat-bootstrap init` writes a starter site, and `apply` sets up what it says",
            )
        parts = [kind.export(xnat) for kind in kinds]
        text, files = site_text(parts, target, xnat, said), _files(parts)
    for part in parts:
        for note in part.notes:
            console.tell(note)
    if folder is None:
        console.data(text)
        for name in files:
            console.tell(f"`-o DIR` would write {name} beside it")
        return 0
    beside = beside or {}
    head = "".join(f"# yaml-language-server: $schema={name}\n" for name in beside)
    written = {"site.yaml": head + text, **files, **beside}
    _write(folder, written)
    console.tell(f"wrote {', '.join(str(folder / name) for name in written)}")
    return 0


def _chosen(only: Sequence[str]) -> list[Kind]:
    """These kinds, and what they need: without it the file could not be applied to another XNAT."""
    order = KindOrder(KINDS)
    for name in only:
        if name not in order.kinds:
            hint = "whole kinds only, without names" if ":" in name else f"kinds: {', '.join(order.kinds)}"
            raise UsageError(f"--only {name}: there is no kind `{name}`", hint=hint)
    wanted = {need for name in only for need in (name, *order.all_needs(name))}
    return [kind for kind in KINDS if kind.name in wanted or not only]


def _target(place: str, asked: Asked, tools: Tools) -> tuple[Target, dict[str, Any]]:
    if place.startswith(("http://", "https://")) or (place == PRACTICE and not Path(place).exists()):
        from dataclasses import replace

        return target_of(replace(asked, url=asked.url or place), tools), {}
    site = load(Path(place), asked, tools)
    return target_of(asked, tools, site), _said(site)


def _said(site: Site) -> dict[str, Any]:
    """What the site file says of the server besides its address and account, so that it is not lost."""
    server = server_of(site)
    said = {key: getattr(server, key) for key in _KEPT if key in server.model_fields_set}
    if server.first_password:
        said["first_password"] = _as_written(server.first_password)
    return said


def _as_written(secret: Secret) -> Any:
    """A tag where the file has one; what stands there in the clear is a fresh XNAT's, which everybody knows."""
    tag, _, name = secret.origin.partition(" ")
    return TagText(tag, name) if tag == "!env" else secret.reveal() if not tag else TagText("!env", "FIRST_PASSWORD")


def site_text(parts: list[Exported], target: Target, xnat: Connection, said: Mapping[str, Any]) -> str:
    server = {"url": target.url, "username": target.username, "password": TagText("!env", "XNAT_PASSWORD"), **said}
    if target.ca_file:
        server["ca_file"] = str(target.ca_file.resolve())
    document: dict[str, Any] = {"server": server}
    for part in parts:
        document = joined(document, part.section)
    about = f"# What {xnat.url} was (XNAT {xnat.server.version}); passwords come from the environment.\n"
    return about + yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)


def joined(one: Any, other: Any) -> Any:
    """Two kinds' parts of one site: maps key by key, lists by what names their items."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        both = {key: joined(one[key], other[key]) for key in one.keys() & other.keys()}
        return {**one, **other, **both}
    if isinstance(one, list) and isinstance(other, list):
        named = {_name(item): item for item in one}
        for item in other:
            named[_name(item)] = joined(named.get(_name(item), {}), item)
        return list(named.values())
    return other


def _name(item: Mapping[str, Any]) -> Any:
    return item.get("id", item.get("name"))


def _files(parts: list[Exported]) -> dict[str, str]:
    return {name: text for part in parts for name, text in part.files.items()}


def _write(folder: Path, files: Mapping[str, str]) -> None:
    for name in files:
        if (folder / name).exists():
            raise LocalFileError(f"writing {folder / name}: it exists already", hint="give an empty folder")
    for name, text in files.items():
        try:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LocalFileError(f"making the folder {(folder / name).parent}: {error.strerror or error}") from error
        write_whole(folder / name, text)


class _Dumper(yaml.SafeDumper):
    """Writes our tags, long texts as blocks, and quotes what YAML 1.1 would read as something else."""


def _tag(dumper: yaml.SafeDumper, value: TagText) -> yaml.Node:
    return dumper.represent_scalar(value.tag, value.text)


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    style = "|" if "\n" in value and not value.startswith((" ", "\n")) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(TagText, _tag)
_Dumper.add_representer(str, _text)
