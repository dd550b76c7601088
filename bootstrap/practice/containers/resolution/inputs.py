"""The inputs of a wrapper and its command as a tree: what is derived hangs under what it is derived from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bootstrap.practice.containers import configuration
from bootstrap.practice.containers.documents import Document
from bootstrap.practice.containers.problems import Problem
from bootstrap.practice.containers.resolution.context import Context
from bootstrap.practice.containers.resolution.failures import Stumbled

EXTERNAL, DERIVED, COMMAND = "wrapper-external", "wrapper-derived", "command"
_LAID_OVER = ("default-value", "matcher", "user-settable", "advanced")


@dataclass(frozen=True)
class Input:
    kind: str
    document: Document  # with what site and project have laid over it
    below: list[Input] = field(default_factory=list)
    is_fed: bool = False  # a command's input whose value comes from one of the wrapper's

    @property
    def name(self) -> str:
        return str(self.document["name"])

    @property
    def type(self) -> str:
        return str(self.document["type"])

    @property
    def key(self) -> str:
        return str(self.document.get("replacement-key") or f"#{self.name}#")

    @property
    def default(self) -> str | None:
        return self.document.get("default-value")

    @property
    def matcher(self) -> str:
        return str(self.document.get("matcher") or "")

    @property
    def required(self) -> bool:
        return bool(self.document.get("required"))

    @property
    def multiple(self) -> bool:
        return bool(self.document.get("multiple"))

    @property
    def sensitive(self) -> bool:
        return bool(self.document.get("sensitive"))


def tree(context: Context) -> list[Input]:
    """What comes from outside, in the document's order, then the command's inputs that nothing feeds."""
    configured = _configured(context)
    document = context.wrapper.document
    external = [_input(EXTERNAL, one, configured) for one in document["external-inputs"]]
    derived = [_input(DERIVED, one, configured) for one in document["derived-inputs"]]
    by_name = {one.name: one for one in (*external, *derived)}
    for one in derived:
        if above := by_name.get(one.document.get("derived-from-wrapper-input") or ""):
            above.below.append(one)
    feeders = {one.document.get("provides-value-for-command-input"): one for one in (*external, *derived)}
    roots = list(external)
    for one in context.command.document["inputs"]:
        feeder = feeders.get(one["name"])
        made = _input(COMMAND, one, configured, is_fed=feeder is not None)
        (feeder.below if feeder else roots).append(made)
    return roots


def flat(inputs: list[Input]) -> Iterator[Input]:
    for one in inputs:
        yield one
        yield from flat(one.below)


def _configured(context: Context) -> Document:
    try:
        found: Document = configuration.read(context.site, context.wrapper.id, context.project)["inputs"]
    except Problem as error:
        raise Stumbled(error.text) from error
    return found


def _input(kind: str, document: Document, configured: Document, *, is_fed: bool = False) -> Input:
    over = configured.get(document["name"]) or {}
    laid_over = {name: over[name] for name in _LAID_OVER if over.get(name) is not None}
    return Input(kind, {**document, **laid_over}, is_fed=is_fed)
