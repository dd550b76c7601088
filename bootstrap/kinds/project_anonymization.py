"""A project's anonymisation script: each PUT makes a new version and switches it on, so it goes only if it differs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bootstrap.config.site import Site
from bootstrap.kinds.anonymization import Anonymization, normal_script
from bootstrap.kinds.anonymization_script import script_problems, too_new
from bootstrap.kinds.kind import Exported, Fields, Kind, Resource, State, TagText
from bootstrap.kinds.project import list_projects
from bootstrap.kinds.projects_section import ProjectUse, projects_of
from bootstrap.values import Problem
from bootstrap.xnat.connection import Connection
from bootstrap.xnat.transport import segment


class ProjectAnonymization(Kind):
    name = "project_anonymization"
    title = "anonymisation script of a project"
    written_under = "projects.anonymization"
    needs = ("project",)
    default_is_absence = True
    removal = "gone from the file: switched off"
    refuse_both_moved = True
    settle_seconds = 10.0

    def desired(self, site: Site) -> list[Resource]:
        found = [self._resource(use) for use in projects_of(site) if use.project.anonymization]
        return [resource for resource in found if resource.fields]

    def _resource(self, use: ProjectUse) -> Resource:
        section = use.project.anonymization
        assert section is not None
        fields: dict[str, Any] = {}
        if "script" in section.model_fields_set:
            # The file's null is no script: XNAT cannot delete one, it can switch it off.
            fields = {"enabled": False} if section.script is None else {"script": section.script, "enabled": True}
        if section.enabled is not None:
            fields["enabled"] = section.enabled
        sources = {path: use.source("anonymization", path) for path in section.model_fields_set}
        source = sources.get("script", use.source("anonymization"))
        needs = (f"project:{use.project.id}",)
        return Resource(self.name, use.project.id, fields, source, sources, needs)

    def check(self, site: Site) -> list[Problem]:
        of_site: Anonymization | None = site.section("anonymization")
        site_script = str(of_site.script) if of_site and of_site.script is not None else None
        found = []
        for use in projects_of(site):
            script = use.project.anonymization.script if use.project.anonymization else None
            if script is not None:
                source = use.source("anonymization", "script")
                found += script_problems(script, source, "project", site_script)
        return found

    def judge(self, xnat: Connection, wanted: Resource, current: State | None) -> Iterable[Problem]:
        return too_new(wanted, xnat.server.version)

    def normalise(self, name: str, fields: Fields) -> Fields:
        script = fields.get("script")
        return {**fields, "script": normal_script(script)} if isinstance(script, str) else fields

    def read(self, xnat: Connection, wanted: Sequence[Resource]) -> Mapping[str, State]:
        states = xnat.client.parallel(lambda resource: self._state(xnat, resource.name), list(wanted))
        return dict(zip((resource.name for resource in wanted), states, strict=True))

    def _state(self, xnat: Connection, project: str) -> State:
        """The newest row of the config service, which shows a script that is switched off as well."""
        answer = xnat.client.read_json(
            _row(project),
            doing=f"reading the anonymisation script of the project {project}",
            params={"format": "json"},
            absent_ok=True,
        )
        rows = answer["ResultSet"]["Result"] if answer else []
        if not rows:
            return State({"script": "", "enabled": False})
        return State({"script": rows[0].get("contents", ""), "enabled": rows[0].get("status") == "enabled"})

    def update(self, xnat: Connection, wanted: Resource, current: State, changed: frozenset[str]) -> None:
        project = wanted.name
        path, doing = f"/xapi/anonymize/projects/{segment(project)}", f"storing the script of the project {project}"
        stored = "script" in changed
        if stored:
            xnat.client.write("PUT", path, doing=doing, text=wanted.fields["script"], source=wanted.source)
        if "enabled" in wanted.fields and (stored or "enabled" in changed):
            self._switch(xnat, wanted, now=stored or bool(current.fields.get("enabled")))

    def _switch(self, xnat: Connection, wanted: Resource, now: bool) -> None:
        enabled = wanted.fields["enabled"]
        if enabled == now:
            return
        xnat.client.write(
            "PUT",
            f"/xapi/anonymize/projects/{segment(wanted.name)}/enabled",
            doing=f"switching the script of the project {wanted.name} {'on' if enabled else 'off'}",
            params={"enable": "true" if enabled else "false"},
            body=b"",
            content_type="application/json",
            source=wanted.source,
        )

    def delete(self, xnat: Connection, name: str, current: State) -> None:
        if current.fields.get("enabled"):
            self._switch(xnat, Resource(self.name, name, {"enabled": False}), now=True)

    def export(self, xnat: Connection) -> Exported:
        projects = sorted(xnat.shared("projects", lambda: list_projects(xnat)))
        states = xnat.client.parallel(lambda project: self._state(xnat, project), projects)
        scripts = {
            project: state.fields
            for project, state in zip(projects, states, strict=True)
            if str(state.fields["script"]).strip()
        }
        section = [
            {
                "id": project,
                "anonymization": {"script": TagText("!file", _file(project)), "enabled": fields["enabled"]},
            }
            for project, fields in scripts.items()
        ]
        files = {_file(project): normal_script(str(fields["script"])) + "\n" for project, fields in scripts.items()}
        return Exported({"projects": section} if section else {}, files)

    def is_default(self, name: str, current: State) -> bool:
        return not current.fields["enabled"]


def _file(project: str) -> str:
    return f"anon_scripts/{project}.das"


def _row(project: str) -> str:
    return f"/data/projects/{segment(project)}/config/anon/projects/{segment(project)}"
