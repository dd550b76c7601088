"""The log of a container or a service, read from the engine frame by frame, so that it can be left at any place."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from bootstrap.practice.containers.problems import EngineFailed, NotFound

if TYPE_CHECKING:
    from docker import APIClient
    from urllib3.response import BaseHTTPResponse

_HEAD = struct.Struct(">BxxxL")  # which stream, and how many bytes follow
_PIECE = 1 << 20
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
    from urllib3.exceptions import HTTPError

    try:
        while len(head := raw.read(_HEAD.size)) == _HEAD.size:
            left = _HEAD.unpack(head)[1]
            while left and (piece := raw.read(min(left, _PIECE))):
                left -= len(piece)
                yield piece
    except HTTPError as error:
        raise EngineFailed(f"the log breaks off: {error}") from error
