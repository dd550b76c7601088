"""A small world for the engine's tests: a kind whose things live in a dictionary, and a server without a wire."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, cast

from bootstrap.config.site import Site
from bootstrap.engine.gather import read_current
from bootstrap.engine.given import Inputs
from bootstrap.engine.ledger import Ledger
from bootstrap.engine.options import Options
from bootstrap.engine.order import KindOrder
from bootstrap.engine.tokens import Sealer
from bootstrap.errors import XnatError
from bootstrap.kinds.kind import Fields, Kind, Resource, State
from bootstrap.values import Problem
from bootstrap.xnat.connection import Connection

DAY = date(2026, 11, 26)


@dataclass
class World:
    """What the toy server holds, and what goes wrong on it."""

    things: dict[str, dict[str, Any]] = field(default_factory=dict)  # by ref
    log: list[str] = field(default_factory=list)  # writes, in their order
    before: dict[str, list[XnatError]] = field(default_factory=dict)  # raised instead of a write, by ref
    after: dict[str, list[XnatError]] = field(default_factory=dict)  # raised after it, by ref
    unreadable: dict[str, XnatError] = field(default_factory=dict)  # by kind
    stored_otherwise: dict[str, Any] = field(default_factory=dict)  # value by ref
    opened: set[str] = field(default_factory=set)

    def write(self, action: str, ref: str, fields: Fields | None) -> None:
        if self.before.get(ref):
            raise self.before[ref].pop(0)
        self.log.append(f"{action} {ref}")
        if fields is None:
            self.things.pop(ref, None)
        else:
            stored = {key: self.stored_otherwise.get(ref, value) for key, value in fields.items()}
            self.things[ref] = {**self.things.get(ref, {}), **stored}
        if self.after.get(ref):
            raise self.after[ref].pop(0)


class ToyKind(Kind):
    """Things with whatever fields. `door` things hide what needs them until their field `open` is true."""

    title = "toy"
    settle_seconds = 0.2

    def __init__(self, name: str, needs: tuple[str, ...] = (), **traits: Any) -> None:
        self.__dict__.update(traits)
        self.name = name  # type: ignore[misc]
        self.needs = needs  # type: ignore[misc]
        self.resources: list[Resource] = []
        self.judgements: list[Problem] = []

    def desired(self, site: Site) -> list[Resource]:
        return self.resources

    def read(self, xnat: Connection, wanted: Sequence[Resource]) -> Mapping[str, State]:
        world = world_of(xnat)
        if self.name in world.unreadable:
            raise world.unreadable[self.name]
        names = [name for resource in wanted for name in (resource.name, resource.was) if name]
        return {
            name: State(dict(world.things[f"{self.name}:{name}"]), id=name)
            for name in names
            if f"{self.name}:{name}" in world.things
        }

    def hides(self, wanted: Resource, current: State | None) -> str | None:
        if wanted.name != "door":
            return None
        return None if current and current.fields.get("open") else "the door is shut"

    def judge(self, xnat: Connection, wanted: Resource, current: State | None) -> Iterable[Problem]:
        return self.judgements

    def create(self, xnat: Connection, wanted: Resource) -> None:
        world_of(xnat).write("create", wanted.ref, wanted.fields)

    def update(self, xnat: Connection, wanted: Resource, current: State, changed: frozenset[str]) -> None:
        world_of(xnat).write("update", wanted.ref, {path: wanted.fields[path] for path in changed})

    def rename(self, xnat: Connection, wanted: Resource, current: State) -> None:
        world = world_of(xnat)
        world.things.pop(f"{self.name}:{wanted.was}")
        world.write("rename", wanted.ref, wanted.fields)

    def delete(self, xnat: Connection, name: str, current: State) -> None:
        world_of(xnat).write("delete", f"{self.name}:{name}", None)


class ToyClient:
    """Of the client what the engine uses: modes, threads, and our documents in the config service."""

    url = "https://toy.example.org"

    def __init__(self, world: World) -> None:
        self.world = world
        self.rows: list[dict[str, str]] = []
        self.now = datetime(2026, 11, 26, 12, 0, 0)
        self.writes_open = 0
        self.bookkeeping: list[str] = []
        self.on_row: list[Any] = []  # called with the row that was just written

    def parallel(self, function: Any, items: Iterable[Any]) -> list[Any]:
        return [function(item) for item in items]

    @contextmanager
    def writing(self) -> Iterator[None]:
        self.writes_open += 1
        try:
            yield
        finally:
            self.writes_open -= 1

    def write(self, method: str, path: str, *, text: str, bookkeeping: bool, **_rest: Any) -> None:
        assert self.writes_open, "a write in read mode"
        assert bookkeeping, "only ledger and lock go through here"
        self.bookkeeping.append(f"{method} {path}")
        self.add_row(path, text)
        for hook in list(self.on_row):
            hook(path, text)

    def add_row(self, path: str, text: str) -> None:
        self.now += timedelta(milliseconds=10)
        place = path.removeprefix("/data/config/xnat-bootstrap/")
        if place.startswith("ledger/"):
            self.rows = [row for row in self.rows if row["path"] != place]
        version = str(1 + sum(row["path"] == place for row in self.rows))
        created = self.now.strftime("%Y-%m-%d %H:%M:%S.%f").rstrip("0")
        self.rows.append(
            {"path": place, "contents": text, "version": version, "status": "enabled", "create_date": created}
        )

    def read_json(self, path: str, **_rest: Any) -> Any:
        place = path.removeprefix("/data/config/xnat-bootstrap").strip("/")
        found = [row for row in self.rows if not place or row["path"] == place]
        return {"ResultSet": {"Result": found}} if found else None

    def ledger(self, owner: str = "default") -> dict[str, Any]:
        texts = [row["contents"] for row in self.rows if row["path"] == f"ledger/{owner}"]
        return cast(dict[str, Any], json.loads(texts[-1]))


@dataclass
class ToyConnection:
    client: ToyClient
    pauses: list[float] = field(default_factory=list)
    initialized: bool = True
    url: ClassVar[str] = "https://toy.example.org"

    def new_round(self) -> None:
        """Nothing is remembered here."""

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)


def world_of(xnat: Connection) -> World:
    return cast(ToyConnection, xnat).client.world


def connection(world: World) -> Connection:
    return cast(Connection, ToyConnection(ToyClient(world)))


def toy(xnat: Connection) -> ToyClient:
    return cast(ToyConnection, xnat).client


def resource(ref: str, *, needs: tuple[str, ...] = (), was: str | None = None, **fields: Any) -> Resource:
    kind, _, name = ref.partition(":")
    return Resource(kind, name, fields, needs=needs, was=was)


def inputs(
    kinds: Sequence[ToyKind],
    xnat: Connection,
    *,
    ledger: Ledger | None = None,
    options: Options | None = None,
    extra: Sequence[Resource] = (),
    **more: Any,
) -> Inputs:
    order = KindOrder(kinds)
    desired = [wanted for kind in kinds for wanted in kind.resources]
    return Inputs(
        order=order,
        desired=desired,
        current=read_current(order, [*desired, *extra], xnat),
        ledger=ledger or Ledger(),
        sealer=Sealer((ledger.salt if ledger else "") or "salt"),
        options=options or Options(today=DAY),
        judged=[p for kind in kinds for p in kind.judgements],
        **more,
    )
