"""The section `verify`: what a synthetic study that is sent to a project of its own is to bring about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from bootstrap.config.problems import suggest
from bootstrap.config.section import Model, Section
from bootstrap.config.site import Site
from bootstrap.kinds.projects_section import projects_of
from bootstrap.values import Problem


class Expectation(Model):
    identity: ClassVar[str | None] = "subscription"

    subscription: str = Field(description="the subscription that makes them, by its name in `subscriptions`")
    level: Literal["scan", "session"] = Field(
        "scan", description="what the resources belong to: each scan, or the session"
    )
    resources: list[str] = Field(
        min_length=1, description="the labels of the resources that are to be there, with files"
    )


class Verify(Model):
    project: str = Field(description="a project of `projects` that is there for this alone")
    expect: list[Expectation] = Field(default_factory=list, description="what the subscriptions are to make")


VERIFY = Section(
    key="verify",
    shape=Verify,
    doc="What the verb `verify` proves with a synthetic study, which it removes again.",
    example="""\
project: VERIFY
expect:
  - {subscription: dcm2niix-on-scan, level: scan, resources: [NIFTI]}
""",
)


def verify_problems(site: Site) -> Iterator[Problem]:
    said: Verify | None = site.section("verify")
    if said is None:
        return
    projects = [use.project.id for use in projects_of(site)]
    if said.project not in projects:
        message = f"`projects` has no `{said.project}`: a study is only sent to a project of this file"
        hint = suggest(said.project, projects) or "name a project under `projects` that is there for this alone"
        yield Problem("error", "unknown-project", message, hint, site.source("verify", "project"))
    names = [one.name for one in site.section("subscriptions") or ()]
    for place, one in enumerate(said.expect):
        if one.subscription not in names:
            message = f"`subscriptions` has no `{one.subscription}`"
            source = site.source("verify", "expect", place, "subscription")
            yield Problem("error", "unknown-subscription", message, suggest(one.subscription, names), source)
