"""The store of preferences of all tools: text by tool and name. `typed` reads it as what the tool means by it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bootstrap.practice.http import lenient_json

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

SITE = "siteConfig"
_UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800, "month": 2592000, "year": 31536000}


def stored(site: Site, name: str, tool: str = SITE) -> str | None:
    found: str | None = site.storage.value("SELECT value FROM preferences WHERE tool = ? AND name = ?", tool, name)
    return found


def text(site: Site, name: str, tool: str = SITE) -> str:
    return stored(site, name, tool) or ""


def boolean(site: Site, name: str, tool: str = SITE) -> bool:
    return text(site, name, tool).lower() == "true"


def integer(site: Site, name: str, otherwise: int) -> int:
    try:
        return int(text(site, name))
    except ValueError:
        return otherwise


def texts(site: Site, name: str) -> list[str]:
    try:
        found = lenient_json.loads_strictly(text(site, name) or "[]")
    except lenient_json.NotJson:
        return []
    return [str(one) for one in found] if isinstance(found, list) else []


def seconds(site: Site, name: str, otherwise: float) -> float:
    """An interval such as `15 minutes` or `1 hour`."""
    pairs = re.findall(r"\b(\d{1,9})\s*([a-z]+?)s?\b", text(site, name).lower())
    known = [int(number) * _UNITS[unit] for number, unit in pairs if unit in _UNITS]
    return float(sum(known)) if known else otherwise


def store(site: Site, name: str, value: str, tool: str = SITE) -> None:
    site.storage.change("INSERT OR REPLACE INTO preferences VALUES (?, ?, ?)", tool, name, value)


def store_missing(site: Site, values: dict[str, str], tool: str = SITE) -> None:
    """What has never been stored gets its first value; the site's ini files have their say."""
    first, forced = values | dict(site.ini.first.get(tool, {})), site.ini.forced.get(tool, {})
    with site.storage.write() as db:
        for keep, pairs in (("IGNORE", first), ("REPLACE", forced)):
            db.executemany(
                f"INSERT OR {keep} INTO preferences VALUES (?, ?, ?)",
                [(tool, name, value) for name, value in pairs.items()],
            )


def all_of(site: Site, tool: str = SITE) -> dict[str, str]:
    rows = site.storage.rows("SELECT name, value FROM preferences WHERE tool = ? ORDER BY name", tool)
    return {row["name"]: row["value"] for row in rows}


def tools(site: Site) -> list[str]:
    return [row["tool"] for row in site.storage.rows("SELECT DISTINCT tool FROM preferences ORDER BY tool")]
