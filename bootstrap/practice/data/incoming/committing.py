"""A session that has got all its files is built and, where it is to be, archived."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.practice.admin import preferences
from bootstrap.practice.data import projects
from bootstrap.practice.data.experiments import Experiment
from bootstrap.practice.data.incoming import archiving, building, prearchive
from bootstrap.practice.data.incoming.archiving import NotArchived, Wanted
from bootstrap.practice.data.incoming.building import NothingThere
from bootstrap.practice.data.incoming.conflicts import Terms
from bootstrap.practice.data.incoming.prearchive import Waiting

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

_ARCHIVING_CODE, _OVERWRITING_CODE = 4, 5


def commit(site: Site, user: str, waiting: Waiting, *, archives: bool = False) -> Waiting | Experiment:
    """`archives` says so whatever the session and its project say. Raises as building and archiving do."""
    if waiting.direct:
        return _straight(site, waiting)
    built = building.build(site, waiting)
    if built.status != prearchive.READY or not (archives or goes_on_its_own(site, built)):
        return built
    return archiving.archive_session(site, user, built, Wanted(terms=own_terms(site, built)))


def _straight(site: Site, waiting: Waiting) -> Waiting | Experiment:
    """As the user who receives files. Whatever goes wrong, the prearchive has it from then on."""
    user = preferences.text(site, "receivedFileUser") or waiting.username
    try:
        built = building.build(site, waiting)
        if built.status != prearchive.READY:
            return built
        return archiving.archive_session(site, user, built, Wanted())
    except (NotArchived, NothingThere) as error:
        prearchive.log(site, waiting, f"Attempt to direct-archive failed: {error}")
        prearchive.change(site, waiting, direct=0)
        raise


def goes_on_its_own(site: Site, waiting: Waiting) -> bool:
    """As its first file said, or as its project says."""
    return bool(waiting.project) and (waiting.is_auto or _code(site, waiting) >= _ARCHIVING_CODE)


def own_terms(site: Site, waiting: Waiting) -> Terms:
    """Merging is allowed; files are replaced where the project wants that."""
    overwrites = waiting.autoarchive == prearchive.OVERWRITE or _code(site, waiting) == _OVERWRITING_CODE
    return Terms(merges=True, overwrites=overwrites)


def _code(site: Site, waiting: Waiting) -> int:
    project = projects.find(site, waiting.project)
    return project.prearchive_code if project else 0
