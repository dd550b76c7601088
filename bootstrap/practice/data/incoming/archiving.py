"""A session goes from the prearchive into the archive.

The files are made ready beside those in the prearchive - anonymised by the project's script, or linked where there is
none - and moved into the archive in the same step in which the site gets to know of them. Only then those in the
prearchive go. So a server that is killed meanwhile has the session where it was, and `recovery.py` tidies up.
"""

from __future__ import annotations

import logging
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bootstrap.errors import LocalFileError
from bootstrap.practice.data import archive, experiments, news, places, projects, subjects, workflows
from bootstrap.practice.data.experiments import Experiment
from bootstrap.practice.data.incoming import building, conflicts, merging, prearchive, routing, scripts, strangers
from bootstrap.practice.data.incoming.building import Series
from bootstrap.practice.data.incoming.conflicts import Terms
from bootstrap.practice.data.incoming.prearchive import Waiting
from bootstrap.practice.data.item import Item
from bootstrap.practice.data.keeping import CannotBeStored
from bootstrap.practice.data.news import News
from bootstrap.practice.data.projects import Project
from bootstrap.practice.data.subjects import BadLabel, Subject

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

STAGED = ".archiving"  # ends the name of the folder in which the files are made ready
_UPLOAD = "standard upload"
_FAILURES = (scripts.Failed, OSError, LocalFileError, CannotBeStored, BadLabel, places.BadName)
_log = logging.getLogger(__name__)


class NotArchived(Exception):
    """Why a session stays in the prearchive, as XNAT says it."""


@dataclass(frozen=True)
class Wanted:
    """What the one who archives wants other than the prearchive has it."""

    subject: str = ""
    session: str = ""
    fields: Item | None = None
    terms: Terms = field(default_factory=Terms)


@dataclass
class _Plan:
    waiting: Waiting
    project: Project
    subject: Subject
    label: str
    existing: Experiment | None
    item: Item
    series: list[Series]
    made: list[News] = field(default_factory=list)


def archive_session(site: Site, user: str, waiting: Waiting, wanted: Wanted) -> Experiment:
    """NotArchived says why not; the session is CONFLICT or ERROR then. Busy, Gone."""
    with prearchive.held(site, waiting, prearchive.ARCHIVING) as mine:
        try:
            plan = _plan(site, user, mine, wanted)
            _check(site, plan, wanted.terms)
            return _carried_out(site, user, plan, wanted)
        except NotArchived as error:
            _note(site, mine, str(error), prearchive.ERROR)
            raise
        except _Conflict as error:
            _note(site, mine, str(error), prearchive.CONFLICT)
            raise NotArchived(f"Operation Failed: {error}") from error
        except _FAILURES as error:
            _note(site, mine, str(error), prearchive.ERROR)
            raise NotArchived(f"Operation Failed: {error}") from error


class _Conflict(Exception):
    pass


def _plan(site: Site, user: str, waiting: Waiting, wanted: Wanted) -> _Plan:
    item = waiting.session
    if item is None:
        path = places.reported(site, prearchive.folder(site, waiting))
        raise NotArchived(f"java.io.FileNotFoundException: {path}.xml (No such file or directory)")
    project = projects.find(site, waiting.project)
    if project is None:
        raise NotArchived("Unable to save new subject")
    label = routing.label(wanted.session or waiting.name)
    named = routing.label(wanted.subject or waiting.subject) or label
    subject, is_new = _subject(site, user, project.id, named)
    existing = experiments.by_label(site, project.id, label)
    if existing and not existing.is_session:
        raise NotArchived(f"the label {label} belongs to something that is no session")
    found = building.series(prearchive.folder(site, waiting) / "SCANS")
    plan = _Plan(waiting, project, subject, label, existing, item, found)
    if is_new:
        workflows.record(site, user, subject, "Auto-created for experiment")
    return plan


def _subject(site: Site, user: str, project: str, label: str) -> tuple[Subject, bool]:
    """Whatever its case; a new one stays also if nothing comes of the session. Several sessions may make it at once."""
    with site.storage.write():
        return _found_or_made(site, user, project, label)


def _found_or_made(site: Site, user: str, project: str, label: str) -> tuple[Subject, bool]:
    found = subjects.by_label(site, project, label)
    if found is None:
        there = subjects.in_project(site, project)
        found = next((one for one in there if one.label.lower() == label.lower()), None)
    if found:
        return found, False
    return archive.make_subject(site, user, project, label, Item("xnat:subjectData")), True


def _check(site: Site, plan: _Plan, terms: Terms) -> None:
    for reason in conflicts.reasons(site, plan.existing, plan.subject, plan.item, plan.series):
        if reason.stands(terms):
            raise _Conflict(reason.message)
    if plan.existing is None and not (terms.overrides or terms.overwrites) and _is_in_the_way(site, plan):
        raise _Conflict("Session already exists with matching files.")


def _is_in_the_way(site: Site, plan: _Plan) -> bool:
    """Files of a session that was deleted without them."""
    folder = places.of_project(site, plan.project.id) / places.name(plan.project.current_arc) / plan.label
    return folder.is_dir() and any(
        (folder / "SCANS" / one.scan / file.label / file.place.name).exists()
        for one in plan.series
        for file in one.files
    )


def _carried_out(site: Site, user: str, plan: _Plan, wanted: Wanted) -> Experiment:
    place = prearchive.folder(site, plan.waiting)
    staged = place.with_name(f"{place.name}{STAGED}")
    try:
        ready = _made_ready(site, plan, staged)
        told = _merged(site, user, plan, ready, wanted)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    prearchive.remove_folder(site, place)
    news.tell(site, told)
    session = experiments.by_label(site, plan.project.id, plan.label)
    assert session is not None
    return session


def _made_ready(site: Site, plan: _Plan, staged: Path) -> list[Series]:
    """The files as they will be in the archive; those that the project's script refuses are not among them."""
    shutil.rmtree(staged, ignore_errors=True)
    waiting, script = plan.waiting, None
    if not waiting.prevent_anon:
        script = scripts.of_project(site, plan.project.id, plan.subject.label, plan.label)
    for one in plan.series:
        for file in one.files:
            target = staged / one.scan / file.label / file.place.name
            target.parent.mkdir(parents=True, exist_ok=True)
            if script:
                _run(site, script, file.place, target, waiting)
            else:
                _link(file.place, target)
    ready = building.series(staged) if script else _moved(plan.series, staged)
    if not ready:
        _throw_away(site, waiting)
    return ready


def _run(site: Site, script: scripts.Applied, source: Path, target: Path, waiting: Waiting) -> None:
    try:
        script.run(source, target)
    except scripts.Failed as error:
        prearchive.log(site, waiting, str(error))
        raise scripts.Failed(f"Anonymization failed for prearcSession {waiting.address}: {error}") from error


def _throw_away(site: Site, waiting: Waiting) -> None:
    """Everything was refused: nothing may be left of it."""
    place = prearchive.folder(site, waiting)
    shutil.rmtree(place / "SCANS", ignore_errors=True)
    path = places.reported(site, place)
    raise NotArchived(
        "Operation Failed: org.nrg.action.ServerException: Something went wrong: "
        f"I anonymized the data in {path} but something failed during the session rebuild."
    )


def _moved(several: list[Series], staged: Path) -> list[Series]:
    return [
        Series(
            one.scan,
            [building.Received(staged / one.scan / file.label / file.place.name, file.header) for file in one.files],
        )
        for one in several
    ]


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _merged(site: Site, user: str, plan: _Plan, ready: list[Series], wanted: Wanted) -> list[News]:
    """All or nothing: the session, its scans and files; and the row in the prearchive goes."""
    arc = places.name(plan.existing.arc if plan.existing else plan.project.current_arc)
    folder = f"{arc}/{plan.label}"
    prearchive.change(site, plan.waiting, target=folder)
    try:
        with site.storage.write():
            if projects.find(site, plan.project.id) is None:
                raise NotArchived(f"the project {plan.project.id} has been deleted")
            session = _session(site, user, plan, building.document(site, plan.waiting, ready), wanted)
            new_scans = merging.scans_of(site, user, session, ready, is_new=plan.existing is None)
            workflows.record(site, user, session, "Merged" if plan.existing else "Transferred", _UPLOAD)
            news.tell_arrival(site, session.id, is_new=plan.existing is None)
            prearchive.forget(site, plan.waiting)
    except BaseException:
        strangers.remove(site, plan.project.id, folder)
        raise
    how = news.MERGED if plan.existing else news.CREATED
    things: list[tuple[str, news.Thing]] = [(how, session), *((news.CREATED, scan) for scan in new_scans)]
    return [News(how, thing, session.project, user) for how, thing in things]


def _session(site: Site, user: str, plan: _Plan, item: Item, wanted: Wanted) -> Experiment:
    said = {name: value for name, value in item.fields.items() if name not in ("ID", "label")}
    fields = Item(item.type, said)
    if plan.existing:
        session = merging.into_session(site, plan.existing, fields)
    else:
        place = experiments.new_session(plan.project.id, plan.subject.id, plan.label, item.type)
        session = experiments.create(site, user, place, fields)
    return experiments.change(site, session, wanted.fields) if wanted.fields else session


def _note(site: Site, waiting: Waiting, why: str, status: str) -> None:
    _log.info("%s is not archived: %s", waiting.address, why)
    prearchive.log(site, waiting, why)
    prearchive.change(site, waiting, status=status)
