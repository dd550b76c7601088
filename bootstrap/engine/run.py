"""The life of one apply: plan, refuse or confirm, journal, lock, write, ledger, report. See docs/life-of-a-run.md."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from bootstrap.engine.apply import Applier
from bootstrap.engine.given import Inputs
from bootstrap.engine.journal import Journal
from bootstrap.engine.ledger import Entry, Ledger
from bootstrap.engine.lock import Holder, Lock
from bootstrap.engine.outcome import Done
from bootstrap.engine.plan import Change, Plan, deletions
from bootstrap.engine.planner import gone_resources
from bootstrap.engine.store import Store
from bootstrap.engine.tokens import Sealer
from bootstrap.errors import BootstrapError, LocalFileError, LockHeld, Refused
from bootstrap.values import Problem
from bootstrap.xnat.connection import Connection


@dataclass
class Talk:
    """How a run speaks to a person, and waits. Tests hand in quiet ones."""

    tell: Callable[[str], None] = lambda _text: None
    confirm: Callable[[str], bool] = lambda _question: True
    ask: Callable[[str], bool] = lambda _question: False  # what nobody may consent to but a person


@dataclass
class Applied:
    """What an apply came to."""

    plan: Plan
    items: list[Done]
    problems: list[Problem] = field(default_factory=list)
    undo: Path | None = None
    refused: bool = False
    deferred: Sequence[Change] = ()  # besides what the plan deferred


@dataclass
class ApplyRun:
    given: Inputs
    plan: Plan
    xnat: Connection
    folder: Path
    talk: Talk = field(default_factory=Talk)

    def run(self) -> Applied:
        if self.plan.refusals:
            return Applied(self.plan, [], list(self.plan.problems), refused=True)
        if not self.plan.wanted and not self._owes_ledger:
            return Applied(self.plan, [], list(self.plan.problems))
        self._confirm()
        self.xnat.tell, self.xnat.ask = self.talk.tell, self.talk.ask
        with self._journal() as journal:
            applier = Applier(self.given, self.xnat, journal, self.talk.tell, self.xnat.pause, Sealer(""))
            problems = [*self._apply(applier), *_finished(journal)]
        undo = journal.undo_path if journal.undo_path.exists() else None
        said = [*self.plan.problems, *self._begun_anew(), *applier.notes, *problems]
        return Applied(self.plan, applier.outcomes.items, said, undo, deferred=applier.deferred)

    def _begun_anew(self) -> list[Problem]:
        message = f"the ledger of the owner `{self.given.ledger.owner}` could not be read: a new one was begun"
        return [Problem("note", "new-ledger", message)] if self.given.ledger.anew else []

    @property
    def _owes_ledger(self) -> bool:
        return self.given.ledger.anew or self._was_cut

    @property
    def _was_cut(self) -> bool:
        """An earlier run was cut after it had done things of this file: the ledger is still to learn of them."""
        ours = {r.ref for r in self.given.desired if r.kind not in self.given.current.unread}
        return bool(self.given.ledger.underway & ours)

    def _confirm(self) -> None:
        removed = deletions(self.plan.wanted)
        if removed and not self.talk.confirm(f"Remove {', '.join(change.ref for change in removed)}?"):
            raise Refused("applying the plan: not confirmed", hint="nothing was written")

    def _journal(self) -> Journal:
        run = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
        return Journal(self.folder, run, self.xnat.url, self.plan.files)

    def _apply(self, applier: Applier) -> list[Problem]:
        """What went wrong besides the changes' own outcomes."""
        first, rest = _split(self.given, self.plan.wanted)
        try:
            applier.run(first)
            if self._owes_ledger or any(not applier.outcomes.blocking(change.needs) for change in rest):
                with self._locked(applier):
                    applier.run(rest)
            else:
                applier.run(rest)
        except BootstrapError as error:
            if isinstance(error, LockHeld) and not self.plan.wanted:
                return [_finished_later(error)]
            if not isinstance(error, LocalFileError) and not applier.outcomes.items:
                raise
            return self._stopped(applier, error)
        except KeyboardInterrupt:
            return self._stopped(applier, BootstrapError("interrupted", hint="run again: it goes on from here"))
        return []

    @contextmanager
    def _locked(self, applier: Applier) -> Iterator[None]:
        store = Store(self.xnat.client)
        with self.xnat.client.writing(), Lock(store, self.given.ledger.owner, self.xnat.pause) as lock:
            before = store.ledger(self.given.ledger.owner, start_anew=True).salted()
            applier.notes += [_cleared(holder) for holder in lock.cleared]
            applier.book, applier.between = Sealer(before.salt), lock.renew_if_due
            announced = before.announcing({*before.underway, *_remembered(self.given, self.plan.wanted)})
            if announced != before:
                store.save_ledger(announced)
            doubtful = announced.underway
            try:
                yield
                doubtful = before.underway | _begun(self.given, applier)
            finally:
                store.save_ledger(_after(self.given, before, applier, doubtful))

    def _stopped(self, applier: Applier, error: BootstrapError) -> list[Problem]:
        ended = {item.change.ref for item in applier.outcomes.items} | applier.right
        for change in self.plan.wanted:
            if change.ref in applier.begun - ended:
                applier.outcomes.add(Done(change, "unknown", "the run was stopped while it was being written"))
            elif change.ref not in ended:
                applier.outcomes.add(Done(change, "skipped", "the run was stopped before it"))
        return [_stop(error)]


def _stop(error: BootstrapError) -> Problem:
    return Problem("error", "stopped", error.message, error.hint)


def _cleared(holder: Holder) -> Problem:
    return Problem("note", "dead-lock", f"the lock of a run that was killed was cleared away: {holder}")


def _finished_later(error: LockHeld) -> Problem:
    message = "an earlier run was cut; the ledger learns what it had done by the next run that gets the lock"
    return Problem("note", "cut-run", f"{message} ({error.message})", error.hint)


def _finished(journal: Journal) -> list[Problem]:
    try:
        journal.finish()
    except LocalFileError as error:
        return [_stop(error)]
    return []


def _split(given: Inputs, changes: Sequence[Change]) -> tuple[list[Change], list[Change]]:
    """What must be done before a lock can be taken, and the rest."""
    early = [change for change in changes if given.order.kinds[change.kind].before_lock]
    return early, [change for change in changes if change not in early]


def _remembered(given: Inputs, changes: Sequence[Change]) -> set[str]:
    return {change.ref for change in changes if given.order.kinds[change.kind].remembered and change.action != "delete"}


def _begun(given: Inputs, applier: Applier) -> set[str]:
    return {ref for ref in applier.begun if given.order.kinds[ref.partition(":")[0]].remembered}


def _after(given: Inputs, before: Ledger, applier: Applier, doubtful: Set[str]) -> Ledger:
    """The ledger when the run has ended: what was done, what was right already, and what is in doubt."""
    entries = {**_right_already(given, applier), **applier.entries}
    gone = [*applier.removed, *_left_to_others(given)]
    left = before.with_entries(entries, [ref for ref in gone if ref not in entries])
    return replace(left, underway=frozenset(doubtful - set(left.entries) - set(applier.removed)))


def _left_to_others(given: Inputs) -> list[str]:
    """What is pruned and stays because another owner names it, too: it is theirs alone from now on."""
    if not given.options.prune:
        return []
    gone = gone_resources(given.order, given.desired, given.ledger, given.options.only)
    return [resource.ref for resource in gone if resource.ref in given.foreign]


def _right_already(given: Inputs, applier: Applier) -> dict[str, Entry]:
    """Things of the file that the server had as wanted: they are ours from now on."""
    touched = {item.change.ref for item in applier.outcomes.items}
    found = {}
    for resource in given.desired:
        state = given.current.of(resource)
        kind = given.order.kinds[resource.kind]
        if state is None or resource.ref in touched or not kind.remembered or resource.kind in given.current.unread:
            continue
        tokens = applier.book.tokens(resource.ref, resource.fields)
        found[resource.ref] = Entry(tokens, state.id, resource.protected)
    return found
