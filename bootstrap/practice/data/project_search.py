"""The list of projects as the web interface shows it: a search, with columns of its own; and a list by right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from bootstrap.practice.admin import accounts
from bootstrap.practice.data import keeping, projects, rights, submitted, tables
from bootstrap.practice.data.item import Item
from bootstrap.practice.data.projects import Project
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call, Refusal

Test = Callable[[Project], bool]
_ROLES = ("owner", "member", "collaborator")
_NEVER_KNOWN = ("recent", "favorite")  # nobody looks at projects here, and nobody marks them
_ASKED_BY = ("accessible", "dataAccessibility", "prearc_code", "activeSince", "admin", *_NEVER_KNOWN, *_ROLES)
_DATES = ("%m/%d/%Y", "%Y-%m-%d", "%m/%d/%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f")
_PERMISSIONS = {"read": rights.may_read, "create": rights.may_edit, "edit": rights.may_edit}
_FOR_OWNERS = ("delete", "activate")


def is_meant(call: Call) -> bool:
    return any(name in call.query for name in _ASKED_BY)


def answer(call: Call) -> Answer:
    """In the order of the running titles."""
    tests = [*_demands(call)]
    if alternatives := [*_alternatives(call)]:
        tests.append(lambda project: any(test(project) for test in alternatives))
    found = [
        project
        for project in projects.everything(call.site)
        if rights.may_see(call.site, call.caller, project.id) and all(test(project) for test in tests)
    ]
    found.sort(key=lambda project: project.running_title)
    number = str(accounts.number_of(call.site, call.caller.name))
    rows = [_row(call, project, number) for project in found]
    columns = list(rows[0]) if rows else _columns(call, number)
    return tables.answer(call, columns, rows, title="Projects", xdat_user_id=number)


def by_permission(call: Call) -> Answer:
    """Projects in which the caller may do something with data."""
    wanted = call.query["permissions"]
    if wanted not in (*_PERMISSIONS, *_FOR_OWNERS):
        return bodies.status_page(500)
    allowed = _PERMISSIONS.get(wanted, rights.may_delete)
    rows = [
        {"id": project.id, "secondary_id": project.running_title}
        for project in projects.everything(call.site)
        if allowed(call.site, call.caller, project.id)
    ]
    rows.sort(key=lambda row: row["secondary_id"])
    return tables.answer(call, ("id", "secondary_id"), rows, total=False)


def _demands(call: Call) -> Iterator[Test]:
    """What all of the projects must meet."""
    access = call.query.get("dataAccessibility")
    if access and access not in ("readable", "writable"):
        raise Refusal(bodies.status_page(500))
    if access == "writable":
        yield lambda project: rights.may_edit(call.site, call.caller, project.id)
    if access == "readable":
        yield lambda project: rights.may_read(call.site, call.caller, project.id)
    if call.query.get("accessible", "").lower() == "false":
        yield lambda project: _group(call, project) is None


def _alternatives(call: Call) -> Iterator[Test]:
    """Of which one must be met, if there are any."""
    query = call.query
    if query.get("users", "").lower() == "true":
        yield lambda project: _group(call, project) is not None
    for role in _ROLES:
        if query.get(role):
            yield _has_role(call, role, there=query[role].lower() == "true")
    if submitted.is_true(call, "admin") and rights.sees_all_data(call.site, call.caller):
        yield lambda _project: True
    if "activeSince" in query:
        since = _moment(query["activeSince"])
        yield lambda project: _last_change(project.item) > since
    if any(name in query for name in _NEVER_KNOWN):
        yield lambda _project: False


def _has_role(call: Call, role: str, *, there: bool) -> Test:
    """`owner=false` asks for projects in which the caller is nothing at all."""
    if not there and role == "owner":
        return lambda project: _group(call, project) is None
    return lambda project: (_group(call, project) == role) is there


def _row(call: Call, project: Project, number: str) -> dict[str, Any]:
    item = project.item
    row: dict[str, Any] = {
        "id": project.id,
        "name": project.title,
        "description": item.text("description"),
        "secondary_id": project.running_title,
        "pi": " ".join(filter(None, (item.text("PI/firstname"), item.text("PI/lastname")))),
        "project_invs": " <br/> ".join(map(_reversed_name, _investigators(item))),
        "project_access": project.accessibility,
        "project_access_img": f"/@WEBAPPimages/{'globe' if project.accessibility == 'public' else 'key'}.gif",
        "insert_date": keeping.date(project.created),
        "insert_user": project.created_by,
        f"user_role_{number}": rights.GROUPS.get(_group(call, project) or "", ""),
        f"last_accessed_{number}": "",
    }
    if submitted.is_true(call, "prearc_code"):
        row |= {"proj_quarantine": project.quarantine_code, "proj_prearchive_code": project.prearchive_code}
    return row | {"quarantine_status": "active"}


def _columns(call: Call, number: str) -> list[str]:
    nothing = Project("", Item("xnat:projectData"), "", 0, 0, "", 0, 0, 0.0, "")
    return list(_row(call, nothing, number))


def _group(call: Call, project: Project) -> str | None:
    return rights.group_of(call.site, call.caller, project.id)


def _investigators(item: Item) -> list[Item]:
    return [*item.children.get("PI", ()), *item.children.get("investigators/investigator", ())]


def _reversed_name(investigator: Item) -> str:
    return f"{investigator.text('lastname')}, {investigator.text('firstname')}"


def _last_change(item: Item) -> float:
    below = [_last_change(child) for children in item.children.values() for child in children]
    return max([item.changed, *below])


def _moment(text: str) -> float:
    for form in _DATES:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC).timestamp()
        except ValueError:
            continue
    raise Refusal(bodies.status_page(422))
