"""`verify`: a synthetic study with planted names is sent, and each promise of the site file is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bootstrap.config import Site
from bootstrap.engine.inputs import offline_problems
from bootstrap.errors import BootstrapError, Refused, SiteFileError
from bootstrap.kinds import KINDS
from bootstrap.kinds.dicom_address import DicomAddress, dicom_address
from bootstrap.kinds.verify_problems import verify_problems
from bootstrap.kinds.verify_section import Verify
from bootstrap.ops.console import Console
from bootstrap.ops.runs import log_of
from bootstrap.ops.runs_record import Row, Run
from bootstrap.ops.session import Asked, Tools, load, opened, target_of
from bootstrap.ops.verify_chain import (
    Deliveries,
    Link,
    chain_of,
    deliveries,
    lacking,
    row_of,
    runs_on,
    wrapper_of,
)
from bootstrap.ops.verify_promises import Broken, NotProven, Proof, unseen
from bootstrap.ops.verify_sending import receivers_of, send
from bootstrap.ops.verify_shown import Told, shown
from bootstrap.ops.verify_stored import UNASSIGNED, Stored
from bootstrap.ops.verify_study import SCANS, make_study
from bootstrap.xnat.connection import Connection

LOG_LINES, FASTEST, SLOWER = 20, 1.0, 3.0
_CLOCKS_APART = timedelta(minutes=10)  # the server's clock may be another than ours


@dataclass(frozen=True)
class Terms:
    keep: bool = False
    dicom: DicomAddress | None = None  # wins over the site file's
    archive_limit: float = 600.0
    event_limit: float = 120.0
    run_limit: float = 1800.0


def verify_site(place: Path, asked: Asked, tools: Tools, console: Console, terms: Terms) -> int:
    site = load(place, asked, tools)
    said = _what_to_verify(site)
    target = target_of(asked, tools, site)
    proof = Proof(console.progress.tell if console.interactive else console.tell, tools.pause)
    with opened(target, tools) as xnat:
        _refuse_unknown(xnat, said.project)
        _Verification(site, said, xnat, proof, terms).run()
        told = Told(xnat.url, xnat.server.version, said.project, proof.promises, 0 if proof.held else 1)
    console.data(shown(told, console.format))
    return told.exit


def _what_to_verify(site: Site) -> Verify:
    said: Verify | None = site.section("verify")
    if said is None:
        hint = "write `verify: {project: VERIFY}`, and the project under `projects`"
        raise BootstrapError("the site file has no `verify`: there is no project to send a study to", hint=hint)
    problems = list(verify_problems(site))
    if any(problem.rule == "unknown-project" for problem in problems):
        raise Refused(problems[0].message, hint=problems[0].hint, source=problems[0].source)
    errors = [problem for problem in offline_problems(KINDS, site) if problem.severity == "error"]
    if errors:
        raise SiteFileError(errors)
    return said


def _refuse_unknown(xnat: Connection, project: str) -> None:
    from bootstrap.kinds.project import list_projects

    if project not in list_projects(xnat):
        raise BootstrapError(f"the server has no project {project} yet", hint="`xnat-bootstrap apply` makes it")


@dataclass
class _Verification:
    site: Site
    said: Verify
    xnat: Connection
    proof: Proof
    terms: Terms

    def run(self) -> None:
        self.began = datetime.now(UTC) - _CLOCKS_APART
        self.receiver = self.terms.dicom or (dicom_address(self.said.dicom) if self.said.dicom else None)
        strays = (UNASSIGNED,) if self.receiver else ()
        self.stored = Stored(self.xnat, make_study(self.said.project), self.said.project, strays)
        self.experiment, self.fired = "", 0
        try:
            if self.proof.of("the study is sent", self._send) and self.proof.of("it is archived", self._archived):
                self._look_at_it()
        finally:
            if not self.terms.keep:
                self.proof.of("the study is removed", self._remove)

    def _send(self) -> str:
        return send(self.xnat, self.stored.study, self.said.project, self.receiver)

    def _archived(self) -> str:
        self.experiment = self.proof.until(
            lambda: self.stored.accession() or None, self.terms.archive_limit, SLOWER, self._where_it_waits
        )
        scans = self.stored.scans(self.experiment)
        if len(scans) != len(SCANS):
            raise Broken(f"{self.experiment} has {len(scans)} scans, and {len(SCANS)} were sent")
        return f"{self.stored.study.label} ({self.experiment}), {len(scans)} scans"

    def _where_it_waits(self) -> str:
        rows = self.stored.waiting()
        if rows:
            return f"it waits in the prearchive of {rows[0].get('project') or UNASSIGNED} as {rows[0].get('status')}"
        told = f"; was {self.receiver} another's? {receivers_of(self.xnat)}" if self.receiver else ""
        return f"XNAT shows nothing of it{told}"

    def _look_at_it(self) -> None:
        self.proof.of("no planted text is stored", self._no_leaks)
        chain = chain_of(self.site, self.said)
        for link in chain.links:
            self._link(link)
        for name, why in chain.unproven:
            self.proof.of(f"subscription {name}", lambda why=why: _not_proven(why))  # type: ignore[misc]

    def _no_leaks(self) -> str:
        looked, found = self.stored.leaks(self.experiment)
        kept = [name for name in found if name in self.said.keeps]
        if len(found) > len(kept):
            left = ", ".join(name for name in found if name not in kept)
            mend = f"have the script remove them, or write `verify: {{keeps: [{left}]}}` where they are meant to stay"
            raise Broken(f"still there: {left} -> {mend}")
        told = f"; left on purpose: {', '.join(kept)}" if kept else ""
        return f"{len(self.stored.study.planted)} texts were looked for in {looked} places{told}"

    def _link(self, link: Link) -> None:
        row = row_of(self.xnat, link)
        if not self.proof.of(f"subscription {link.name} fires", lambda: self._fired(link, row)):
            return
        wrapper = wrapper_of(row) if row else None
        if wrapper is not None and not self.proof.of(f"containers of {link.name}", lambda: self._ran(wrapper)):
            return
        if link.expect:
            limit = self.terms.run_limit if wrapper is None else 0.0
            self.proof.of(f"resources of {link.name}", lambda: self._resources(link, limit))

    def _fired(self, link: Link, row: Row | None) -> str:
        if row is None:
            raise Broken("the server has no subscription of this name: `apply` makes it")
        if row.get("active") is False:
            raise unseen("it is switched off on the server", promised=link.is_to_work)
        seen = Deliveries((), ())

        def look() -> Deliveries | None:
            nonlocal seen
            seen = deliveries(self.xnat, int(row["id"]), self.experiment)
            return seen if seen.errors or len(seen.fired) + len(seen.filtered) >= link.times else None

        self.proof.until(look, self.terms.event_limit, FASTEST, lambda: f"{len(seen.fired)} of {link.times} events")
        if seen.errors:
            raise Broken(seen.errors[0])
        if not seen.fired:
            raise unseen("its filter does not take this study", promised=bool(link.expect))
        self.fired = len(seen.fired)
        return f"{self.fired} times"

    def _ran(self, wrapper: int) -> str:
        runs: list[Run] = []

        def look() -> list[Run] | None:
            nonlocal runs
            runs = runs_on(self.xnat, self.said.project, self.experiment, wrapper, self.began)
            over = any(run.failed for run in runs) or len(runs) >= self.fired
            return runs if over and all(run.ended for run in runs) else None

        self.proof.until(look, self.terms.run_limit, SLOWER, lambda: _states(runs) or "no container came about")
        for run in runs:
            if run.failed:
                raise Broken(f"{run.wrapper}: {run.status}: {run.why}", self._log(run))
        return f"{len(runs)} complete"

    def _log(self, run: Run) -> str:
        if not run.id:
            return ""
        lines = [line for one in ("stdout", "stderr") for line in log_of(self.xnat, run.id, one).strip().splitlines()]
        return "\n".join(lines[-LOG_LINES:])

    def _resources(self, link: Link, limit: float) -> str:
        """Of a command they are there once its containers are complete; of another action nobody knows when."""
        missing = list[str]()

        def look() -> bool | None:
            missing[:] = self._missing(link)
            return None if missing else True

        self.proof.until(look, limit, SLOWER, lambda: f"not there: {', '.join(missing)}")
        return ", ".join(f"{label} ({one.level})" for one in link.expect for label in one.resources)

    def _missing(self, link: Link) -> list[str]:
        base = f"/data/experiments/{self.experiment}"
        scans = {scan: self.stored.resources(f"{base}/scans/{scan}") for scan in self.stored.scans(self.experiment)}
        return list(lacking(link.expect, scans, self.stored.resources(base)))

    def _remove(self) -> str:
        self.stored.remove()
        return "nothing of it is left"


def _states(runs: list[Run]) -> str:
    return ", ".join(f"{run.wrapper}: {run.status}" for run in runs)


def _not_proven(why: str) -> str:
    raise NotProven(why)
