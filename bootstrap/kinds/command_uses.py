"""The commands of a site file with their documents, and where each part of a document is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from typing import Any

from bootstrap.config.files import shown
from bootstrap.config.problems import printable, suggest
from bootstrap.config.site import Site
from bootstrap.errors import SiteFileError
from bootstrap.kinds.command_document import Flaw, canonical, flaws_of, normal
from bootstrap.kinds.command_document.json_text import Lines, Read, read_json
from bootstrap.kinds.commands_section import Command
from bootstrap.kinds.template_names import template_names
from bootstrap.values import Problem, Source, secrets_in


@dataclass(frozen=True)
class CommandUse:
    """One command of the file. `document` is as it was written, with its name."""

    name: str
    command: Command
    document: Mapping[str, Any]
    site: Site = field(repr=False)
    text: str = ""  # what the template made; empty for a document in the site file
    read: Read = field(default_factory=Read, repr=False)

    @cached_property
    def normal(self) -> dict[str, Any]:
        return normal(self.document)

    @cached_property
    def canonical(self) -> dict[str, Any]:
        return canonical(self.document)

    @cached_property
    def flaws(self) -> list[Flaw]:
        return [*self.read.flaws, *flaws_of(self.document)]

    @cached_property
    def sound(self) -> bool:
        """Whether it can be spoken of in detail: its parts are what they should be."""
        return not any(flaw.severity == "error" for flaw in self.flaws)

    @property
    def wrappers(self) -> dict[str, Mapping[str, Any]]:
        return {wrapper["name"]: wrapper for wrapper in self.normal["xnat"]} if self.sound else {}

    def is_named(self, reference: str) -> bool:
        """As setup and wrapup commands are: IMAGE:TAG, or IMAGE:TAG:NAME."""
        image = self.canonical.get("image")
        return reference in (image, f"{image}:{self.name}")

    def source(self, *path: str | int) -> Source:
        return self.site.source("commands", self.name, *path)

    def problem(self, flaw: Flaw) -> Problem:
        return Problem(
            flaw.severity,
            flaw.rule,
            printable(f"{self.name}: {flaw.message}"),
            printable(flaw.hint),
            self.place(flaw),
        )

    def place(self, flaw: Flaw) -> Source:
        if not self.text:
            return self.site.source("commands", self.name, "document", *flaw.path)
        line, column = Lines(self.text).place(self.read.offset(flaw))
        path = self.site.path_of(str(self.command.template), "commands", self.name, "template")
        return Source(shown(path), self._template_lines[line - 1], column)

    @cached_property
    def _template_lines(self) -> list[int]:
        own = self.site.text(str(self.command.template), "commands", self.name, "template")
        return template_lines(own, self.text)


@dataclass(frozen=True)
class Loaded:
    uses: tuple[CommandUse, ...]
    problems: tuple[Problem, ...]  # what could not be loaded


def command_uses(site: Site) -> tuple[CommandUse, ...]:
    """Raises with all the documents that cannot be loaded."""
    found = loaded(site)
    if found.problems:
        raise SiteFileError(found.problems)
    return found.uses


@lru_cache(maxsize=4)
def loaded(site: Site) -> Loaded:
    section: Mapping[str, Command] = site.section("commands") or {}
    uses, problems = [], []
    for name, command in section.items():
        try:
            use = _load(site, name, command)
        except SiteFileError as error:
            problems += error.problems
            continue
        broken = [use.problem(flaw) for flaw in use.read.flaws if flaw.rule == "command-json"]
        problems += broken
        uses += [] if broken else [use]
    return Loaded(tuple(uses), tuple(problems))


def _load(site: Site, name: str, command: Command) -> CommandUse:
    if command.document is not None:
        if any(True for _secret in secrets_in(command.document)):
            hint = "everybody can read a command; give it by `secrets`, which names a property of XNAT's JVM"
            source = site.source("commands", name, "document")
            raise SiteFileError(
                [Problem("error", "command-secret", f"{name}: a document takes no secrets", hint, source)]
            )
        return CommandUse(name, command, {"name": name, **command.document}, site)
    text = site.template(str(command.template), template_names(site), "commands", name, "template")
    read = read_json(text)
    return CommandUse(name, command, {"name": name, **(read.document or {})}, site, str(text) or " ", read)


def template_lines(template: str, rendered: str) -> list[int]:
    """For each line of what a template made, the line of the template that it came from, from 1."""
    ours, theirs = template.splitlines() or [""], rendered.splitlines() or [""]
    found: list[int] = []
    for what, start, end, first, last in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        last_line = max(start, end - 1)
        found += [_line(what, start, last_line, number) for number in range(last - first)]
    return [*(min(line, len(ours)) for line in found), len(ours)]


def _line(what: str, start: int, last: int, number: int) -> int:
    """A line that was put in belongs to the one before it, in whose loop it was made."""
    return max(start, 1) if what == "insert" else min(start + number, last) + 1


@dataclass(frozen=True)
class WrapperName:
    command: str
    wrapper: str

    def __str__(self) -> str:
        return f"{self.command}/{self.wrapper}"


@lru_cache(maxsize=4)
def wrapper_names(site: Site) -> Mapping[WrapperName, None]:
    return {WrapperName(use.name, wrapper): None for use in command_uses(site) for wrapper in use.wrappers}


@lru_cache(maxsize=4)
def _by_wrapper(site: Site) -> Mapping[str, list[WrapperName]]:
    found: dict[str, list[WrapperName]] = {}
    for name in wrapper_names(site):
        found.setdefault(name.wrapper, []).append(name)
    return found


def resolved(site: Site, text: str) -> WrapperName | Problem:
    """What a name means: WRAPPER where only one command has it, else COMMAND/WRAPPER.

    A command that the file does not have may be somebody else's: the server knows.
    """
    if "/" in text:
        return _named_in_full(site, WrapperName(*text.split("/", 1)))
    found = _by_wrapper(site).get(text, [])
    if len(found) == 1:
        return found[0]
    if found:
        message = f"{len(found)} commands have a wrapper `{text}`"
        return Problem("error", "wrapper-not-unique", message, f"write {' or '.join(f'`{name}`' for name in found)}")
    unsound = next((use for use in command_uses(site) if not use.sound and text in _written(use)), None)
    if unsound:
        return WrapperName(unsound.name, text)  # what is wrong with its command is told there
    return _unknown(text, set(_by_wrapper(site)))


def _written(use: CommandUse) -> list[Any]:
    """Names of wrappers, whatever else is wrong with their command."""
    rows = use.document.get("xnat")
    return [row.get("name") for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def _named_in_full(site: Site, name: WrapperName) -> WrapperName | Problem:
    known = wrapper_names(site)
    use = next((use for use in command_uses(site) if use.name == name.command), None)
    if use is None or not use.sound or name in known:
        return name
    return _unknown(str(name), {str(each) for each in known if each.command == name.command})


def _unknown(text: str, known: set[str]) -> Problem:
    hint = suggest(text, known) or "write COMMAND/WRAPPER for a command that this file does not have"
    return Problem("error", "unknown-wrapper", f"no command of the file has a wrapper `{text}`", hint)
