"""The section `plugins`, and what stands beside it: plugins.lock.yaml with the hashes, and the mirror."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar
from urllib.parse import unquote, urlsplit

import yaml
from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from bootstrap.config.section import Model, Section
from bootstrap.config.site import Site
from bootstrap.errors import SiteFileError
from bootstrap.facts.plugins import base_version, plugin_catalogue
from bootstrap.facts.versions import terms
from bootstrap.jar import version_in_name
from bootstrap.kinds.server import server_of
from bootstrap.values import Problem

LOCK = "plugins.lock.yaml"
_CACHE = ".xnat-bootstrap/cache/plugins"
_SHA256 = r"^[0-9a-f]{64}$"


class PluginEntry(Model):
    identity: ClassVar[str | None] = "id"

    id: str = Field(pattern=r"^[A-Za-z0-9._-]+$", description="as /xapi/plugins names it, such as containers")
    version: str = Field(pattern=r"^\d[A-Za-z0-9.+_-]*$", description="without `-fat` or `-xpl`, such as 3.7.3")
    url: str | None = Field(None, description="where its jar lies, with {version} in it; the catalogue's if not said")
    file: str | None = Field(None, description="its jar as a file of this machine; relative to this file")
    sha256: str | None = Field(
        None, pattern=_SHA256, description=f"of the jar; `plugins lock` writes it into {LOCK} where it is not here"
    )
    fits: str | None = Field(
        None, description='the versions of XNAT that it is for, such as ">=1.9,<1.11", where you know better'
    )
    protected: bool = Field(False, description="never removed")
    ignore: list[str] = Field(default_factory=list, description="fields that are neither compared nor written")

    @field_validator("fits")
    @classmethod
    def _is_a_range(cls, value: str | None) -> str | None:
        if value is not None:
            terms(value)
        return value

    @model_validator(mode="after")
    def _one_place(self) -> PluginEntry:
        if self.url is not None and self.file is not None:
            hint = {"hint": "leave one of them out"}
            raise PydanticCustomError("plugin-source", "a plugin has a `url` or a `file`, and not both", hint)
        return self


PLUGINS = Section(
    key="plugins",
    shape=list[PluginEntry],
    doc="The plugins that XNAT is to have. They are put into its home and loaded by one restart.",
    example="""\
- id: containers
  version: 3.7.3
""",
)


@dataclass(frozen=True)
class WantedPlugin:
    """One plugin as the site wants it, with all that is known of where its jar is."""

    id: str
    version: str
    jar: str = ""  # the name of its file; empty where nobody says where it lies
    url: str | None = None
    file: Path | None = None
    sha256: str | None = None
    fits: str | None = None
    mirror: str | None = None
    cache: Path = Path(_CACHE)
    ca_file: Path | None = None


@dataclass(frozen=True)
class Loaded:
    plugins: tuple[WantedPlugin, ...] = ()
    problems: tuple[Problem, ...] = ()

    def of(self, plugin: str) -> WantedPlugin | None:
        return next((wanted for wanted in self.plugins if wanted.id == plugin), None)


@lru_cache(maxsize=4)
def wanted_plugins(site: Site) -> Loaded:
    entries: list[PluginEntry] = site.section("plugins") or []
    locked = _locked(site)
    found = [_wanted(site, entry, place, locked.get(entry.id) or {}) for place, entry in enumerate(entries)]
    told = [p for place, wanted in enumerate(found) for p in _problems(site, entries[place], wanted, place, locked)]
    return Loaded(tuple(found), (*told, *_twins(site, found)))


def _wanted(site: Site, entry: PluginEntry, place: int, locked: Mapping[str, Any]) -> WantedPlugin:
    server = server_of(site)
    known = plugin_catalogue().get(entry.id)
    file = site.path_of(entry.file, "plugins", place, "file") if entry.file else None
    url = None if file else (entry.url or (known.url_of(entry.version) if known else None))
    url = url.replace("{version}", entry.version) if url else None
    name = file.name if file else _name_in(url) if url else known.file.format(version=entry.version) if known else ""
    lock_fits = str(locked.get("version")) == entry.version
    mirror = server.plugin_mirror
    if mirror and "://" not in mirror:
        mirror = str(site.path_of(mirror, "server", "plugin_mirror"))
    ca_file = site.path_of(server.ca_file, "server", "ca_file") if server.ca_file else None
    return WantedPlugin(
        entry.id,
        entry.version,
        name,
        url,
        file,
        entry.sha256 or (str(locked.get("sha256")) if lock_fits else None),
        entry.fits,
        None if file else mirror,
        site.folder.absolute() / _CACHE,
        ca_file,
    )


def _name_in(url: str) -> str:
    return PurePosixPath(unquote(urlsplit(url).path)).name


def _locked(site: Site) -> Mapping[str, Mapping[str, Any]]:
    """Its hashes are the site's as if they stood in the site file: a saved plan knows when they change."""
    place = site.folder.absolute() / LOCK
    if not place.exists() or not site.said("plugins"):
        return {}
    text = site.text(str(place), "plugins")
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise _bad_lock(site, str(error)) from None
    if found is not None and not (isinstance(found, dict) and all(isinstance(row, dict) for row in found.values())):
        raise _bad_lock(site, "it is no map of plugins")
    return found or {}


def _bad_lock(site: Site, why: str) -> SiteFileError:
    hint = "`plugins lock` writes it anew once it is removed"
    return SiteFileError(
        [Problem("error", "plugin-lock", f"{LOCK} cannot be read: {why}", hint, site.source("plugins"))]
    )


def _problems(
    site: Site, entry: PluginEntry, wanted: WantedPlugin, place: int, locked: Mapping[str, Mapping[str, Any]]
) -> Iterator[Problem]:
    row = locked.get(entry.id) or {}
    if entry.sha256 and str(row.get("version")) == entry.version and row.get("sha256") != entry.sha256:
        message = f"{entry.id} {entry.version}: the hash here and the one in {LOCK} are not the same"
        hint = "take it out here, or run `plugins lock` when you have found out which one is right"
        yield Problem("error", "plugin-hash", message, hint, site.source("plugins", place, "sha256"))
    if wanted.jar and not wanted.jar.endswith(".jar"):
        message = f"{entry.id}: its file is called {wanted.jar!r}, and XNAT loads only what ends in .jar"
        yield Problem("error", "plugin-name", message, "", site.source("plugins", place))
    elif wanted.jar and base_version(version_in_name(wanted.jar)) != entry.version:
        message = (
            f"{entry.id}: XNAT reads a version from the file's name, and {wanted.jar} does not say {entry.version}"
        )
        hint = "keep the name under which it is published"
        yield Problem("warning", "plugin-name", message, hint, site.source("plugins", place))
    if wanted.file and not wanted.file.is_file():
        message = f"{entry.id}: there is no file {wanted.file}"
        yield Problem("error", "plugin-source", message, "", site.source("plugins", place, "file"))


def _twins(site: Site, found: list[WantedPlugin]) -> Iterator[Problem]:
    names: dict[str, str] = {}
    for place, wanted in enumerate(found):
        if wanted.jar and names.setdefault(wanted.jar, wanted.id) != wanted.id:
            message = f"{wanted.id} and {names[wanted.jar]} have the same jar {wanted.jar}"
            yield Problem("error", "plugin-name", message, "", site.source("plugins", place))
