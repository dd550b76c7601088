"""Whether the engine that XNAT runs containers on answers. Nothing is written: what needs it waits for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bootstrap.config.site import Site
from bootstrap.errors import EngineUnreachable
from bootstrap.kinds.compute_section import compute_of
from bootstrap.kinds.container_manager import has_container_service
from bootstrap.kinds.container_server import container_server, why_silent
from bootstrap.kinds.kind import Finding, Kind, Resource, State, ref
from bootstrap.xnat.connection import Connection

THING = "server"
ENGINE = ref("container_engine", THING)
OPTIONAL = "`compute: {required: false}` defers what needs an engine"


@dataclass(frozen=True)
class EngineWish:
    """What the file says of engines, for whatever needs one."""

    required: bool = True
    build_engine: str | None = None


def engine_wish(site: Site) -> EngineWish:
    section = compute_of(site)
    return EngineWish(section.required, section.build_engine)


def why_deferred(xnat: Connection, wish: EngineWish) -> str | None:
    """Why what needs an engine need not be made now; None where it is made, or fails."""
    reading = container_server(xnat)
    return None if wish.required or reading.answers else why_silent(reading)


class ContainerEngine(Kind):
    name = "container_engine"
    title = "container engine"
    written_under = "compute"
    needs = ("initialization", "admin_password", "container_manager", "compute")
    remembered = False
    removable = False
    settle_seconds = 0.0

    def desired(self, site: Site) -> list[Resource]:
        section = next((key for key in ("compute", "images") if site.section(key)), None)
        if section is None:
            return []
        payload = {"wish": engine_wish(site)}
        return [Resource(self.name, THING, {"answers": True}, site.source(section), payload=payload)]

    def read(self, xnat: Connection, wanted: Sequence[Resource]) -> Mapping[str, State]:
        return {resource.name: State({"answers": container_server(xnat).answers}) for resource in wanted}

    def defers(self, xnat: Connection, wanted: Resource, current: State | None) -> str | None:
        return why_deferred(xnat, wanted.payload["wish"])

    def note(self, wanted: Resource, current: State | None) -> Iterable[str]:
        yield "only whoever runs the engine can start it"

    def update(self, xnat: Connection, wanted: Resource, current: State, changed: frozenset[str]) -> None:
        reading = container_server(xnat)
        if not reading.answers:
            raise EngineUnreachable(
                f"running containers: {why_silent(reading)}",
                hint=f"start it, see that XNAT may use it, and run again; {OPTIONAL}",
                source=wanted.source,
            )

    def examine(self, xnat: Connection, site: Site) -> Iterable[Finding]:
        if not has_container_service(xnat):
            return
        reading = container_server(xnat)
        if reading.answers:
            yield Finding("good", "engine", f"{reading.backend} at {reading.address} answers")
            return
        required = bool(self.desired(site)) and engine_wish(site).required
        mend = f"start it, and see that XNAT may use it; {OPTIONAL}" if required else ""
        yield Finding("bad" if required else "warning", "engine", why_silent(reading), mend)
