"""Projects, as much as processing stands on: names, who may see them, and where what comes in goes.

XNAT merges what a PUT says and never tells made from changed. A project is never deleted: data hang on it.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bootstrap.config.site import Site
from bootstrap.errors import Denied, Refused
from bootstrap.kinds.kind import Exported, Fields, Kind, Resource, State
from bootstrap.kinds.projects_section import PROJECT_DEFAULTS, PROJECTS, ProjectUse, projects_of
from bootstrap.values import Problem
from bootstrap.xnat.connection import Connection
from bootstrap.xnat.transport import segment

# The file's names and XNAT's; each can be cleared by the word NULL only.
TEXTS = {
    "title": "name",
    "running_title": "secondary_ID",
    "description": "description",
    "keywords": "keywords",
    "pi_first": "pi_firstname",
    "pi_last": "pi_lastname",
}
# These stand in another list, whose columns have other names.
LISTED_APART = {"accessibility": "project_access", "prearchive_code": "proj_prearchive_code"}
Rows = Mapping[str, Mapping[str, str]]
_COLUMNS = ",".join(["ID", *TEXTS.values()])
REUSE = "reuse-id"


class ProjectKind(Kind):
    name = "project"
    title = "project"
    sections = (PROJECT_DEFAULTS, PROJECTS)
    needs = ("initialization", "admin_password", "site_setting")
    removable = False
    recreate_rule = REUSE
    settle_seconds = 10.0

    def desired(self, site: Site) -> list[Resource]:
        return [self._resource(use) for use in projects_of(site)]

    def _resource(self, use: ProjectUse) -> Resource:
        project = use.project
        fields: dict[str, Any] = {
            name: getattr(project, name)
            for name in ("title", "running_title", "description", "keywords", "accessibility", "prearchive_code")
            if use.said(name)
        }
        if use.said("pi"):
            fields |= {"pi_first": project.pi and project.pi.first, "pi_last": project.pi and project.pi.last}
        return Resource(
            self.name,
            project.id,
            fields,
            use.source(),
            {name: use.source("pi" if name.startswith("pi_") else name) for name in fields},
            protected=project.protected,
            ignore=frozenset(project.ignore),
        )

    def check(self, site: Site) -> list[Problem]:
        return [*_collisions(list(projects_of(site)))]

    def normalise(self, name: str, fields: Fields) -> Fields:
        return {path: _normal(name, path, value) for path, value in fields.items()}

    def read(self, xnat: Connection, wanted: Sequence[Resource]) -> Mapping[str, State]:
        asked = any(name in resource.fields for resource in wanted for name in LISTED_APART)
        rows, apart = xnat.client.parallel(lambda read: read(xnat), [_listed, _listed_apart if asked else _nothing])
        there = [resource for resource in wanted if resource.name in rows]
        # A list that leaves a project out must not pass for an answer.
        missing = [
            (resource.name, field)
            for resource in there
            for field, column in LISTED_APART.items()
            if field in resource.fields and not apart.get(resource.name, {}).get(column)
        ]
        answers = xnat.client.parallel(lambda each: self._asked_alone(xnat, *each), missing)
        alone = dict(zip(missing, answers, strict=True))
        return {resource.name: _state(resource, rows, apart, alone) for resource in there}

    def _asked_alone(self, xnat: Connection, project: str, field: str) -> str:
        doing = f"reading the {field.replace('_', ' ')} of the project {project}"
        return (xnat.client.read_text(f"/data/projects/{segment(project)}/{field}", doing=doing) or "").strip()

    def note(self, wanted: Resource, current: State | None) -> Iterable[str]:
        if current is None and "accessibility" not in wanted.fields:
            yield "made private: its accessibility is not said"

    def create(self, xnat: Connection, wanted: Resource) -> None:
        texts = {TEXTS[path]: value for path, value in wanted.fields.items() if path in TEXTS and value}
        params = {**texts, "accessibility": wanted.fields.get("accessibility") or "private"}
        path, doing = f"/data/projects/{segment(wanted.name)}", f"making the project {wanted.name}"
        try:
            xnat.client.write("PUT", path, doing=doing, params=params, source=wanted.source)
        except Denied as error:
            if "previously deleted" not in error.said:
                raise
            self._make_again(xnat, wanted, params, error)
        if "prearchive_code" in wanted.fields:
            self._set_prearchive_code(xnat, wanted)

    def _make_again(self, xnat: Connection, wanted: Resource, params: Mapping[str, str], error: Denied) -> None:
        """XNAT burns the id of a deleted project for PUT, but not for POST: only with consent."""
        doing = f"making the project {wanted.name} again"
        if REUSE not in xnat.allowed:
            raise Refused(
                f"{doing}: XNAT had a project of this id that was deleted, and refuses it now",
                hint=f"use another id, or `--allow {REUSE}` when nothing of the old one is left in archive and backups",
                source=wanted.source,
            ) from error
        everything = {"ID": wanted.name, **params}
        xnat.client.write("POST", "/data/projects", doing=doing, params=everything, creates=True, source=wanted.source)

    def update(self, xnat: Connection, wanted: Resource, current: State, changed: frozenset[str]) -> None:
        texts = {TEXTS[path]: wanted.fields[path] or "NULL" for path in sorted(changed) if path in TEXTS}
        path, doing = f"/data/projects/{segment(wanted.name)}", f"changing the project {wanted.name}"
        if texts:
            xnat.client.write("PUT", path, doing=doing, params=texts, source=wanted.source)
        if "accessibility" in changed:
            level = f"{path}/accessibility/{wanted.fields['accessibility']}"
            xnat.client.write("PUT", level, doing=doing, source=wanted.source_of("accessibility"))
        if "prearchive_code" in changed:
            self._set_prearchive_code(xnat, wanted)

    def _set_prearchive_code(self, xnat: Connection, wanted: Resource) -> None:
        path = f"/data/projects/{segment(wanted.name)}/prearchive_code/{wanted.fields['prearchive_code']}"
        doing = f"setting the prearchive code of the project {wanted.name}"
        xnat.client.write("PUT", path, doing=doing, source=wanted.source_of("prearchive_code"))

    def export(self, xnat: Connection) -> Exported:
        rows = list_projects(xnat)
        everything = dict.fromkeys([*TEXTS, *LISTED_APART], "")
        wanted = [Resource(self.name, name, everything) for name in sorted(rows)]
        states = self.read(xnat, wanted)
        found = [_exported(name, self.normalise(name, states[name].fields)) for name in sorted(states)]
        return Exported({"projects": found} if found else {})


def _listed(xnat: Connection) -> Rows:
    return xnat.shared("projects", lambda: list_projects(xnat))


def _listed_apart(xnat: Connection) -> Rows:
    return xnat.shared("project access", lambda: list_access(xnat))


def _nothing(_xnat: Connection) -> Rows:
    return {}


def _state(wanted: Resource, rows: Rows, apart: Rows, alone: Mapping[tuple[str, str], str]) -> State:
    row, access = rows[wanted.name], apart.get(wanted.name, {})
    fields: dict[str, Any] = {ours: html.unescape(row.get(theirs, "")) for ours, theirs in TEXTS.items()}
    asked = {field: column for field, column in LISTED_APART.items() if field in wanted.fields}
    fields |= {field: access.get(column) or alone[(wanted.name, field)] for field, column in asked.items()}
    return State(fields)


def list_projects(xnat: Connection) -> Rows:
    """Every project by id, in one request."""
    params = {"format": "json", "columns": _COLUMNS, "allDataOverride": "true"}
    answer = xnat.client.read_json("/data/projects", doing="listing the projects", params=params)
    return {row["ID"]: row for row in answer["ResultSet"]["Result"]}


def list_access(xnat: Connection) -> Rows:
    """Who may see each project, and where its data go: XNAT's display list, in one request."""
    params = {"format": "json", "prearc_code": "true"}
    answer = xnat.client.read_json("/data/projects", doing="listing who may see the projects", params=params)
    return {row["id"]: row for row in answer["ResultSet"]["Result"] if "id" in row}


def _normal(project: str, path: str, value: Any) -> Any:
    if path in ("title", "running_title"):
        return value or project  # XNAT takes the id where none is given
    if path == "accessibility":
        return value or "protected"
    if path == "prearchive_code":
        return 4 if value in (None, "") else int(value)
    return value or ""


def _exported(name: str, fields: Fields) -> dict[str, Any]:
    found: dict[str, Any] = {"id": name}
    found |= {path: fields[path] for path in ("title", "running_title") if fields[path] != name}
    found |= {path: fields[path] for path in ("description", "keywords") if fields[path]}
    if fields["pi_first"] and fields["pi_last"]:
        found["pi"] = {"first": fields["pi_first"], "last": fields["pi_last"]}
    found["accessibility"] = fields["accessibility"]
    if fields["prearchive_code"] in (0, 4, 5):
        found["prearchive_code"] = fields["prearchive_code"]
    return found


def _collisions(uses: Sequence[ProjectUse]) -> Iterable[Problem]:
    """XNAT refuses a title that is another project's id, title or running title, in whatever case."""
    taken: dict[str, str] = {}
    for use in uses:
        project = use.project
        names = {project.id, project.title or project.id, project.running_title or project.id}
        for name in sorted(names):
            other = taken.setdefault(name.casefold(), project.id)
            if other != project.id:
                message = f"the project {project.id} has the name `{name}` in common with the project {other}"
                hint = "ids, titles and running titles must differ between projects, in more than case"
                yield Problem("error", "project-name-taken", message, hint, use.source())
