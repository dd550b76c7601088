"""The site's series import filter: three settings, which a handler writes into the config service."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from bootstrap.practice.admin import configs, preferences, site_config
from bootstrap.practice.admin.room import room

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

TOOL, PATH = "seriesImportFilter", "config"
SWITCH, MODE, LIST = "enableSitewideSeriesImportFilter", "sitewideSeriesImportFilterMode", "sitewideSeriesImportFilter"
_REGEX_MODES, _MAP_MODE = ("blacklist", "whitelist"), "modalityMap"


class NotAFilter(Exception):
    """XNAT says this in its log only; the settings keep the value, the config service the filter from before."""


@room.at_start
def listen(site: Site) -> None:
    site.bus.on(site_config.FILTER_CHANGED, lambda facts: _follow(site, facts["user"], alone=""))
    site.bus.on(site_config.CHANGED, lambda facts: _follow(site, facts["user"], alone=facts["name"]))


def _follow(site: Site, user: str, *, alone: str) -> None:
    """`alone`: the one setting that changed, '' for all three."""
    if alone and alone not in site_config.FILTER_KEYS:
        return
    old = configs.newest(site, TOOL, PATH)
    before: dict[str, Any] = json.loads(old["contents"]) if old else {}
    if alone and not old:
        raise NotAFilter(f"{alone} alone makes no filter")
    mode = preferences.text(site, MODE)
    if alone == MODE and (mode == _MAP_MODE) != (before.get("mode") == _MAP_MODE):
        raise NotAFilter("another kind of filter needs another list")
    enabled = preferences.boolean(site, SWITCH)
    wanted = {"mode": mode, "enabled": "true" if enabled else "false", **_rules(mode, preferences.text(site, LIST))}
    with site.storage.write():
        if wanted != before:
            text = json.dumps(wanted, ensure_ascii=False, separators=(",", ":"))
            reason = _reason(alone, mode, new=not old, enabled=enabled)
            configs.replace(site, user, TOOL, PATH, text, unversioned=True, reason=reason)
        status = configs.ENABLED if enabled else configs.DISABLED
        configs.set_status(site, user, TOOL, PATH, status, reason=_reason(alone, mode, new=not old, enabled=enabled))


def _rules(mode: str, text: str) -> dict[str, str]:
    if mode in _REGEX_MODES:
        for line in text.splitlines():
            _check_regex(line)
        return {"list": text}
    if mode != _MAP_MODE:
        raise NotAFilter(f"there is no mode {mode}")
    pairs = [line.partition(":") for line in text.splitlines() if line.strip()]
    for _, _, expression in pairs:
        if expression.count("(") != expression.count(")") or expression.count("'") % 2 or expression.count('"') % 2:
            raise NotAFilter(f"the expression{expression} has no end")
    return {modality.strip(): expression for modality, _, expression in pairs}


def _check_regex(line: str) -> None:
    if not line.strip() or line.startswith(("#", "[")):
        return
    try:
        re.compile(line)
    except re.error as error:
        raise NotAFilter(f"{line} is no regular expression: {error}") from error


def _reason(alone: str, mode: str, *, new: bool, enabled: bool) -> str:
    by, kind = "from administrator UI", mode[:1].upper() + mode[1:]
    if new:
        return f"Initialized site-wide series import filter {by}: {'en' if enabled else 'dis'}abled {kind} filter."
    if alone == SWITCH:
        return f"{'En' if enabled else 'Dis'}abled site-wide series import sitewide {by}."
    if alone == MODE:
        return f'Updated site-wide series import filter mode to "{mode}" {by}.'
    return f"Updated site-wide series import filter {by}."
