"""Whether the series import filters of site and project want an object."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from bootstrap.practice.admin import configs
from bootstrap.practice.admin.series_filter import PATH, TOOL
from bootstrap.practice.data.incoming.headers import Header

if TYPE_CHECKING:
    from bootstrap.practice.site import Site


class BrokenFilter(Exception):
    """Contents that are no filter: every import fails at them, also when they are switched off."""


def wants(site: Site, project: str, header: Header) -> bool:
    return all(_wants(_filter(site, scope), header) for scope in dict.fromkeys(("", project)))


def _filter(site: Site, project: str) -> dict[str, Any]:
    """What is stored is read whether it is switched on or not; only then its status counts."""
    row = configs.newest(site, TOOL, PATH, project)
    if row is None:
        return {}
    try:
        found = json.loads(row["contents"] or "{}")
    except ValueError as error:
        raise BrokenFilter(str(error)) from error
    if not isinstance(found, dict):
        raise BrokenFilter("this is no JSON object")
    return found if row["status"] == configs.ENABLED else {}


def _wants(filter_: dict[str, Any], header: Header) -> bool:
    mode, listed = filter_.get("mode"), str(filter_.get("list", ""))
    if mode not in ("blacklist", "whitelist"):
        return True  # modality maps tell modalities apart, and keep what they do not name
    found = any(_meets(line.strip(), header["SeriesDescription"]) for line in listed.splitlines() if line.strip())
    return found is (mode == "whitelist")


def _meets(pattern: str, description: str) -> bool:
    try:
        return re.search(pattern, description) is not None
    except re.error as error:
        raise BrokenFilter(f"{pattern}: {error}") from error
