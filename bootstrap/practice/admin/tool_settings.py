"""Settings of three tools that are not the site's: scripts, pools of threads, addresses that plugins open."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bootstrap.practice import java_numbers
from bootstrap.practice.admin import preferences
from bootstrap.practice.admin.room import room
from bootstrap.practice.admin.settings import as_stored
from bootstrap.practice.http import bodies, json_fields, lenient_json, parameters
from bootstrap.practice.http.access import ADMIN
from bootstrap.practice.http.call import Answer, Call
from bootstrap.practice.http.rooms import Body

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

_AUTOMATION, _SCRIPTING = "automation", "internalScriptingEnabled"
_POOLS = "asyncOps"
_FIRST_POOLS = {
    "defaultTimeout": "-1",
    "corePoolSize": "10",
    "allowCoreThreadTimeOut": "true",
    "maxPoolSize": "2048",
    "keepAliveSeconds": "60",
    "reactorWorkQueueDispatcherPoolSize": "20",
    "reactorWorkQueueDispatcherRingBufferSizePower": "13",
    "eventTrackingDataCleanupFrequency": "24",
    "eventTrackingDataCleanupTtl": "30",
}
_OPENED, _ALLOWED = "pluginOpenUrls", "allowedPluginOpenUrls"


@room.seed
def store_first_values(site: Site) -> None:
    preferences.store_missing(site, _FIRST_POOLS, _POOLS)
    preferences.store_missing(site, {_ALLOWED: "[]"}, _OPENED)
    site.open_urls[:] = _allowed(site)


@room.get("/xapi/automation", ADMIN)
def automation(call: Call) -> Answer:
    return bodies.as_json({_SCRIPTING: preferences.boolean(call.site, _SCRIPTING, _AUTOMATION)})


@room.post("/xapi/automation", ADMIN, Body.OBJECT)
def set_automation(call: Call) -> Answer:
    for name in call.json:
        if name == _SCRIPTING:
            _switch_scripting(call.site, (json_fields.text(call.json, name) or "").lower() == "true")
    return bodies.nothing()


@room.get("/xapi/automation/enabled", ADMIN)
def scripting(call: Call) -> Answer:
    return bodies.as_json(preferences.boolean(call.site, _SCRIPTING, _AUTOMATION))


@room.put("/xapi/automation/enabled/{setting}", ADMIN)
def set_scripting(call: Call) -> Answer:
    wanted = parameters.boolean(call.parts["setting"], "boolean")
    _switch_scripting(call.site, wanted)
    return bodies.as_json(wanted)


@room.get("/xapi/asyncOps", ADMIN)
def pools(call: Call) -> Answer:
    return bodies.as_json(preferences.all_of(call.site, _POOLS))


@room.post("/xapi/asyncOps", ADMIN, Body.OBJECT)
def set_pools(call: Call) -> Answer:
    """One by one, until one is not known; says how many are others than before."""
    if not call.json:
        return Answer(204, type=bodies.TEXT)
    changed = 0
    for name, value in call.json.items():
        before, given = preferences.stored(call.site, name, _POOLS), as_stored(value).strip()
        if before is None:
            return bodies.advice(500, "An NRG service error occurred.: Error [ConfigurationError]: null")
        if isinstance(_typed(before), int) and not isinstance(_typed(given), int):
            return bodies.wrapped(f'For input string: "{given}"')
        preferences.store(call.site, name, given, _POOLS)
        changed += given != before
    return bodies.as_json(changed)


@room.route("*", "/xapi/asyncOps/{preference}", ADMIN)
@room.post("/xapi/asyncOps/{preference}", ADMIN)
def one_pool(call: Call) -> Answer:
    """Whatever is sent, this reads and stores nothing."""
    name = call.parts["preference"]
    stored = preferences.stored(call.site, name, _POOLS)
    if stored is None:
        text = f"There is no preference with the name {name} associated with the async operations preferences."
        return bodies.not_found(text)
    return bodies.as_json(_typed(stored))


@room.get("/xapi/pluginOpenUrls/settings", ADMIN)
def opened_urls(call: Call) -> Answer:
    """All that plugins would have open, and whether they are."""
    allowed = _allowed(call.site)
    return bodies.as_json({url: as_stored(url in allowed) for url in _declared(call.site)})


@room.post("/xapi/pluginOpenUrls/settings", ADMIN, Body.OBJECT)
def set_opened_urls(call: Call) -> Answer:
    wanted = {url: json_fields.boolean(call.json, url) for url in call.json}
    if None in wanted.values():
        return bodies.wrapped("null")
    allowed = [url for url, is_open in wanted.items() if is_open]
    preferences.store(call.site, _ALLOWED, json.dumps(allowed), _OPENED)
    call.site.open_urls[:] = allowed
    return bodies.nothing()


def _switch_scripting(site: Site, on: bool) -> None:
    preferences.store(site, _SCRIPTING, as_stored(on), _AUTOMATION)


def _typed(stored: str) -> Any:
    if stored in ("true", "false"):
        return stored == "true"
    number = java_numbers.long(stored)
    return stored if number is None else number


def _declared(site: Site) -> list[str]:
    found = (plugin.properties.get("openUrls", "").split(",") for plugin in site.plugins.values())
    return [url.strip() for several in found for url in several if url.strip()]


def _allowed(site: Site) -> list[str]:
    try:
        found = lenient_json.loads_strictly(preferences.text(site, _ALLOWED, _OPENED) or "[]")
    except lenient_json.NotJson:
        return []
    return [str(url) for url in found] if isinstance(found, list) else []
