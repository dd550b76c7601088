"""The sections `projects` and `project_defaults`: what a project is, and what is merged under each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from pydantic import Field

from bootstrap.config.section import Model, Section
from bootstrap.config.site import Site
from bootstrap.config.texts import FileText
from bootstrap.kinds.subscriptions_section import ProjectSubscription
from bootstrap.kinds.wrapper_use import WrapperUse
from bootstrap.values import Source

Accessibility = Literal["private", "protected", "public"]
PrearchiveCode = Literal[0, 4, 5]


class Investigator(Model):
    first: str = Field(description="first name")
    last: str = Field(description="last name")


class ProjectScript(Model):
    script: FileText | None = Field(None, description="a DicomEdit script, best as `!file NAME.das`; null is none")
    enabled: bool | None = Field(None, description="whether it runs; on when a script is given")


class ProjectFields(Model):
    """What a project and the defaults for all of them have in common."""

    description: str | None = Field(None, max_length=10_000, description="what the project is about")
    keywords: str | None = Field(None, max_length=255, description="words to find it by")
    pi: Investigator | None = Field(None, description="its principal investigator")
    accessibility: Accessibility | None = Field(
        None, description="who may see it; a new project is private where this is not said"
    )
    prearchive_code: PrearchiveCode | None = Field(
        None,
        description="0: what comes in waits in the prearchive; 4: it is archived; 5: and overwrites files",
    )
    anonymization: ProjectScript | None = Field(None, description="the script that runs when data are archived")
    commands: dict[str, WrapperUse] = Field(
        default_factory=dict, description="which wrappers run here, by name; COMMAND/WRAPPER where that is not unique"
    )
    orchestration: str | None = Field(None, description="the orchestration that this project uses; null is none")
    subscriptions: dict[str, ProjectSubscription] = Field(
        default_factory=dict, description="the templates of `subscriptions` that work here, by name"
    )
    allow_smoke: bool = Field(False, description="whether a command's smoke test may really launch here")


class Project(ProjectFields):
    identity: ClassVar[str | None] = "id"

    id: str = Field(pattern=r"^[A-Za-z0-9_-]{1,64}$", description="the project's id; it can never be changed")
    title: str | None = Field(None, max_length=255, description="its long name; the id where this is not said")
    running_title: str | None = Field(None, max_length=255, description="its short name; the id where this is not said")
    protected: bool = Field(False, description="never renamed or replaced")
    ignore: list[str] = Field(default_factory=list, description="fields that are neither compared nor written")


PROJECTS = Section(
    key="projects",
    shape=list[Project],
    doc="The projects that this file speaks of. Others are left alone.",
    example="""\
- id: BRAIN
  title: Brain study
  accessibility: private
  prearchive_code: 4
""",
)
PROJECT_DEFAULTS = Section(
    key="project_defaults",
    shape=ProjectFields,
    doc="What is merged under each project of `projects`.",
    example="""\
accessibility: private
prearchive_code: 4
""",
)


@dataclass(frozen=True)
class ProjectUse:
    """One project of the file with the defaults merged under it, and where each value stands."""

    project: Project
    place: int
    site: Site

    def said(self, field: str) -> bool:
        return field in self.project.model_fields_set

    def source(self, *path: str) -> Source:
        for start in (("projects", self.place), ("project_defaults",)):
            if self.site.said(*start, *path):
                return self.site.source(*start, *path)
        return self.site.source("projects", self.place)


def projects_of(site: Site) -> Iterator[ProjectUse]:
    """The projects of a site file, in its order."""
    defaults: ProjectFields | None = site.section("project_defaults")
    for place, project in enumerate(site.section("projects") or ()):
        yield ProjectUse(merged(project, defaults) if defaults else project, place, site)


def merged(own: Any, default: Any) -> Any:
    """`own` with what it does not say taken from `default`: maps key by key, everything else whole."""
    if isinstance(own, Model) and isinstance(default, Model):
        said = own.model_fields_set
        update = {
            name: merged(getattr(own, name), getattr(default, name)) if name in said else getattr(default, name)
            for name in default.model_fields_set
        }
        return own.model_copy(update=update)
    if isinstance(own, Mapping) and isinstance(default, Mapping):
        both = {key: merged(own[key], default[key]) for key in own.keys() & default.keys()}
        return {**default, **own, **both}
    return own
