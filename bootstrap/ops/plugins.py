"""`plugins lock` and `plugins fetch`: jars downloaded and proved, with no XNAT asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bootstrap.config import Site
from bootstrap.engine.journal import write_whole
from bootstrap.errors import BootstrapError, LocalFileError, SiteFileError
from bootstrap.jar import digest_of
from bootstrap.kinds.plugin_jars import fetched_jar, opened, proved_jar
from bootstrap.kinds.plugins_section import LOCK, WantedPlugin, wanted_plugins
from bootstrap.ops.session import Asked, Tools, load
from bootstrap.values import errors_among
from bootstrap.xnat.home_path import PathHome

_HEAD = (
    "# Written by `xnat-bootstrap plugins lock`: which very jars the plugins of the site file are. Keep it with it.\n"
)


@dataclass(frozen=True)
class Handled:
    """What became of one plugin."""

    id: str
    version: str
    done: str
    sha256: str = ""
    error: str = ""

    def as_json(self) -> dict[str, str]:
        return {"id": self.id, "version": self.version, "done": self.done, "sha256": self.sha256, "error": self.error}

    def __str__(self) -> str:
        return f"{self.id} {self.version}: {self.error or f'{self.done} ({self.sha256[:12]}...)'}"


def lock_plugins(place: Path, asked: Asked, tools: Tools) -> list[Handled]:
    """The hash of each plugin that has none in the site file. One that was locked already is not fetched again."""
    site = _site(place, asked, tools)
    ours = {plugin.id for plugin, entry in _entries(site) if entry.sha256 is None}
    rows: dict[str, Mapping[str, Any]] = {}

    def lock(plugin: WantedPlugin) -> Handled:
        if plugin.id not in ours:
            return Handled(plugin.id, plugin.version, "its hash stands in the site file", str(plugin.sha256))
        known = plugin.sha256
        digest = known or _first_seen(plugin, tools)
        rows[plugin.id] = {"version": plugin.version, "sha256": digest}
        return Handled(plugin.id, plugin.version, "locked already" if known else "locked", digest)

    done = _each(site, lock)
    if not any(handled.error for handled in done):
        write_whole(site.folder / LOCK, _HEAD + yaml.safe_dump(rows, sort_keys=True))
    return done


def _first_seen(plugin: WantedPlugin, tools: Tools) -> str:
    jar = fetched_jar(plugin, tools.tell, None)
    opened(plugin, jar)
    digest = digest_of(jar)
    if plugin.file is None:
        kept = plugin.cache / digest[:16] / jar.name  # so that `apply` need not fetch it again
        kept.parent.mkdir(parents=True, exist_ok=True)
        jar.replace(kept)
    return digest


def fetch_plugins(place: Path, to: Path, asked: Asked, tools: Tools) -> list[Handled]:
    """Every jar of the site in one folder, for an image, an init container, or a mirror."""
    site = _site(place, asked, tools)
    folder = PathHome(to)

    def fetch(plugin: WantedPlugin) -> Handled:
        jar = proved_jar(plugin, tools.tell)
        target, sha256 = to / (plugin.jar or jar.name), str(plugin.sha256)
        if target.is_file() and digest_of(target) == sha256:
            return Handled(plugin.id, plugin.version, f"{target} is there already", sha256)
        folder.put(jar, target.name)
        return Handled(plugin.id, plugin.version, f"{target} is written", sha256)

    return _each(site, fetch)


def _site(place: Path, asked: Asked, tools: Tools) -> Site:
    site = load(place, asked, tools, run_secrets=False)
    wrong = errors_among(wanted_plugins(site).problems)
    if wrong:
        raise SiteFileError(wrong)
    if not site.section("plugins"):
        raise LocalFileError(
            f"looking for plugins: {place} has none", hint="`explain plugins` shows how they are written"
        )
    return site


def _entries(site: Site) -> list[tuple[WantedPlugin, Any]]:
    return list(zip(wanted_plugins(site).plugins, site.section("plugins"), strict=True))


def _each(site: Site, handle: Callable[[WantedPlugin], Handled]) -> list[Handled]:
    """All of them, also where one fails: a person sees at once what is to be mended."""
    done = []
    for plugin in wanted_plugins(site).plugins:
        try:
            done.append(handle(plugin))
        except BootstrapError as error:
            done.append(Handled(plugin.id, plugin.version, "failed", error=str(error)))
        except OSError as error:
            done.append(Handled(plugin.id, plugin.version, "failed", error=f"{error.filename}: {error.strerror}"))
    return done
