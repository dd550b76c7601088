"""/xapi/anonymize: the scripts of site and projects. The text in force is the config service's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bootstrap.practice.admin import configs, preferences, site_config
from bootstrap.practice.admin.room import room
from bootstrap.practice.data import rights
from bootstrap.practice.http import bodies, parameters
from bootstrap.practice.http.access import ADMIN, DELETE, READ, SIGNED_IN
from bootstrap.practice.http.call import Answer, Call, Refusal
from bootstrap.practice.http.rooms import Body

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

TOOL, SITE_PATH = "anon", "script"
SCRIPT, SWITCH = "sitewideAnonymizationScript", "enableSitewideAnonymizationScript"
DEFAULT_SCRIPT = "\n".join(
    (
        "//",
        "// The first script of a site: it writes into each object",
        "// where the object belongs to, and takes nothing out.",
        "//",
        'version "6.1"',
        'project != "Unassigned" ? (0008,1030) := project',
        "(0010,0010) := subject",
        "(0010,0020) := session",
    )
)


@room.at_start
def first_script(site: Site) -> None:
    """A new site gets the default script, in the config service and as a setting; the setting's handler comes after."""
    site.bus.on(site_config.CHANGED, lambda facts: _follow_the_settings(site, facts))
    if configs.newest(site, TOOL, SITE_PATH) is None:
        configs.replace(site, "admin", TOOL, SITE_PATH, DEFAULT_SCRIPT)
        site_config.store_all(site, {SCRIPT: DEFAULT_SCRIPT}, "admin")


def project_path(project: str) -> str:
    return f"/projects/{project}"


@room.get("/xapi/anonymize/default", SIGNED_IN)
def default_script(_call: Call) -> Answer:
    return bodies.as_text(DEFAULT_SCRIPT)


@room.get("/xapi/anonymize/site", SIGNED_IN)
def site_script(call: Call) -> Answer:
    contents = configs.enabled_contents(call.site, TOOL, SITE_PATH)
    return bodies.as_text(contents, accept=call.headers.get("Accept", "")) if contents else bodies.nothing()


@room.put("/xapi/anonymize/site", ADMIN, Body.TEXT)
def set_site_script(call: Call) -> Answer:
    site_config.store_all(call.site, {SCRIPT: call.text}, call.caller.name)
    return bodies.nothing()


@room.get("/xapi/anonymize/site/enabled", SIGNED_IN)
def site_switch(call: Call) -> Answer:
    return bodies.as_json(preferences.boolean(call.site, SWITCH))


@room.put("/xapi/anonymize/site/enabled", ADMIN)
def set_site_switch(call: Call) -> Answer:
    site_config.store_all(call.site, {SWITCH: _wanted(call)}, call.caller.name)
    return bodies.nothing()


@room.get("/xapi/anonymize/projects/{projectId}", READ)
def project_script(call: Call) -> Answer:
    project = _existing(call)
    contents = configs.enabled_contents(call.site, TOOL, project_path(project), project)
    if not contents or not contents.strip():
        return Answer(204, type=bodies.TEXT)
    return bodies.as_text(contents, accept=call.headers.get("Accept", ""))


@room.put("/xapi/anonymize/projects/{projectId}", DELETE, Body.TEXT)
def set_project_script(call: Call) -> Answer:
    project = _existing(call)
    configs.replace(call.site, call.caller.name, TOOL, project_path(project), call.text, project=project)
    return bodies.nothing()


@room.get("/xapi/anonymize/projects/{projectId}/enabled", READ)
def project_switch(call: Call) -> Answer:
    project = _existing(call)
    return bodies.as_json(configs.enabled_contents(call.site, TOOL, project_path(project), project) is not None)


@room.put("/xapi/anonymize/projects/{projectId}/enabled", DELETE)
def set_project_switch(call: Call) -> Answer:
    project = _existing(call)
    status = configs.ENABLED if _wanted(call) else configs.DISABLED
    try:
        configs.set_status(call.site, call.caller.name, TOOL, project_path(project), status, project=project)
    except configs.NotStored:
        said = configs.not_stored_text(TOOL, project_path(project), project)
        return bodies.advice(500, f"An error occurred when accessing the configuration service: {said}")
    return bodies.nothing()


def _wanted(call: Call) -> bool:
    return parameters.boolean(call.query.get("enable", "true"), "boolean")


def _existing(call: Call) -> str:
    project = call.project_id()
    if not rights.exists(call.site, project):
        raise Refusal(bodies.wrapped("null"))
    return project


def _follow_the_settings(site: Site, facts: dict[str, Any]) -> None:
    """XNAT's handler: the setting's script as a new version, then its switch."""
    if facts["name"] not in (SCRIPT, SWITCH):
        return
    with site.storage.write():
        configs.replace(site, facts["user"], TOOL, SITE_PATH, preferences.text(site, SCRIPT))
        status = configs.ENABLED if preferences.boolean(site, SWITCH) else configs.DISABLED
        configs.set_status(site, facts["user"], TOOL, SITE_PATH, status)
