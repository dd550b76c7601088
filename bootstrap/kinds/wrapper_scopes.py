"""What a site file says of each wrapper: for the site under `commands`, and for each project under `projects`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import product
from typing import Any

from bootstrap.config.site import Site
from bootstrap.kinds.command_uses import CommandUse, WrapperName, command_uses, resolved
from bootstrap.kinds.default_checks import configurable, default_problems
from bootstrap.kinds.projects_section import ProjectUse, projects_of
from bootstrap.kinds.wrapper_use import Defaults, WrapperUse, said_default
from bootstrap.values import Problem, Source

Properties = Mapping[str, Any]


@dataclass(frozen=True)
class ScopedUse:
    """One wrapper in one scope. `enabled` and `defaults` are only what is said."""

    name: WrapperName
    project: str  # empty for the site
    source: Source
    enabled: Mapping[str, bool] = field(default_factory=dict)  # {"enabled": ...}, or nothing
    defaults: Mapping[str, Properties] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)  # of the defaults
    formerly: tuple[WrapperName, ...] = ()  # what it was called before, by the file's `was`
    use: CommandUse | None = None  # None for a command that the file does not have

    @property
    def resource_name(self) -> str:
        return f"{self.project}/{self.name}" if self.project else str(self.name)

    @property
    def old_resource_names(self) -> tuple[str, ...]:
        return tuple(f"{self.project}/{name}" if self.project else str(name) for name in self.formerly)

    @property
    def needs(self) -> tuple[str, ...]:
        command = (f"command:{self.name.command}",) if self.use else ()
        return (*command, *((f"project:{self.project}",) if self.project else ()))


@lru_cache(maxsize=4)
def site_scope(site: Site) -> tuple[ScopedUse, ...]:
    return tuple(scoped for use in command_uses(site) for scoped in _of_command(use))


def _of_command(use: CommandUse) -> Iterator[ScopedUse]:
    command = use.command
    for name in use.wrappers:
        own = command.wrappers.get(name)
        path = ("wrappers", name) if own else ()
        defaults = {**_for(use, name, command.defaults), **(own.defaults if own else {})}
        sources = {key: use.source(*_holder(own, name, key), "defaults", key) for key in defaults}
        yield ScopedUse(
            WrapperName(use.name, name),
            "",
            use.source(*path),
            _flag(own) or _flag(command),
            {key: said_default(default) for key, default in defaults.items()},
            sources,
            _formerly(use, name),
            use,
        )


def _for(use: CommandUse, wrapper: str, defaults: Defaults) -> Defaults:
    """Of defaults for all wrappers, those whose input this one has."""
    known = configurable(use.normal, use.wrappers[wrapper])
    return {key: default for key, default in defaults.items() if key in known}


def _holder(own: WrapperUse | None, wrapper: str, key: str) -> tuple[str, ...]:
    """Where the default stands that holds."""
    return ("wrappers", wrapper) if own and key in own.defaults else ()


def _flag(said: Any) -> Mapping[str, bool]:
    """null is XNAT's default: off."""
    return {"enabled": bool(said.enabled)} if said and "enabled" in said.model_fields_set else {}


def _formerly(use: CommandUse, wrapper: str) -> tuple[WrapperName, ...]:
    """Command and wrapper may be renamed in one run, or one after the other."""
    own = use.command.wrappers.get(wrapper)
    commands = [use.name, *filter(None, [use.command.was])]
    wrappers = [wrapper, *filter(None, [own.was if own else None])]
    return tuple(WrapperName(*each) for each in product(commands, wrappers) if each != (use.name, wrapper))


@lru_cache(maxsize=4)
def project_scope(site: Site) -> tuple[ScopedUse, ...]:
    on_site = {scoped.name: scoped for scoped in site_scope(site)}
    return tuple(scoped for use in projects_of(site) for scoped in _of_project(site, use, on_site))


def _of_project(site: Site, use: ProjectUse, on_site: Mapping[WrapperName, ScopedUse]) -> Iterator[ScopedUse]:
    for key, said in use.project.commands.items():
        name = resolved(site, key)
        if isinstance(name, Problem):
            continue
        known = on_site.get(name)
        yield ScopedUse(
            name,
            use.project.id,
            use.source("commands", key),
            _flag(said),
            {each: said_default(default) for each, default in said.defaults.items()},
            {each: use.source("commands", key, "defaults", each) for each in said.defaults},
            known.formerly if known else (),
            known.use if known else None,
        )


def project_problems(site: Site) -> Iterator[Problem]:
    """Names that mean nothing, twice the same wrapper, and defaults that cannot be."""
    on_site = {scoped.name: scoped for scoped in site_scope(site)}
    for use in projects_of(site):
        seen: dict[WrapperName, str] = {}
        for key, said in use.project.commands.items():
            name = resolved(site, key)
            if isinstance(name, Problem):
                yield replace(name, source=use.source("commands", key))
                continue
            if name in seen:
                message = f"`{key}` and `{seen[name]}` are the same wrapper"
                yield Problem("error", "wrapper-twice", message, "write it once", use.source("commands", key))
            seen[name] = key
            yield from _not_in_effect(use, key, said, on_site.get(name))
            yield from _default_problems(use, key, said.defaults, on_site.get(name))


def _not_in_effect(use: ProjectUse, key: str, said: WrapperUse, on_site: ScopedUse | None) -> Iterable[Problem]:
    if said.enabled and on_site and on_site.enabled.get("enabled") is False:
        message = f"`{key}` is on in {use.project.id} and off for the site, so it cannot be launched there"
        hint = "set `enabled: true` under `commands`"
        yield Problem("warning", "not-in-effect", message, hint, use.source("commands", key, "enabled"))


def _default_problems(use: ProjectUse, key: str, defaults: Defaults, on_site: ScopedUse | None) -> Iterable[Problem]:
    if on_site is None or on_site.use is None:
        return
    wrapper = on_site.use.wrappers[on_site.name.wrapper]
    place = ("commands", key, "defaults")
    yield from default_problems(on_site.use.normal, [wrapper], defaults, lambda *steps: use.source(*place, *steps))
