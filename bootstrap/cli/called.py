"""How this program was called, so that the commands that it prints can be copied and run as they are."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

NAME = "xnat-bootstrap"
# What says which server is meant, and what says which site and which part of it.
_SERVER = {"url": "--url", "username": "--username", "ca_file": "--ca-file", "timeout": "--timeout"}
_CHOICE = {"only": "--only", "prune": "--prune", "allow": "--allow"}


def program() -> str:
    """Our name where a shell finds us by it, else the path or the module by which we were started."""
    started = Path(sys.argv[0])
    if started.name == "__main__.py":
        return f"{shlex.quote(_from_here(Path(sys.executable)))} -m bootstrap"
    if started.name != NAME or _is_on_path(started):
        return NAME
    return shlex.quote(_from_here(started))


def command(*words: str) -> str:
    return f"{program()} {shlex.join(words)}"


def apply_site(site: Path, options: Mapping[str, Any]) -> str:
    """What does what this plan or drift says: the same site, server and choice."""
    overlays = [word for overlay in options.get("overlays", ()) for word in ("-f", str(overlay))]
    return command("apply", str(site), *overlays, *_given(options, _SERVER), *_given(options, _CHOICE))


def apply_file(place: str, options: Mapping[str, Any]) -> str:
    """What applies a saved plan or an undo document, which name their site themselves, on the same server."""
    return command("apply", place, *_given(options, _SERVER))


def _given(options: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[str]:
    for key, name in names.items():
        value = options.get(key)
        if value is True:
            yield name
        elif value:
            for one in value if isinstance(value, tuple) else (value,):
                yield from (name, f"{one:g}" if isinstance(one, float) else str(one))


def _is_on_path(started: Path) -> bool:
    found = shutil.which(NAME)
    return found is not None and Path(found).resolve() == Path(shutil.which(str(started)) or started).resolve()


def _from_here(place: Path) -> str:
    """As short as it works from the folder that we were called in."""
    if not place.is_absolute():
        return str(place)
    try:
        near = place.relative_to(Path.cwd())
    except ValueError:
        return str(place)
    return f"{near}" if os.sep in str(near) else f"./{near}"
