"""A container that has been made is started; one that the engine will not start has failed."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from bootstrap.practice.containers.launching import chains, records, running, waiting, workflow
from bootstrap.practice.containers.launching.records import SYSTEM, Container, Step
from bootstrap.practice.containers.problems import Broken, NoServer, Problem
from bootstrap.practice.containers.resolution.failures import EngineRefused

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

_log = logging.getLogger(__name__)


def begin(site: Site, made: Container) -> None:
    """Once, whoever comes first: an engine runs what has ended again when it is told to start it once more.

    As long as there is no engine to ask, the next look does it.
    """
    if not records.take_start(site, made.id):
        return
    try:
        running.of(site, made).start(made.engine_id)
    except (Broken, NoServer) as error:
        _log.info("starting container %s: %s", made.engine_id, error.text)
        records.give_start_back(site, made.id)
    except Problem as error:
        failure = EngineRefused(error.text)
        fail(site, made, Step("Failed", SYSTEM, message=error.text), shown=failure.status, details=failure.details)


def fail(site: Site, container: Container, step: Step, *, shown: str = "", details: str = "") -> bool:
    """It will never run: its record is closed, and what follows it is told. False if it was closed already.

    `shown`: what its workflow says, where that is something else.
    """
    with site.storage.write():
        if not records.close(site, container.id, container.document):
            return False
        records.note(site, container.id, step)
        if shown:
            workflow.follow(site, container.workflow, shown, details)
        following = chains.enqueue_next(site, container.request, succeeded=False)
    running.withdraw_credentials(site, container)
    waiting.begin(site, following)
    running.clear_away(site, container)
    return True
