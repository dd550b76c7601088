"""What is wrong with a command: every mistake, in the words and the order of the service."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from bootstrap.practice.containers.commands import wrapper_validation
from bootstrap.practice.containers.commands.names import has_other_letters, is_blank, said
from bootstrap.practice.containers.commands.reading import TYPES, needs_tag
from bootstrap.practice.containers.documents import Document
from bootstrap.practice.containers.problems import Broken, InvalidCommand
from bootstrap.practice.java_order import hash_order

VISIBILITIES = ("public", "private", "protected")
DELIMITERS = ("quoted-space", "space", "comma", "flag")
_RESERVED = ("XNAT_USER", "XNAT_PASS", "XNAT_HOST")
_SETUP = {"docker-setup": "Setup", "docker-wrapup": "Wrapup"}
_NOT_IN_SETUP = {
    "mounts": "mounts",
    "inputs": "inputs",
    "outputs": "outputs",
    "xnat": "wrappers",
    "environment-variables": "environment variables",
    "ports": "ports",
    "secrets": "secrets",
}
_SELECTS = ("select-one", "select-many")


def check(command: Document) -> None:
    """A Problem with 400 that names all mistakes."""
    if errors := list(mistakes(command)):
        raise InvalidCommand(errors)


def mistakes(command: Document) -> Iterator[str]:
    if is_blank(command.get("name")):
        yield "Command name cannot be blank."
    prefix = f'Command "{said(command.get("name"))}" - '
    if is_blank(command.get("image")):
        yield prefix + "image name cannot be blank."
    if needs_tag(command.get("image")):
        yield prefix + "image name must include version tag. e.g. image_name:tag"
    if command["type"] == "docker":
        yield from (prefix + mistake for mistake in _of_docker(command))
    elif kind := _SETUP.get(command["type"]):
        for part, word in _NOT_IN_SETUP.items():
            if command[part]:
                yield f"{prefix} {kind} commands cannot declare any {word}."
    else:
        yield f'{prefix}Cannot validate command of type "{command["type"]}". Known types: {", ".join(TYPES)}'
    if command["visibility"] not in VISIBILITIES:
        yield f"{prefix} has visibility set to an unknown value. Known types: {', '.join(VISIBILITIES)}"


def _of_docker(command: Document) -> Iterator[str]:
    yield from _in_ulimits(command)
    yield from _in_secrets(command)
    yield from _in_mounts(command["mounts"])
    yield from _in_inputs(command["inputs"])
    yield from _in_outputs(command)
    yield from wrapper_validation.mistakes(command)


def _in_ulimits(command: Document) -> Iterator[str]:
    for limit in command["ulimits"].values():
        if not limit or len(_java_split(limit)) > 2:
            yield (f' incorrect ulimit format: {limit}. Should be "name" : "softlimit:hardlimit" or "name" : "limit"')


def _java_split(text: str) -> list[str]:
    """At colons; empty parts at the end do not count."""
    parts = text.split(":")
    while parts and not parts[-1]:
        parts.pop()
    return parts


def _in_secrets(command: Document) -> Iterator[str]:
    names = hash_order(secret["destination"]["identifier"] for secret in command["secrets"])
    for name in names:
        if name in _RESERVED:
            yield f' Secrets use reserved environment variable name "{name}"'
    for name in names:
        if name in command["environment-variables"]:
            yield f' Secrets and environment variables both request name "{name}"'


def _in_mounts(mounts: Sequence[Document]) -> Iterator[str]:
    seen: set[str | None] = set()
    for mount in mounts:
        name = mount.get("name")
        if name in seen:
            yield f'mount name "{said(name)}" is not unique.'
        seen.add(name)
        if is_blank(name):
            yield "Mount name cannot be blank."
        if is_blank(mount.get("path")):
            yield f'Mount "{said(name)}" path cannot be blank.'


def _in_inputs(inputs: Sequence[Document]) -> Iterator[str]:
    seen: set[str] = set()
    for one in inputs:
        if one["name"] in seen:
            yield f'input name "{one["name"]}" is not unique.'
        seen.add(one["name"])
        yield from _in_input(one)


def _in_input(one: Document) -> Iterator[str]:
    name, delimiter = one["name"], one.get("multiple-delimiter")
    if is_blank(name):
        yield "Command input name cannot be blank"
    if has_other_letters(name):
        yield f'Command input "{name}" name should contain only alphanumeric, _ and - characters.'
    if delimiter is not None and delimiter not in DELIMITERS:
        yield f'Invalid multiple-delimiter "{delimiter}", choose from: {", ".join(DELIMITERS)}'
    if one["type"] in _SELECTS and not one["select-values"]:
        yield (
            f'Command input "{name}" is designated as type "{one["type"]}" but doesn\'t list select-values. '
            "Note that command inputs with values provided by xnat inputs shouldn't be designated as select "
            "(they'll automatically render as a select if their xnat input resolves to more than one value)."
        )
    elif one["type"] not in _SELECTS and one["select-values"]:
        yield f'Command input "{name}" has select-values set, but is not a select type.'
    yield from _in_default(one)


def _in_default(one: Document) -> Iterator[str]:
    name, default, values = one["name"], one.get("default-value"), one["select-values"]
    chosen = _chosen(default) if one["type"] == "select-many" else None
    if chosen is not None:
        if values and not set(chosen) <= set(values):
            yield (
                f'Command input "{name}" one or more default values in "{_java_list(chosen)}" '
                f'is not in the list of select-values "{_java_list(values)}"'
            )
    elif default is not None and values and default not in values:
        yield (
            f'Command input "{name}" default value "{default}" is not one of the select-values "{_java_list(values)}"'
        )


def _chosen(default: str | None) -> list[str] | None:
    """The texts of a list in JSON; None for a text that is no list."""
    if default is None:
        raise Broken('argument "content" is null')
    try:
        found = json.loads(default)
    except (ValueError, RecursionError):
        return None
    return [str(one) for one in found] if isinstance(found, list) else None


def _java_list(values: Sequence[str]) -> str:
    return f"[{', '.join(values)}]"


def _in_outputs(command: Document) -> Iterator[str]:
    mounts = [mount.get("name") for mount in command["mounts"]]
    known = ", ".join(hash_order((name or "" for name in mounts), len(mounts)))
    seen: set[str] = set()
    for output in command["outputs"]:
        name, mount = output.get("name"), output.get("mount")
        if name is None:
            raise Broken("null")
        if name in seen:
            yield f'output name "{name}" is not unique.'
        seen.add(name)
        if mount not in mounts:
            yield f'output "{name}" references unknown mount "{said(mount)}". Known mounts: {known}'
        if is_blank(name):
            yield "Output name cannot be blank."
        if is_blank(mount):
            yield f'Output "{name}" - mount cannot be blank.'
        if has_other_letters(name):
            yield f'Command output "{name}" name should contain only alphanumeric, _ and - characters.'
