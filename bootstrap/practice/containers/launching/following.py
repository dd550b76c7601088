"""What has become of containers: asked every ten seconds of XNAT's, as the Container Service does."""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING

from bootstrap.practice.containers.launching import companions, finalising, records, running, workflow
from bootstrap.practice.containers.launching.backends import CREATED, ENDED, Backend, State
from bootstrap.practice.containers.launching.records import EVENT, PENDING, SYSTEM, Container, Step
from bootstrap.practice.containers.problems import Problem
from bootstrap.practice.containers.room import room

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

SECONDS = 10.0
QUEUED = "Queued for finalizing"
_BY_HAND = "Manual update to match workflow status"
_NEVER_BEGUN = "It was ended before it had begun."
_LOST = "The engine does not know this container any more."
_log = logging.getLogger(__name__)


@room.at_start
def follow(site: Site) -> None:
    records.forget_claims(site)
    follower = Follower(site)
    site.background.every(SECONDS, follower.look)


class Follower:
    """One look at a time: one that comes while another is still on does nothing."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._looking = threading.Lock()

    def look(self) -> None:
        if not self._looking.acquire(blocking=False):
            return
        try:
            self._look_at_all()
        finally:
            self._looking.release()

    def _look_at_all(self) -> None:
        several: dict[str, list[Container]] = defaultdict(list)
        for one in records.still_open(self._site):
            if not one.engine_id:
                companions.take_up(self._site, one)
            elif not records.has_step(self._site, one.id, *PENDING):
                several[one.backend].append(one)
        for those in several.values():
            try:
                backend = running.of(self._site, those[0])
                begun = {one.engine_id for one in those if records.has_step(self._site, one.id, "start")}
                states = backend.states([one.engine_id for one in those], begun)
            except Problem as error:  # next time
                _log.info("looking at the engine: %s", error.text)
                continue
            for one in those:
                self._follow(backend, one, states.get(one.engine_id))
        for number in records.to_finalise(self._site):
            self._site.background.later(0, _job(self._site, number))

    def _follow(self, backend: Backend, one: Container, state: State | None) -> None:
        if state is None:
            self._is_lost(one)
        elif state.stage == CREATED:
            self._has_not_begun(backend, one)
        else:
            self._has_begun(one, state)
            if state.stage == ENDED:
                self._has_ended(one, state)
            elif not records.is_terminal(one.status):
                self._end_by_hand(backend, one)

    def _is_lost(self, one: Container) -> None:
        """But for one that has been finalised and cleared away since the look began."""
        found = records.find(self._site, one.id)
        if found and found.is_open:
            self._end(one, Step("die", EVENT, message=_LOST), _LOST)

    def _has_not_begun(self, backend: Backend, one: Container) -> None:
        """What waits for its setups, or what a server that was stopped has not started any more."""
        if records.is_terminal(one.status):
            self._end(one, Step("die", EVENT, message=_NEVER_BEGUN), QUEUED)
            return
        self._end_by_hand(backend, one)
        companions.begin(self._site, one)

    def _has_begun(self, one: Container, state: State) -> None:
        if records.has_step(self._site, one.id, "start"):
            return
        for name, moment in (("create", state.made), ("start", state.started)):
            records.note(self._site, one.id, Step(name, EVENT, happened=moment))

    def _end_by_hand(self, backend: Backend, one: Container) -> None:
        """Where somebody has said in its workflow that it is at its end."""
        found = workflow.find(self._site, one.workflow)
        if found is None or not records.is_terminal(found.status):
            return
        records.note(self._site, one.id, Step(found.status, SYSTEM, message=_BY_HAND))
        try:
            backend.kill(one.engine_id)
        except Problem as error:
            _log.info("killing container %s: %s", one.engine_id, error.text)

    def _has_ended(self, one: Container, state: State) -> None:
        if state.out_of_memory:
            records.note(self._site, one.id, Step("oom", EVENT, happened=state.ended))
        end = Step(state.how or "die", EVENT, exit_code=state.exit_code, happened=state.ended)
        self._end(one, end, QUEUED)

    def _end(self, one: Container, step: Step, message: str) -> None:
        records.note(self._site, one.id, step)
        pending = PENDING[1] if one.service else PENDING[0]
        records.note(self._site, one.id, Step(pending, SYSTEM, message=message))


def _job(site: Site, number: int) -> Callable[[], None]:
    def job() -> None:
        if not site.background.is_closing:
            finalising.finalise(site, number)

    return job
