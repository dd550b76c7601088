"""validate, plan, apply and drift as functions: a site file goes in, a report comes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic
from typing import Any

from bootstrap.config import Site
from bootstrap.engine.drift import find_drift
from bootstrap.engine.gather import desired_resources
from bootstrap.engine.given import Inputs
from bootstrap.engine.inputs import (
    bystanders,
    drift_inputs,
    further_problems,
    gather_inputs,
    inputs_for,
    ledger_of,
    offline_problems,
    planned,
)
from bootstrap.engine.journal import UNDO_FORMAT
from bootstrap.engine.options import Options
from bootstrap.engine.order import KindOrder
from bootstrap.engine.outcome import exit_code
from bootstrap.engine.plan import Plan
from bootstrap.engine.report.report import Counts, Line, Report, lines_of_outcomes, lines_of_plan
from bootstrap.engine.run import Applied, ApplyRun, Talk
from bootstrap.engine.saved import as_of_now, load_document, plan_from_json, refuse_edited
from bootstrap.engine.undo import undo_from_json, undo_plan
from bootstrap.errors import SiteFileError, StalePlan, UsageError
from bootstrap.kinds import KINDS
from bootstrap.kinds.kind import Kind
from bootstrap.ops.session import Asked, Tools, load, opened, refuse_wrong_version, target_of
from bootstrap.values import errors_among
from bootstrap.xnat.connection import Connection


@dataclass(frozen=True)
class Job:
    """What a verb was called with."""

    place: Path
    asked: Asked = field(default_factory=Asked)
    options: Options = field(default_factory=Options)
    include_none: bool = False
    kinds: Sequence[Kind] = KINDS

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(str(file) for file in (self.place, *self.asked.overlays))


def validate(job: Job, tools: Tools) -> Report:
    began = monotonic()
    try:
        site = load(job.place, job.asked, tools, run_secrets=False, kinds=job.kinds)
        problems = offline_problems(job.kinds, site)
    except SiteFileError as error:
        rest = further_problems(job.kinds, error.readable) if isinstance(error.readable, Site) else []
        problems = [*error.problems, *(problem for problem in rest if problem not in error.problems)]
    code = 1 if errors_among(problems) else 0
    return Report("validate", code, problems=problems, counts=Counts(seconds=monotonic() - began))


def plan(job: Job, tools: Tools) -> tuple[Plan, Report]:
    began = monotonic()
    site = load(job.place, job.asked, tools, kinds=job.kinds)
    target = target_of(job.asked, tools, site)
    with opened(target, tools, job.options.allow) as xnat:
        refuse_wrong_version(site, xnat.server.version)
        made = planned(gather_inputs(job.kinds, site, xnat, job.options), site, xnat, job.files)
        report = Report("plan", made.exit_code, lines=lines_of_plan(made, job.include_none), problems=made.problems)
        report = replace(report, deferred=made.deferred, accepted=made.accepted)
    return made, _about(report, xnat, target.practice, began)


def drift(job: Job, tools: Tools) -> Report:
    began = monotonic()
    site = load(job.place, job.asked, tools, kinds=job.kinds)
    target = target_of(job.asked, tools, site)
    with opened(target, tools, job.options.allow) as xnat:
        given = drift_inputs(job.kinds, site, xnat, job.options)
        found = find_drift(given)
        failures = [given.current.unread[kind] for kind in sorted(given.current.unread)]
        strangers = bystanders(given, xnat)
    talk = [f"owner `{given.ledger.owner}` never applied anything here: nothing to compare with"]
    code = 1 if failures else 2 if found.changes else 0
    report = Report("drift", code, lines=[Line(change) for change in found.changes], problems=[*failures, *strangers])
    report = replace(report, accepted=found.accepted, talk=talk if found.never_applied else ())
    return _about(report, xnat, target.practice, began)


def apply(job: Job, tools: Tools, talk: Talk) -> Report:
    return _apply(job, tools, talk)


def apply_document(job: Job, tools: Tools, talk: Talk) -> Report:
    """`apply FILE.json`: a saved plan, or the undo document of an earlier run."""
    document = load_document(job.place)
    if document["format"] == UNDO_FORMAT:
        return undo(job.place, document, job, tools, talk)
    return apply_saved(job.place, document, job, tools, talk)


def apply_saved(place: Path, document: dict[str, Any], job: Job, tools: Tools, talk: Talk) -> Report:
    """`apply plan.json`: the site files are loaded again for the secrets, and must be the same."""
    saved = plan_from_json(document, place)
    refuse_edited(document, place)
    _refuse_with(place, job, "a saved plan is applied as it was made", "--only", "--prune", "--allow", "-f")
    site_place, *overlays = (Path(file) for file in saved.files)
    options = Options(only=saved.only, prune=saved.prune, allow=saved.allow, today=job.options.today)
    again = replace(job, place=site_place, asked=replace(job.asked, overlays=tuple(overlays)), options=options)
    return _apply(again, tools, talk, saved, place)


def _apply(job: Job, tools: Tools, talk: Talk, saved: Plan | None = None, place: Path = Path()) -> Report:
    began = monotonic()
    site = load(job.place, job.asked, tools, kinds=job.kinds)
    if saved and _digest(job, site) != saved.digest:
        raise StalePlan(
            "the site files are not what they were when the plan was made", hint="make a new plan and look at it"
        )
    target = target_of(job.asked, tools, site)
    with _Ending() as ending, opened(target, tools, job.options.allow) as xnat:
        refuse_wrong_version(site, xnat.server.version)
        if saved and saved.server_url != xnat.url and not target.practice:
            raise StalePlan(f"the plan was made for {saved.server_url}, and this is {xnat.url}", hint="make a new plan")
        given = gather_inputs(job.kinds, site, xnat, job.options)
        fresh = planned(given, site, xnat, job.files)
        chosen = as_of_now(saved, fresh, place) if saved else fresh
        ending.done = ApplyRun(given, chosen, xnat, site.folder, talk).run()
    return _about(_applied_report(ending.came_to, job.include_none), xnat, target.practice, began)


class _Ending:
    """`with _Ending() as ending`: once there is something to report, Ctrl-C while signing out does not lose it."""

    done: Applied | None = None

    @property
    def came_to(self) -> Applied:
        if self.done is None:
            raise AssertionError("nothing was applied")
        return self.done

    def __enter__(self) -> _Ending:
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        return self.done is not None and isinstance(error, KeyboardInterrupt)


def _refuse_with(place: Path, job: Job, why: str, *names: str) -> None:
    """Options that a document cannot heed must not look as if they had been."""
    given = {
        "--only": job.options.only,
        "--prune": job.options.prune,
        "--allow": job.options.allow,
        "-f": job.asked.overlays,
    }
    said = [name for name in names if given[name]]
    if said:
        raise UsageError(
            f"applying {place}: {why}, so {', '.join(said)} cannot be given",
            hint="leave it out, or call `plan` or `apply` with the site and these options",
        )


def _digest(job: Job, site: Site) -> str:
    """With what the kinds read besides the site file: templates, build contexts."""
    desired_resources(job.kinds, site)
    return site.digest


def undo(place: Path, document: dict[str, Any], job: Job, tools: Tools, talk: Talk) -> Report:
    """`apply UNDO.json`: puts back what a run found before it wrote."""
    began = monotonic()
    order = KindOrder(job.kinds)
    _refuse_with(place, job, "an undo document names all that it puts back", "--only", "--prune", "-f")
    wanted = undo_from_json(document, order, place)
    site_place, *overlays = (Path(file) for file in wanted.files)
    asked = replace(job.asked, overlays=tuple(overlays))
    site = load(site_place, asked, tools, kinds=job.kinds)
    target = target_of(asked, tools, site)
    with _Ending() as ending, opened(target, tools, job.options.allow) as xnat:
        if wanted.server != xnat.url and not target.practice:
            raise StalePlan(f"that run was on {wanted.server}, and this is {xnat.url}", hint="give the right --url")
        given = _undo_inputs(order, wanted.restore, wanted.remove, site, xnat, job.options)
        made = replace(undo_plan(wanted, given), server_url=xnat.url, server_version=xnat.server.version)
        ending.done = ApplyRun(given, made, xnat, site.folder, talk).run()
    return _about(_applied_report(ending.came_to, job.include_none), xnat, target.practice, began)


def _undo_inputs(
    order: KindOrder, restore: Sequence[Any], remove: Sequence[Any], site: Site, xnat: Connection, options: Options
) -> Inputs:
    ledger = ledger_of(site, xnat, options)
    return inputs_for(order, restore, remove, ledger, site, xnat, replace(options, prune=False))


def _applied_report(done: Applied, include_none: bool) -> Report:
    came_about = bool(done.items or done.deferred)
    lines = lines_of_outcomes(done.items) if came_about else lines_of_plan(done.plan, include_none)
    if came_about:
        lines += [Line(change) for change in done.deferred]
        touched = {line.change.ref for line in lines}
        untouched = [change for change in done.plan.changes if change.ref not in touched]
        lines += [Line(c) for c in untouched if c.deferred or (include_none and c.action == "none")]
    code = 3 if done.refused else exit_code(done.items, bool(errors_among(done.problems)))
    restart = [item.change.ref for item in done.items if item.outcome == "done" and _needs_restart(item.change.notes)]
    return Report(
        "apply",
        code,
        lines=lines,
        problems=done.problems,
        deferred=done.plan.deferred + len(done.deferred),
        accepted=done.plan.accepted,
        undo=str(done.undo) if done.undo else None,
        after_restart=restart,
    )


def _needs_restart(notes: Sequence[str]) -> bool:
    return "effective after restart" in notes


def _about(report: Report, xnat: Connection, practice: bool, began: float) -> Report:
    counts = xnat.client.counts
    return replace(
        report,
        server_url=xnat.url,
        server_version=xnat.server.known_version,
        practice=practice,
        counts=Counts(counts.requests, counts.reads, counts.writes, monotonic() - began, _in_home(report)),
    )


def _in_home(report: Report) -> int:
    """Of a change that failed its own error tells what became of the files."""
    kinds = {kind.name for kind in KINDS if kind.in_home}
    return sum(line.outcome == "done" and line.change.kind in kinds for line in report.lines)
