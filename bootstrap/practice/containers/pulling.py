"""Images pulled from registries, and the commands in their labels."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bootstrap.practice.containers import access, engine, hubs, server
from bootstrap.practice.containers.commands import labels
from bootstrap.practice.containers.problems import BadRequest
from bootstrap.practice.http import parameters
from bootstrap.practice.http.call import Call
from bootstrap.practice.storage import Row

if TYPE_CHECKING:
    from bootstrap.practice.site import Site


def asked(call: Call) -> tuple[str, bool]:
    """Which image, and whether the commands in its label are to be saved."""
    image = access.required_parameter(call, "image")
    if "/" not in image and "sha256:" in image:
        raise BadRequest("Cannot pull an image by sha256 ID. Use image label instead.")
    return image, parameters.boolean(access.parameter(call, "save-commands") or "true")


def pull(
    site: Site, hub: Row, name: str, *, save_commands: bool, username: str | None = None, password: str | None = None
) -> None:
    """Back when the image is there."""
    given = hubs.credentials(hub)
    given = replace(given, username=username or given.username, password=password or given.password)
    pulled = engine.pull(server.get(site), name, given)
    if save_commands:
        labels.save(site, name, pulled)
