"""/data/config and /data/projects/{ID}/config: the config service as the world sees it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from bootstrap.practice import java_numbers
from bootstrap.practice.admin import configs
from bootstrap.practice.admin.config_body import Wanted, wanted
from bootstrap.practice.admin.room import room
from bootstrap.practice.data import rights
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call, Refusal
from bootstrap.practice.storage import Row

_SITE, _PROJECT = "/data/config", "/data/projects/{PROJECT_ID}/config"
_TOOL, _PATH = "/{TOOL_NAME}", "/{TOOL_NAME}/{PATH_TO_FILE}"


@room.get(_SITE)
@room.get(_PROJECT)
def list_tools(call: Call) -> Answer:
    project = _readable_project(call)
    names = configs.tools(call.site, project)
    return bodies.table([{"tool": name} for name in names], total=False) if names else _missing(call, project, "", "")


@room.get(_SITE + _TOOL)
@room.get(_PROJECT + _TOOL)
def list_versions(call: Call) -> Answer:
    project, tool = _readable_project(call), call.parts["TOOL_NAME"]
    rows = configs.of_tool(call.site, tool, project)
    return _table(call, rows) if rows else _missing(call, project, tool, "")


@room.get(_SITE + _PATH)
@room.get(_PROJECT + _PATH)
def read(call: Call) -> Answer:
    project, tool, path = _readable_project(call), call.parts["TOOL_NAME"], _path(call)
    rows = _chosen(call, tool, path, project)
    if not rows and call.query.get("defaultToSiteWide") == "true":
        rows = _chosen(call, tool, path, "")
    if call.query.get("contents") == "true":
        if not rows or rows[-1]["status"] != configs.ENABLED:
            return _missing(call, project, tool, path, "Config not found")
        return bodies.data_text(rows[-1]["contents"])
    return _table(call, rows) if rows else _missing(call, project, tool, path)


@room.put(_SITE + _PATH)
@room.put(_PROJECT + _PATH)
def write(call: Call) -> Answer:
    project = _writable_project(call)
    tool, path = call.parts["TOOL_NAME"], _path(call)
    asked = wanted(call)
    old = configs.newest(call.site, tool, path, project)
    if asked.contents is not None:
        _store(call, asked, asked.contents, old, (tool, path, project))
    else:
        _switch(call, tool, path, asked.is_off, project)
    return bodies.nothing(201 if old is None else 200)


@room.delete(_SITE + _PATH)
@room.delete(_PROJECT + _PATH)
def disable(call: Call) -> Answer:
    project = _writable_project(call)
    path = call.parts["PATH_TO_FILE"] + call.tail
    _switch(call, call.parts["TOOL_NAME"], path, True, project, reason="Disabling this setting")
    return bodies.nothing()


def _store(call: Call, asked: Wanted, contents: str, old: Row | None, place: tuple[str, str, str]) -> None:
    tool, path, project = place
    same_kind = asked.unversioned is None or old is None or bool(old["unversioned"]) == asked.unversioned
    if old and old["contents"] == contents and old["status"] == (asked.status or configs.ENABLED) and same_kind:
        return
    with call.site.storage.write():
        configs.replace(
            call.site,
            call.caller.name,
            tool,
            path,
            contents,
            project=project,
            unversioned=asked.unversioned,
            reason=call.query.get("reason", ""),
        )
        if asked.is_off:
            configs.set_status(call.site, call.caller.name, tool, path, configs.DISABLED, project=project)


def _switch(call: Call, tool: str, path: str, off: bool, project: str, reason: str = "") -> None:
    status = configs.DISABLED if off else configs.ENABLED
    try:
        configs.set_status(call.site, call.caller.name, tool, path, status, project=project, reason=reason)
    except configs.NotStored as error:
        raise Refusal(bodies.status_page(500, configs.not_stored_text(tool, path, project))) from error


def _path(call: Call) -> str:
    path = call.parts["PATH_TO_FILE"] + call.tail
    return f"/{path}" if call.parts["TOOL_NAME"] == "anon" and path.startswith("projects/") else path


def _chosen(call: Call, tool: str, path: str, project: str) -> list[Row]:
    if call.query.get("action") == "getHistory":
        return configs.history(call.site, tool, path, project)
    asked = java_numbers.integer(call.query.get("version", ""))
    if asked is not None and asked >= 0:
        found = configs.version(call.site, tool, path, asked, project)
    else:
        found = configs.newest(call.site, tool, path, project)
    return [found] if found else []


def _readable_project(call: Call) -> str:
    """'' for the site's; a Refusal where there is no such project or it is not to be read."""
    project = call.parts.get("PROJECT_ID", "")
    if project and not rights.may_read(call.site, call.caller, project):
        hidden = not rights.may_see(call.site, call.caller, project)
        raise Refusal(bodies.status_page(404 if hidden else 403))
    if project and not rights.exists(call.site, project):
        raise Refusal(bodies.status_page(404, f"The requested project {project} does not exist."))
    return project


def _writable_project(call: Call) -> str:
    """Also one that does not exist: what is written waits for it."""
    project = call.parts.get("PROJECT_ID", "")
    if not (rights.may_delete(call.site, call.caller, project) if project else call.caller.is_admin):
        raise Refusal(bodies.status_page(403, "User does not have privileges to modify config for this project"))
    return project


def _missing(call: Call, project: str, tool: str, path: str, what: str = "Couldn't find config") -> Answer:
    if call.query.get("accept-not-found") == "true":
        return Answer(204, type="application/json")
    place = f"project {project or 'null'} on tool [{tool}] path [{path}]"
    return bodies.status_page(404, f"{what} for user {call.caller.name} and {place}")


def _table(call: Call, rows: Iterable[Row]) -> Answer:
    without = call.query.get("meta") == "true"
    return bodies.table(
        [
            {
                "tool": row["tool"],
                "path": row["path"],
                "project": row["project"],
                "user": row["username"],
                "create_date": _date(row["created"]),
                "reason": row["reason"],
                "contents": "" if without else row["contents"],
                "unversioned": "true" if row["unversioned"] else "false",
                "version": row["version"],
                "status": row["status"],
            }
            for row in rows
        ],
        total=False,
    )


def _date(seconds: float) -> str:
    """As a database driver writes it: the fraction without zeros at its end."""
    moment = datetime.fromtimestamp(seconds, UTC)
    fraction = f"{moment.microsecond // 1000:03d}".rstrip("0") or "0"
    return f"{moment:%Y-%m-%d %H:%M:%S}.{fraction}"
