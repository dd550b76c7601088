"""prefs-init.ini and prefs-override.ini of XNAT's home: what in them undoes at the next start what we set over REST."""

from __future__ import annotations

import configparser
import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bootstrap.config.site import Site
from bootstrap.errors import HomeFailed, HomeUnreachable
from bootstrap.kinds.kind import Kind
from bootstrap.kinds.notification import Notification, server_key
from bootstrap.kinds.site_setting import SiteSetting
from bootstrap.values import Secret
from bootstrap.xnat.connection import Connection

CONFIG = "config"
FIRST, FORCED = "prefs-init.ini", "prefs-override.ini"
# XNAT counts itself as set up at each start where none of these is blank, as soon as either file says anything.
REQUIRED = (
    *("siteId", "siteUrl", "adminEmail", "archivePath"),
    *("prearchivePath", "cachePath", "buildPath", "ftpPath"),
)
Sections = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class WantedPreference:
    """A preference that the site file sets: its section in an ini file, its key, its value in comparable form."""

    section: str
    key: str
    value: Any


def wanted_preferences(site: Site) -> tuple[WantedPreference, ...]:
    kinds: tuple[tuple[str, Kind], ...] = (("siteConfig", SiteSetting()), ("notifications", Notification()))
    return tuple(
        WantedPreference(section, _key(section, resource.name, path), value)
        for section, kind in kinds
        for resource in kind.desired(site)
        for path, value in kind.normalise(resource.name, resource.fields).items()
    )


def _key(section: str, name: str, path: str) -> str:
    if section == "notifications":
        return server_key(name, path)
    return name if path == "value" else path


def preference_conflicts(xnat: Connection, wanted: Sequence[WantedPreference]) -> list[str]:
    """File and key of each thing that will be otherwise after the next start. Nothing where there is no home."""
    files = _files(xnat)
    forced = files.get(FORCED, {})
    found = [
        f"{CONFIG}/{FORCED} sets {one.key} of [{one.section}] at every start, to something else than the site file"
        for one in wanted
        if one.key in forced.get(one.section, {}) and not _same(forced[one.section][one.key], one.value)
    ]
    return [*found, *_taken_down(xnat, files)]


def _taken_down(xnat: Connection, files: Mapping[str, Sections]) -> Iterable[str]:
    saying = [name for name in (FIRST, FORCED) if files.get(name)]
    if not saying:
        return
    path = f"/xapi/siteConfig/values/{','.join(REQUIRED)}"
    stored = xnat.client.read_json(path, doing="reading the site's own settings")
    for key in REQUIRED:
        forced = files.get(FORCED, {}).get("siteConfig", {}).get(key)
        if not str(stored.get(key) or "").strip() or forced == "":
            yield f"{CONFIG}/{saying[0]} makes XNAT count as not set up at its next start, because {key} is blank"


def _files(xnat: Connection) -> Mapping[str, Sections]:
    """Asked once in a run: nobody edits them while it lasts."""
    if "preference files" not in xnat.kept:
        xnat.kept["preference files"] = _read(xnat)
    found: Mapping[str, Sections] = xnat.kept["preference files"]
    return found


def _read(xnat: Connection) -> Mapping[str, Sections]:
    try:
        there = {file.name: file.path for file in xnat.home.files(CONFIG) or ()}
        return {name: _sections(xnat, there[name]) for name in (FIRST, FORCED) if name in there}
    except (HomeUnreachable, HomeFailed):
        return {}


def _sections(xnat: Connection, path: str) -> Sections:
    parser = configparser.ConfigParser(interpolation=None, strict=False, default_section="\n")
    parser.optionxform = str  # type: ignore[method-assign, assignment]
    with tempfile.TemporaryDirectory(prefix="xnat-bootstrap-") as folder:
        place = Path(folder) / "file.ini"
        xnat.home.fetch(path, place)
        try:
            parser.read_string(place.read_text(encoding="utf-8", errors="replace"))
        except configparser.Error:
            return {}
    return {name: {key: value.strip() for key, value in parser.items(name)} for name in parser.sections()}


def _same(text: str, value: Any) -> bool:
    """An ini file has only texts: of booleans and numbers as such, of lists as JSON."""
    plain = value.reveal() if isinstance(value, Secret) else value
    if isinstance(plain, bool):
        return text.lower() == str(plain).lower()
    if isinstance(plain, list):
        try:
            return bool(json.loads(text) == plain)
        except ValueError:
            return False
    return text == str(plain)
