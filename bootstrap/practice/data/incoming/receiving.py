"""One DICOM file received: where it belongs is found out, the site's script applied, the file put where it waits."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bootstrap.errors import LocalFileError
from bootstrap.practice.data import places
from bootstrap.practice.data.incoming import headers, prearchive, routing, scripts, series_filter
from bootstrap.practice.data.incoming.headers import TAGS, Header, Unreadable
from bootstrap.practice.data.incoming.prearchive import Waiting
from bootstrap.practice.data.incoming.routing import PROJECT, Route, Rules
from bootstrap.practice.data.incoming.scripts import Applied
from bootstrap.practice.data.projects import Project

if TYPE_CHECKING:
    from bootstrap.practice.http.call import Caller
    from bootstrap.practice.site import Site

_LONGEST_NAME = 200
_TOUCHED_EVERY = 0.2  # seconds after which the time of the last file is noted again
_LOCKED_OUT = {prearchive.BUILDING: prearchive.INTERRUPT}  # what becomes of a state when a file arrives


class Refused(Exception):
    """The object cannot be taken: it is not read, or the script fails at it."""


@dataclass(frozen=True)
class Terms:
    """What the sender asks for."""

    labels: Mapping[str, str] = field(default_factory=dict)  # by routing.PROJECT, SUBJECT, SESSION
    rename: bool = False  # files get names of the site's making
    prevent_anon: bool = False
    prevent_auto_commit: bool = False
    source: str = ""
    visit: str = ""
    anew: bool = False  # never into a session that waits already, and without hyphens in its name
    direct: bool = False  # straight into the archive, where that can be
    expressions: Mapping[str, str] = field(default_factory=dict)  # of a receiver


class Receiver:
    """Takes the files of one upload, or of one association."""

    def __init__(self, site: Site, caller: Caller, terms: Terms) -> None:
        self._site, self._caller, self._terms = site, caller, terms
        self._rules: Rules = routing.rules(site, terms.expressions)
        self._project: Project | None = routing.visible(site, caller, terms.labels.get(PROJECT, ""))
        self._scripts: dict[int, Applied | None] = {}
        self._folders: dict[str, Path] = {}
        self._series: dict[tuple[int, str], str] = {}
        self._made: set[int] = set()  # the sessions that it has begun
        self.kept: dict[int, Waiting] = {}  # sessions of which a file has been kept, by their number

    def take(self, source: Path, name: str) -> None:
        """The file is moved, or left. Refused if it cannot be taken; what nobody wants is no failure."""
        try:
            header = headers.read(source, self._rules.tags)
            route = routing.route(self._site, self._caller, header, self._rules, self._terms.labels, self._project)
            if self._terms.anew:
                route = replace(route, session=routing.label(route.session).replace("-", "_"))
            if not series_filter.wants(self._site, route.project.id if route.project else "", header):
                return
        except (Unreadable, series_filter.BrokenFilter) as error:
            raise Refused(str(error)) from error
        while not self._put(header, route, source, name):
            continue  # the session has left the prearchive just now; the next try makes another one

    def _put(self, header: Header, route: Route, source: Path, name: str) -> bool:
        waiting, is_new = self._session(header, route)
        with prearchive.lock(self._site, waiting.number):
            now = prearchive.by_number(self._site, waiting.number)
            if now is None or now.status in prearchive.LEAVING:
                return False
            try:
                kept = self._store(waiting, header, source, name)
            except (scripts.Failed, OSError, LocalFileError) as error:
                if is_new:
                    self._drop(waiting)
                raise Refused(str(error)) from error
        if kept:
            self.kept[waiting.number] = waiting
        return True

    def finish(self) -> list[Waiting]:
        """The sessions that have got files, the time of each that of its last one."""
        for waiting in self.kept.values():
            with self._site.storage.write():
                if now := prearchive.by_number(self._site, waiting.number):
                    prearchive.change(self._site, now, status=now.status)
        return list(self.kept.values())

    def _session(self, header: Header, route: Route) -> tuple[Waiting, bool]:
        """The session that this file belongs to, and whether it is a new one."""
        project, study = route.project.id if route.project else "", header["StudyInstanceUID"]
        with self._site.storage.write():
            straight = prearchive.going_straight(self._site, project, study, route.session)
            direct = self._terms.direct and self._may_go_straight(straight, route)
            found = straight if direct else prearchive.of_study(self._site, project, study, route.session)
            if found is None or (self._terms.anew and found.number not in self._made):
                facts = self._facts(header, route, project) | {"direct": int(direct)}
                made = prearchive.new(self._site, facts)
                self._made.add(made.number)
                return made, True
            status = _LOCKED_OUT.get(found.status, prearchive.RECEIVING)
            is_old = self._site.clock.now() - found.changed > _TOUCHED_EVERY
            if is_old or found.status not in (status, prearchive.INTERRUPT):
                status = found.status if found.status == prearchive.INTERRUPT else status
                found = prearchive.change(self._site, found, status=status)
            return found, False

    def _may_go_straight(self, known: Waiting | None, route: Route) -> bool:
        """Not where something lies already, nor once it has begun to be archived: then into the prearchive."""
        if known or route.project is None:
            return known is not None and known.status == prearchive.RECEIVING
        arc = places.of_project(self._site, route.project.id) / places.name(route.project.current_arc)
        return not (arc / places.name(routing.label(route.session))).exists()

    def _facts(self, header: Header, route: Route, project: str) -> dict[str, Any]:
        """What the first file of a session settles for all that follow."""
        code = prearchive.CODES.get(route.project.prearchive_code, "") if route.project else ""
        if route.archives is not None:
            code = prearchive.AUTO if route.archives else prearchive.MANUAL
        date, time = header.date("StudyDate"), header.time("StudyTime")
        return {
            "project": project,
            "folder": route.session,
            "name": route.session,
            "subject": route.subject,
            "tag": header["StudyInstanceUID"],
            "autoarchive": code,
            "prevent_anon": int(self._terms.prevent_anon),
            "prevent_auto_commit": int(self._terms.prevent_auto_commit),
            "source": self._terms.source,
            "visit": self._terms.visit,
            "scanned": f"{date} {time or '00:00:00'}.0" if date else "",
            "username": self._caller.name,
        }

    def _store(self, waiting: Waiting, header: Header, source: Path, name: str) -> bool:
        """False if the site's script refuses the object."""
        target = self._target(waiting, header, name)
        target.parent.mkdir(parents=True, exist_ok=True)
        script = self._script(waiting)
        if script is None:
            os.replace(source, target)
            return True
        return script.run(source, target)

    def _script(self, waiting: Waiting) -> Applied | None:
        if waiting.prevent_anon:
            return None
        if waiting.number not in self._scripts:
            self._scripts[waiting.number] = scripts.of_site(
                self._site, waiting.shown_project, waiting.subject, waiting.name
            )
        return self._scripts[waiting.number]

    def _target(self, waiting: Waiting, header: Header, name: str) -> Path:
        uid = header["SeriesInstanceUID"]
        number = routing.label(header["SeriesNumber"]) or routing.label(uid) or "0"
        other = f"{number}-{routing.label(header['Modality'])}"
        series = self._series.get((waiting.number, uid))
        if series is None:
            series = prearchive.series_folder(self._site, waiting, uid, number, other)
            self._series[waiting.number, uid] = series
        folder = self._folder(waiting) / "SCANS" / series / "DICOM"
        own = _file_name(header)
        if self._terms.rename or not _is_usable(name):
            return folder / own
        wanted = folder / name
        return folder / own if wanted.exists() and _instance(wanted) != header["SOPInstanceUID"] else wanted

    def _folder(self, waiting: Waiting) -> Path:
        if waiting.address not in self._folders:
            self._folders[waiting.address] = prearchive.folder(self._site, waiting)
        return self._folders[waiting.address]

    def _drop(self, waiting: Waiting) -> None:
        prearchive.delete(self._site, waiting)
        self.kept.pop(waiting.number, None)


def _file_name(header: Header) -> str:
    instance = f"{header['SOPClassUID']}{header['SOPInstanceUID']}".encode()
    parts = (header["StudyInstanceUID"], header["SeriesNumber"], header["InstanceNumber"])
    digest = hashlib.sha256(instance).hexdigest()[:8]
    return "-".join((*(routing.label(part.replace(".", "_")).replace("_", ".") for part in parts), digest)) + ".dcm"


def _is_usable(name: str) -> bool:
    try:
        return len(places.name(name).encode("utf-8", "surrogatepass")) <= _LONGEST_NAME and name.isprintable()
    except places.BadName:
        return False


def _instance(place: Path) -> str:
    try:
        return headers.known(place).at(TAGS["SOPInstanceUID"])
    except Unreadable:
        return ""
