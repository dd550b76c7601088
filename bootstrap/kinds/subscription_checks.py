"""What is wrong with one subscription by itself: its event, schedule, attributes' lengths, and what happens on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from difflib import get_close_matches

from bootstrap.config.problems import listed, suggest
from bootstrap.facts import event_types
from bootstrap.facts.cron import CronError, NeverComes, check_schedule
from bootstrap.kinds.subscription_action_checks import WrapperDocument, action_flaws, payload_type
from bootstrap.kinds.subscription_filter_checks import filter_flaws
from bootstrap.kinds.subscription_meaning import CRON, Flaw, Meaning
from bootstrap.kinds.subscriptions_section import LONGEST


def flaws_of(meaning: Meaning, document: WrapperDocument | None) -> Iterator[Flaw]:
    """`document` is the wrapper that it launches, where it is known."""
    yield from _event(meaning)
    yield from _schedule(meaning)
    yield from _projects(meaning)
    yield from _lengths(meaning)
    yield from filter_flaws(meaning, payload_type(meaning, document))
    yield from action_flaws(meaning, document)


def _event(meaning: Meaning) -> Iterator[Flaw]:
    known = meaning.type
    if known is None:
        yield from _unknown_event(meaning.event)
    elif meaning.status and meaning.status not in known.statuses:
        message = (
            f"the event `{known.short}` has no status `{meaning.status}`: XNAT would take it, and it never happens"
        )
        yield Flaw("unknown-status", message, "event", suggest(meaning.status, known.statuses))


def _unknown_event(name: str) -> Iterator[Flaw]:
    """A class with dots may be a plugin's: the server's catalogue knows."""
    told = {f"{one.short}.{status.lower()}" for one in event_types.event_types() for status in one.statuses}
    told = {one for one in told if not one.startswith("scheduled.")} | {"scheduled"}
    if name in event_types.known_classes():
        yield Flaw("unknown-event", f"XNAT has `{name}`, but raises no such event", "event", suggest(name, told))
    elif name in event_types.by_short_name() or "." not in name or name.count(".") == 1:
        hint = suggest(name, told)
        yield Flaw(
            "unknown-event",
            f"there is no event `{name}`",
            "event",
            hint if hint.startswith("did") else listed(sorted(told), 30),
        )
    else:
        yield from _misspelt_class(name)


def _misspelt_class(name: str) -> Iterator[Flaw]:
    """A class among XNAT's own, or one that is almost called like one of them."""
    known = {one.type for one in event_types.event_types()}
    close = get_close_matches(name, known, n=1, cutoff=0.95)
    if name.startswith(event_types.EVENTS):
        yield Flaw("unknown-event", f"XNAT has no event `{name}`", "event", suggest(name, known))
    elif close:
        message = f"`{name}` is no event of XNAT itself; only a plugin may have it"
        yield Flaw("unknown-event", message, "event", suggest(name, known), "warning")


def _schedule(meaning: Meaning) -> Iterator[Flaw]:
    if not meaning.is_scheduled:
        if meaning.schedule:
            message = "only the event `scheduled` has a schedule"
            yield Flaw("schedule-of-event", message, "schedule", "take it out, or write `event: scheduled`")
        return
    if meaning.status != CRON:
        message = "without the status CRON XNAT does not start the schedule"
        yield Flaw("unknown-status", message, "event", "write `event: scheduled`")
    try:
        check_schedule(meaning.schedule, datetime.now(UTC))
    except NeverComes:
        message = f"XNAT does not take the schedule `{meaning.schedule}`: this day never comes"
        yield Flaw("bad-schedule", message, "schedule", "name a day that its months have")
    except CronError as error:
        hint = "six fields, more than a minute apart: `0 0 2 * * *` is every night at two, by the server's clock"
        yield Flaw("bad-schedule", f"XNAT does not take the schedule `{meaning.schedule}`: {error}", "schedule", hint)
    if meaning.act_as_event_user:
        message = "a schedule belongs to XNAT's primary administrator, in whose name it would act"
        yield Flaw("acts-as-administrator", message, "act_as_event_user", severity="warning")


def _projects(meaning: Meaning) -> Iterator[Flaw]:
    for name in meaning.projects:
        if not name.strip():
            message = "a project without a name: XNAT would take it, and no event ever matches"
            yield Flaw("unknown-project", message, "projects", "write `everywhere: true` for all projects")
    if (
        meaning.type is not None
        and meaning.projects
        and meaning.type.scopes == ("SITE",)
        and meaning.status == "CREATED"
    ):
        message = "a project of this id can be made only once, so this happens once at most"
        yield Flaw("project-event", message, "projects", "`everywhere: true` meets every new project", "warning")


def _lengths(meaning: Meaning) -> Iterator[Flaw]:
    for key, value in meaning.attributes.items():
        if max(len(key), len(value)) > LONGEST:
            message = f"the attribute `{key[:40]}` is longer than {LONGEST} letters, which XNAT cannot store"
            yield Flaw("bad-length", message, "attributes")
    if len(meaning.schedule) > LONGEST:
        yield Flaw("bad-length", f"XNAT cannot store a schedule longer than {LONGEST} letters", "schedule")
