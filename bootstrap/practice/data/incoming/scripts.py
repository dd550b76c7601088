"""The anonymisation scripts of site and project, as they are applied to files."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from bootstrap.dicomedit import FileError, ParseError, apply_file, parse
from bootstrap.practice.admin import configs
from bootstrap.practice.admin.anonymisation import SITE_PATH, TOOL, project_path

if TYPE_CHECKING:
    from bootstrap.dicomedit.script import Script
    from bootstrap.dicomedit.session import Session
    from bootstrap.practice.site import Site


class Failed(Exception):
    """A script that cannot be read, or fails as it runs, or a file that it cannot be applied to."""


@dataclass
class Applied:
    """A script at work on the files of one session, one after the other."""

    session: Session
    version: int  # number of the stored version: it is what the script writes into the files

    def run(self, source: Path, target: Path) -> bool:
        """False if the script refuses the object; then there is no target."""
        try:
            outcome = apply_file(self.session, source, target, record_id=self.version, overwrite=True)
        except FileError as error:
            raise Failed(error.message) from error
        if outcome.status == "error":
            where = f", line {outcome.line}" if outcome.line else ""
            raise Failed(f"{outcome.message}{where}")
        return outcome.status == "success"


def of_site(site: Site, project: str, subject: str, session: str) -> Applied | None:
    return _applied(site, SITE_PATH, "", {"project": project, "subject": subject, "session": session})


def of_project(site: Site, project: str, subject: str, session: str) -> Applied | None:
    variables = {"project": project, "subject": subject, "session": session}
    return _applied(site, project_path(project), project, variables)


def _applied(site: Site, path: str, project: str, variables: dict[str, str]) -> Applied | None:
    """None if there is no script, or it is switched off."""
    row = configs.newest(site, TOOL, path, project)
    if row is None or row["status"] != configs.ENABLED or not (row["contents"] or "").strip():
        return None
    return Applied(_parsed(row["contents"]).session(variables), row["id"])


@lru_cache(maxsize=32)
def _parsed(text: str) -> Script:
    try:
        return parse(text)
    except ParseError as error:
        raise Failed(f"Failed creating DE6Parser: {error.message}") from error
