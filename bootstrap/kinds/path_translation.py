"""For `doctor`: under which paths the engine is asked for XNAT's folders, and whether it has them there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from bootstrap.errors import EngineRefused, EngineUnreachable
from bootstrap.kinds.compute_section import Compute
from bootstrap.kinds.container_server import KUBERNETES, container_server
from bootstrap.kinds.kind import Finding
from bootstrap.xnat.connection import Connection
from bootstrap.xnat.engine_door import EngineDoor, Mount

TOPIC = "container paths"
_XNAT, _DOCKER = "path-translation-xnat-prefix", "path-translation-docker-prefix"
_FOLDERS = {"archive": "archivePath", "build": "buildPath"}


def examine_paths(xnat: Connection, compute: Compute) -> Iterator[Finding]:
    reading = container_server(xnat)
    if reading.document is None:
        return
    keys = ",".join(_FOLDERS.values())
    settings = xnat.client.read_json(f"/xapi/siteConfig/values/{keys}", doing="reading where XNAT keeps its files")
    paths = {folder: str(settings.get(key) or "") for folder, key in _FOLDERS.items()}
    if reading.backend == KUBERNETES:
        yield from _of_a_cluster(reading.document, paths)
        return
    half = _half(reading.document)
    if half:
        yield half
    yield from _of_an_engine(reading.document, paths, EngineDoor(compute.build_engine), reading.answers)


def translated(path: str, document: Mapping[str, Any]) -> str:
    """As XNAT does it: where both prefixes are given, every occurrence of the one becomes the other."""
    ours, theirs = document.get(_XNAT), document.get(_DOCKER)
    return path.replace(ours, theirs) if ours and theirs is not None else path


def _half(document: Mapping[str, Any]) -> Finding | None:
    if bool(document.get(_XNAT)) == bool(document.get(_DOCKER)):
        return None
    text = "only one of the two prefixes is set, so no path is translated"
    return Finding("bad", TOPIC, text, f"give `{_XNAT}` and `{_DOCKER}` under `compute`, or none of them")


def _of_an_engine(
    document: Mapping[str, Any], paths: Mapping[str, str], door: EngineDoor, answers: bool
) -> Iterator[Finding]:
    try:
        with door:
            mounts = door.mounts() if answers else []
    except (EngineUnreachable, EngineRefused) as error:
        mounts = []
        text = f"what the engine sees is not compared: {error.message}"
        yield Finding("warning", TOPIC, text, "name the engine that XNAT uses as `compute: {build_engine: ...}`")
    for folder, path in paths.items():
        asked = translated(path, document)
        yield _compared(folder, path, asked, _seen(path, mounts), door.address)


def _seen(path: str, mounts: Iterable[Mount]) -> Sequence[Mount]:
    """The mounts under which containers have this folder: the nearest ones around it."""
    around = [m for m in mounts if m.inside != "/" and PurePosixPath(path).is_relative_to(m.inside)]
    nearest = max((len(mount.inside) for mount in around), default=0)
    return [mount for mount in around if len(mount.inside) == nearest]


def _compared(folder: str, path: str, asked: str, seen: Sequence[Mount], engine: str) -> Finding:
    what = f"{folder}: XNAT's {path} is asked of the engine as {asked}"
    there = {_outside(path, mount): mount for mount in seen}
    if not there:
        return Finding("good", TOPIC, f"{what}, which must be the same folder on the engine's machine")
    if asked in there:
        return Finding("good", TOPIC, f"{what}, where the container {there[asked].container} has it too")
    mount = next(iter(there.values()))
    text = f"{what}, but the container {mount.container} on {engine} has it from {_outside(path, mount)}"
    mend = f"if that container is XNAT: `{_XNAT}: {mount.inside}` and `{_DOCKER}: {mount.host}` under `compute`"
    return Finding("warning", TOPIC, text, mend)


def _outside(path: str, mount: Mount) -> str:
    return str(PurePosixPath(mount.host) / PurePosixPath(path).relative_to(mount.inside))


def _of_a_cluster(document: Mapping[str, Any], paths: Mapping[str, str]) -> Iterator[Finding]:
    for folder, path in paths.items():
        claim = document.get("combined-pvc-name") or document.get(f"{folder}-pvc-name")
        if not claim:
            text = f"{folder}: pods mount {path} of their node, so every node must have it there"
            yield Finding("warning", TOPIC, text, "give a volume claim, as `combined-pvc-name` under `compute`")
            continue
        start = document.get("combined-path-translation") or document.get(f"{folder}-path-translation") or f"{path}/"
        if path.startswith(start.rstrip("/")):
            inner = path.removeprefix(start.rstrip("/")).strip("/") or "its top"
            yield Finding("good", TOPIC, f"{folder}: pods mount the volume claim {claim} at {inner}")
            continue
        text = f"{folder}: {path} does not begin with {start}, so it is not found in the volume claim {claim}"
        mend = f"`{folder}-path-translation` (or the combined one) is how XNAT's path begins before the claim's part"
        yield Finding("bad", TOPIC, text, mend)
