"""What XNAT runs containers on: one document that is always replaced as a whole, so it is posted only where it differs.

As long as nothing answers at the address in it XNAT fails over the document itself: then it is posted where the file
is another than what was last applied, and left alone otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bootstrap.config.site import Site
from bootstrap.errors import EngineUnreachable, Rejected, ServerFailed
from bootstrap.facts.container_fields import fields as known_fields
from bootstrap.kinds.compute_problems import compute_problems
from bootstrap.kinds.compute_section import COMPUTE, Compute, compute_of
from bootstrap.kinds.container_manager import has_container_service
from bootstrap.kinds.container_server import KUBERNETES, PATH, ServerReading, container_server, why_silent
from bootstrap.kinds.kind import UNREADABLE, Exported, Fields, Finding, Kind, Resource, State
from bootstrap.kinds.path_translation import examine_paths
from bootstrap.values import Problem, Source
from bootstrap.xnat.connection import Connection

THING = "server"
_NEVER_SENT = ("id", "swarm-mode")
KEYS = tuple(field.name for field in known_fields()["server"] if field.name not in _NEVER_SENT)
# What a fresh XNAT has, which is not what it takes for a key that was not sent.
FRESH: Mapping[str, Any] = {
    "name": "Local socket",
    "host": "unix:///var/run/docker.sock",
    "backend": "docker",
    "pull-images-on-xnat-init": False,
    "auto-cleanup": True,
    "status-email-enabled": True,
    "swarm-constraints": [],
    "max-concurrent-finalizing-jobs": None,
}
_ADDRESS = ("backend", "host")
_POSTED = "posted"
# What XNAT says of a document that it did not store, and never of an engine.
_REFUSALS = ("deserialize", "JSON parse", "could not execute statement", "delete-orphan", "same identifier")


class ComputeKind(Kind):
    name = "compute"
    title = "container server"
    sections = (COMPUTE,)
    needs = ("initialization", "admin_password", "container_manager")
    removal = "gone from the file: put back to what a fresh XNAT has"

    def desired(self, site: Site) -> list[Resource]:
        section: Compute | None = site.section("compute")
        fields = section.said() if section else {}
        if section is None or not fields:
            return []
        sources = {key: site.source("compute", key) for key in fields}
        payload = {"required": section.required, "done": set()}
        source, ignore = site.source("compute"), frozenset(section.ignore)
        return [
            Resource(
                self.name, THING, fields, source, sources, protected=section.protected, ignore=ignore, payload=payload
            )
        ]

    def check(self, site: Site) -> list[Problem]:
        return sorted(compute_problems(site), key=lambda problem: problem.source or Source(""))

    def normalise(self, name: str, fields: Fields) -> Fields:
        return {key: normal(key, value) for key, value in fields.items()}

    def read(self, xnat: Connection, wanted: Sequence[Resource]) -> Mapping[str, State]:
        reading = container_server(xnat)
        return {resource.name: state for resource in wanted if (state := _state(reading, resource)) is not None}

    def hides(self, wanted: Resource, current: State | None) -> str | None:
        """Which images there are is asked of the engine that XNAT will have."""
        if not wanted.fields:
            return None  # gone from the file
        if current is None:
            return "XNAT has no container server yet"
        now, said = _last_address(current), [key for key in _ADDRESS if key in wanted.fields.keys() - wanted.ignore]
        if any(wanted.fields[key] != now.get(key) for key in said):
            return "XNAT will run containers on another engine"
        return None

    def defers(self, xnat: Connection, wanted: Resource, current: State | None) -> str | None:
        if wanted.payload.get("required", True) or not _is_hidden(current) or _is_whole(wanted):
            return None
        return f"{why_silent(container_server(xnat))}; XNAT does not show its document, and the file gives no `host`"

    def note(self, wanted: Resource, current: State | None) -> Iterable[str]:
        if _is_hidden(current) and wanted.fields:
            yield "no engine answers, so XNAT does not show its document: what the file does not say becomes as fresh"

    def create(self, xnat: Connection, wanted: Resource) -> None:
        self.update(xnat, wanted, State(dict(FRESH)), frozenset())

    def update(self, xnat: Connection, wanted: Resource, current: State, changed: frozenset[str]) -> None:
        if _is_hidden(current) and not _is_whole(wanted):
            raise EngineUnreachable(
                "changing the container server: no engine answers, so XNAT does not show its document, and the file "
                "does not say all that matters of it",
                hint="give `host` (and `backend`) under `compute`, or start the engine",
                source=wanted.source,
            )
        stored = FRESH if _is_hidden(current) else current.fields
        said = {key: normal(key, value) for key, value in wanted.fields.items() if key not in wanted.ignore}
        self._post(xnat, {**stored, **said}, wanted)

    def _post(self, xnat: Connection, document: Mapping[str, Any], wanted: Resource) -> None:
        body = {key: document[key] for key in KEYS if document.get(key) not in (None, "")}
        doing = "storing the container server"
        try:
            xnat.client.write("POST", PATH, doing=doing, json=body, creates=True, source=wanted.source)
        except ServerFailed as error:
            if any(word in error.said for word in _REFUSALS):
                raise Rejected(
                    "the server did not accept the document",
                    doing=doing,
                    status=error.status,
                    said=error.said,
                    source=wanted.source,
                ) from error
            xnat.new_round()
            if not container_server(xnat).hidden:
                raise
            xnat.tell(f"{doing}: stored; no engine answers there")
        wanted.payload.get("done", set()).add(_POSTED)

    def delete(self, xnat: Connection, name: str, current: State) -> None:
        self._post(xnat, FRESH, Resource(self.name, name, {}))

    def is_default(self, name: str, current: State) -> bool:
        return all(value == normal(key, None) for key, value in current.fields.items())

    def export(self, xnat: Connection) -> Exported:
        if not has_container_service(xnat):
            return Exported()
        reading = container_server(xnat)
        if reading.document is None:
            return Exported(notes=(f"compute is left out: {why_silent(reading)}",))
        fields = self.normalise(THING, {key: reading.document.get(key) for key in KEYS})
        section = {key: value for key, value in fields.items() if value != normal(key, None)}
        if section and not reading.answers:
            section["required"] = False
        return Exported({"compute": section} if section else {})

    def examine(self, xnat: Connection, site: Site) -> Iterable[Finding]:
        if has_container_service(xnat):
            yield from examine_paths(xnat, compute_of(site))


def normal(key: str, value: Any) -> Any:
    """A text that is not there is an empty one; constraints are a set, their values are not."""
    if value is UNREADABLE:
        return value
    if value is None:
        value = FRESH.get(key, "")
    if key == "swarm-constraints":
        found = [{name: inner for name, inner in one.items() if name != "id"} for one in value or ()]
        return sorted(
            ({"comparator": "==", "user-settable": False, **one} for one in found), key=lambda one: one["attribute"]
        )
    return value


def _state(reading: ServerReading, wanted: Resource) -> State | None:
    if reading.document is not None:
        fields = {key: reading.document.get(key) for key in KEYS}
        return State(fields, _address_id(fields))
    if not reading.hidden:
        return None
    # The id says where the engine was when we last wrote: whether it moves now cannot be read.
    posted = _POSTED in wanted.payload.get("done", ())
    address = _address_id({**FRESH, **wanted.fields}) if posted else wanted.known_id
    return State(dict.fromkeys(wanted.fields or KEYS, UNREADABLE), address)


def _is_hidden(current: State | None) -> bool:
    return current is not None and UNREADABLE in current.fields.values()


def _is_whole(wanted: Resource) -> bool:
    """Whether what matters most does not depend on what XNAT has."""
    return wanted.fields.get("backend") == KUBERNETES or "host" in wanted.fields


def _address_id(fields: Fields) -> str:
    return f"{fields.get('backend')} {fields.get('host') or ''}"


def _last_address(current: State) -> Mapping[str, Any]:
    if not _is_hidden(current):
        return current.fields
    backend, _, host = (current.id or "").partition(" ")
    return {"backend": backend, "host": host}
