"""A plugin's jar before it goes anywhere: found, downloaded if need be, proved and opened."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from bootstrap.errors import DownloadFailed, LocalFileError
from bootstrap.facts.plugins import base_version
from bootstrap.jar import DeclaredPlugin, declared_plugins, digest_of
from bootstrap.kinds.plugins_section import WantedPlugin
from bootstrap.xnat.download import download

Tell = Callable[[str], None]


def proved_jar(wanted: WantedPlugin, tell: Tell) -> Path:
    """Its file on this machine; an error where it is not what the site says."""
    if wanted.sha256 is None:
        raise DownloadFailed(
            f"fetching the plugin {wanted.id} {wanted.version}: no hash of it is known",
            hint="write `sha256:` in the site file, or run `plugins lock`, which computes it once",
        )
    place = fetched_jar(wanted, tell, wanted.sha256)
    prove(wanted, place, wanted.sha256)
    return place


def fetched_jar(wanted: WantedPlugin, tell: Tell, sha256: str | None) -> Path:
    """Its file, whatever is in it; `sha256` tells whether an earlier download will do."""
    if wanted.file:
        return wanted.file
    place = wanted.cache / (sha256 or "unproved")[:16] / _name(wanted)
    if sha256 and place.is_file() and digest_of(place) == sha256:
        return place
    if wanted.mirror and "://" not in wanted.mirror:
        return _copied(Path(wanted.mirror) / place.name, place, wanted)
    url = f"{wanted.mirror.rstrip('/')}/{place.name}" if wanted.mirror else wanted.url
    if url is None:
        raise DownloadFailed(
            f"fetching the plugin {wanted.id} {wanted.version}: nobody says where its jar lies",
            hint="write `url:` or `file:` in the site file, or `server: {plugin_mirror: DIR}`",
        )
    download(url, place, ca_file=wanted.ca_file, tell=tell)
    return place


def _name(wanted: WantedPlugin) -> str:
    return wanted.jar or f"{wanted.id}-{wanted.version}.jar"


def _copied(source: Path, place: Path, wanted: WantedPlugin) -> Path:
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, place)
    except OSError as error:
        raise LocalFileError(
            f"fetching the plugin {wanted.id} {wanted.version} from the mirror: {source}: {error.strerror or error}",
            hint="put the jar there under this name, or leave `server.plugin_mirror` out",
        ) from error
    return place


def prove(wanted: WantedPlugin, place: Path, sha256: str) -> DeclaredPlugin:
    """That it is the very file, a jar, and exactly the one plugin."""
    doing = f"proving the plugin {wanted.id} {wanted.version}"
    found = digest_of(place)
    if found != sha256:
        what = _what_it_is(place)
        _forget(wanted, place)
        raise DownloadFailed(
            f"{doing}: {place.name} has the SHA-256 {found}, and {sha256} is wanted{what}",
            hint="somebody changed the file, or the hash is of another one: find out which before you change the hash",
        )
    return opened(wanted, place)


def opened(wanted: WantedPlugin, place: Path) -> DeclaredPlugin:
    doing = f"opening the plugin {wanted.id} {wanted.version}"
    try:
        declared = declared_plugins(place)
    except LocalFileError:
        _forget(wanted, place)
        hint = "it may be a web page about the file, or cut; such a file in plugins/ would stop the whole site"
        raise DownloadFailed(f"{doing}: {place.name} is no jar", hint=hint) from None
    if len(declared) != 1:
        ids = ", ".join(plugin.id for plugin in declared) or "none"
        raise DownloadFailed(f"{doing}: {place.name} is to hold one plugin, and holds {ids}", hint="name another file")
    if declared[0].id != wanted.id:
        hint = f"write `id: {declared[0].id}` if it is the right file"
        raise DownloadFailed(f"{doing}: {place.name} holds the plugin {declared[0].id}", hint=hint)
    told = declared[0].version
    if told != "unknown" and base_version(told) != wanted.version:
        hint = "XNAT reads a version from the file's name: declare that one, or name another file"
        raise DownloadFailed(f"{doing}: {place.name}: XNAT would take it for version {told}", hint=hint)
    return declared[0]


def wrong_with_file(wanted: WantedPlugin) -> DownloadFailed | None:
    """What a plan can tell already: of a jar that somebody gave as a file of this machine."""
    if wanted.file is None or not wanted.file.is_file():
        return None
    try:
        opened(wanted, wanted.file)
    except DownloadFailed as error:
        return error
    return None


def _what_it_is(place: Path) -> str:
    with place.open("rb") as file:
        begin = file.read(512).lstrip().lower()
    return "; it is a web page" if begin.startswith((b"<!doctype", b"<html")) else ""


def _forget(wanted: WantedPlugin, place: Path) -> None:
    """What was fetched and is wrong must not be found again; what somebody gave is left alone."""
    if wanted.file is None and place.is_relative_to(wanted.cache):
        place.unlink(missing_ok=True)
