"""/xapi/plugins: what the last start found."""

from __future__ import annotations

from typing import Any

from bootstrap.jar import DeclaredPlugin
from bootstrap.practice.admin.room import room
from bootstrap.practice.http import bodies
from bootstrap.practice.http.access import ANYBODY
from bootstrap.practice.http.call import Answer, Call


@room.get("/xapi/plugins", ANYBODY)
def list_plugins(call: Call) -> Answer:
    return bodies.as_json({plugin.id: _bean(plugin) for plugin in call.site.plugins.values()})


@room.get("/xapi/plugins/{plugin}", ANYBODY)
def one_plugin(call: Call) -> Answer:
    plugin = call.site.plugins.get(call.parts["plugin"])
    if plugin is None:
        return bodies.not_found(f"No plugin with ID {call.parts['plugin']} could be found on this system")
    return bodies.as_json(_bean(plugin))


def _bean(plugin: DeclaredPlugin) -> dict[str, Any]:
    said = plugin.properties
    return {
        "pluginClass": said.get("class", ""),
        "id": plugin.id,
        "namespace": said.get("namespace"),
        "name": said.get("name", plugin.id),
        "version": plugin.version,
        "description": said.get("description"),
        "beanName": said.get("beanName", ""),
        "logConfigurationFile": said.get("logConfiguration"),
        "entityPackages": [name.strip() for name in said.get("entityPackages", "").split(",") if name.strip()],
        "dataModelBeans": [],
        "extendedAttributes": {},
    }
