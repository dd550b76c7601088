"""siteConfig, setting by setting. Only what differs is sent, because a POST of the map is not atomic."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from bootstrap.config.problems import suggest
from bootstrap.config.site import Site
from bootstrap.facts.settings import site_settings
from bootstrap.facts.versions import version_numbers
from bootstrap.kinds.kind import UNREADABLE, Exported, Fields, Finding, Kind, Resource, State, TagText
from bootstrap.kinds.server import server_of
from bootstrap.kinds.setting_texts import text_problems
from bootstrap.kinds.site_settings_model import ELSEWHERE, SITE, no_known_default
from bootstrap.kinds.site_settings_model import SiteBase as SiteSection
from bootstrap.values import Problem, Secret, Source
from bootstrap.xnat.connection import Connection

FILTER = "sitewideSeriesImportFilter"
# XNAT makes a filter only when it gets all three in one POST.
FILTER_KEYS = ("enableSitewideSeriesImportFilter", "sitewideSeriesImportFilterMode", FILTER)
_IDENTITY = ("siteId", "siteUrl", "adminEmail")
_BRICK_HINTS = {
    "securityChannel": "write `any`, or reach the XNAT by the other scheme first (`server.url`)",
    "enabledProviders": "put `localdb` into the list",
}
_MUST_NOT_BE_BLANK = (*_IDENTITY, "archivePath", "prearchivePath", "cachePath", "buildPath", "ftpPath")


class SiteSetting(Kind):
    name = "site_setting"
    title = "site setting"
    removal = "gone from the file: put back to what a fresh XNAT has"
    sections = (SITE,)
    needs = ("initialization", "admin_password")

    def desired(self, site: Site) -> list[Resource]:
        section: SiteSection | None = site.section("site")
        if section is None:
            return []
        said = section.said_settings()
        found = [self._resource(site, section, key, {"value": said[key]}) for key in said if key not in FILTER_KEYS]
        found += [self._resource(site, section, key, {"value": value}, "extra") for key, value in section.extra.items()]
        filtered = {key: said[key] for key in FILTER_KEYS if key in said}
        return [*found, self._resource(site, section, FILTER, filtered)] if filtered else found

    def _resource(self, site: Site, section: SiteSection, key: str, fields: Fields, *below: str) -> Resource:
        setting = site_settings().get(key)
        return Resource(
            self.name,
            key,
            fields,
            site.source("site", *below, key if key in site.raw.get("site", {}) or below else next(iter(fields))),
            {path: site.source("site", path) for path in fields if path != "value"},
            protected=key in section.protected,
            ignore=frozenset(fields) if key in section.ignore else frozenset(),
            notes=("effective after restart",) if setting and setting.restart else (),
        )

    def check(self, site: Site) -> list[Problem]:
        section: SiteSection | None = site.section("site")
        if section is None:
            return []
        found = [*_nested_extras(site, section), *_known_extras(site, section), *_unknown_marks(site, section)]
        found += [*_unknown_defaults(site, section), *_odd_site_id(site, section), *_unreadable_texts(site, section)]
        return [*found, *(p for wanted in self.desired(site) for p in _brick_problems(server_of(site).url, wanted))]

    def judge(self, xnat: Connection, wanted: Resource, current: State | None) -> Iterable[Problem]:
        yield from _unknown_to_version(xnat.server.version, wanted)
        yield from _brick_problems(xnat.url, wanted)

    def normalise(self, name: str, fields: Fields) -> Fields:
        return {path: _normal(_key(name, path), value) for path, value in fields.items()}

    def read(self, xnat: Connection, wanted: Sequence[Resource]) -> Mapping[str, State]:
        stored = xnat.client.read_json("/xapi/siteConfig", doing="reading the site settings")
        version = version_numbers(xnat.server.version)
        return {resource.name: State(_told(resource.name, stored, version)) for resource in wanted}

    def update(self, xnat: Connection, wanted: Resource, current: State, changed: frozenset[str]) -> None:
        # The three keys of the filter go together, so those that the file does not name go as they are.
        whole = {**current.fields, **wanted.fields}
        self._post(xnat, {_key(wanted.name, path): whole[path] for path in _paths(wanted.name)}, wanted)

    def delete(self, xnat: Connection, name: str, current: State) -> None:
        """A setting cannot go away: it is put back to what a fresh XNAT has."""
        defaults = {_key(name, path): _default(_key(name, path)) for path in _paths(name)}
        self._post(xnat, defaults, Resource(self.name, name, {}))

    def left_by_removal(self, name: str) -> Fields:
        return {path: _default(_key(name, path)) for path in _paths(name)}

    def is_default(self, name: str, current: State) -> bool:
        """Also where there is nothing to put back: no default that we know, or a blank one that takes the site down."""
        if _default(name) == "" and (name in _MUST_NOT_BE_BLANK or not _has_default(name)):
            return True
        told = {path: current.fields.get(path) for path in _paths(name)}
        return all(now is UNREADABLE or now == _normal(_key(name, path), None) for path, now in told.items())

    def _post(self, xnat: Connection, body: Mapping[str, Any], wanted: Resource) -> None:
        sent = {key: value.reveal() if isinstance(value, Secret) else value for key, value in body.items()}
        doing = f"changing the site setting {wanted.name}"
        xnat.client.write("POST", "/xapi/siteConfig", doing=doing, json=sent, source=wanted.source)

    def examine(self, xnat: Connection, site: Site) -> Iterable[Finding]:
        version = xnat.server.version
        unknown = [p.message for wanted in self.desired(site) for p in _unknown_to_version(version, wanted)]
        for message in unknown:
            yield Finding("bad", "settings", message, "take it out of the site file, or upgrade XNAT first")
        stored = xnat.client.read_json("/xapi/siteConfig", doing="reading the site settings")
        extras = _extras(site)
        yield from (_of_extra(version, key, stored) for key in extras)
        if not unknown:
            but = " but those of `extra`" if extras else ""
            yield Finding("good", "settings", f"XNAT {version} knows every setting of the site file{but}")
        site_url = str(stored.get("siteUrl", ""))
        if site_url.rstrip("/") != xnat.url.rstrip("/"):
            text = f"XNAT calls itself {site_url or '(nothing)'}, and we reach it as {xnat.url}"
            yield Finding("warning", "address", text, "right behind a proxy; else set `site.siteUrl`: mails link to it")

    def export(self, xnat: Connection) -> Exported:
        stored = xnat.client.read_json("/xapi/siteConfig", doing="reading the site settings")
        known = {key: value for key, value in stored.items() if key in site_settings() and key not in ELSEWHERE}
        section = {
            key: TagText("!env", _env_name(key)) if site_settings()[key].secret else _normal(key, value)
            for key, value in sorted(known.items())
            if key in _IDENTITY or _normal(key, value) != _normal(key, None)
        }
        extra = {key: stored[key] for key in sorted(stored) if key not in site_settings()}
        return Exported({"site": {**section, **({"extra": extra} if extra else {})}})


def _extras(site: Site) -> list[str]:
    section: SiteSection | None = site.section("site")
    return sorted(section.extra) if section else []


def _of_extra(version: str, key: str, stored: Mapping[str, Any]) -> Finding:
    """XNAT takes any name and gives it back: that it has one does not say that it heeds it."""
    if key in stored:
        text = f"`{key}` of `extra` is stored, and whether XNAT {version} heeds it cannot be told: it stores any name"
    else:
        text = f"XNAT {version} tells of no setting `{key}` (`extra` of the site file): it may not know it"
    return Finding("warning", "settings", text, "see that it is spelt as XNAT spells it")


def _paths(name: str) -> tuple[str, ...]:
    """The fields of a thing: one, but for the series filter."""
    return FILTER_KEYS if name == FILTER else ("value",)


def _told(name: str, stored: Mapping[str, Any], version: tuple[int, ...]) -> dict[str, Any]:
    """What is not in XNAT's answer is unset, and so the default; of what this version does not know nothing is said."""
    keys = {path: _key(name, path) for path in _paths(name)}
    return {path: stored.get(key, None if _is_known_to(key, version) else UNREADABLE) for path, key in keys.items()}


def _is_known_to(key: str, version: tuple[int, ...]) -> bool:
    setting = site_settings().get(key)
    return setting is None or setting.known_to(version)


def _key(name: str, path: str) -> str:
    return name if path == "value" else path


def _normal(name: str, value: Any) -> Any:
    """As the server stores and gives back a value: texts trimmed, what no version knows as text."""
    setting = site_settings().get(name)
    if value is None:
        return _default(name)
    if isinstance(value, Secret):
        return Secret(value.reveal().strip(), value.origin)
    if setting is None:
        return _as_text(value)
    if setting.type == "boolean" and isinstance(value, str):
        return value.strip().lower() == "true"
    if setting.type == "integer" and isinstance(value, str) and value.strip().lstrip("-").isdigit():
        return int(value)
    if isinstance(value, str):
        stripped = value.strip()
        return Secret(stripped) if setting.secret else stripped
    return list(value) if isinstance(value, list | tuple) else value


def _has_default(name: str) -> bool:
    return name in site_settings() and site_settings()[name].default is not None


def _default(name: str) -> Any:
    setting = site_settings().get(name)
    return "" if setting is None or setting.default is None else setting.default


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value) if isinstance(value, list) else str(value).strip()


def _env_name(key: str) -> str:
    return "XNAT_" + "".join("_" + letter if letter.isupper() else letter for letter in key).upper()


def _nested_extras(site: Site, section: SiteSection) -> Iterable[Problem]:
    for key, value in section.extra.items():
        if isinstance(value, Mapping):
            message = f"`{key}`: XNAT would take the map apart and could not give it back"
            hint = "give a text, a number, true, false or a list"
            yield Problem("error", "map-in-extra", message, hint, site.source("site", "extra", key))


def _known_extras(site: Site, section: SiteSection) -> Iterable[Problem]:
    for key in section.extra:
        source = site.source("site", "extra", key)
        if key in ELSEWHERE:
            yield Problem("error", "other-owner", f"`{key}` is not set here: {ELSEWHERE[key]}", "", source)
        elif key in site_settings():
            yield Problem(
                "error", "known-in-extra", f"`{key}` is a known setting", "write it directly under `site`", source
            )


def _unknown_marks(site: Site, section: SiteSection) -> Iterable[Problem]:
    known = {*section.said_settings(), *section.extra}
    for mark in ("ignore", "protected"):
        for place, key in enumerate(getattr(section, mark)):
            if key not in known and key not in site_settings():
                source = site.source("site", mark, place)
                message = f"`{key}` in `{mark}` is no known setting"
                hint = suggest(key, [*known, *site_settings()])
                yield Problem("error", "unknown-setting", message, hint, source)


def _unknown_defaults(site: Site, section: SiteSection) -> Iterable[Problem]:
    said = section.said_settings()
    places: dict[str, tuple[str, ...]] = {
        key: ("site", key) for key in said if said[key] is None and site_settings()[key].default is None
    }
    places |= {key: ("site", "extra", key) for key, value in section.extra.items() if value is None}
    for key, place in places.items():
        yield no_known_default(key, site.source(*place))


def _odd_site_id(site: Site, section: SiteSection) -> Iterable[Problem]:
    site_id = section.said_settings().get("siteId")
    if site_id and not (site_id[0].isalpha() and all(c.isalnum() or c == "_" for c in site_id)):
        message = f"siteId `{site_id}` begins every accession number, and other tools expect letters, digits and _"
        hint = "begin with a letter; never change it once there are data"
        yield Problem("warning", "odd-site-id", message, hint, site.source("site", "siteId"))


def _unknown_to_version(version: str | None, wanted: Resource) -> Iterable[Problem]:
    numbers = version_numbers(version)
    for path in _paths(wanted.name):
        key = _key(wanted.name, path)
        setting = site_settings().get(key)
        if setting and not setting.known_to(numbers):
            message = f"XNAT {version} does not know the setting `{key}` (it came with {setting.since})"
            hint = "`--allow unknown-preference` sends it all the same"
            yield Problem("error", "unknown-preference", message, hint, wanted.source)


def _unreadable_texts(site: Site, section: SiteSection) -> Iterable[Problem]:
    for key, value in section.said_settings().items():
        yield from text_problems(key, value, partial(_item_source, site, key))


def _item_source(site: Site, key: str, place: int | None) -> Source:
    return site.source("site", key) if place is None else site.source("site", key, place)


def _brick_problems(url: str | None, wanted: Resource) -> Iterable[Problem]:
    for why in _bricks(url or "", wanted):
        hint = _BRICK_HINTS.get(wanted.name, "give it a value, or take the key out to leave the setting alone")
        yield Problem("error", "bricks-site", f"{wanted.name}: {why}", hint, wanted.source)


def _bricks(url: str, wanted: Resource) -> Iterable[str]:
    """Why a value would shut everybody out, or keep the site from starting again."""
    value = wanted.fields.get("value")
    if wanted.name == "securityChannel" and value == "https" and url.startswith("http:"):
        yield "every request over plain http, this tool's too, would be redirected to itself for ever"
    if wanted.name == "securityChannel" and value == "http" and url.startswith("https:"):
        yield "every request over https, this tool's too, would be redirected away"
    if wanted.name == "enabledProviders" and isinstance(value, list) and "localdb" not in value:
        yield "without `localdb` no local account could sign in any more, this one neither"
    if wanted.name in _MUST_NOT_BE_BLANK and isinstance(value, str) and not value.strip():
        yield "with a blank value the site can count as not set up after its next restart"
    if wanted.name in ("dataPaths", "interactiveAgentIds") and value == []:
        yield "an empty list leaves the next start without the rules that tell programs from browsers"
