"""The subscriptions of a site file as they are to be on the server: of a template, one for each project that has it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any

from bootstrap.config.problems import suggest
from bootstrap.config.site import Site
from bootstrap.facts import event_types
from bootstrap.kinds.command_uses import WrapperName, resolved
from bootstrap.kinds.projects_section import ProjectUse, projects_of
from bootstrap.kinds.subscription_action_checks import WrapperDocument
from bootstrap.kinds.subscription_meaning import (
    COMMAND,
    CRON,
    LOGGING_KEY,
    Flaw,
    Meaning,
    event_class,
    event_name,
    meaning_of,
)
from bootstrap.kinds.subscriptions_section import LOGGING, Subscription, SubscriptionAction
from bootstrap.kinds.wrapper_scopes import ScopedUse, project_scope, site_scope
from bootstrap.values import Problem, Source

_PLAIN = ("attributes", "schedule", "act_as_event_user", "active")


@dataclass(frozen=True)
class SubscriptionUse:
    """One row of the server. `in_project` is the project that makes it from a template."""

    subscription: Subscription
    place: int
    site: Site = field(repr=False)
    in_project: ProjectUse | None = None

    @property
    def name(self) -> str:
        return self._named(self.subscription.name)

    @property
    def was(self) -> str | None:
        return self._named(self.subscription.was) if self.subscription.was else None

    def _named(self, name: str) -> str:
        return f"{name} for {self.in_project.project.id}" if self.in_project else name

    def source(self, *path: str) -> Source:
        """What only a template says stands there; what the project says stands in the project."""
        if self.in_project and (not path or (path == ("active",) and self._own_active)):
            return self.in_project.source("subscriptions", self.subscription.name, *path)
        return self.site.source("subscriptions", self.place, *path)

    @property
    def _own_active(self) -> bool:
        own = self.in_project.project.subscriptions[self.subscription.name] if self.in_project else None
        return own is not None and "active" in own.model_fields_set

    def problem(self, flaw: Flaw) -> Problem:
        source = self.source(*([flaw.at] if flaw.at else []))
        return Problem(flaw.severity, flaw.rule, f"{self.name}: {flaw.message}", flaw.hint, source)

    # What it means

    @cached_property
    def event(self) -> tuple[str, str]:
        """Class and status, as XNAT has them."""
        name, status = self.subscription.event.strip(), self.subscription.status
        short, _, told = name.rpartition(".")
        if name in event_types.by_short_name():
            return event_class(name), CRON if name == "scheduled" else (status or "")
        if short in event_types.by_short_name():
            return event_class(short), told.upper()
        return name, status or ""

    @cached_property
    def wrapper(self) -> WrapperName | Problem | None:
        action = self.subscription.action
        if isinstance(action, SubscriptionAction) and action.command is not None:
            return resolved(self.site, action.command)
        return None

    @property
    def action(self) -> str:
        if isinstance(self.wrapper, WrapperName):
            return f"{COMMAND}{self.wrapper}"
        action = self.subscription.action
        key = action.key or "" if isinstance(action, SubscriptionAction) else LOGGING
        return LOGGING if key == LOGGING_KEY else key

    @property
    def projects(self) -> list[str]:
        if self.in_project:
            return [self.in_project.project.id]
        return sorted(set(self.subscription.projects or ()))

    @cached_property
    def fields(self) -> dict[str, Any]:
        said, (event, status) = self.subscription.model_fields_set, self.event
        found: dict[str, Any] = {
            "name": self.name,
            "event": event,
            "status": status,
            "projects": self.projects,
            "action": self.action,
        }
        if "filter" in said:
            found["filter"] = _trimmed(self.subscription.filter)
        found |= {key: getattr(self.subscription, key) for key in _PLAIN if key in said}
        if self.in_project and self._own_active:
            found["active"] = self.in_project.project.subscriptions[self.subscription.name].active
        return found

    @cached_property
    def meaning(self) -> Meaning:
        return meaning_of(normal_fields(self.fields))

    @property
    def scoped(self) -> ScopedUse | None:
        """What the file says of its wrapper for the site."""
        return _scopes(self.site).get(("", self.wrapper)) if isinstance(self.wrapper, WrapperName) else None

    def switches(self) -> Mapping[str, bool | None]:
        """Where its wrapper has to be on, and what the file says of it: the site is the empty name."""
        if not isinstance(self.wrapper, WrapperName):
            return {}
        scopes = [_scopes(self.site).get((project, self.wrapper)) for project in ("", *self.projects)]
        said = [scoped.enabled.get("enabled") if scoped else None for scoped in scopes]
        return dict(zip(("", *self.projects), said, strict=True))

    @cached_property
    def document(self) -> WrapperDocument | None:
        """Of the wrapper that it launches, where the file has a sound one."""
        use = self.scoped.use if self.scoped else None
        if use is None or not isinstance(self.wrapper, WrapperName):
            return None
        return WrapperDocument(use.normal, use.wrappers[self.wrapper.wrapper])


def _trimmed(text: str | None) -> str | None:
    """A blank alone is left as it is: XNAT refuses it, and the file is told so."""
    return (text.strip() or text) if text else text


@lru_cache(maxsize=4)
def _scopes(site: Site) -> Mapping[tuple[str, WrapperName], ScopedUse]:
    return {(scoped.project, scoped.name): scoped for scoped in (*site_scope(site), *project_scope(site))}


def normal_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """None is XNAT's default; what XNAT leaves out is empty. Fields that only a removal asks for stay as they are."""
    found = dict(fields)
    for key in ("filter", "schedule", "status"):
        if key in found:
            found[key] = found[key] or ""
    for key, default in (("attributes", {}), ("act_as_event_user", False), ("active", True)):
        if key in found and found[key] is None:
            found[key] = default
    if isinstance(found.get("projects"), list | tuple):
        found["projects"] = sorted(set(found["projects"]))
    if isinstance(found.get("event"), str):
        found["event"] = event_name(found["event"])
    return found


@lru_cache(maxsize=4)
def subscription_uses(site: Site) -> tuple[SubscriptionUse, ...]:
    section: list[Subscription] = site.section("subscriptions") or []
    top = [SubscriptionUse(one, place, site) for place, one in enumerate(section) if not one.is_template]
    return (*top, *_of_projects(site, {one.name: place for place, one in enumerate(section) if one.is_template}))


def _of_projects(site: Site, templates: Mapping[str, int]) -> Iterator[SubscriptionUse]:
    section = site.section("subscriptions") or []
    for use in projects_of(site):
        for name in use.project.subscriptions:
            if name in templates:
                yield SubscriptionUse(section[templates[name]], templates[name], site, use)


def template_problems(site: Site) -> Iterator[Problem]:
    section: list[Subscription] = site.section("subscriptions") or []
    templates = {one.name for one in section if one.is_template}
    for use in projects_of(site):
        for name in use.project.subscriptions:
            source = use.source("subscriptions", name)
            if name in templates:
                continue
            if name in {one.name for one in section}:
                message = f"the subscription `{name}` says itself where it works, so it is no template for projects"
                hint = f"add {use.project.id} to its `projects`, or take these and `everywhere` away"
                yield Problem("error", "subscription-no-template", message, hint, source)
            else:
                message = f"the file has no subscription `{name}`"
                yield Problem("error", "unknown-subscription", message, suggest(name, templates), source)


def name_problems(site: Site) -> Iterator[Problem]:
    """XNAT would take two of one name, and nobody could tell them apart."""
    taken: dict[str, SubscriptionUse] = {}
    for use in subscription_uses(site):
        if use.name in taken:
            message = f"there are two subscriptions `{use.name}`"
            yield Problem("error", "subscription-twice", message, "rename one of them", use.source())
        taken.setdefault(use.name, use)
        if use.was and use.was == use.name:
            yield Problem("error", "subscription-was", f"{use.name}: `was` is its own name", "", use.source("was"))


def wrapper_problem(use: SubscriptionUse) -> Problem | None:
    if not isinstance(use.wrapper, Problem):
        return None
    return replace(use.wrapper, source=use.source("action"))
