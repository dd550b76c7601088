"""Files in the archive of which the site knows nothing: left in a session's folder when archiving came to nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.practice.data import experiments, files, owners, places, resources, scans

if TYPE_CHECKING:
    from pathlib import Path

    from bootstrap.practice.site import Site


def remove(site: Site, project: str, folder: str) -> None:
    """`folder` is the session's, below that of the project. Where such a file came from it lies still."""
    place = places.of_project(site, project) / folder / "SCANS"
    known = _known(site, project, folder.rpartition("/")[2])
    for file in place.rglob("*") if place.is_dir() else ():
        if file.is_file() and file not in known:
            file.unlink()


def _known(site: Site, project: str, label: str) -> set[Path]:
    """With the catalogs."""
    session = experiments.by_label(site, project, label)
    found: set[Path] = set()
    for scan in scans.of_session(site, session.id) if session else ():
        for resource in resources.of(site, owners.of(scan)):
            found.add(resources.folder(site, resource) / resource.catalog)
            found |= {file.place for file in files.of(site, resource)}
    return found
