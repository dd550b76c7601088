"""Jars of our own making that say nothing but which plugin they are."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Sequence
from pathlib import Path

_DATE = (2025, 1, 1, 0, 0, 0)  # the same bytes each time


def make_jar(place: Path, *ids: str, says: str = "", more: Sequence[str] = ()) -> str:
    """A jar with these plugins in it; its SHA-256. `says`: a version in the properties, where few have one."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(place, "w") as jar:
        for plugin in ids:
            lines = [f"id={plugin}", f"name={plugin}", *([f"version={says}"] if says else []), *more]
            name = f"META-INF/xnat/{plugin}-plugin.properties"
            jar.writestr(zipfile.ZipInfo(name, _DATE), "\n".join(lines))
    return digest(place)


def digest(place: Path) -> str:
    return hashlib.sha256(place.read_bytes()).hexdigest()
