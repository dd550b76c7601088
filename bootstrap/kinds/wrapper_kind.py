"""What the kinds have in common that speak of one wrapper in one scope: how it is found, and by which path."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bootstrap.config.site import Site
from bootstrap.errors import NotFound
from bootstrap.kinds.container_reading import (
    NOTHING,
    Row,
    Rows,
    Stored,
    commands,
    project_rows,
    row_of,
    site_rows,
    wrapper_id,
)
from bootstrap.kinds.kind import Kind, Resource, State
from bootstrap.kinds.wrapper_scopes import ScopedUse
from bootstrap.values import Problem
from bootstrap.xnat.connection import Connection
from bootstrap.xnat.transport import segment


@dataclass(frozen=True)
class WrapperState(State):
    missing: bool = False  # there is no such wrapper, yet


@dataclass(frozen=True)
class Place:
    """Where a thing of this name lies."""

    project: str
    command: str
    wrapper: str

    @property
    def path(self) -> str:
        return f"/xapi/projects/{segment(self.project)}" if self.project else "/xapi"

    @property
    def wrapper_name(self) -> str:
        return f"{self.command}/{self.wrapper}"

    def __str__(self) -> str:
        where = f" in {self.project}" if self.project else ""
        return f"{self.wrapper_name}{where}"


class WrapperKind(Kind):
    """Ids are looked up by name whenever something is read or written: they are never kept."""

    default_is_absence = True

    in_projects = False

    @abstractmethod
    def scope(self, site: Site) -> Iterable[ScopedUse]: ...

    def resource(self, scoped: ScopedUse, fields: Mapping[str, Any], **more: Any) -> Resource:
        identity = scoped.use.canonical if scoped.use else {}
        payload = {
            "image": identity.get("image"),
            "version": identity.get("version"),
            "formerly": scoped.formerly,
            "ours": scoped.use is not None,
        }
        return Resource(
            self.name,
            scoped.resource_name,
            fields,
            scoped.source,
            needs=scoped.needs,
            formerly=scoped.old_resource_names,
            payload=payload,
            **more,
        )

    def place(self, name: str) -> Place:
        project, rest = name.split("/", 1) if self.in_projects else ("", name)
        return Place(project, *rest.split("/", 1))

    def number(self, xnat: Connection, wanted: Resource) -> int | None:
        """The wrapper's id; under its old name where it has not been renamed yet."""
        place, rows = self.place(wanted.name), commands(xnat)
        old = [(name.command, name.wrapper) for name in wanted.payload.get("formerly", ())]
        found = (self._number(rows, wanted, *each) for each in [(place.command, place.wrapper), *old])
        return next((number for number in found if number is not None), None)

    def _number(self, rows: Sequence[Row], wanted: Resource, command: str, wrapper: str) -> int | None:
        row = row_of(rows, command, wanted.payload.get("image"), wanted.payload.get("version"))
        return wrapper_id(row, wrapper)

    def must_have(self, xnat: Connection, wanted: Resource) -> int:
        number = self.number(xnat, wanted)
        if number is None:
            place = self.place(wanted.name)
            message = f"XNAT has no wrapper {place.wrapper} of a command {place.command}"
            raise NotFound(message, doing=f"looking for {wanted.ref}", source=wanted.source)
        return number

    def rows(self, xnat: Connection, wanted: Iterable[Resource]) -> Mapping[str, Rows]:
        """What is stored, by project; under the empty name for the site."""
        if not self.in_projects:
            return {"": site_rows(xnat)}
        return project_rows(xnat, [self.place(resource.name).project for resource in wanted])

    def read(self, xnat: Connection, wanted: Sequence[Resource]) -> Mapping[str, State]:
        rows = self.rows(xnat, wanted)
        return {resource.name: self._read_one(xnat, resource, rows) for resource in wanted}

    def _read_one(self, xnat: Connection, wanted: Resource, rows: Mapping[str, Rows]) -> WrapperState:
        number = self.number(xnat, wanted)
        stored = rows.get(self.place(wanted.name).project, {}).get(number or 0, NOTHING)
        state = self.state(xnat, wanted, stored, number)
        lost = f"gone with its wrapper: XNAT has no {self.place(wanted.name).wrapper_name} any more"
        return replace(state, lost=lost) if state.missing else state

    def stored(self, xnat: Connection, wanted: Resource, number: int) -> Stored:
        return self.rows(xnat, [wanted]).get(self.place(wanted.name).project, {}).get(number, NOTHING)

    @abstractmethod
    def state(self, xnat: Connection, wanted: Resource, stored: Stored, number: int | None) -> WrapperState: ...

    def judge(self, xnat: Connection, wanted: Resource, current: State | None) -> Iterable[Problem]:
        if isinstance(current, WrapperState) and current.missing and not wanted.payload.get("ours", True):
            place = self.place(wanted.name)
            message = f"neither the file nor the server has a wrapper {place.wrapper} of a command {place.command}"
            yield Problem("error", "unknown-wrapper", message, "see how it is spelt", wanted.source)
