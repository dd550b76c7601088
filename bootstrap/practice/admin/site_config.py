"""/xapi/siteConfig: the site's settings, read by type and written without being looked at."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bootstrap.practice import java_numbers
from bootstrap.practice.admin import preferences, settings
from bootstrap.practice.admin.room import room
from bootstrap.practice.http import bodies
from bootstrap.practice.http.access import ADMIN, ANYBODY
from bootstrap.practice.http.call import Answer, Call, Refusal
from bootstrap.practice.http.gate import is_initialized
from bootstrap.practice.http.rooms import Body

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

CHANGED = "setting changed"  # on the bus: name, value, user
FILTER_CHANGED = "series filter changed"  # on the bus: user; the three keys in one
FILTER_KEYS = {
    "enableSitewideSeriesImportFilter",
    "sitewideSeriesImportFilterMode",
    "sitewideSeriesImportFilter",
}
_NULL = 'Cannot invoke "Object.getClass()" because "value" is null'


def may_see(call: Call) -> bool:
    names = (call.parts.get("property") or call.parts["preferences"]).split(",")
    return all(settings.visible(name, admin=call.caller.is_admin, guest=call.caller.is_guest) for name in names)


@room.get("/xapi/siteConfig", ANYBODY)
def read_all(call: Call) -> Answer:
    site = call.site
    if not is_initialized(site):
        if not call.caller.is_admin:
            return bodies.as_json({})
        if not preferences.text(site, "siteUrl"):
            preferences.store(site, "siteUrl", call.request.host_url.rstrip("/"))
    return bodies.as_json(
        {
            name: typed(name, stored)
            for name, stored in preferences.all_of(site).items()
            if settings.visible(name, admin=call.caller.is_admin, guest=call.caller.is_guest)
        }
    )


@room.get("/xapi/siteConfig/values/{preferences}", may_see)
def read_some(call: Call) -> Answer:
    stored = preferences.all_of(call.site)
    names = call.parts["preferences"].split(",")
    for name in names:
        if name not in stored and any(other.startswith(f"{name}:") for other in stored):
            raise Refusal(bodies.wrapped("null"))
    return bodies.as_json({name: typed(name, stored[name]) for name in names if name in stored})


@room.get("/xapi/siteConfig/{property}", may_see)
def read_one(call: Call) -> Answer:
    name = call.parts["property"]
    stored = preferences.stored(call.site, name)
    if stored is None:
        return bodies.not_found(f"No site configuration property named {name}")
    value = typed(name, stored)
    setting = settings.known().get(name)
    if isinstance(value, str) and (setting is None or setting.type != "enum"):
        return bodies.raw_json(value)
    return bodies.as_json(value)


@room.post("/xapi/siteConfig", ADMIN, Body.OBJECT)
def write_some(call: Call) -> Answer:
    store_all(call.site, call.json, call.caller.name)
    return bodies.nothing()


@room.post("/xapi/siteConfig/{property}", ADMIN, Body.TEXT)
def write_one(call: Call) -> Answer:
    store_all(call.site, {call.parts["property"]: call.text}, call.caller.name)
    return bodies.nothing()


def typed(name: str, stored: str) -> Any:
    setting = settings.known().get(name)
    return setting.read(stored) if setting else stored


def store_all(site: Site, values: Mapping[str, Any], user: str) -> None:
    """One by one and in their order, `initialized` last; what fails stops the rest and undoes nothing."""
    set_up = is_initialized(site)
    grouped = values.keys() >= FILTER_KEYS
    ordered = itertools.chain(
        ((name, value) for name, value in values.items() if name != "initialized"),
        ((name, value) for name, value in values.items() if name == "initialized"),
    )
    changed: set[str] = set()
    for name, value in ordered:
        if store(site, name, value):
            changed.add(name)
            if not (grouped and name in FILTER_KEYS):
                site.bus.tell(CHANGED, name=name, user=user)
        if name == "adminEmail" and not set_up:
            _to_the_accounts(site, preferences.text(site, "adminEmail"))
    if grouped and changed & FILTER_KEYS:
        site.bus.tell(FILTER_CHANGED, user=user)


def store(site: Site, name: str, value: Any) -> bool:
    """True if XNAT tells its handlers: when what was stored differs from what was sent, untrimmed."""
    if value is None:
        raise Refusal(bodies.wrapped(_NULL))
    if isinstance(value, dict):
        return _store_map(site, name, value)
    before, given = preferences.stored(site, name), settings.as_stored(value)
    kept = _checked(site, name, before, given)
    preferences.store(site, name, kept)
    if name in site.hazards:
        site.hazards.discard(name)
    return before != given


def _checked(site: Site, name: str, before: str | None, given: str) -> str:
    setting, trimmed = settings.known().get(name), given.strip()
    kind = setting.type if setting else "text"
    if kind == "integer" and not _is_number(trimmed):
        if name == "maxFailedLogins":
            site.hazards.add(name)
        raise Refusal(bodies.wrapped(f'For input string: "{trimmed}"'))
    if kind == "enum" and setting and setting.words and trimmed not in setting.words:
        raise Refusal(bodies.wrapped(f"No enum constant {name}.{trimmed}"))
    if kind == "list" and before is not None and isinstance(typed(name, before), str):
        raise Refusal(bodies.wrapped(f"Unable to read the list preference {name}"))
    if kind == "boolean":
        return "true" if trimmed.lower() == "true" else "false"
    return trimmed


def _store_map(site: Site, name: str, value: dict[str, Any]) -> bool:
    site.storage.change("DELETE FROM preferences WHERE tool = ? AND name = ?", preferences.SITE, name)
    if name == "maxFailedLogins":
        site.hazards.add(name)
    for key, inner in value.items():
        preferences.store(site, f"{name}:{key}", settings.as_stored(inner).strip())
    return True


def _is_number(text: str) -> bool:
    return text.removeprefix("-").isascii() and java_numbers.integer(text) is not None


def _to_the_accounts(site: Site, email: str) -> None:
    for row in site.storage.rows("SELECT username, email FROM accounts WHERE username IN ('admin', 'guest')"):
        site.old_emails.setdefault(row["username"], row["email"])
    site.storage.change("UPDATE accounts SET email = ? WHERE username IN ('admin', 'guest')", email)
