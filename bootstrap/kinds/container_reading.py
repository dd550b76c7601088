"""What several kinds of the Container Service read alike, asked once in a round.

Whether a wrapper is on and what its inputs start with lies in XNAT's config service, as one row for each version of
`wrapper-ID`: one request tells of the whole site, and one of a whole project.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bootstrap.errors import NotFound
from bootstrap.kinds.project import list_projects
from bootstrap.xnat.connection import Connection
from bootstrap.xnat.transport import segment

TOOL = "container-service"
_PREFIX = "wrapper-"
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Stored:
    """What one scope has stored for one wrapper; as XNAT keeps it, names it and gives it back."""

    there: bool = False
    flag: bool | None = None
    inputs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    outputs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def on_site(self) -> bool:
        """A row without a flag counts as on for the site."""
        return self.there and self.flag is not False

    @property
    def on_project(self) -> bool:
        return self.flag is True

    def on(self, project: str) -> bool:
        return self.on_project if project else self.on_site


NOTHING = Stored()
Rows = Mapping[int, Stored]  # by wrapper id


def commands(xnat: Connection) -> Sequence[Row]:
    """Every command that is shown to us, the oldest first."""
    return xnat.shared("commands", lambda: _list(xnat, "/xapi/commands", "listing the commands"))


def orchestrations(xnat: Connection) -> Sequence[Row]:
    return xnat.shared("orchestrations", lambda: _list(xnat, "/xapi/orchestration", "listing the orchestrations"))


def has_containers(xnat: Connection) -> bool:
    """Whether there is a Container Service: without it there is nothing to export or to examine."""
    try:
        commands(xnat)
    except NotFound:
        return False
    return True


def _list(xnat: Connection, path: str, doing: str) -> Sequence[Row]:
    found = xnat.client.read_json(path, doing=doing)
    return sorted(found, key=lambda row: int(row["id"]))


def site_rows(xnat: Connection) -> Rows:
    path, doing = f"/data/config/{TOOL}", "reading which wrappers are on for the site"
    return xnat.shared(("wrappers", ""), lambda: _rows(xnat, path, doing))


def project_rows(xnat: Connection, projects: Iterable[str]) -> Mapping[str, Rows]:
    """Of those projects that are there: of others XNAT keeps rows just as well."""
    there = xnat.shared("projects", lambda: list_projects(xnat))
    wanted = [project for project in dict.fromkeys(projects) if project in there]
    return dict(zip(wanted, xnat.client.parallel(lambda project: _project_rows(xnat, project), wanted), strict=True))


def _project_rows(xnat: Connection, project: str) -> Rows:
    path, doing = f"/data/projects/{segment(project)}/config/{TOOL}", f"reading which wrappers are on in {project}"
    return xnat.shared(("wrappers", project), lambda: _rows(xnat, path, doing))


def _rows(xnat: Connection, path: str, doing: str) -> Rows:
    answer = xnat.client.read_json(path, doing=doing, params={"format": "json"}, absent_ok=True)
    newest: dict[int, tuple[int, Row]] = {}
    for row in answer["ResultSet"]["Result"] if answer else ():
        number = _wrapper_id(row)
        version = int(row.get("version") or 0)
        if number is not None and version >= newest.get(number, (-1, row))[0]:
            newest[number] = (version, row)
    return {number: _stored(row) for number, (_version, row) in newest.items()}


def _wrapper_id(row: Row) -> int | None:
    path = str(row.get("path", ""))
    number = path.removeprefix(_PREFIX)
    return int(number) if path.startswith(_PREFIX) and number.isdigit() else None


def _stored(row: Row) -> Stored:
    """What is switched off in the config service, or is no JSON, is to XNAT as if it were not there."""
    try:
        document = json.loads(row.get("contents") or "null") if row.get("status") == "enabled" else None
    except ValueError:
        document = None
    if not isinstance(document, dict):
        return NOTHING
    flag = document.get("enabled")
    return Stored(True, flag if isinstance(flag, bool) else None, _maps(document, "inputs"), _maps(document, "outputs"))


def _maps(document: Row, key: str) -> Mapping[str, Mapping[str, Any]]:
    found = document.get(key)
    return {name: one for name, one in found.items() if isinstance(one, dict)} if isinstance(found, dict) else {}


def row_of(rows: Sequence[Row], name: str, image: str | None = None, version: str | None = None) -> Row | None:
    """The command of this name; of several the one with this image and version, else the oldest."""
    named = [row for row in rows if row["name"] == name]
    exact = [row for row in named if (row.get("image"), row.get("version")) == (image, version)]
    return next(iter(exact or named), None)


def wrapper_id(row: Row | None, name: str) -> int | None:
    found = [wrapper["id"] for wrapper in (row or {}).get("xnat", ()) if wrapper.get("name") == name]
    return int(found[0]) if found else None
