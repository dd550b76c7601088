"""Whether what an image is made of can be had: asked where the file does not insist on an engine, before it is tried.

Nothing is pulled for it: the engine asks the registry for a description, and a registry that does not answer takes some
seconds at most.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bootstrap.errors import EngineUnreachable
from bootstrap.kinds.container_engine import EngineWish
from bootstrap.kinds.dockerfile_bases import Base, outside_bases
from bootstrap.kinds.image_uses import ImageUse, image_uses
from bootstrap.kinds.registries_section import credentials_for
from bootstrap.xnat.connection import Connection
from bootstrap.xnat.engine_door import EngineDoor

_PATIENCE = 20  # seconds


@dataclass(frozen=True)
class Fetching:
    """`why_not` is a reason and a mend, or None where the image is there or can be made."""

    xnat: Connection
    wish: EngineWish

    def why_not(self, use: ImageUse) -> str | None:
        return self.xnat.shared(("fetching", use.name), lambda: self._why_not(use))

    def _why_not(self, use: ImageUse) -> str | None:
        try:
            with EngineDoor(self.wish.build_engine, silence=_PATIENCE) as door:
                if door.image(use.reference.full) is not None:
                    return None
                return next(self._reasons(door, use), None)
        except EngineUnreachable as error:
            return f"{error.message} -> {error.hint}"

    def _reasons(self, door: EngineDoor, use: ImageUse) -> Iterator[str]:
        for other in _others(use):
            why = self.why_not(other)
            if why:
                yield f"it stands on the image {other.name}: {why}"
        for base in outside_of(use):
            why = None if door.image(base.name) else door.why_not_fetchable(base.name)
            if why:
                yield f"its base {base.name} cannot be fetched: {why} -> {mend_of(base)}"
        if use.form == "pull" and use.image.puller == "engine":
            name, credentials = str(use.image.pull), credentials_for(use.site, use.reference.host)
            why = door.why_not_fetchable(name, credentials)
            if why:
                yield f"{name} cannot be fetched: {why}"


def outside_of(use: ImageUse) -> list[Base]:
    """What it is built on and the file does not make."""
    if use.context is None:
        return []
    ours = {other.reference.full for other in _others(use)}
    return [base for base in outside_bases(use.context.dockerfile_text, use.context.args) if base.name not in ours]


def mend_of(base: Base) -> str:
    if base.argument:
        return f"load it into the engine, or name another one as {base.argument}"
    return "load it into the engine, or write another FROM"


def _others(use: ImageUse) -> list[ImageUse]:
    return [other for other in image_uses(use.site) if other.name in use.base]
