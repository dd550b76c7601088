"""Launches that never became a container: the event history says that they were queued, and only a workflow says more.

The history tells of a launch that it was queued, whatever becomes of it. What has no container is looked up as the
newest workflow of its wrapper on its session.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bootstrap.errors import Denied, NotFound
from bootstrap.kinds.subscription_reading import Wrappers, wrapper_number, wrappers
from bootstrap.ops.runs_reading import wrapper_name
from bootstrap.ops.runs_record import Row, Run, moment, place_of, root_of, started_at
from bootstrap.xnat.connection import Connection
from bootstrap.xnat.transport import segment

LOOK_UPS, PAGE, PAGES = 50, 200, 5
_SLACK = timedelta(seconds=5)  # the steps of a delivery and its container are written side by side


@dataclass(frozen=True)
class Delivery:
    """What the event history has of one launch."""

    row: Row
    wrapper: int
    at: datetime | None

    @property
    def uri(self) -> str:
        return str((self.row.get("trigger") or {}).get("URI") or "")

    @property
    def place(self) -> tuple[str, str]:
        return place_of(self.uri)

    @property
    def failed(self) -> bool:
        return bool(self.row.get("error"))


@dataclass(frozen=True)
class Launches:
    runs: Sequence[Run] = ()
    not_looked_up: int = 0
    unexplained: int = 0  # no workflow tells what became of them
    history_cut: bool = False  # there was more of it than we read
    unread: str = ""  # why the history could not be read


def lost_launches(xnat: Connection, project: str | None, since: datetime | None, rows: Collection[Row]) -> Launches:
    """Those since then of which no container is among these rows."""
    try:
        deliveries, cut = _deliveries(xnat, project, since)
    except (NotFound, Denied) as error:
        return Launches(unread=error.summary)
    known = wrappers(xnat)
    told = [_told(one, known) for one in deliveries if one.failed]
    lost = _without_container([one for one in deliveries if not one.failed], rows, known)
    asked = _grouped(lost, known)[:LOOK_UPS]
    workflows = {str(row.get("workflow-id")) for row in rows}
    found = xnat.client.parallel(lambda group: _looked_up(xnat, group, known, workflows), asked)
    runs = [*told, *(one.run for one in found if one.run)]
    unexplained = sum(len(group) for group, one in zip(asked, found, strict=True) if not one.is_known)
    return Launches(runs, len(lost) - sum(map(len, asked)), unexplained, cut)


def _deliveries(xnat: Connection, project: str | None, since: datetime | None) -> tuple[list[Delivery], bool]:
    """Launches of containers since then, the newest first; and whether there were more than we care to read."""
    found: list[Delivery] = []
    for number in range(1, PAGES + 1):
        page = [_delivery(row) for row in _page(xnat, project, number)]
        recent = [one for one in page if not (since and one.at and one.at < since - _SLACK)]
        found += [one for one in recent if one.wrapper]
        if len(recent) < PAGE:
            return found, False
    return found, True


def _page(xnat: Connection, project: str | None, number: int) -> list[Row]:
    path = "/xapi/events/delivered"
    asked = {"page": number, "size": PAGE, "sort_col": "id", "sort_dir": "desc"}
    params = {"load-children": "false", **({"project": project} if project else {})}
    answer = xnat.client.write("POST", path, doing="reading the event history", json=asked, params=params)
    found: list[Row] = answer.json() if answer.body.strip() else []
    return found


def _delivery(row: Row) -> Delivery:
    number = wrapper_number(str((row.get("subscription") or {}).get("action-key") or ""))
    return Delivery(row, number or 0, moment(row.get("timestamp")))


def _told(one: Delivery, known: Wrappers) -> Run:
    """It failed before anything was launched, and the history says why."""
    return _run(one, known, "Failed (event)", str(one.row.get("status-message") or ""))


def _run(one: Delivery, known: Wrappers, status: str, why: str, workflow: str = "") -> Run:
    experiment, scan = one.place
    return Run(
        id="",
        project=str(one.row.get("project") or ""),
        experiment=experiment,
        scan=scan,
        wrapper=wrapper_name(known, one.wrapper),
        status=status,
        started=one.at,
        seconds=None,
        why=why,
        user=str(one.row.get("user") or ""),
        session=experiment,
        subscription=str((one.row.get("subscription") or {}).get("name") or ""),
        workflow=workflow,
    )


def _without_container(deliveries: Sequence[Delivery], rows: Collection[Row], known: Wrappers) -> list[Delivery]:
    """Each container is the answer to one delivery: the oldest to the oldest."""
    free = sorted(rows, key=lambda row: int(row["id"]))
    lost = []
    for one in reversed(deliveries):
        own = next((row for row in free if _answers(row, one, known)), None)
        if own is None:
            lost.append(one)
        else:
            free.remove(own)
    return lost


def _answers(row: Row, one: Delivery, known: Wrappers) -> bool:
    """The history names the wrapper that the subscription has now: of one that is gone it cannot be told by its id."""
    number, started = int(row.get("wrapper-id") or 0), started_at(row)
    if (number != one.wrapper and known.name(number)) or (started and one.at and started < one.at - _SLACK):
        return False
    experiment, scan = place_of(root_of(row))
    return experiment == one.place[0] and scan in ("", one.place[1])


def _grouped(deliveries: Sequence[Delivery], known: Wrappers) -> list[list[Delivery]]:
    """By wrapper and session, as they can be asked for. Of wrappers that are gone nobody knows the name."""
    groups: dict[tuple[int, str], list[Delivery]] = {}
    for one in deliveries:
        if one.place[0] and known.name(one.wrapper):
            groups.setdefault((one.wrapper, one.place[0]), []).append(one)
    return sorted(groups.values(), key=lambda group: int(group[-1].row["id"]), reverse=True)


@dataclass(frozen=True)
class _Fate:
    """What became of a launch; no run where a container came of it after all."""

    run: Run | None = None
    is_known: bool = True


def _looked_up(xnat: Connection, group: Sequence[Delivery], known: Wrappers, workflows: Collection[str]) -> _Fate:
    """The newest workflow of this wrapper on this session, unless a container came of it. XNAT shows no older ones."""
    newest, experiment = group[-1], group[-1].place[0]
    name = known.name(newest.wrapper).split("/", 1)[1]
    answer = xnat.client.read_json(
        f"/data/services/workflows/{segment(name)}",
        doing=f"looking what became of {name} on {experiment}",
        params={"experiment": experiment, "display": "LATEST", "format": "json"},
        absent_ok=True,
    )
    fields = answer["items"][0]["data_fields"] if answer and answer.get("items") else {}
    number, status = str(fields.get("wrk_workflowData_id", "")), str(fields.get("status", ""))
    if not fields:
        return _Fate(is_known=False)
    if number in workflows or status.startswith("Complete"):
        return _Fate()
    why = str(fields.get("details") or "")
    if len(group) > 1:
        why += f" (the newest of {len(group)} launches without a container)"
    scans = ", ".join(dict.fromkeys(one.place[1] for one in group))
    return _Fate(replace(_run(newest, known, status, why, number), scan=scans))
