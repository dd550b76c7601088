"""Doing what a plan says: in order, checked again, written, read back and journalled. Failures stay local."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from bootstrap.engine.diff import Comparison, shown
from bootstrap.engine.gather import Current, normalised_states
from bootstrap.engine.given import Inputs
from bootstrap.engine.journal import Journal
from bootstrap.engine.ledger import Entry
from bootstrap.engine.outcome import Done, Outcome, Outcomes
from bootstrap.engine.plan import Change, FieldChange
from bootstrap.engine.planner import make_plan, seen
from bootstrap.engine.settle import settled
from bootstrap.engine.tokens import Sealer
from bootstrap.errors import (
    BootstrapError,
    DownloadFailed,
    EngineRefused,
    EngineUnreachable,
    HomeFailed,
    HomeUnreachable,
    NotStored,
    OutcomeUnknown,
    RestartFailed,
    RestartOwed,
    ServerFailed,
    Unreachable,
    XnatError,
)
from bootstrap.kinds.kind import Kind, Resource, State, ref
from bootstrap.values import Problem
from bootstrap.xnat.connection import Connection

# Something besides XNAT is missing: the rest is done, and it is known that not all was.
_LACKING = (EngineUnreachable, HomeUnreachable, RestartFailed, RestartOwed)
# Raised before anything of XNAT's was written.
_NOT_BEGUN = (DownloadFailed, EngineRefused, EngineUnreachable, RestartOwed)


@dataclass
class Applier:
    """Carries one run through its plan. `given` is what the plan was made from, without what was read."""

    given: Inputs
    xnat: Connection
    journal: Journal
    tell: Callable[[str], None]
    pause: Callable[[float], None]
    book: Sealer  # seals what the ledger will hold
    outcomes: Outcomes = field(default_factory=Outcomes)
    entries: dict[str, Entry] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)
    deferred: list[Change] = field(default_factory=list)  # of the pending ones, once they could be read
    begun: set[str] = field(default_factory=set)  # whose write was sent, whatever came of it
    right: set[str] = field(default_factory=set)  # pending things that turned out to need no write
    notes: list[Problem] = field(default_factory=list)  # what is worth knowing besides the changes
    between: Callable[[], None] = lambda: None  # called between groups: the lock is renewed here

    def __post_init__(self) -> None:
        self._wanted: Mapping[str, Resource] = {resource.ref: resource for resource in self.given.desired}

    def run(self, changes: Sequence[Change]) -> None:
        for _key, group in groupby(changes, key=lambda change: (change.level, change.kind)):
            self.between()
            self._group(list(group))

    # One kind's changes of one level

    def _group(self, changes: Sequence[Change]) -> None:
        kind = self.given.order.kinds[changes[0].kind]
        free = [change for change in changes if not self._blocked(change)]
        if not free:
            return
        try:
            current = self._read(kind, free)
        except BootstrapError as error:
            for change in free:
                self._failed(change, error)
            return
        written = []
        for change in free:
            if self._server_gone(change):
                continue
            before = self._found(change, current)
            written += [real for real in self._real(change, current) if self._write(kind, real, before)]
        self._read_back(kind, written)

    def _blocked(self, change: Change) -> bool:
        cause = self.outcomes.blocking(change.needs)
        if cause:
            self.outcomes.add(Done(change, "skipped", f"it needs {cause.change.ref}, which was {_past(cause)}"))
            return True
        return self._server_gone(change)

    def _server_gone(self, change: Change) -> bool:
        gone = self.outcomes.server_gone
        if gone:
            self.outcomes.add(Done(change, "skipped", "the server could not be reached any more", unreachable=True))
        return gone

    def _read(self, kind: Kind, changes: Iterable[Change]) -> dict[str, State]:
        things = [self._resource(change) for change in changes]
        self.xnat.new_round()
        return normalised_states(kind, kind.read(self.xnat, things))

    def _resource(self, change: Change) -> Resource:
        known_id = self.given.ledger.id_of(change.ref)
        return self._wanted.get(change.ref) or Resource(change.kind, change.name, {}, change.source, known_id=known_id)

    # From what was planned to what is to be done now

    def _real(self, change: Change, current: Mapping[str, State]) -> list[Change]:
        """A pending change becomes what it really is; one that the server has outrun is skipped."""
        if change.action == "pending":
            return self._after_pending(change, current)
        resource = self._resource(change)
        if seen(self.given.sealer, resource, self._found(change, current)) == change.seen:
            return [change]
        if self._touched(change):
            return self._after_pending(change, current)
        message = "it changed on the server after the plan was made"
        self.outcomes.add(Done(change, "skipped", message, stale=True))
        return []

    def _touched(self, change: Change) -> bool:
        """What it hangs on was changed by this run, and it may have changed along: then it is looked at anew."""
        return change.action != "delete" and self.outcomes.any_done(change.needs)

    def _after_pending(self, change: Change, current: Mapping[str, State]) -> list[Change]:
        resource = self._resource(change)
        state = current.get(change.name)
        plan = make_plan(self._inputs_of_one(resource, current))
        found = next(found for found in plan.changes if found.ref == change.ref)
        real = replace(found, level=change.level, needs=change.needs)
        wrong = [problem.message for problem in (*plan.refusals, *plan.failures)]
        if wrong:
            self.outcomes.add(Done(real, "failed", "; ".join(wrong)))
            return []
        if real.action == "none":
            self._remember(resource, state)
        if real.deferred:
            self.deferred.append(real)
        elif not real.counts:
            self.right.add(real.ref)
        return [real] if real.counts else []

    def _inputs_of_one(self, resource: Resource, current: Mapping[str, State]) -> Inputs:
        """What the plan of one thing follows from, now that it could be read."""
        kind = self.given.order.kinds[resource.kind]
        state = current.get(resource.name)
        reason = kind.defers(self.xnat, resource, state)
        names = filter(None, (resource.name, resource.was))
        return replace(
            self.given,
            desired=[resource],
            current=Current(
                {ref(resource.kind, name): current[name] for name in names if name in current},
                deferred={resource.ref: reason} if reason else {},
            ),
            judged=tuple(kind.judge(self.xnat, resource, state)),
            options=replace(self.given.options, prune=False),
        )

    def _found(self, change: Change, current: Mapping[str, State]) -> State | None:
        """Of what is still to be renamed, the state under its old name."""
        return current.get(change.name) or current.get(self._old_name(change) or "")

    def _old_name(self, change: Change) -> str | None:
        return self._resource(change).was if change.action in ("rename", "pending") else None

    # Writing

    def _write(self, kind: Kind, change: Change, before: State | None) -> bool:
        """Sends one change; True if it is to be read back, False if its outcome is known already."""
        self.tell(f"{change.action} {change.ref}")
        old_name = self._old_name(change)
        if old_name:
            self.journal.intend_rename(change, before, old_name)
        else:
            self.journal.intend(change, before)
        self.begun.add(change.ref)
        try:
            self._send(kind, change, before)
        except (OutcomeUnknown, ServerFailed) as error:
            return self._look_up(kind, change, before, error)
        except BootstrapError as error:
            if self._surely_not_done(kind, change, before, error):
                self.begun.discard(change.ref)
                self.journal.took_back(change)
            self._failed(change, error)
            return False
        return True

    def _send(self, kind: Kind, change: Change, before: State | None) -> None:
        resource = self._resource(change)
        with self.xnat.client.writing():
            if change.action == "delete":
                kind.delete(self.xnat, change.name, before or State({}))
            elif change.action == "create":
                kind.create(self.xnat, resource)
            elif change.action == "rename":
                kind.rename(self.xnat, resource, before or State({}))
            else:
                changed = frozenset(path.path.split(".", 1)[0] for path in change.fields)
                kind.update(self.xnat, resource, before or State({}), changed)

    def _surely_not_done(self, kind: Kind, change: Change, before: State | None, error: BootstrapError) -> bool:
        """Of some errors it is known; what failed in XNAT's home is looked at."""
        if not isinstance(error, HomeFailed | HomeUnreachable) or not kind.remembered:
            return isinstance(error, _NOT_BEGUN)
        try:
            return _same(self._found(change, self._read(kind, [change])), before)
        except BootstrapError:
            return False

    def _look_up(self, kind: Kind, change: Change, before: State | None, error: XnatError) -> bool:
        """The write may have happened: looked up before it is sent once more, and only if it did not happen."""
        try:
            found = self._read(kind, [change])
            now = self._found(change, found)
            if not self._as_wanted(change, found.get(change.name)) and _same(now, before):
                self._send(kind, change, now)
        except BootstrapError as again:
            outcome: Outcome = "unknown" if isinstance(error, OutcomeUnknown) else "failed"
            same = again.message == error.message
            then = "the same once more" if same else f"then, looking whether it had happened: {again}"
            text = f"{error}\n  and {then}"
            self._ended(Done(change, outcome, text, unreachable=isinstance(again, Unreachable)))
            return False
        return True

    # Reading back

    def _read_back(self, kind: Kind, changes: Sequence[Change]) -> None:
        if not changes:
            return
        try:
            states = settled(
                lambda: self._read(kind, changes),
                lambda found: all(self._as_wanted(change, found.get(change.name)) for change in changes),
                kind.settle_seconds,
                self.pause,
            )
        except BootstrapError as error:
            for change in changes:
                self._ended(Done(change, "unknown", f"it was written and could not be read back: {error}"))
            return
        for change in changes:
            self._judge_read_back(change, states.get(change.name))

    def _judge_read_back(self, change: Change, now: State | None) -> None:
        if not self._as_wanted(change, now):
            self._ended(Done(change, "failed", str(self._not_stored(change, now))))
            return
        if change.action == "delete":
            self.removed.append(change.ref)
        else:
            self._remember(self._resource(change), now)
        self._ended(Done(change, "done"))

    def _as_wanted(self, change: Change, now: State | None) -> bool:
        if change.action == "delete":
            return now is None or self.given.order.kinds[change.kind].is_default(change.name, now)
        return now is not None and not now.broken and not self._differing(change, now)

    def _differing(self, change: Change, now: State) -> list[FieldChange]:
        """Where a thing is not as it was sent; what was not sent, ignored or accepted, does not matter."""
        resource = self._resource(change)
        sent = {field.path.split(".", 1)[0] for field in change.fields} or set(resource.fields)
        fields = {path: value for path, value in resource.fields.items() if path in sent}
        # A field that is never given back counts as stored once the server took it.
        took = Entry(self.given.sealer.tokens(resource.ref, fields))
        return Comparison(resource.ref, fields, now.fields, took, self.given.sealer).changes()

    def _not_stored(self, change: Change, now: State | None) -> NotStored:
        doing = f"{change.action} {change.ref}"
        if now is None or change.action == "delete":
            there = "it is not there" if now is None else "it is still there"
            return NotStored(f"the server accepted it, but {there}", doing=doing, source=change.source)
        differing = self._differing(change, now)
        text = "; ".join(f"{d.path}: sent {_short(d.after)}, stored {_short(d.before)}" for d in differing)
        hint = "somebody may be changing it at the same time, or the server does not take this value"
        return NotStored(f"reads back otherwise: {text}", doing=doing, source=change.source, hint=hint)

    # Keeping account

    def _remember(self, resource: Resource, state: State | None) -> None:
        if self.given.order.kinds[resource.kind].remembered:
            tokens = self.book.tokens(resource.ref, resource.fields)
            self.entries[resource.ref] = Entry(tokens, state.id if state else None, resource.protected)
        if resource.was:
            self.removed.append(ref(resource.kind, resource.was))

    def _failed(self, change: Change, error: BootstrapError) -> None:
        unreachable, lacking = isinstance(error, Unreachable), isinstance(error, _LACKING)
        outcome: Outcome = "skipped" if isinstance(error, RestartOwed) else "failed"  # it was not even to be made
        self._ended(Done(change, outcome, str(error), unreachable=unreachable, lacking=lacking))

    def _ended(self, done: Done) -> None:
        self.outcomes.add(done)
        self.journal.ended(done.change, done.outcome, done.error)


def _past(done: Done) -> str:
    return {"failed": "not done", "skipped": "skipped", "unknown": "left in doubt"}.get(done.outcome, done.outcome)


def _same(now: State | None, before: State | None) -> bool:
    return (now is None) == (before is None) and (now is None or before is None or now.fields == before.fields)


def _short(value: object) -> str:
    text = repr(shown(value))
    return text if len(text) <= 80 else text[:77] + "..."
