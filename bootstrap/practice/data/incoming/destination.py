"""Where the parameter dest of an import points: into prearchive or archive, and to which project, subject, session."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Destination:
    is_given: bool = False
    is_archive: bool = False
    project: str = ""
    subject: str = ""
    session: str = ""


def named(text: str) -> Destination:
    parts = [part for part in text.removeprefix("/data").split("/") if part]
    if not parts or parts[0] not in ("archive", "prearchive"):
        return Destination()
    pairs = dict(zip(parts[1::2], parts[2::2], strict=False))
    return Destination(
        is_given=True,
        is_archive=parts[0] == "archive",
        project=pairs.get("projects", ""),
        subject=pairs.get("subjects", ""),
        session=pairs.get("experiments", ""),
    )
