"""A container that has ended: its logs are kept, its outputs uploaded, its credentials withdrawn."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from bootstrap.practice.admin import preferences
from bootstrap.practice.containers.documents import Document
from bootstrap.practice.containers.launching import chains, companions, records, running, uploading, waiting
from bootstrap.practice.containers.launching.records import SYSTEM, Container, Step
from bootstrap.practice.containers.problems import EngineFailed, NotFound, Problem

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

STREAMS = ("stdout", "stderr")
_UPLOADING = "Processing finished. Uploading files."
_NO_SUCCESS = "Non-zero exit code and/or failure status from container"
_NOT_UPLOADED = "Failed to upload required outputs.\n"
_FOLDER = "CONTAINER_EXEC"
_GOOD_ENDS = ("die", "complete")
_log = logging.getLogger(__name__)


def finalise(site: Site, number: int) -> None:
    """Once, when its wrapups have run; where the engine does not answer, or the disk is full, later."""
    if not records.claim(site, number):
        return
    container = records.find(site, number)
    try:
        ended = container is not None and _finalise(site, container)
    finally:
        records.give_back(site, number)
    above = companions.has_ended(site, container) if container and ended else None
    if above is not None:
        finalise(site, above)


def _finalise(site: Site, container: Container) -> bool:
    if not companions.is_wrapped_up(site, container, succeeded=_succeeded(site, container)):
        return False
    try:
        paths = _keep_logs(site, container)
    except Problem as error:
        _log.info("fetching the logs of container %d: %s", container.id, error.text)
        return False
    step = _outcome(site, container)
    running.withdraw_credentials(site, container)
    with site.storage.write():
        records.note(site, container.id, step)
        records.close(site, container.id, container.document | {"log-paths": paths})
        following = chains.enqueue_next(site, container.request, succeeded=step.status == "Complete")
    waiting.begin(site, following)
    running.clear_away(site, container)
    return True


def log_file(site: Site, container: Container, stream: str) -> Path:
    return site.folder.place(_log_path(site, container, stream))


def _outcome(site: Site, container: Container) -> Step:
    """What is said last of it. Outputs are uploaded only after a success."""
    records.note(site, container.id, Step("Finalizing", SYSTEM, message=_UPLOADING))
    if not _succeeded(site, container):
        return Step("Failed", SYSTEM, message=_NO_SUCCESS)
    failures = uploading.upload(site, container)
    if failures:
        return Step("Failed (Upload)", SYSTEM, message=_NOT_UPLOADED + "\n".join(failures))
    return Step("Complete", SYSTEM, message=_UPLOADING)


def _succeeded(site: Site, container: Container) -> bool:
    steps = records.history(site, container.id)
    ends = [row for row in steps if row["status"] in _GOOD_ENDS]
    failed = container.status.startswith("Failed") or any(row["status"] in ("kill", "oom") for row in steps)
    return bool(ends) and not failed and ends[-1]["exit_code"] in ("0", "")


def _keep_logs(site: Site, container: Container) -> list[str]:
    """The files that there are now: of a stream with nothing in it there is none."""
    found = []
    for stream in STREAMS:
        file = log_file(site, container, stream)
        file.parent.mkdir(parents=True, exist_ok=True)
        if _fetch(site, container, stream, file):
            found.append(_log_path(site, container, stream))
    return found


def _fetch(site: Site, container: Container, stream: str, file: Path) -> bool:
    """Piece by piece, however long it is; whole, or not at all."""
    part, blank = file.with_suffix(".part"), True
    try:
        with part.open("wb") as target:
            for piece in running.of(site, container).logs(container.engine_id, stream):
                blank = blank and not piece.strip()
                target.write(piece)
                if site.background.is_closing:
                    raise EngineFailed("the server is to end; its next start fetches them")
            target.write(b"\n")
    except NotFound as error:
        _log.info("container %s has no logs any more: %s", container.engine_id, error.text)
        part.unlink(missing_ok=True)
        return file.exists()  # fetched by a server that was stopped before it could say so
    if blank:
        part.unlink(missing_ok=True)
        return False
    part.replace(file)
    return True


def _log_path(site: Site, container: Container, stream: str) -> str:
    archive: str = preferences.text(site, "archivePath")
    document: Document = container.document
    return f"{archive}/{_FOLDER}/{container.id}/LOGS/{document['subtype']}/{stream}.log"
