"""XNAT's document of the engine that it runs containers on, as it reads now: asked once in a round."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bootstrap.errors import ServerFailed
from bootstrap.xnat.connection import Connection

PATH = "/xapi/docker/server"
KUBERNETES = "kubernetes"
_TRIES, _PAUSE = 6, 0.5  # a first start stores its document some moments after it answers


@dataclass(frozen=True)
class ServerReading:
    """`document` is None where XNAT has none, and where it gives none because no engine can be reached."""

    document: Mapping[str, Any] | None = field(default_factory=dict)
    said: str = ""  # what XNAT says of an engine that cannot be reached

    @property
    def hidden(self) -> bool:
        """XNAT fails over its own document as long as nothing answers at the address in it."""
        return bool(self.said)

    @property
    def answers(self) -> bool:
        return bool(self.document and self.document.get("ping"))

    @property
    def backend(self) -> str:
        return str((self.document or {}).get("backend", ""))

    @property
    def address(self) -> str:
        """The engine as a person knows it."""
        if self.document is None:
            return "the address that XNAT has for it"
        return self.backend if self.backend == KUBERNETES else str(self.document.get("host") or "no address")


def container_server(xnat: Connection) -> ServerReading:
    return xnat.shared("container server", lambda: _read(xnat))


def _read(xnat: Connection) -> ServerReading:
    for _ in range(_TRIES):
        try:
            document = xnat.client.read_json(PATH, doing="reading the container server", absent_ok=True)
        except ServerFailed as error:
            return ServerReading(None, error.said or error.summary)
        if document is not None:
            return ServerReading(document)
        xnat.pause(_PAUSE)
    return ServerReading(None)


def why_silent(reading: ServerReading) -> str:
    """Why no containers can be run, as the end of a sentence."""
    if reading.hidden:
        return f"no engine answers at {reading.address}: {reading.said}"
    if reading.document is None:
        return "XNAT has no container server"
    return f"no engine answers at {reading.address}"
