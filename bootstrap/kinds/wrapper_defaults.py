"""What the inputs of wrappers start with on the site.

XNAT keeps one document a wrapper and scope, in which switch and defaults lie together: what is not ours in it is sent
along as it is, and the switch as it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from bootstrap.config.site import Site
from bootstrap.kinds.container_reading import Stored
from bootstrap.kinds.kind import Resource, State
from bootstrap.kinds.wrapper_kind import WrapperKind, WrapperState
from bootstrap.kinds.wrapper_scopes import ScopedUse, site_scope
from bootstrap.xnat.connection import Connection

PROPERTIES = ("default-value", "user-settable", "advanced")


class WrapperDefaults(WrapperKind):
    name = "wrapper_defaults"
    title = "defaults of a wrapper for the site"
    written_under = "commands"
    needs: ClassVar[tuple[str, ...]] = ("command", "enablement")
    removal = "gone from the file: the command's own defaults again"

    def scope(self, site: Site) -> Iterable[ScopedUse]:
        return site_scope(site)

    def desired(self, site: Site) -> list[Resource]:
        found = self.scope(site)
        return [self.resource(one, dict(one.defaults), sources=one.sources) for one in found if one.defaults]

    def state(self, xnat: Connection, wanted: Resource, stored: Stored, number: int | None) -> WrapperState:
        """Of each input just the properties that the file names; null where this scope has none."""
        if wanted.payload:
            fields = {
                name: {key: stored.inputs.get(name, {}).get(key) for key in said}
                for name, said in wanted.fields.items()
            }
        else:
            fields = {name: said for name, one in stored.inputs.items() if (said := _said(one, PROPERTIES))}
        return WrapperState(fields, missing=number is None)

    def update(self, xnat: Connection, wanted: Resource, current: State, changed: frozenset[str]) -> None:
        self._store(xnat, wanted, {name: wanted.fields[name] for name in changed})

    def delete(self, xnat: Connection, name: str, current: State) -> None:
        nothing = dict.fromkeys(PROPERTIES)
        self._store(xnat, Resource(self.name, name, {}), dict.fromkeys(current.fields, nothing))

    def is_default(self, name: str, current: State) -> bool:
        return not any(value is not None for said in current.fields.values() for value in said.values())

    def _store(self, xnat: Connection, wanted: Resource, inputs: Mapping[str, Mapping[str, Any]]) -> None:
        place, number = self.place(wanted.name), self.must_have(xnat, wanted)
        stored = self.stored(xnat, wanted, number)
        merged = {name: {**stored.inputs.get(name, {}), **inputs.get(name, {})} for name in {**stored.inputs, **inputs}}
        document = {"inputs": _without_nulls(merged), "outputs": _without_nulls(stored.outputs)}
        # "false" stores what is in effect, and in a project that is off wherever the site is: only said of what is off.
        params = {"enable": "true" if stored.on(place.project) else "false", "reason": "xnat-bootstrap"}
        path, doing = f"{place.path}/wrappers/{number}/config", f"storing the defaults of {place}"
        xnat.client.write("POST", path, doing=doing, json=document, params=params, source=wanted.source)


def _said(one: Mapping[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    return {key: one[key] for key in keys if one.get(key) is not None}


def _without_nulls(document: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    found = {name: _said(one, one) for name, one in document.items()}
    return {name: one for name, one in found.items() if one}
