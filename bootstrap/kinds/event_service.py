"""The event service of XNAT: off on a fresh one. While it is off, nobody can see or change a subscription."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pydantic import Field

from bootstrap.config.section import Model, Section
from bootstrap.config.site import Site
from bootstrap.kinds.kind import Exported, Fields, Finding, Kind, Resource, State
from bootstrap.values import Problem
from bootstrap.xnat.connection import Connection

_PREFERENCES = "/xapi/events/prefs"
_ENABLED = "enabled"
_SECTION = "event_service"


class EventServiceSwitch(Model):
    enabled: bool | None = Field(None, description="whether events start what subscriptions say; null is XNAT's: off")


EVENT_SERVICE = Section(
    key=_SECTION,
    shape=EventServiceSwitch,
    doc="The service that starts processing when something happens. It is off on a fresh XNAT.",
    example="enabled: true\n",
)


class EventService(Kind):
    name = "event_service"
    title = "switch of the event service"
    sections = (EVENT_SERVICE,)
    needs = ("initialization", "admin_password")
    default_is_absence = True
    removal = "gone from the file: switched off; what happens while it is off starts nothing, and is not made up for"

    def desired(self, site: Site) -> list[Resource]:
        said: EventServiceSwitch | None = site.section("event_service")
        if said is None or _ENABLED not in said.model_fields_set:
            return []
        source = site.source("event_service", _ENABLED)
        return [Resource(self.name, "site", {_ENABLED: said.enabled}, source)]

    def check(self, site: Site) -> list[Problem]:
        said: EventServiceSwitch | None = site.section("event_service")
        if said is None or said.enabled or _ENABLED not in said.model_fields_set or not site.section("subscriptions"):
            return []
        message = "the event service is to be off, and subscriptions can then be neither seen nor changed"
        hint = "set `enabled: true`, or take the subscriptions out"
        return [Problem("error", "event-service-off", message, hint, site.source("event_service", _ENABLED))]

    def normalise(self, name: str, fields: Fields) -> Fields:
        return {path: bool(value) for path, value in fields.items()}

    def read(self, xnat: Connection, wanted: Sequence[Resource]) -> Mapping[str, State]:
        return {"site": State({_ENABLED: is_on(xnat)})}

    def hides(self, wanted: Resource, current: State | None) -> str | None:
        if current and current.fields[_ENABLED]:
            return None
        return "while the event service is off, XNAT answers an empty text instead of the list of subscriptions"

    def note(self, wanted: Resource, current: State | None) -> Iterable[str]:
        if wanted.fields[_ENABLED]:
            yield "every active subscription that is there starts to work"

    def update(self, xnat: Connection, wanted: Resource, current: State, changed: frozenset[str]) -> None:
        _switch(xnat, on=bool(wanted.fields[_ENABLED]))

    def delete(self, xnat: Connection, name: str, current: State) -> None:
        _switch(xnat, on=False)

    def left_by_removal(self, name: str) -> Fields:
        return {_ENABLED: False}

    def is_default(self, name: str, current: State) -> bool:
        return not current.fields[_ENABLED]

    def examine(self, xnat: Connection, site: Site) -> Iterable[Finding]:
        said: EventServiceSwitch | None = site.section(_SECTION)
        named, asked = len(site.section("subscriptions") or ()), bool(said and said.enabled)
        if is_on(xnat):
            yield Finding("good", "event service", "it is on")
        elif named or asked:
            text = f"it is off, so that nothing starts by itself; the file has {named} subscriptions"
            mend = "`apply` switches it on" if asked else "write `event_service: {enabled: true}` into the site file"
            yield Finding("bad", "event service", text, mend)
        else:
            yield Finding("good", "event service", "it is off, and the file has no subscription")

    def export(self, xnat: Connection) -> Exported:
        return Exported({"event_service": {_ENABLED: True}} if is_on(xnat) else {})


def is_on(xnat: Connection) -> bool:
    doing = "reading whether the event service is on"
    found = xnat.shared("event service", lambda: xnat.client.read_json(_PREFERENCES, doing=doing))
    return found.get(_ENABLED) is True


def _switch(xnat: Connection, on: bool) -> None:
    """Only where it differs: switching it on registers every active subscription again."""
    doing = f"switching the event service {'on' if on else 'off'}"
    xnat.client.write("PUT", _PREFERENCES, doing=doing, json={_ENABLED: on})
