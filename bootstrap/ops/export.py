"""`export`: the server as a site file that plans empty, with what it needs beside it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from bootstrap.engine.journal import write_whole
from bootstrap.errors import LocalFileError
from bootstrap.kinds import KINDS
from bootstrap.kinds.kind import Exported, TagText
from bootstrap.kinds.server import PRACTICE
from bootstrap.ops.console import Console
from bootstrap.ops.session import Asked, Target, Tools, load, opened, target_of
from bootstrap.xnat.connection import Connection


def export_site(
    place: str,
    folder: Path | None,
    asked: Asked,
    tools: Tools,
    console: Console,
    beside: Mapping[str, str] | None = None,
) -> int:
    """`beside` is a schema for editors by its file's name: it is written too, and the site file names it."""
    target = _target(place, asked, tools)
    with opened(target, tools) as xnat:
        parts = [kind.export(xnat) for kind in KINDS] if xnat.initialized else []
        text, files = site_text(parts, target, xnat), _files(parts)
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


def _target(place: str, asked: Asked, tools: Tools) -> Target:
    if place.startswith(("http://", "https://")) or (place == PRACTICE and not Path(place).exists()):
        from dataclasses import replace

        return target_of(replace(asked, url=asked.url or place), tools)
    return target_of(asked, tools, load(Path(place), asked, tools))


def site_text(parts: list[Exported], target: Target, xnat: Connection) -> str:
    server = {"url": target.url, "username": target.username, "password": TagText("!env", "XNAT_PASSWORD")}
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
