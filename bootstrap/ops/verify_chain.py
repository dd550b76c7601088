"""What the study starts: which subscriptions it is to trigger, what the event history has of them, and what ran."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bootstrap.config import Site
from bootstrap.kinds.subscription_reading import subscriptions, wrapper_number, wrappers
from bootstrap.kinds.subscription_uses import SubscriptionUse, subscription_uses
from bootstrap.kinds.verify_problems import is_about, not_triggered
from bootstrap.kinds.verify_section import Expectation, Verify
from bootstrap.ops.runs_launches import lost_launches
from bootstrap.ops.runs_reading import Wanted, containers, runs_of, wrapper_name
from bootstrap.ops.runs_record import Row, Run, place_of
from bootstrap.ops.verify_study import SCANS
from bootstrap.xnat.connection import Connection

_TIMES = {"scan": len(SCANS), "session": 1}  # how often a new study is one of these events
_MISMATCH = "failed filter test"


@dataclass(frozen=True)
class Link:
    """A subscription that the study is to trigger, and what the file expects of it."""

    use: SubscriptionUse
    times: int
    expect: Sequence[Expectation]

    @property
    def name(self) -> str:
        return self.use.name

    @property
    def is_to_work(self) -> bool:
        return bool(self.expect or self.use.fields.get("active"))


@dataclass(frozen=True)
class Chain:
    links: Sequence[Link]
    unproven: Sequence[tuple[str, str]]  # subscriptions that this study says nothing of, and why


def chain_of(site: Site, said: Verify) -> Chain:
    links, unproven = list[Link](), list[tuple[str, str]]()
    for use in subscription_uses(site):
        if why := not_triggered(use, said.project):
            unproven.append((use.name, why))
            continue
        kind = use.meaning.type
        expect = [one for one in said.expect if is_about(one, use)]
        links.append(Link(use, _TIMES[kind.short] if kind else 1, expect))
    return Chain(links, unproven)


@dataclass(frozen=True)
class Deliveries:
    """What the history has of one subscription and our study."""

    fired: Sequence[Row]
    filtered: Sequence[Row]

    @property
    def errors(self) -> list[str]:
        return [str(row.get("status-message") or "no reason is told") for row in self.fired if row.get("error")]


def row_of(xnat: Connection, link: Link) -> Row | None:
    return next((row for row in subscriptions(xnat) if row.get("name") == link.name), None)


def deliveries(xnat: Connection, number: int, experiment: str) -> Deliveries:
    params = {"subscription-id": str(number), "include-filter-mismatch": "true", "load-children": "false"}
    doing = "reading what the event service did with the study"
    answer = xnat.client.write("POST", "/xapi/events/delivered", doing=doing, json={"size": 200}, params=params)
    rows = [row for row in answer.json() if _about(row, experiment)]
    filtered = [row for row in rows if _MISMATCH in str(row.get("status-message"))]
    return Deliveries([row for row in rows if row not in filtered], filtered)


def _about(row: Row, experiment: str) -> bool:
    return place_of(str((row.get("trigger") or {}).get("URI") or ""))[0] == experiment


def runs_on(xnat: Connection, project: str, experiment: str, wrapper: int, since: datetime) -> list[Run]:
    """Containers of this wrapper on our study, and launches of it that failed before there was one."""
    rows = containers(xnat, Wanted(project, since, limit=0)).rows
    ours = [row for row in rows if int(row.get("wrapper-id") or 0) == wrapper]
    runs = [run for run in runs_of(xnat, ours) if run.experiment == experiment]
    lost = lost_launches(xnat, project, since, rows).runs
    name = wrapper_label(xnat, wrapper)
    return runs + [run for run in lost if run.experiment == experiment and run.wrapper == name and run.failed]


def wrapper_label(xnat: Connection, wrapper: int) -> str:
    return wrapper_name(wrappers(xnat), wrapper)


def wrapper_of(row: Row) -> int | None:
    return wrapper_number(str(row.get("action-key") or ""))


def lacking(expect: Sequence[Expectation], scans: dict[str, set[str]], session: set[str]) -> Iterator[str]:
    """What was promised and is not there: `NIFTI of scan 2`."""
    for one in expect:
        for label in one.resources:
            if one.level == "session":
                yield from () if label in session else (f"{label} of the session",)
            else:
                yield from (f"{label} of scan {scan}" for scan, labels in scans.items() if label not in labels)
