"""What is wrong with `verify`, and which subscriptions a new study triggers: both are known without a server."""

from __future__ import annotations

from collections.abc import Iterator

from bootstrap.config.problems import suggest
from bootstrap.config.site import Site
from bootstrap.kinds.projects_section import projects_of
from bootstrap.kinds.subscription_uses import SubscriptionUse, subscription_uses
from bootstrap.kinds.subscriptions_section import LOGGING
from bootstrap.kinds.verify_section import PLANTED, Expectation, Verify
from bootstrap.values import Problem

TRIGGERED = ("scan", "session")  # what there is more of when a study came


def not_triggered(use: SubscriptionUse, project: str) -> str:
    """Why a new study in this project is nothing to it; empty where it is to start it."""
    meaning = use.meaning
    if not meaning.active:
        return "it is switched off"
    if meaning.projects and project not in meaning.projects:
        return f"it is not for {project}"
    if meaning.type is None or meaning.type.short not in TRIGGERED or meaning.status not in ("", "CREATED"):
        return "a new study is no such event"
    return ""


def is_about(one: Expectation, use: SubscriptionUse) -> bool:
    """A template is expected by its own name; its subscription in the project by both."""
    return one.subscription in (use.name, use.subscription.name)


def verify_problems(site: Site) -> Iterator[Problem]:
    said: Verify | None = site.section("verify")
    if said is None:
        return
    projects = [use.project.id for use in projects_of(site)]
    if said.project not in projects:
        message = f"`projects` has no `{said.project}`: a study is only sent to a project of this file"
        hint = suggest(said.project, projects) or "name a project under `projects` that is there for this alone"
        yield Problem("error", "unknown-project", message, hint, site.source("verify", "project"))
        return
    yield from _kept(site, said)
    for place, one in enumerate(said.expect):
        yield from _expected(site, said, one, place)


def _kept(site: Site, said: Verify) -> Iterator[Problem]:
    for place, name in enumerate(said.keeps):
        if name not in PLANTED:
            message = f"no text is planted in `{name}`, so that nothing can be said of it"
            yield Problem("error", "keeps", message, suggest(name, PLANTED), site.source("verify", "keeps", place))


def _expected(site: Site, said: Verify, one: Expectation, place: int) -> Iterator[Problem]:
    source = site.source("verify", "expect", place, "subscription")
    names = [each.name for each in site.section("subscriptions") or ()]
    uses = [use for use in subscription_uses(site) if is_about(one, use)]
    if one.subscription not in names and not uses:
        message = f"`subscriptions` has no `{one.subscription}`"
        yield Problem("error", "unknown-subscription", message, suggest(one.subscription, names), source)
        return
    if why := _never(uses, said.project):
        message = f"`{one.subscription}` is expected of the study, which does not trigger it: {why}"
        hint = "take it out of `expect`, or let the subscription work in that project"
        yield Problem("error", "expect-not-triggered", message, hint, source)
    elif all(use.meaning.action == LOGGING for use in uses if not not_triggered(use, said.project)):
        message = f"`{one.subscription}` only logs: it makes no resources"
        yield Problem("error", "expect-of-logging", message, "take it out of `expect`", source)


def _never(uses: list[SubscriptionUse], project: str) -> str:
    """Why none of these is triggered; empty where one is."""
    reasons = [not_triggered(use, project) for use in uses]
    if not reasons:
        return "it is a template that no project has"
    return "" if "" in reasons else next((why for why in reasons if not why.startswith("it is not for")), reasons[0])
