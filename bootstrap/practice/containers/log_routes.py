"""What containers have written: from the engine as long as they run, then from the archive."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bootstrap.practice.containers import answers, container_access
from bootstrap.practice.containers.launching import finalising, running
from bootstrap.practice.containers.launching.docker_backend import moment
from bootstrap.practice.containers.launching.records import Container
from bootstrap.practice.containers.problems import BadRequest
from bootstrap.practice.containers.room import room
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call

_BLOCK = 1 << 20
_MOST_LIVE = 16 << 20  # bytes that one look at a running container answers with
_COMPLETE = "-1"


@room.get("/xapi/containers/{containerId}/logs", container_access.CONTROL)
def both(call: Call) -> Answer:
    container = container_access.found(call)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for stream in finalising.STREAMS:
            if container.is_open:
                archive.writestr(f"{stream}.log", b"".join(_live(call, container, stream)))
            elif (file := finalising.log_file(call.site, container, stream)).is_file():
                archive.write(file, f"{stream}.log")
    name = f"{container.engine_id}-logs.zip"
    answer = Answer(200, packed.getvalue(), "application/zip")
    return answer.with_header("Content-Disposition", f'attachment; filename="{name}"')


@room.get("/xapi/containers/{containerId}/logs/{file}", container_access.CONTROL)
def one(call: Call) -> Answer:
    container, stream = container_access.found(call), _stream(call)
    if container.is_open:
        body: bytes | Iterator[bytes] = b"".join(_live(call, container, stream))
    else:
        file = finalising.log_file(call.site, container, stream)
        body = _pieces(file) if file.is_file() else b""
    answer = Answer(200, body, bodies.TEXT)
    return answer.with_header("Content-Disposition", f'attachment; filename="{stream}.log"')


@room.get("/xapi/containers/{containerId}/logSince/{file}", container_access.CONTROL)
def since(call: Call) -> Answer:
    container, stream = container_access.found(call), _stream(call)
    begin = _begin(call.query.get("since"))
    if not container.is_open:
        file = finalising.log_file(call.site, container, stream)
        content = file.read_text("utf-8", "replace") if file.is_file() else ""
        return _told(content, from_file=True, timestamp=_COMPLETE)
    lines = b"".join(_live(call, container, stream, since=begin, stamps=True)).decode("utf-8", "replace").splitlines()
    pairs = [line.partition(" ") for line in lines]
    last = moment(pairs[-1][0]) if pairs else None
    following = begin if last is None else int(last) + 1
    content = "".join(f"{text}\n" for _, _, text in pairs)
    return _told(content, from_file=False, timestamp=_shown(following))


def _told(content: str, *, from_file: bool, timestamp: str) -> Answer:
    return answers.exact_json({"content": content, "fromFile": from_file, "timestamp": timestamp, "bytesRead": -1})


def _stream(call: Call) -> str:
    """Every other name is the error stream too."""
    return "stdout" if call.parts["file"] == "stdout" else "stderr"


def _begin(text: str | None) -> int:
    if not text:
        return 0
    try:
        return int(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())
    except ValueError as error:
        raise BadRequest(f"There was an error in the request : Could not parse timestamp {text}") from error


def _shown(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


def _live(call: Call, container: Container, stream: str, *, since: int = 0, stamps: bool = False) -> Iterator[bytes]:
    """From the beginning, up to a bound: who writes without end is not read without end."""
    size = 0
    backend = running.of(call.site, container)
    for piece in backend.logs(container.engine_id, stream, since=since, stamps=stamps):
        size += len(piece)
        yield piece
        if size > _MOST_LIVE:
            return


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as source:
        while piece := source.read(_BLOCK):
            yield piece
