"""What must not be done to this server, or should be known of it, before a subscription is written.

XNAT takes subscriptions that never fire and refuses others in words that say nothing, so it is asked before: once for
all of them, and only where something is to be written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bootstrap.config.problems import suggest
from bootstrap.facts.versions import version_numbers
from bootstrap.kinds.command_document.normal import normal, normal_wrapper
from bootstrap.kinds.command_uses import WrapperName
from bootstrap.kinds.container_manager import sees_all_commands
from bootstrap.kinds.container_reading import NOTHING, commands, has_containers, project_rows, row_of, site_rows
from bootstrap.kinds.event_mappings import mapped_as_well
from bootstrap.kinds.event_service import is_on
from bootstrap.kinds.kind import Resource, State
from bootstrap.kinds.project import list_projects
from bootstrap.kinds.subscription_action_checks import WrapperDocument, action_flaws
from bootstrap.kinds.subscription_actions import action_flaws_here
from bootstrap.kinds.subscription_meaning import COMMAND, Flaw, event_name
from bootstrap.kinds.subscription_pairs import Crowd, Member, twice
from bootstrap.kinds.subscription_reading import (
    SubscriptionState,
    meaning_of_row,
    number_of,
    subscriptions,
    wrapper_number,
    wrappers,
)
from bootstrap.kinds.subscription_uses import SubscriptionUse
from bootstrap.kinds.subscriptions_section import LOGGING
from bootstrap.values import Problem
from bootstrap.xnat.connection import Connection


def judged(xnat: Connection, wanted: Resource, current: State | None) -> Iterator[Problem]:
    """Nothing of what cannot be read yet: that is judged once it can."""
    use: SubscriptionUse = wanted.payload["use"]
    if current is None and not (xnat.initialized and is_on(xnat)):
        return
    flaws = [*_standing(xnat, wanted, current)]
    if current is None or current.broken or _differs(wanted, current):
        flaws += _before_writing(xnat, wanted, use)
    yield from (use.problem(flaw) for flaw in flaws)


def _differs(wanted: Resource, current: State) -> bool:
    return any(current.fields.get(key) != value for key, value in wanted.fields.items() if key not in wanted.ignore)


def _standing(xnat: Connection, wanted: Resource, current: State | None) -> Iterator[Flaw]:
    """What is worth knowing in every run."""
    if isinstance(current, SubscriptionState):
        yield from _owner(xnat, current)
        yield from _validity(current)
    unknown = [name for name in wanted.fields["projects"] if name not in wanted.payload["projects"]]
    there = xnat.shared("projects", lambda: list_projects(xnat)) if unknown else {}
    for name in unknown:
        if name not in there:
            message = (
                f"neither the file nor the server has a project `{name}`: XNAT would take it, and it never matches"
            )
            yield Flaw("unknown-project", message, "projects", suggest(name, {*there, *wanted.payload["projects"]}))


def _owner(xnat: Connection, current: SubscriptionState) -> Iterator[Flaw]:
    if current.owner and current.owner != xnat.username:
        message = f"its owner is `{current.owner}`, in whose name it acts: XNAT lets nobody change that"
        hint = "it is left so; to have another owner it has to be deleted with its history and made again"
        yield Flaw("subscription-owner", message, "", hint, "warning")


def _validity(current: SubscriptionState) -> Iterator[Flaw]:
    if current.row.get("valid") is False and not current.broken:
        said = " ".join(str(current.row.get("validation-message") or "").split())
        message = f"XNAT holds it for invalid now, so that it only fails: {said}"
        yield Flaw("subscription-invalid", message, "action", "its wrapper may be switched off somewhere", "warning")


def _before_writing(xnat: Connection, wanted: Resource, use: SubscriptionUse) -> Iterator[Flaw]:
    yield from _catalogue(xnat, use)
    yield from _old_schedule(xnat, use)
    if isinstance(use.wrapper, WrapperName):
        yield from _wrapper(xnat, wanted, use, use.wrapper)
        yield from _mappings(xnat, use, use.wrapper)
    elif use.action != LOGGING or use.meaning.attributes:
        yield from _action(xnat, use)
    yield from _others(xnat, wanted, use)


def _catalogue(xnat: Connection, use: SubscriptionUse) -> Iterator[Flaw]:
    doing = "reading which events the server has"
    listed = xnat.shared("event types", lambda: xnat.client.read_json("/xapi/events/events", doing=doing))
    known = {str(one["type"]): one.get("statuses") or [] for one in listed}
    event, status = use.event
    told_offline = use.meaning.type is not None and status not in use.meaning.type.statuses
    if event not in known:
        hint = suggest(event_name(event), {event_name(one) for one in known})
        yield Flaw("unknown-event", f"this XNAT has no event `{event_name(event)}`", "event", hint)
    elif status and status not in known[event] and not told_offline:
        message = f"the event `{event_name(event)}` of this XNAT has no status `{status}`: it would never happen"
        yield Flaw("unknown-status", message, "event", suggest(status, known[event]))


def _old_schedule(xnat: Connection, use: SubscriptionUse) -> Iterator[Flaw]:
    """Before 1.9 seconds and minutes have to be plain numbers."""
    version, parts = version_numbers(xnat.server.version), use.meaning.schedule.split()
    if (
        parts
        and version
        and version < (1, 9)
        and not (len(parts) == 6 and parts[0].isdecimal() and parts[1].isdecimal())
    ):
        message = f"XNAT {xnat.server.version} takes only schedules whose second and minute are plain numbers"
        yield Flaw("bad-schedule", message, "schedule", "at most once an hour: `0 30 * * * *`")


def _wrapper(xnat: Connection, wanted: Resource, use: SubscriptionUse, name: WrapperName) -> Iterator[Flaw]:
    """Where the file does not say that it is on, it has to be: nothing is switched on that the file does not name."""
    number = number_of(xnat, str(name), wanted.payload)
    if number is None and use.scoped is None:
        message = f"neither the file nor the server has a wrapper {name}"
        yield Flaw("unknown-wrapper", message, "action", "see how it is spelt")
        return
    found = wrappers(xnat).document(number)
    if use.document is None and found:
        yield from action_flaws(use.meaning, WrapperDocument(normal(found[0]), normal_wrapper(found[1])))
    if number is None and not sees_all_commands(xnat):
        return
    off = [place for place, said in use.switches().items() if not said and not _is_on(xnat, number, place)]
    if off:
        where = ", ".join(place or "the site" for place in off)
        message = f"{name} is not on for {where}, and XNAT takes no subscription of it then"
        hint = "write `enabled: true` for it there: nothing is switched on that the file does not name"
        yield Flaw("wrapper-not-on", message, "action", hint)


def _is_on(xnat: Connection, number: int | None, project: str) -> bool:
    if number is None:
        return False
    rows = project_rows(xnat, [project]).get(project, {}) if project else site_rows(xnat)
    return rows.get(number, NOTHING).on(project)


def _action(xnat: Connection, use: SubscriptionUse) -> Iterator[Flaw]:
    """A wrapper may be given by its key as well, as `export` of somebody else may have it."""
    number = wrapper_number(use.action)
    found = wrappers(xnat).document(number) if number is not None else None
    if found is None:
        yield from action_flaws_here(xnat, use.meaning)
        return
    meaning = replace(use.meaning, action=f"{COMMAND}{wrappers(xnat).name(number or 0)}")
    yield from action_flaws(meaning, WrapperDocument(normal(found[0]), normal_wrapper(found[1])))


def _others(xnat: Connection, wanted: Resource, use: SubscriptionUse) -> Iterator[Flaw]:
    """Subscriptions that no file of ours has, and that do the same."""
    for flaw, _other in twice(
        Member(use.name, use.meaning),
        xnat.shared(("others", wanted.payload["names"]), lambda: _strangers(xnat, wanted)),
    ):
        yield flaw


def _strangers(xnat: Connection, wanted: Resource) -> Crowd:
    known = wrappers(xnat)
    rows = [row for row in subscriptions(xnat) if row.get("name") not in wanted.payload["names"]]
    return Crowd([Member(f"{row.get('name')} (id {row['id']})", meaning_of_row(row, known)) for row in rows])


def _mappings(xnat: Connection, use: SubscriptionUse, name: WrapperName) -> Iterator[Flaw]:
    row = row_of(commands(xnat), name.command) if has_containers(xnat) else None
    return mapped_as_well(xnat, use.meaning, row["id"] if row else None)
