"""What is wrong with a command of the file besides its document: names that do not meet, defaults that cannot be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bootstrap.config.problems import suggest
from bootstrap.config.site import Site
from bootstrap.facts.container_fields import fields as known_fields
from bootstrap.kinds.command_document import Flaw
from bootstrap.kinds.command_document.normal import SETUP_TYPES
from bootstrap.kinds.command_uses import CommandUse
from bootstrap.kinds.commands_section import Command
from bootstrap.kinds.default_checks import default_problems
from bootstrap.kinds.projects_section import projects_of
from bootstrap.kinds.wrapper_use import Defaults
from bootstrap.values import Problem, Source

_REFERENCES = (
    ("external-inputs", "via-setup-command", "docker-setup"),
    ("derived-inputs", "via-setup-command", "docker-setup"),
    ("output-handlers", "via-wrapup-command", "docker-wrapup"),
)


def command_problems(site: Site, use: CommandUse, uses: Sequence[CommandUse]) -> Iterator[Problem]:
    for flaw in use.flaws:
        yield use.problem(flaw)
    yield from _name(use)
    yield from _ignored(use)
    yield from _renamed(use, uses)
    if use.sound:
        for flaw in _setup(use, uses):
            yield use.problem(flaw)
        yield from _wrappers(use)
        yield from _smoke(site, use)


def _error(rule: str, message: str, hint: str, source: Source) -> Problem:
    return Problem("error", rule, message, hint, source)


def _name(use: CommandUse) -> Iterator[Problem]:
    if use.document.get("name") != use.name:
        message = f"the document is called `{use.document.get('name')}`, and the site file calls it `{use.name}`"
        yield use.problem(Flaw("command-name-differs", message, ("name",)))


def _ignored(use: CommandUse) -> Iterator[Problem]:
    known = [field.name for field in known_fields()["command"] if field.name != "name"]
    for place, key in enumerate(use.command.ignore):
        if key not in known:
            message = f"a command has no `{key}` to ignore"
            yield _error("unknown-key", message, suggest(key, known), use.source("ignore", place))


def _renamed(use: CommandUse, uses: Sequence[CommandUse]) -> Iterator[Problem]:
    was = use.command.was
    if was is not None and was in {other.name for other in uses}:
        yield _error("rename-clash", f"`was: {was}` names a command that the file has", "", use.source("was"))
    for name, wrapper in use.command.wrappers.items():
        if wrapper.was is not None and wrapper.was in use.wrappers:
            message = f"`was: {wrapper.was}` names a wrapper that the document has"
            yield _error("rename-clash", message, "", use.source("wrappers", name, "was"))


def _setup(use: CommandUse, uses: Sequence[CommandUse]) -> Iterator[Flaw]:
    """Where the file has a command of that image, it must be one of that type."""
    for number, wrapper in enumerate(use.normal["xnat"]):
        for part, key, kind in _REFERENCES:
            for place, one in enumerate(wrapper[part]):
                if one.get(key):
                    yield from _reference(one[key], kind, uses, ("xnat", number, part, place, key))


def _reference(reference: str, kind: str, uses: Sequence[CommandUse], path: tuple[str | int, ...]) -> Iterator[Flaw]:
    meant = [each for each in uses if each.is_named(reference)]
    if not any(each.normal["type"] == kind for each in meant):
        message = f"no {kind} command of the file is `{reference}`"
        yield Flaw("command-unknown-setup", message, path)


def _wrappers(use: CommandUse) -> Iterator[Problem]:
    command: Command = use.command
    if use.normal["type"] in SETUP_TYPES and (command.enabled is not None or command.defaults):
        message = f"a {use.normal['type']} command has no wrappers that could be on or have defaults"
        yield _error("no-wrappers", message, "", use.source("enabled" if command.enabled is not None else "defaults"))
    for name in command.wrappers:
        if name not in use.wrappers:
            message = f"the document has no wrapper `{name}`"
            yield _error("unknown-wrapper", message, suggest(name, use.wrappers), use.source("wrappers", name))
    yield from _defaults(use, command.defaults, list(use.wrappers.values()), ("defaults",))
    for name, wrapper in command.wrappers.items():
        if name in use.wrappers:
            yield from _defaults(use, wrapper.defaults, [use.wrappers[name]], ("wrappers", name, "defaults"))


def _defaults(
    use: CommandUse, defaults: Defaults, wrappers: Sequence[Mapping[str, Any]], path: tuple[str, ...]
) -> Iterator[Problem]:
    if wrappers:
        yield from default_problems(use.normal, wrappers, defaults, lambda *steps: use.source(*path, *steps))


def _smoke(site: Site, use: CommandUse) -> Iterator[Problem]:
    smoke = use.command.smoke
    if smoke is None:
        return
    if smoke.wrapper not in use.wrappers:
        message = f"the document has no wrapper `{smoke.wrapper}`"
        yield _error("unknown-wrapper", message, suggest(smoke.wrapper, use.wrappers), use.source("smoke", "wrapper"))
    elif not use.wrappers[smoke.wrapper]["external-inputs"]:
        message = f"the wrapper `{smoke.wrapper}` has no external input to be tried on"
        yield _error("smoke-without-root", message, "", use.source("smoke", "wrapper"))
    allowed = {each.project.id for each in projects_of(site) if each.project.allow_smoke}
    if smoke.launch and smoke.project not in allowed:
        message = f"a smoke test may launch only in a project with `allow_smoke: true`, and {smoke.project} is none"
        hint = "write it in that project's entry, or `launch: false`"
        yield _error("smoke-not-allowed", message, hint, use.source("smoke", "launch"))
