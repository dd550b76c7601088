"""A command with everything in it resolved: what is run, and what is kept of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bootstrap.practice.containers.documents import Document
from bootstrap.practice.containers.problems import Problem
from bootstrap.practice.containers.resolution import companions, constraints, mounts, outputs, secrets, templates
from bootstrap.practice.containers.resolution.choice import Chosen, chosen
from bootstrap.practice.containers.resolution.companions import Companion
from bootstrap.practice.containers.resolution.context import Context
from bootstrap.practice.containers.resolution.failures import Stumbled
from bootstrap.practice.containers.resolution.inputs import COMMAND, EXTERNAL
from bootstrap.practice.containers.resolution.values import branches, inserted
from bootstrap.practice.containers.server import Server
from bootstrap.practice.data.models import Model

HIDDEN = "*****"
_AS_IT_IS = ("override-entrypoint", "reserve-memory", "limit-memory", "limit-cpu", "runtime", "ipc-mode")
_AS_IT_IS_TOO = ("shm-size", "network", "gpus", "generic-resources", "ulimits", "secrets")


@dataclass(frozen=True)
class Resolved:
    document: Document  # as in the container's record, but for what the launch adds
    secrets: dict[str, str]  # in the container's environment, and nowhere else
    objects: dict[str, Model]  # by input
    roots: tuple[Model, ...]  # those that came from outside
    companions: tuple[Companion, ...] = ()  # what runs before it and after it


def resolve(context: Context, server: Server | None) -> Resolved:
    """A LaunchFailed where it cannot be run."""
    found = chosen(branches(context))
    keys = _keys(found)
    shown, detours = mounts.resolved(context, server, found, keys)
    files = mounts.put_files(context, found, shown, detours)
    found = [_with_file(one, files) for one in found]
    try:
        handled = outputs.resolved(context, found, _keys(found))
    except Problem as error:
        raise Stumbled(error.text) from error
    document = _document(context, server, found) | {"mounts": shown, "outputs": handled}
    return Resolved(
        document,
        secrets.resolved(context),
        {one.input.name: one.model for one in found if one.model},
        tuple(one.model for one in found if one.model and one.input.kind == EXTERNAL),
        tuple(
            companions.resolved(
                context, server, document, detours, companions.Texts(_keys(found), _keys_of_line(found))
            )
        ),
    )


def _document(context: Context, server: Server | None, found: Sequence[Chosen]) -> Document:
    command, keys = context.command.document, _keys(found)

    def text(template: str | None) -> str | None:
        return None if template is None else templates.replaced(inserted(context, template), keys)

    def table(name: str) -> dict[str, str]:
        return {text(key) or "": text(value) or "" for key, value in command[name].items()}

    line = inserted(context, command.get("command-line") or "")
    return {
        "docker-image": command["image"],
        "command-line": templates.replaced(line, _keys_of_line(found)),
        "working-directory": text(command.get("working-directory")),
        "subtype": command["type"],
        "container-name": text(command.get("container-name")),
        "env": table("environment-variables"),
        "ports": table("ports"),
        "container-labels": table("container-labels"),
        "auto-remove": bool(command.get("auto-remove")),
        **{name: command.get(name) for name in (*_AS_IT_IS, *_AS_IT_IS_TOO)},
        "override-entrypoint": bool(command.get("override-entrypoint")),
        "swarm-constraints": constraints.chosen(server, context.given),
        "inputs": _inputs(context, found),
    }


def _keys(found: Sequence[Chosen]) -> dict[str, str]:
    """Raw values, for all templates but the command line."""
    return {
        one.input.key: templates.elsewhere(one.texts or (), several=one.several and one.texts is not None)
        for one in found
        if not one.is_open
    }


def _keys_of_line(found: Sequence[Chosen]) -> dict[str, str]:
    return {
        one.input.key: templates.in_command_line(one.input.document, one.texts or (), several=one.several)
        for one in found
        if one.input.kind == COMMAND
    }


def _with_file(one: Chosen, files: dict[str, str]) -> Chosen:
    if one.input.kind == COMMAND and one.input.name in files:
        return Chosen(one.input, (files[one.input.name],))
    return one


def _inputs(context: Context, found: Sequence[Chosen]) -> list[Document]:
    sensitive = {one.input.name for one in found if one.input.sensitive}
    raw = [("raw", name, text) for name, text in context.given.items()]
    resolved = [
        (one.input.kind, one.input.name, _value(one)) for one in found if one.texts is not None or _is_printed(one)
    ]
    return [
        {
            "type": kind,
            "name": name,
            "value": HIDDEN if name in sensitive else value,
            "sensitive": name in sensitive,
        }
        for kind, name, value in (*raw, *resolved)
    ]


def _is_printed(one: Chosen) -> bool:
    """A command's input is there also without a value."""
    return one.input.kind == COMMAND


def _value(one: Chosen) -> str:
    return "null" if one.texts is None else templates.elsewhere(one.texts, several=one.several)
