"""What is wrong with the subscriptions of a server, whoever made them: for `doctor`, and for `drift` those of others.

XNAT goes on with a subscription whose action is gone: it stays active, and every event fails without a word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from bootstrap.config.site import Site
from bootstrap.errors import XnatError
from bootstrap.kinds.container_reading import Row, has_containers
from bootstrap.kinds.event_mappings import mapped_as_well
from bootstrap.kinds.event_service import is_on
from bootstrap.kinds.kind import Finding, Resource
from bootstrap.kinds.project import list_projects
from bootstrap.kinds.subscription_actions import listed_actions, provider_of
from bootstrap.kinds.subscription_meaning import Flaw
from bootstrap.kinds.subscription_pairs import Member, earlier_twins
from bootstrap.kinds.subscription_reading import Wrappers, meaning_of_row, subscriptions, wrapper_number, wrappers
from bootstrap.kinds.subscription_uses import SubscriptionUse, subscription_uses
from bootstrap.kinds.subscriptions_section import LOGGING
from bootstrap.values import Problem
from bootstrap.xnat.connection import Connection
from bootstrap.xnat.transport import segment

_TOPIC = "subscriptions"


def label(row: Row) -> str:
    return f"{row.get('name')} (id {row['id']})"


def dead_end(xnat: Connection, row: Row, known: Wrappers) -> str:
    """Why its action cannot be done any more; empty where it can."""
    key = str(row.get("action-key") or "")
    number = wrapper_number(key)
    if number is not None:
        return "" if known.name(number) else f"it points at a wrapper that is gone ({number})"
    if meaning_of_row(row, known).action == LOGGING or provider_of(key) in listed_actions(xnat):
        return ""
    return f"this XNAT has no action `{key}` any more"


# For drift


def dead_ones_of_others(xnat: Connection, wanted: Sequence[Resource]) -> Iterator[Problem]:
    """Nobody but their makers can say where they should point: they are told, and left."""
    if not is_on(xnat):
        return
    names = {name for one in wanted for name in (one.name, one.was) if name}
    ours = {one.known_id for one in wanted}
    rows = [row for row in subscriptions(xnat) if row.get("name") not in names and str(row["id"]) not in ours]
    launching = any(wrapper_number(str(row.get("action-key"))) is not None for row in rows)
    known = wrappers(xnat) if launching else Wrappers()
    for row in rows:
        if why := dead_end(xnat, row, known):
            message = (
                f"the subscription {label(row)} of `{row.get('subscription-owner')}` is not in the file, and {why}"
            )
            yield Problem("warning", "subscription-dead", f"{message}: every event of it fails", _mend(None))


# For doctor


def examine_subscriptions(xnat: Connection, site: Site) -> Iterator[Finding]:
    if not is_on(xnat):
        return
    rows, known = subscriptions(xnat), wrappers(xnat)
    uses = {use.name: use for use in subscription_uses(site)}
    found = [finding for row in rows for finding in _of_one(xnat, row, known, uses.get(str(row.get("name"))))]
    found += _missing(uses, rows)
    found += _double(xnat, rows, known)
    found += _disabled_owners(xnat, rows)
    yield from found
    if not found and rows:
        active = sum(row.get("active") is not False for row in rows)
        yield Finding(
            "good", _TOPIC, f"{len(rows)} subscriptions, {active} of them active, and all can do what they say"
        )


def _of_one(xnat: Connection, row: Row, known: Wrappers, use: SubscriptionUse | None) -> Iterator[Finding]:
    is_on_there = row.get("active") is not False
    state: Literal["bad", "warning"] = "bad" if use and is_on_there else "warning"
    dead = dead_end(xnat, row, known)
    if dead:
        yield Finding(state, _TOPIC, f"{label(row)}: {dead}: every event of it fails", _mend(use))
    elif row.get("valid") is False:
        said = " ".join(str(row.get("validation-message") or "").split())
        mend = "its wrapper may be switched off for the site or in a project"
        yield Finding(state, _TOPIC, f"{label(row)}: XNAT holds it for invalid, so that it only fails: {said}", mend)
    if use and use.fields.get("active") and not is_on_there:
        yield Finding(
            "warning", _TOPIC, f"{label(row)}: it is switched off, and the file has it on", "`apply` mends it"
        )
    gone = [name for name in meaning_of_row(row, known).projects if name not in _projects(xnat)]
    if gone:
        text = f"{label(row)}: it is for projects that are not there: {', '.join(gone)}"
        yield Finding("warning", _TOPIC, text, "no event of these ever comes")


def _mend(use: SubscriptionUse | None) -> str:
    if use:
        return "`apply` points it at what the file says"
    return "it is left so: whoever made it can switch it off or delete it; named in the file, `apply` puts it right"


def _projects(xnat: Connection) -> Mapping[str, object]:
    return xnat.shared("projects", lambda: list_projects(xnat))


def _missing(uses: Mapping[str, SubscriptionUse], rows: Sequence[Row]) -> Iterator[Finding]:
    there = {row.get("name") for row in rows}
    missing = [use.name for use in uses.values() if use.name not in there and use.was not in there]
    if missing:
        text = f"{len(missing)} of the file are not on the server: {', '.join(missing[:5])}"
        yield Finding("warning", _TOPIC, text, "`apply` makes them")


def _double(xnat: Connection, rows: Sequence[Row], known: Wrappers) -> Iterator[Finding]:
    members = [Member(label(row), meaning_of_row(row, known)) for row in rows]
    for row, (member, twins) in zip(rows, earlier_twins(members), strict=True):
        for flaw in (*(flaw for flaw, _other in twins), *_mapped(xnat, row, member, known)):
            yield Finding("warning", _TOPIC, f"{member.name}: {flaw.message}", flaw.hint)


def _mapped(xnat: Connection, row: Row, member: Member, known: Wrappers) -> Iterator[Flaw]:
    document = known.document(wrapper_number(str(row.get("action-key"))))
    if document and has_containers(xnat):
        yield from mapped_as_well(xnat, member.meaning, document[0]["id"])


def _disabled_owners(xnat: Connection, rows: Sequence[Row]) -> Iterator[Finding]:
    """XNAT goes on in their name all the same."""
    owners = sorted({str(row["subscription-owner"]) for row in rows if row.get("subscription-owner")} - {xnat.username})
    for owner in owners:
        names = ", ".join(label(row) for row in rows if row.get("subscription-owner") == owner)
        if why := _trouble(xnat, owner):
            yield Finding("warning", _TOPIC, f"{names}: the owner `{owner}` {why}", "to change the owner, make it anew")


def _trouble(xnat: Connection, owner: str) -> str:
    path, doing = f"/xapi/users/{segment(owner)}/enabled", f"reading whether the account `{owner}` is enabled"
    try:
        enabled = xnat.client.read_json(path, doing=doing, absent_ok=True)
    except XnatError as error:
        return f"could not be looked up ({error.summary})"
    if enabled is None:
        return "has no account any more, so that every event of it fails"
    return "" if enabled is True else "is disabled, and XNAT goes on to act in that name"
