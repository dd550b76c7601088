"""The plugins that XNAT's own makers and their neighbours publish: where their jars lie and which XNAT each fits."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from bootstrap.facts.versions import fits, version_numbers

Fit = Literal["fits", "unfit", "unknown"]
# How a published jar's name ends that brings its libraries with it; it is no part of the version.
_CLASSIFIER = re.compile(r"-(fat|xpl|all)$")


@dataclass(frozen=True)
class Published:
    """Where the jars of some versions lie; `{version}` stands in the address."""

    versions: str
    url: str


@dataclass(frozen=True)
class Pairing:
    """Which XNAT some versions are for. `inferred`: nobody has written so; it is no ground to refuse."""

    versions: str
    xnat: str
    inferred: bool = False


@dataclass(frozen=True)
class KnownPlugin:
    id: str
    name: str
    file: str
    urls: tuple[Published, ...] = ()
    fits: tuple[Pairing, ...] = ()
    routes: tuple[str, ...] = ()  # one that answers where the plugin is loaded
    also: tuple[str, ...] = ()  # ids of older versions

    def url_of(self, version: str) -> str | None:
        found = next((place.url for place in self.urls if fits(version, place.versions)), None)
        return found.format(version=version) if found else None


@lru_cache(maxsize=1)
def plugin_catalogue() -> Mapping[str, KnownPlugin]:
    """By id, the ids of older versions too."""
    rows = json.loads(files("bootstrap.facts").joinpath("plugins.json").read_text(encoding="utf-8"))
    known = [_known(row) for row in rows]
    return {name: plugin for plugin in known for name in (plugin.id, *plugin.also)}


def _known(row: Mapping[str, Any]) -> KnownPlugin:
    parts: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    urls = tuple(Published(**place) for place in row.get("urls", ()))
    return KnownPlugin(**{**parts, "urls": urls, "fits": tuple(Pairing(**pair) for pair in row.get("fits", ()))})


def base_version(version: str) -> str:
    """`3.7.3-fat`, as XNAT tells it, is the version 3.7.3."""
    return _CLASSIFIER.sub("", version)


def fit_of(plugin: str, version: str, xnat: str, said: str | None = None) -> Fit:
    """Whether a version fits an XNAT. `said` is a range that the site file gives, which wins."""
    if not version_numbers(xnat):
        return "unknown"
    if said:
        return "fits" if fits(xnat, said) else "unfit"
    known = plugin_catalogue().get(plugin)
    pairing = next((pair for pair in known.fits if fits(version, pair.versions)), None) if known else None
    if pairing is None:
        return "unknown"
    if fits(xnat, pairing.xnat):
        return "fits"
    return "unknown" if pairing.inferred else "unfit"


def wanted_by(plugin: str, version: str) -> str:
    """The range of XNAT's versions that the catalogue gives a version; empty where it knows none."""
    known = plugin_catalogue().get(plugin)
    return next((pair.xnat for pair in known.fits if fits(version, pair.versions)), "") if known else ""


def fitting_versions(plugin: str, xnat: str) -> str:
    """The versions of a plugin that the catalogue gives an XNAT, as ranges; empty where it knows none."""
    known = plugin_catalogue().get(plugin)
    return " or ".join(pair.versions for pair in known.fits if fits(xnat, pair.xnat)) if known else ""
