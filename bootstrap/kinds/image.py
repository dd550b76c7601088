"""Images on the engine that XNAT uses. XNAT lists them with their tags; of a cluster it lists nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bootstrap.config.site import Site
from bootstrap.kinds.container_engine import ENGINE, EngineWish, engine_wish, why_deferred
from bootstrap.kinds.container_manager import has_container_service
from bootstrap.kinds.container_reading import commands
from bootstrap.kinds.container_server import KUBERNETES, container_server, why_silent
from bootstrap.kinds.image_fetching import Fetching
from bootstrap.kinds.image_making import AS_APPLIED, CONTEXT_LABEL, MakeImage, listed
from bootstrap.kinds.image_problems import image_problems
from bootstrap.kinds.image_reference import read_reference
from bootstrap.kinds.image_uses import ImageUse, image_uses
from bootstrap.kinds.images_section import IMAGES
from bootstrap.kinds.kind import UNREADABLE, Exported, Kind, Resource, State, ref
from bootstrap.kinds.registries_section import credentials_for
from bootstrap.values import Problem, Source
from bootstrap.xnat.connection import Connection

Row = Mapping[str, Any]


class ImageKind(Kind):
    """`content` says whether the tag is still what we put under it: the ledger keeps the image's id."""

    name = "image"
    title = "image"
    sections = (IMAGES,)
    needs = ("initialization", "admin_password", "container_manager", "compute", "container_engine", "registry")
    removable = False
    internal = frozenset({"content"})

    def desired(self, site: Site) -> list[Resource]:
        return [self._resource(use) for use in image_uses(site)]

    def _resource(self, use: ImageUse) -> Resource:
        site, pushed = use.site, use.registry
        needs = [ENGINE, *([ref("registry", pushed.name)] if pushed else []), *(ref(self.name, b) for b in use.base)]
        return Resource(
            self.name,
            use.name,
            {"image": use.reference.full, "content": AS_APPLIED},
            use.source(use.form),
            needs=tuple(needs),
            ignore=frozenset(use.image.ignore),
            payload={
                "use": use,
                "wish": engine_wish(site),
                "credentials": credentials_for(site, use.reference.host),
                "taken": set(),
            },
        )

    def check(self, site: Site) -> list[Problem]:
        return sorted(image_problems(site), key=lambda problem: problem.source or Source(""))

    def read(self, xnat: Connection, wanted: Sequence[Resource]) -> Mapping[str, State]:
        reading = container_server(xnat)
        if reading.backend == KUBERNETES:
            return {resource.name: _of_a_cluster(resource) for resource in wanted}
        if not reading.answers:
            return {resource.name: _out_of_sight(resource) for resource in wanted if resource.known_id}
        by_tag = {tag: row for row in listed(xnat) for tag in row.get("tags") or ()}
        found = {resource.name: _state(resource, by_tag) for resource in wanted}
        return {name: state for name, state in found.items() if state is not None}

    def defers(self, xnat: Connection, wanted: Resource, current: State | None) -> str | None:
        if "wish" not in wanted.payload or container_server(xnat).backend == KUBERNETES:
            return None
        wish: EngineWish = wanted.payload["wish"]
        why = why_deferred(xnat, wish)
        if why or wish.required or not _is_to_be_made(wanted, current):
            return why
        return Fetching(xnat, wish).why_not(wanted.payload["use"])

    def note(self, wanted: Resource, current: State | None) -> Iterable[str]:
        use: ImageUse | None = wanted.payload.get("use")
        if use is not None:
            yield _what_is_done(use, current)

    def create(self, xnat: Connection, wanted: Resource) -> None:
        MakeImage(xnat, wanted).make()

    def update(self, xnat: Connection, wanted: Resource, current: State, changed: frozenset[str]) -> None:
        MakeImage(xnat, wanted).make()

    def export(self, xnat: Connection) -> Exported:
        """What commands use and the engine has."""
        if not has_container_service(xnat):
            return Exported()
        reading = container_server(xnat)
        used = list(dict.fromkeys(str(row.get("image")) for row in commands(xnat)))
        if not reading.answers or reading.backend == KUBERNETES:
            why = "a cluster's images are not listed" if reading.backend == KUBERNETES else why_silent(reading)
            return Exported(notes=(f"images are left out: {why}",) if used else ())
        there = {tag for row in listed(xnat) for tag in row.get("tags") or ()}
        names: dict[str, str] = {}
        for image in used:
            if image in there:
                names[_free_name(image, names)] = image
        found = [{"name": name, "present": image} for name, image in names.items()]
        return Exported({"images": found} if found else {})


def _state(wanted: Resource, by_tag: Mapping[str, Row]) -> State | None:
    image, (known_tag, _, known_id) = str(wanted.fields.get("image")), (wanted.known_id or "").partition("@")
    tag = image if image in by_tag else known_tag
    if tag not in by_tag:
        return None
    row = by_tag[tag]
    content = _content(wanted, row, known_id if known_tag == tag else "")
    return State({"image": tag, "content": content}, f"{tag}@{row['image-id']}")


def _is_to_be_made(wanted: Resource, current: State | None) -> bool:
    compared = wanted.fields.keys() - wanted.ignore
    return current is None or any(wanted.fields[field] != current.fields.get(field) for field in compared)


def _content(wanted: Resource, row: Row, before: str) -> str:
    """As applied, or which image lies under the tag instead."""
    use: ImageUse | None = wanted.payload.get("use")
    if use is not None and use.context is not None and use.reference.full in (row.get("tags") or ()):
        same = (row.get("labels") or {}).get(CONTEXT_LABEL) == use.context.digest
    else:
        same = not before or row["image-id"] in {before, *wanted.payload.get("taken", ())}
    return AS_APPLIED if same else f"another image, {row['image-id']}"


def _out_of_sight(wanted: Resource) -> State:
    return State(dict.fromkeys(wanted.fields or ("image", "content"), UNREADABLE), wanted.known_id)


def _of_a_cluster(wanted: Resource) -> State:
    """Its nodes pull for themselves. Whether ours was pushed, only our ledger can know."""
    use: ImageUse | None = wanted.payload.get("use")
    if use is not None and use.form == "build":
        return State({"image": UNREADABLE, "content": AS_APPLIED}, str(wanted.fields["image"]))
    return State(dict(wanted.fields), wanted.known_id)


def _what_is_done(use: ImageUse, current: State | None) -> str:
    if use.context is not None:
        pushed = f", pushed to {use.registry.name}" if use.registry else ""
        return f"built from {use.image.build}{pushed}"
    if use.form == "pull":
        return f"pulled as {use.image.pull} by {'XNAT' if use.image.puller == 'xnat' else 'this tool, on the engine'}"
    if current is None:
        return "it is not there, and `present` does not bring it: somebody has to"
    return "taken as it is now: `present` does not bring the other one back"


def _free_name(image: str, taken: Mapping[str, str]) -> str:
    """As a site file may call it."""
    base = read_reference(image).repository.rpartition("/")[2].replace("__", "-")
    name, number = base, 2
    while name in taken:
        name, number = f"{base}-{number}", number + 1
    return name
