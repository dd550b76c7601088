"""Where things lie on disk: the folders of XNAT's archive and prearchive, all of them in the state folder."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from bootstrap.errors import LocalFileError
from bootstrap.practice.admin import preferences

if TYPE_CHECKING:
    from bootstrap.practice.data.experiments import Experiment
    from bootstrap.practice.site import Site

FIRST_ARC = "arc001"
_DOTS = {".", ".."}


class BadName(ValueError):
    """A name that would lead out of its folder."""


def archive(site: Site) -> Path:
    return _root(site, "archivePath", "archive")


def prearchive(site: Site) -> Path:
    return _root(site, "prearchivePath", "prearchive")


def reported(site: Site, path: Path) -> str:
    """The same place as XNAT would name it."""
    for setting, root in (("archivePath", archive(site)), ("prearchivePath", prearchive(site))):
        if path.is_relative_to(root):
            return str(PurePosixPath(preferences.text(site, setting)) / path.relative_to(root).as_posix())
    return str(path)


def _root(site: Site, setting: str, otherwise: str) -> Path:
    """Where the setting says, as far as that is within the state folder and not all of it."""
    try:
        found = site.folder.place(preferences.text(site, setting))
    except (LocalFileError, ValueError):
        found = site.folder.data
    return site.folder.data / otherwise if found in (site.folder.data, site.folder.data.resolve()) else found


def of_project(site: Site, project: str) -> Path:
    return archive(site) / name(project)


def of_experiment(site: Site, experiment: Experiment) -> Path:
    """An assessor's is in that of its session."""
    from bootstrap.practice.data import experiments

    session = experiments.by_id(site, experiment.session) if experiment.session else None
    if session:
        return of_experiment(site, session) / "ASSESSORS" / name(experiment.id)
    return of_project(site, experiment.project) / name(experiment.arc) / name(experiment.label)


def name(text: str) -> str:
    """One name of a path; BadName if it is none."""
    if not text or text in _DOTS or "/" in text or "\\" in text or "\0" in text:
        raise BadName(text)
    return text


def relative(path: str) -> PurePosixPath:
    """A path below some folder; BadName if it leads out of it."""
    parts = [part for part in path.split("/") if part]
    if not parts:
        raise BadName(path)
    return PurePosixPath(*map(name, parts))
