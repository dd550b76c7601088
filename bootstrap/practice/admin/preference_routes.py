"""/xapi/prefs: the preferences of all tools, as they are stored."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from bootstrap.practice.admin import preferences, site_config
from bootstrap.practice.admin.room import room
from bootstrap.practice.http import bodies
from bootstrap.practice.http.access import ADMIN
from bootstrap.practice.http.call import Answer, Call, Refusal
from bootstrap.practice.http.rooms import Body
from bootstrap.practice.site import Site


@room.get("/xapi/prefs", ADMIN)
def all_tools(call: Call) -> Answer:
    return bodies.as_json({tool: preferences.all_of(call.site, tool) for tool in preferences.tools(call.site)})


@room.get("/xapi/prefs/ini", ADMIN)
def all_as_ini(call: Call) -> Answer:
    texts = [f"[{tool}]\n{_properties(call.site, tool)}" for tool in preferences.tools(call.site)]
    return bodies.as_text("".join(texts))


@room.get("/xapi/prefs/ini/{toolId}", ADMIN)
def one_as_ini(call: Call) -> Answer:
    tool = _tool(call)
    return bodies.as_text(f"[{tool}]\n{_properties(call.site, tool)}")


@room.get("/xapi/prefs/props/{toolId}", ADMIN)
def one_as_properties(call: Call) -> Answer:
    return bodies.as_text(_properties(call.site, _tool(call)))


@room.get("/xapi/prefs/props/{toolId}/{preference}", ADMIN)
def one_preference(call: Call) -> Answer:
    tool, name = _tool(call), call.parts["preference"]
    stored = preferences.stored(call.site, name, tool)
    if stored is None:
        text = f"There is no preference with the name {name} associated with the tool ID {tool} in this system."
        return bodies.not_found(text)
    return bodies.as_text(stored, accept=call.headers.get("Accept", ""))


@room.put("/xapi/prefs/props/{toolId}/{preference}", ADMIN, Body.TEXT)
def write_preference(call: Call) -> Answer:
    tool, name = _tool(call), call.parts["preference"]
    if tool == preferences.SITE:
        site_config.store_all(call.site, {name: call.text}, call.caller.name)
    else:
        preferences.store(call.site, name, call.text.strip(), tool)
    return bodies.nothing()


def _tool(call: Call) -> str:
    tool = call.parts["toolId"]
    if tool not in preferences.tools(call.site):
        raise Refusal(bodies.not_found(f"There is no tool with ID {tool} in this system."))
    return tool


def _properties(site: Site, tool: str) -> str:
    now = datetime.fromtimestamp(site.clock.now(), UTC).strftime("%a %b %d %H:%M:%S UTC %Y")
    lines = [f"{_escaped(name)}={_escaped(value)}\n" for name, value in preferences.all_of(site, tool).items()]
    return f"#Settings for tool {tool}\n#{now}\n{''.join(lines)}\n"


def _escaped(text: str) -> str:
    """As java.util.Properties writes it."""
    text = re.sub(r"[\\:=#!]", r"\\\g<0>", text).replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    return "".join(one if " " <= one <= "~" else f"\\u{ord(one):04X}" for one in text)
