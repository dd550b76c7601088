"""What a project holds, as a whole."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from bootstrap.practice.data import places, projects

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

_EXPERIMENTS = "SELECT id FROM experiments WHERE project = :project"
_NUMBERS = "SELECT CAST(number AS TEXT) FROM {table} WHERE session IN (" + _EXPERIMENTS + ")"
_GONE = (
    "DELETE FROM resources WHERE kind = 'project' AND owner = :project",
    "DELETE FROM resources WHERE kind = 'subject' AND owner IN (SELECT id FROM subjects WHERE project = :project)",
    f"DELETE FROM resources WHERE kind = 'experiment' AND owner IN ({_EXPERIMENTS})",
    f"DELETE FROM resources WHERE kind = 'scan' AND owner IN ({_NUMBERS.format(table='scans')})",
    f"DELETE FROM resources WHERE kind = 'reconstruction' AND owner IN ({_NUMBERS.format(table='reconstructions')})",
    f"DELETE FROM scans WHERE session IN ({_EXPERIMENTS})",
    f"DELETE FROM reconstructions WHERE session IN ({_EXPERIMENTS})",
    "DELETE FROM experiments WHERE project = :project",
)


def experiment_types(site: Site, project: str) -> set[str]:
    """The types of all experiments in the project."""
    rows = site.storage.rows("SELECT DISTINCT type FROM experiments WHERE project = ?", project)
    return {row["type"] for row in rows}


def delete_project(site: Site, user: str, project: str, *, remove_files: bool) -> None:
    """With all that is in it. Without `remove_files` its folder stays, of no use to anybody."""
    with site.storage.write() as db:
        for statement in _GONE:
            db.execute(statement, {"project": project})
        projects.delete(site, user, project)
    if remove_files:
        shutil.rmtree(places.of_project(site, project), ignore_errors=True)
