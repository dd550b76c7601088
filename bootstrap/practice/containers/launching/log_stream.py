"""The log of a container or a service, read from the engine piece by piece, so that it can be left at any place."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from bootstrap.practice.containers.problems import EngineFailed, NotFound

if TYPE_CHECKING:
    from docker import APIClient
    from urllib3.response import BaseHTTPResponse

_HEAD = struct.Struct(">BxxxL")  # which stream, and how many bytes follow
_PIECE = 1 << 18
_OK = 400


def read(client: APIClient, path: str, asked: Mapping[str, Any], *, seconds: float) -> Iterator[bytes]:
    """`path` as in /containers/ID/logs."""
    address = f"{client.base_url}/v{client.api_version}{path}"
    with client.get(address, params=dict(asked), stream=True, timeout=seconds) as response:
        if response.status_code == 404:
            raise NotFound(response.text)
        if response.status_code >= _OK:
            raise EngineFailed(response.text)
        yield from _frames(response.raw)


def parameters(stream: str, since: int, *, stamps: bool) -> dict[str, Any]:
    wants_out = stream == "stdout"
    named = {"stdout": wants_out, "stderr": not wants_out, "timestamps": stamps, "follow": False}
    return {name: int(value) for name, value in named.items()} | ({"since": since} if since else {})


def _frames(raw: BaseHTTPResponse) -> Iterator[bytes]:
    """Many frames at a time: an engine sends one for each line, and a log may have millions."""
    from urllib3.exceptions import HTTPError

    unread, left = b"", 0  # of the frame that has begun
    try:
        while piece := raw.read(_PIECE):
            inside, unread, left = _taken_apart(unread + piece, left)
            if inside:
                yield inside
    except HTTPError as error:
        raise EngineFailed(f"the log breaks off: {error}") from error


def _taken_apart(received: bytes, left: int) -> tuple[bytes, bytes, int]:
    """What stands in frames, what is not yet a head, and how much of the last frame is still to come."""
    found, at = [], 0
    while at < len(received) and (left or len(received) - at >= _HEAD.size):
        if not left:
            left = _HEAD.unpack_from(received, at)[1]
            at += _HEAD.size
        inside = received[at : at + left]
        found.append(inside)
        at, left = at + len(inside), left - len(inside)
    return b"".join(found), received[at:], left
