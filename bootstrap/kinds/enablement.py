"""Which wrappers can be launched on the site. Only switched where it differs: XNAT's history grows by every switch, and
switching off takes the wrapper's orchestrations along."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from bootstrap.config.site import Site
from bootstrap.kinds.container_reading import Stored
from bootstrap.kinds.kind import Fields, Resource, State
from bootstrap.kinds.wrapper_kind import WrapperKind, WrapperState
from bootstrap.kinds.wrapper_pointers import orchestrations_with, subscriptions_with
from bootstrap.kinds.wrapper_scopes import ScopedUse, site_scope
from bootstrap.xnat.connection import Connection

REASON = {"reason": "xnat-bootstrap"}


class Enablement(WrapperKind):
    name = "enablement"
    title = "switch of a wrapper for the site"
    written_under = "commands"
    needs: ClassVar[tuple[str, ...]] = ("command",)
    removal = "gone from the file: switched off"

    def scope(self, site: Site) -> Iterable[ScopedUse]:
        return site_scope(site)

    def desired(self, site: Site) -> list[Resource]:
        return [self.resource(scoped, scoped.enabled) for scoped in self.scope(site) if scoped.enabled]

    def normalise(self, name: str, fields: Fields) -> Fields:
        return {path: bool(value) for path, value in fields.items()}

    def state(self, xnat: Connection, wanted: Resource, stored: Stored, number: int | None) -> WrapperState:
        enabled = number is not None and stored.on(self.place(wanted.name).project)
        notes = self.notes(xnat, wanted, number) if wanted.fields.get("enabled") in (True, False) and number else ()
        return WrapperState({"enabled": enabled}, notes=tuple(notes), missing=number is None)

    def notes(self, xnat: Connection, wanted: Resource, number: int) -> Iterator[str]:
        """What follows from switching off. Nothing is asked where it is off already."""
        if wanted.fields["enabled"] is False and self.stored(xnat, wanted, number).on_site:
            for pointer in orchestrations_with(xnat, [number]):
                yield f"XNAT switches off {pointer} as well, in all projects"
            for pointer in subscriptions_with(xnat, [number]):
                yield f"{pointer} only fails then, until it is on again or points elsewhere"

    def update(self, xnat: Connection, wanted: Resource, current: State, changed: frozenset[str]) -> None:
        self._switch(xnat, wanted, bool(wanted.fields["enabled"]))

    def delete(self, xnat: Connection, name: str, current: State) -> None:
        self._switch(xnat, Resource(self.name, name, {}), on=False)

    def left_by_removal(self, name: str) -> Fields:
        return {"enabled": False}

    def is_default(self, name: str, current: State) -> bool:
        return not current.fields["enabled"]

    def _switch(self, xnat: Connection, wanted: Resource, on: bool) -> None:
        place, number = self.place(wanted.name), self.must_have(xnat, wanted)
        path = f"{place.path}/wrappers/{number}/{'enabled' if on else 'disabled'}"
        doing = f"switching {place} {'on' if on else 'off'}"
        xnat.client.write("PUT", path, doing=doing, params=REASON, source=wanted.source)
