"""`practice`: the practice XNAT in the foreground."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path


def serve_practice(
    *,
    port: int,
    host: str,
    state: Path,
    uninitialised: bool,
    dicom_port: int | None,
    faults: Sequence[str],
    ready: Callable[[str], None],
) -> int:
    from bootstrap.practice.foreground import serve

    return serve(
        state=state,
        port=port,
        host=host,
        initialized=not uninitialised,
        dicom_port=dicom_port,
        faults=faults,
        ready=ready,
    )
