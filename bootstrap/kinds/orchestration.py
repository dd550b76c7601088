"""Orchestrations: sequences of wrappers. XNAT keeps the ids of the wrappers, the file their names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bootstrap.config.site import Site
from bootstrap.errors import NotFound
from bootstrap.kinds.command_export import exported_rows
from bootstrap.kinds.command_uses import WrapperName, loaded, resolved
from bootstrap.kinds.container_reading import Row, commands, has_containers, orchestrations, row_of, wrapper_id
from bootstrap.kinds.kind import Exported, Kind, Resource, State
from bootstrap.kinds.orchestrations_section import ORCHESTRATIONS, Orchestration
from bootstrap.kinds.wrapper_scopes import ScopedUse, site_scope
from bootstrap.values import Problem
from bootstrap.xnat.connection import Connection

_ENABLED = "enabled"


class OrchestrationKind(Kind):
    name = "orchestration"
    title = "orchestration"
    sections = (ORCHESTRATIONS,)
    needs = ("command", "enablement")
    removal = "gone from the file: deleted, and with it the choice of the projects that have it"

    def desired(self, site: Site) -> list[Resource]:
        known = {scoped.name: scoped for scoped in site_scope(site)}
        section: Sequence[Orchestration] = site.section("orchestrations") or ()
        return [self._resource(site, place, one, known) for place, one in enumerate(section)]

    def _resource(self, site: Site, place: int, one: Orchestration, known: Mapping[WrapperName, ScopedUse]) -> Resource:
        names = names_of(site, one)
        needs = [f"command:{name.command}" for name in names if name in known]
        needs += [f"enablement:{name}" for name in names if name in known and known[name].enabled]
        identities = {str(name): _identity(known.get(name)) for name in names}
        return Resource(
            self.name,
            one.name,
            {
                "wrappers": [str(name) for name in names],
                "halt_on_failure": one.halt_on_failure,
                _ENABLED: one.enabled,
            },
            site.source("orchestrations", place),
            {key: site.source("orchestrations", place, key) for key in ("wrappers", "halt_on_failure", _ENABLED)},
            needs=tuple(dict.fromkeys(needs)),
            protected=one.protected,
            payload={
                "identities": identities,
                "was": {str(old): str(name) for name, each in known.items() for old in each.formerly},
                "known": frozenset(map(str, known)),
            },
        )

    def check(self, site: Site) -> list[Problem]:
        return [] if loaded(site).problems else list(_problems(site))

    def read(self, xnat: Connection, wanted: Sequence[Resource]) -> Mapping[str, State]:
        rows = {row["name"]: row for row in orchestrations(xnat)}
        names = names_by_id(commands(xnat))
        return {
            resource.name: _state(resource, rows[resource.name], names) for resource in wanted if resource.name in rows
        }

    def hides(self, wanted: Resource, current: State | None) -> str | None:
        """XNAT switches an orchestration off and takes it from its projects when a wrapper of it is deleted."""
        known = wanted.payload.get("known", frozenset())
        commands = {name.split("/", 1)[0] for name in known}
        for name in current.fields["wrappers"] if current else ():
            if name.split("/", 1)[0] in commands and name not in known:
                return f"it has the wrapper {name}, which goes away, and XNAT takes it from its projects then"
        return None

    def create(self, xnat: Connection, wanted: Resource) -> None:
        self._store(xnat, wanted, None)

    def update(self, xnat: Connection, wanted: Resource, current: State, changed: frozenset[str]) -> None:
        if changed == {_ENABLED} and not current.broken:
            self._switch(xnat, wanted, str(current.id))
        else:
            self._store(xnat, wanted, current.id)

    def delete(self, xnat: Connection, name: str, current: State) -> None:
        xnat.client.write("DELETE", f"/xapi/orchestration/{current.id}", doing=f"deleting the orchestration {name}")

    def _store(self, xnat: Connection, wanted: Resource, number: str | None) -> None:
        """A whole one over a whole one, which switches it on in any case."""
        doing = f"storing the orchestration {wanted.name}"
        body = {
            **({"id": int(number)} if number else {}),
            "name": wanted.name,
            "wrapperIds": [self._wrapper(xnat, wanted, name) for name in wanted.fields["wrappers"]],
            "haltOnCommandFailure": wanted.fields["halt_on_failure"],
        }
        answer = xnat.client.write(
            "POST",
            "/xapi/orchestration",
            doing=doing,
            json=body,
            creates=number is None,
            answers=True,
            source=wanted.source,
        )
        if not wanted.fields[_ENABLED]:
            self._switch(xnat, wanted, str(answer.json()["id"]))

    def _wrapper(self, xnat: Connection, wanted: Resource, name: str) -> int:
        command, wrapper = name.split("/", 1)
        image, version = wanted.payload.get("identities", {}).get(name, (None, None))
        number = wrapper_id(row_of(commands(xnat), command, image, version), wrapper)
        if number is None:
            doing = f"storing the orchestration {wanted.name}"
            raise NotFound(f"XNAT has no wrapper {name}", doing=doing, source=wanted.source)
        return number

    def _switch(self, xnat: Connection, wanted: Resource, number: str) -> None:
        on = bool(wanted.fields[_ENABLED])
        path = f"/xapi/orchestration/{number}/enabled/{'true' if on else 'false'}"
        doing = f"switching the orchestration {wanted.name} {'on' if on else 'off'}"
        xnat.client.write("PUT", path, doing=doing, source=wanted.source)

    def export(self, xnat: Connection) -> Exported:
        if not has_containers(xnat):
            return Exported()
        names, found, notes = names_by_id(exported_rows(commands(xnat))), [], []
        for row in orchestrations(xnat):
            if all(number in names for number in row["wrapperIds"]):
                found.append(_exported(row, names))
            else:
                notes.append(f"the orchestration {row['name']} is left out: the file has not all of its wrappers")
        return Exported({"orchestrations": found} if found else {}, notes=tuple(notes))


def _state(wanted: Resource, row: Row, names: Mapping[int, str]) -> State:
    """By the names that the file has for the wrappers. One that points at a wrapper which is gone is put right."""
    was = wanted.payload.get("was", {})
    told = [names.get(number, f"(gone: {number})") for number in row["wrapperIds"]]
    told = [was.get(name, name) for name in told]
    broken = any(number not in names for number in row["wrapperIds"])
    fields = {"wrappers": told, "halt_on_failure": row.get("haltOnCommandFailure", True), _ENABLED: row[_ENABLED]}
    notes = ("it points at a wrapper that is gone",) if broken else ()
    return State(fields, str(row["id"]), notes, broken)


def names_of(site: Site, one: Orchestration) -> list[WrapperName]:
    """Those that mean something: `check` tells of the others."""
    return [name for name in (resolved(site, text) for text in one.wrappers) if not isinstance(name, Problem)]


def names_by_id(rows: Sequence[Row]) -> dict[int, str]:
    return {int(wrapper["id"]): f"{row['name']}/{wrapper.get('name')}" for row in rows for wrapper in row["xnat"]}


def _identity(scoped: ScopedUse | None) -> tuple[Any, Any]:
    ours = scoped.use.canonical if scoped and scoped.use else {}
    return ours.get("image"), ours.get("version")


def _exported(row: Row, names: Mapping[int, str]) -> dict[str, Any]:
    found: dict[str, Any] = {"name": row["name"], "wrappers": [names[number] for number in row["wrapperIds"]]}
    found |= {} if row.get("haltOnCommandFailure", True) else {"halt_on_failure": False}
    return found | ({} if row["enabled"] else {"enabled": False})


def _problems(site: Site) -> Iterator[Problem]:
    known = {scoped.name: scoped for scoped in site_scope(site)}
    for place, one in enumerate(site.section("orchestrations") or ()):
        names = []
        for number, text in enumerate(one.wrappers):
            source = site.source("orchestrations", place, "wrappers", number)
            name = resolved(site, text)
            if isinstance(name, Problem):
                yield replace(name, source=source)
                continue
            names.append(name)
            if name in known and known[name].enabled.get("enabled") is False:
                message = f"the wrapper `{text}` is off for the site, and {one.name} wants it on"
                yield Problem("error", "orchestration-off", message, "set `enabled: true` under `commands`", source)
        yield from _no_common_context(site, place, [known[name] for name in names if name in known])


def _no_common_context(site: Site, place: int, wrappers: Sequence[ScopedUse]) -> Iterator[Problem]:
    contexts = [set(one.use.wrappers[one.name.wrapper]["contexts"]) for one in wrappers if one.use]
    if len(contexts) > 1 and not set.intersection(*contexts):
        message = "its wrappers have no context in common, word for word"
        hint = "XNAT compares the words, not what they are kinds of: add the same one to each"
        yield Problem("error", "no-common-context", message, hint, site.source("orchestrations", place, "wrappers"))
