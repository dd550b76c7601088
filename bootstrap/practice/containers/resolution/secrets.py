"""Secrets of a command: looked up when it is launched, and given to nothing but the container's environment.

XNAT takes them from the system properties of its Java machine. Here these are a few that every such machine has, and
what stands in config/system.properties of the state folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.practice.containers.resolution.context import Context
from bootstrap.practice.containers.resolution.failures import Unresolvable

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

_OF_EVERY_MACHINE = {"file.separator": "/", "path.separator": ":", "java.io.tmpdir": "/tmp", "user.name": "tomcat"}
_FILE = "system.properties"


def resolved(context: Context) -> dict[str, str]:
    known = _OF_EVERY_MACHINE | _stored(context.site)
    found = {}
    for secret in context.command.document["secrets"]:
        wanted = secret["source"]["identifier"]
        if wanted not in known:
            raise Unresolvable(f"Could not resolve secret {wanted}.")
        found[secret["destination"]["identifier"]] = known[wanted]
    return found


def _stored(site: Site) -> dict[str, str]:
    file = site.folder.config / _FILE
    if not file.is_file():
        return {}
    pairs = (line.partition("=") for line in file.read_text("utf-8").splitlines() if not line.lstrip().startswith("#"))
    return {name.strip(): value.strip() for name, mark, value in pairs if mark}
