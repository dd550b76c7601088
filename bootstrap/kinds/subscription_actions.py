"""The actions that a server has besides wrappers and its log, and what it says of their attributes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bootstrap.config.problems import suggest
from bootstrap.kinds.container_reading import Row
from bootstrap.kinds.subscription_action_checks import is_number
from bootstrap.kinds.subscription_meaning import CONTAINERS, LOGGING_KEY, PLACEHOLDER, Flaw, Meaning
from bootstrap.kinds.subscriptions_section import LOGGING
from bootstrap.xnat.connection import Connection

_TRUTHS = ("true", "false")
_NUMBERS = ("number", "integer", "int", "long", "float", "double")


def provider_of(key: str) -> str:
    """A key as the lists have it: a provider may write more behind the second colon."""
    return ":".join(key.split(":")[:2])


def listed_actions(xnat: Connection) -> Mapping[str, Row]:
    doing = "reading which actions the server has"
    rows = xnat.shared("actions", lambda: xnat.client.read_json("/xapi/events/allactions", doing=doing))
    return {str(row["action-key"]): row for row in rows}


def action_flaws_here(xnat: Connection, meaning: Meaning) -> Iterator[Flaw]:
    """Of one that is no wrapper."""
    known = listed_actions(xnat)
    key = LOGGING_KEY if meaning.action == LOGGING else provider_of(meaning.action)
    if key not in known:
        others = [key for key in known if not key.startswith(CONTAINERS)]
        message = f"this XNAT has no action `{meaning.action}`: its plugin may not be there"
        yield Flaw("unknown-action", message, "action", suggest(meaning.action, others))
        return
    told = _attributes(xnat, key)
    if told is not None:
        yield from attribute_flaws(meaning, told)


def _attributes(xnat: Connection, key: str) -> Mapping[str, Row] | None:
    """The list of all actions tells no attributes; the other one does. None where it does not have the action."""
    doing = "reading what attributes the actions have"
    rows = xnat.shared("actions in full", lambda: xnat.client.read_json("/xapi/events/actions", doing=doing))
    found = next((row for row in rows or () if row.get("action-key") == key), None)
    return None if found is None else found.get("attributes") or {}


def attribute_flaws(meaning: Meaning, told: Mapping[str, Row]) -> Iterator[Flaw]:
    for name in sorted(set(meaning.attributes) - set(told)):
        message = f"the action `{meaning.action}` has no attribute `{name}`"
        yield Flaw("unknown-attribute", message, "attributes", suggest(name, told))
    for name, one in told.items():
        value = meaning.attributes.get(name, "")
        if not value and one.get("required") is True and not str(one.get("default-value") or ""):
            message = f"the action `{meaning.action}` needs the attribute `{name}`"
            yield Flaw("attribute-missing", message, "attributes", str(one.get("description") or ""))
        elif value and not PLACEHOLDER.search(value):
            yield from _value(name, value, one)


def _value(name: str, value: str, one: Mapping[str, Any]) -> Iterator[Flaw]:
    kind = str(one.get("type") or "").lower()
    if kind == "boolean" and value.lower() not in _TRUTHS:
        yield Flaw("attribute-value", f"`{name}` is true or false, and `{value}` is neither", "attributes")
    if kind in _NUMBERS and not is_number(value):
        yield Flaw("attribute-value", f"`{name}` is a number, and `{value}` is none", "attributes")
    offered = [str(each.get("value")) for rows in (one.get("restrict-to-list") or {}).values() for each in rows]
    if offered and not set(_parts(value)) <= set(offered):
        message = f"`{name}`: `{value}` is none of the values that this XNAT offers"
        yield Flaw("attribute-value", message, "attributes", suggest(value, offered), "warning")


def _parts(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]
