"""On which nodes of a swarm a container may run, as server and user choose."""

from __future__ import annotations

import json
from collections.abc import Mapping

from bootstrap.practice.containers.documents import Document
from bootstrap.practice.containers.server import DOCKER, Server

GIVEN = "swarm-constraints"


def chosen(server: Server | None, given: Mapping[str, str]) -> list[str]:
    """The first value counts where the user may not choose or does not; what he may not choose drops out."""
    if server is None or server.backend == DOCKER:
        return []
    asked = _asked(given.get(GIVEN, ""))
    found = []
    for one in server.document["swarm-constraints"]:
        value = asked.get(one["attribute"]) if one["user-settable"] else None
        if value is None:
            value = one["values"][0] if one["values"] else None
        if value in one["values"]:
            found.append(f"{one['attribute']}{one['comparator']}{value}")
    return found


def offered(server: Server) -> list[Document]:
    """Those that a user may choose from."""
    names = ("attribute", "comparator", "values")
    return [{name: one[name] for name in names} for one in server.document["swarm-constraints"] if one["user-settable"]]


def _asked(text: str) -> dict[str, str]:
    try:
        several = json.loads(text or "[]")
    except json.JSONDecodeError:
        return {}
    pairs = several if isinstance(several, list) else []
    return {
        one["attribute"]: one["value"] for one in pairs if isinstance(one, dict) and {"attribute", "value"} <= {*one}
    }
