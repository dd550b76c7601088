"""How an image comes to the engine that XNAT uses: built, pulled by XNAT, or pulled on the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bootstrap.errors import EngineRefused, NotFound, ServerFailed
from bootstrap.kinds.container_server import KUBERNETES, container_server
from bootstrap.kinds.image_fetching import mend_of, outside_of
from bootstrap.kinds.image_reference import DOCKER_HUB, host_of_url
from bootstrap.kinds.image_uses import ImageUse
from bootstrap.kinds.kind import Resource
from bootstrap.kinds.registry import PATH as REGISTRIES
from bootstrap.kinds.registry import hubs
from bootstrap.xnat.connection import Connection
from bootstrap.xnat.engine_door import EngineDoor

AS_APPLIED = "as applied"
CONTEXT_LABEL = "xnat-bootstrap.context"  # the whole hash of what it was built from
_TRIES, _PAUSE = 3, 5.0  # XNAT gives up on a registry that is silent for 4.5 seconds
_PULL_SECONDS = 3600.0


def listed(xnat: Connection) -> Sequence[Mapping[str, Any]]:
    """The images of XNAT's engine, without those that only commands name."""
    return xnat.shared("images", lambda: _list(xnat))


def _list(xnat: Connection) -> Sequence[Mapping[str, Any]]:
    params = {"installed": "true"}
    found: Sequence[Mapping[str, Any]] = xnat.client.read_json(
        "/xapi/docker/images", doing="listing the images", params=params
    )
    return found


@dataclass
class MakeImage:
    xnat: Connection
    wanted: Resource

    def __post_init__(self) -> None:
        if "use" not in self.wanted.payload:
            raise EngineRefused(
                f"making the image {self.wanted.fields.get('image')}: how it was made is not known any more",
                hint="apply a site file that says it",
            )
        self.use: ImageUse = self.wanted.payload["use"]
        self.reference = self.use.reference
        self._credentials = self.wanted.payload["credentials"]

    def make(self) -> None:
        if self.use.context is not None:
            self._build()
        elif self.use.form == "present":
            self._find()
        elif self.use.image.puller == "xnat":
            self._pull_by_xnat()
        else:
            self._pull_on_engine()
        row = self._row()
        if row is not None:
            self.wanted.payload["taken"].add(row["image-id"])

    @property
    def _door(self) -> EngineDoor:
        return EngineDoor(self.wanted.payload["wish"].build_engine, tell=self.xnat.tell)

    def _row(self) -> Mapping[str, Any] | None:
        """How XNAT lists it now."""
        self.xnat.new_round()
        return next((row for row in listed(self.xnat) if self.reference.full in (row.get("tags") or ())), None)

    # Built

    def _build(self) -> None:
        with self._door as door:
            self._build_with(door)
            if self.use.registry is not None:
                door.push(self.reference.repository, self.reference.local_tag, self._credentials)
        if container_server(self.xnat).backend == KUBERNETES or self._row() is not None:
            return
        if self.use.registry is not None:
            self._pull_by_xnat()
        if self._row() is None:
            raise self._another_engine("built", door)

    def _build_with(self, door: EngineDoor) -> None:
        """Not again what is there already: the tag is the hash of all that decides the image."""
        context, full = self.use.context, self.reference.full
        assert context is not None
        there = door.image(full)
        if there is not None and there.labels.get(CONTEXT_LABEL) == context.digest:
            self.xnat.tell(f"the image {full} is built already")
            return
        labels = {CONTEXT_LABEL: context.digest}
        try:
            with context.packed() as packed:
                door.build(packed, full, args=context.args, labels=labels, platform=context.platform)
        except EngineRefused as error:
            missing = [base for base in outside_of(self.use) if door.image(base.name) is None]
            hint = "; ".join(f"{base.name} is not there: {mend_of(base)}" for base in missing)
            raise EngineRefused(error.message, hint=hint, source=self.wanted.source) from error

    def _another_engine(self, done: str, door: EngineDoor) -> EngineRefused:
        theirs = container_server(self.xnat).address
        return EngineRefused(
            f"making the image {self.reference.full}: it was {done} on the engine at {door.address}, and XNAT, whose "
            f"engine is at {theirs}, does not list it: that is another engine",
            hint="name XNAT's as `compute: {build_engine: ...}`, as this machine reaches it; or `push:` the image to a "
            "registry that XNAT pulls from",
            source=self.wanted.source,
        )

    # Pulled

    def _pull_on_engine(self) -> None:
        repository, tag = self.reference.repository, self.reference.local_tag
        with self._door as door:
            door.pull(repository, self.reference.digest or tag, self._credentials)
            if self.reference.digest:
                door.tag(f"{repository}@{self.reference.digest}", repository, tag)
        if container_server(self.xnat).backend != KUBERNETES and self._row() is None:
            raise self._another_engine("pulled", door)

    def _pull_by_xnat(self) -> None:
        path, full = self._pull_path(), self.reference.full
        params = {"image": full, "save-commands": "false"}
        for attempt in range(1, _TRIES + 1):
            doing = f"letting XNAT pull {full} (try {attempt} of {_TRIES})"
            self.xnat.tell(doing)
            try:
                self.xnat.client.write(
                    "POST", path, doing=doing, params=params, timeout=_PULL_SECONDS, source=self.wanted.source
                )
            except NotFound as error:
                raise self._not_there(error) from error
            except ServerFailed as error:
                if attempt == _TRIES:
                    raise self._not_pulled(error) from error
                self.xnat.pause(_PAUSE)
            else:
                return

    def _pull_path(self) -> str:
        """Through the registry that has its password; else through the default one."""
        for hub in hubs(self.xnat):
            if hub.get("url") and host_of_url(hub["url"]) == self.reference.host:
                return f"{REGISTRIES}/{hub['id']}/pull"
        return "/xapi/docker/pull"

    def _not_there(self, error: NotFound) -> EngineRefused:
        return EngineRefused(
            f"pulling {self.reference.full}: there is no such image, or not for this account: {error.said}",
            hint="see that its name is right, and that `registries` has a password for it if it needs one",
            source=self.wanted.source,
        )

    def _not_pulled(self, error: ServerFailed) -> EngineRefused:
        where = "Docker Hub" if self.reference.host == DOCKER_HUB else self.reference.host
        return EngineRefused(
            f"pulling {self.reference.full}: XNAT could not, {_TRIES} times: {error.said or error.summary}",
            hint=f"see that XNAT's engine reaches {where}; `via: engine` pulls it from here",
            source=self.wanted.source,
        )

    # There already

    def _find(self) -> None:
        if self._row() is None:
            raise EngineRefused(
                f"finding the image {self.reference.full}: XNAT's engine at {container_server(self.xnat).address} "
                "does not have it, and `present` does not bring it",
                hint="let somebody pull or load it there, or write `pull:` or `build:`",
                source=self.wanted.source,
            )
