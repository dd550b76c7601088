"""What ran: the containers that XNAT knows, the newest first, page by page, no more of them than are asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bootstrap.kinds.subscription_reading import Wrappers, wrappers
from bootstrap.ops.runs_record import Row, Run, run_of, started_at
from bootstrap.xnat.connection import Connection
from bootstrap.xnat.transport import segment

PAGE = 200
_LIST = "/xapi/containers"


@dataclass(frozen=True)
class Wanted:
    project: str | None = None
    since: datetime | None = None
    failed: bool = False
    limit: int = 200  # 0 for all

    def takes(self, run: Run) -> bool:
        return run.failed or not self.failed


@dataclass(frozen=True)
class Containers:
    """Those that were looked at. `oldest` is how far back: None for all that there is."""

    rows: list[Row]
    oldest: datetime | None
    more: bool


def containers(xnat: Connection, wanted: Wanted) -> Containers:
    rows: list[Row] = []
    taken = 0
    for row in _newest_first(xnat, wanted.project):
        started = started_at(row)
        if wanted.since and started and started < wanted.since:
            return Containers(rows, wanted.since, more=False)
        if wanted.limit and taken == wanted.limit:
            return Containers(rows, started_at(rows[-1]), more=True)
        rows.append(row)
        taken += wanted.takes(run_of(row, "", datetime.now(UTC)))
    return Containers(rows, wanted.since, more=False)


def _newest_first(xnat: Connection, project: str | None) -> Iterator[Row]:
    number, seen = 1, set[object]()
    while True:
        page = _page(xnat, project, number)
        yield from (row for row in page if row["id"] not in seen)  # what starts meanwhile moves the pages
        seen |= {row["id"] for row in page}
        if len(page) < PAGE:
            return
        number += 1


def _page(xnat: Connection, project: str | None, number: int) -> list[Row]:
    asked: dict[str, Any] = {"page": number, "size": PAGE, "sort_col": "id", "sort_dir": "desc"}
    if project:
        asked["filters"] = {"project": {"backend": "hibernate", "operator": "eq", "value": project}}
    found: list[Row] = xnat.client.write("POST", _LIST, doing="listing the containers", json=asked).json()
    return found


def runs_of(xnat: Connection, rows: Collection[Row]) -> list[Run]:
    known: Wrappers = wrappers(xnat)
    now = datetime.now(UTC)
    return [run_of(row, wrapper_name(known, int(row.get("wrapper-id") or 0)), now) for row in rows]


def wrapper_name(known: Wrappers, number: int) -> str:
    return known.name(number) or f"wrapper {number}, which is gone"


def with_labels(xnat: Connection, runs: list[Run]) -> list[Run]:
    """Sessions by the names that people know: one request for each project."""
    projects = sorted({run.project for run in runs if run.project and run.experiment})
    labels: dict[str, str] = {}
    for found in xnat.client.parallel(lambda project: _labels(xnat, project), projects):
        labels |= found
    return [run.named(labels) for run in runs]


def _labels(xnat: Connection, project: str) -> Mapping[str, str]:
    answer = xnat.client.read_json(
        f"/data/projects/{segment(project)}/experiments",
        doing=f"reading the names of the sessions of {project}",
        params={"columns": "ID,label", "format": "json"},
        absent_ok=True,
    )
    return {row["ID"]: row["label"] for row in answer["ResultSet"]["Result"]} if answer else {}
