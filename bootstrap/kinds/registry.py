"""Registries that XNAT pulls images from. Passwords go in and never come out: the ledger's sealed token is compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bootstrap.config.site import Site
from bootstrap.kinds.container_manager import has_container_service
from bootstrap.kinds.image_reference import DOCKER_HUB, host_of_url
from bootstrap.kinds.kind import UNREADABLE, Exported, Fields, Finding, Kind, Resource, State, TagText
from bootstrap.kinds.registries_section import REGISTRIES, Registry, registries_of
from bootstrap.values import Problem, Secret
from bootstrap.xnat.connection import Connection

PATH = "/xapi/docker/hubs"
_TEXTS = ("url", "username", "email")
_SECRETS = ("password", "token")
_FIELDS = (*_TEXTS, *_SECRETS, "default")
Hub = Mapping[str, Any]


class RegistryKind(Kind):
    name = "registry"
    title = "registry"
    sections = (REGISTRIES,)
    needs = ("initialization", "admin_password", "container_manager")

    def desired(self, site: Site) -> list[Resource]:
        return [self._resource(site, place, registry) for place, registry in enumerate(registries_of(site))]

    def _resource(self, site: Site, place: int, registry: Registry) -> Resource:
        said = {name: getattr(registry, name) for name in _FIELDS if name in registry.model_fields_set}
        # XNAT keeps a password when none is sent, so none cannot be wanted; nor can "not the default".
        fields = {name: value for name, value in said.items() if value is not None or name in _TEXTS}
        return Resource(
            self.name,
            registry.name,
            fields,
            site.source("registries", place),
            {name: site.source("registries", place, name) for name in fields},
            was=registry.was,
            protected=registry.protected,
            ignore=frozenset(registry.ignore),
        )

    def check(self, site: Site) -> list[Problem]:
        return [*_shared_urls(site), *_several_defaults(site)]

    def normalise(self, name: str, fields: Fields) -> Fields:
        return {key: "" if value is None else value for key, value in fields.items()}

    def read(self, xnat: Connection, wanted: Sequence[Resource]) -> Mapping[str, State]:
        names = {name for resource in wanted for name in (resource.name, resource.was) if name}
        return {str(hub["name"]): _state(hub) for hub in hubs(xnat) if hub.get("name") in names}

    def judge(self, xnat: Connection, wanted: Resource, current: State | None) -> Iterable[Problem]:
        there = hubs(xnat) if xnat.initialized and has_container_service(xnat) else ()
        for hub in there:
            ours = hub.get("name") in (wanted.name, wanted.was)
            if not ours and hub.get("url") == wanted.fields.get("url"):
                message = f"{wanted.ref}: XNAT has {hub['url']} already, under the name `{hub.get('name')}`"
                hint = f"XNAT has each address once: give it that name, or write `was: {hub.get('name')}`"
                yield Problem("error", "registry-url-taken", message, hint, wanted.source_of("url"))

    def note(self, wanted: Resource, current: State | None) -> Iterable[str]:
        if current is None:
            return
        differing = {key for key in _TEXTS if wanted.fields.get(key, current.fields[key]) != current.fields[key]}
        if differing & {"url", "username"} and "password" not in wanted.fields:
            yield "XNAT forgets its password, which the file does not give"
        if differing and "token" not in wanted.fields:
            yield "XNAT forgets its token, if it has one: the file does not give it"

    def create(self, xnat: Connection, wanted: Resource) -> None:
        body = {"name": wanted.name, **_sent(wanted)}
        params = {"default": "true" if wanted.fields.get("default") else "false"}
        doing = f"adding the registry {wanted.name}"
        xnat.client.write("POST", PATH, doing=doing, json=body, params=params, creates=True, source=wanted.source)

    def update(self, xnat: Connection, wanted: Resource, current: State, changed: frozenset[str]) -> None:
        path = f"{PATH}/{current.id}"
        if changed != {"default"}:
            stored = {key: current.fields[key] for key in _TEXTS}
            body = {"name": wanted.name, **stored, **_sent(wanted)}
            doing, params = f"changing the registry {wanted.name}", {"default": "false"}
            xnat.client.write("POST", path, doing=doing, json=body, params=params, source=wanted.source)
        if wanted.fields.get("default") and not current.fields["default"]:
            # Without a body: with one, XNAT takes the id from the body and not from the path.
            doing = f"making {wanted.name} the default registry"
            xnat.client.write("POST", path, doing=doing, source=wanted.source_of("default"))

    def rename(self, xnat: Connection, wanted: Resource, current: State) -> None:
        self.update(xnat, wanted, current, frozenset(wanted.fields))

    def delete(self, xnat: Connection, name: str, current: State) -> None:
        xnat.client.write("DELETE", f"{PATH}/{current.id}", doing=f"removing the registry {name}")

    def is_default(self, name: str, current: State) -> bool:
        """The one that images are pulled from by default cannot be removed, and a fresh XNAT has Docker Hub."""
        return bool(current.fields["default"])

    def export(self, xnat: Connection) -> Exported:
        if not has_container_service(xnat):
            return Exported()
        named = [hub for hub in hubs(xnat) if hub.get("name") and hub.get("url") and not _is_fresh(hub)]
        found = [_exported(hub) for hub in named]
        notes = [f"XNAT does not tell whether {hub['name']} has a password" for hub in named if hub.get("username")]
        return Exported({"registries": found} if found else {}, notes=tuple(notes))

    def examine(self, xnat: Connection, site: Site) -> Iterable[Finding]:
        if not registries_of(site) or not has_container_service(xnat):
            return
        ours = {registry.name for registry in registries_of(site)}
        for hub in hubs(xnat):
            status = hub.get("status") or {}
            if hub.get("name") in ours:
                text = f"{hub['name']}: {status.get('message') or status.get('response')}"
                yield Finding("good" if status.get("ping") else "warning", "registry", text)


def hubs(xnat: Connection) -> Sequence[Hub]:
    """XNAT asks each of them how it is before it answers, which takes its time."""
    found: Sequence[Hub] = xnat.shared(
        "registries", lambda: xnat.client.read_json(PATH, doing="listing the registries")
    )
    return found


def _state(hub: Hub) -> State:
    texts = {key: hub.get(key) for key in _TEXTS}
    return State({**texts, **dict.fromkeys(_SECRETS, UNREADABLE), "default": bool(hub.get("default"))}, str(hub["id"]))


def _sent(wanted: Resource) -> dict[str, Any]:
    body = {key: wanted.fields[key] for key in (*_TEXTS, *_SECRETS) if key in wanted.fields.keys() - wanted.ignore}
    return {key: value.reveal() if isinstance(value, Secret) else value for key, value in body.items()}


def _is_fresh(hub: Hub) -> bool:
    """As the one that every XNAT begins with."""
    known = hub.get("username") or hub.get("email")
    return bool(host_of_url(hub["url"]) == DOCKER_HUB and hub.get("default") and not known)


def _exported(hub: Hub) -> dict[str, Any]:
    found: dict[str, Any] = {"name": hub["name"], "url": hub["url"]}
    found |= {key: hub[key] for key in ("username", "email") if hub.get(key)}
    if hub.get("username"):
        found["password"] = TagText("!env", variable_of(str(hub["name"])))
    if hub.get("default"):
        found["default"] = True
    return found


def variable_of(name: str) -> str:
    return re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_").upper() + "_PASSWORD"


def _shared_urls(site: Site) -> Iterable[Problem]:
    seen: dict[str, str] = {}
    for place, registry in enumerate(registries_of(site)):
        other = seen.setdefault(registry.url, registry.name)
        if other != registry.name:
            message = f"{registry.name} has the same address as {other}: XNAT has each address once"
            source = site.source("registries", place, "url")
            yield Problem("error", "registry-url-twice", message, "make them one", source)


def _several_defaults(site: Site) -> Iterable[Problem]:
    places = [place for place, registry in enumerate(registries_of(site)) if registry.default]
    for place in places[1:]:
        message = "there is a default registry already: only one can be it"
        yield Problem("error", "two-default-registries", message, "", site.source("registries", place, "default"))
