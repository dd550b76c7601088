"""What does not fit together in a command apart from its wrappers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bootstrap.config.problems import suggest
from bootstrap.kinds.command_document.flaws import Flaw, Path
from bootstrap.kinds.command_document.normal import SETUP_TYPES, Document, has_tag

_SELECTS = ("select-one", "select-many")
_ILLEGAL = (";", "&&", "||", "`", "(")
_SECRETS_MUST_NOT = ("XNAT_USER", "XNAT_PASS", "XNAT_HOST")
_RESERVED = (*_SECRETS_MUST_NOT, "XNAT_WORKFLOW_ID", "XNAT_EVENT_ID")
_NOT_IN_SETUP = ("mounts", "inputs", "outputs", "xnat", "environment-variables", "ports", "secrets")
_ULIMIT = re.compile(r"-?[0-9]+(:-?[0-9]+)?")
_KEY = re.compile(r"#[A-Za-z0-9_-]+#")


def command_flaws(command: Document, authored: Mapping[str, Any]) -> Iterator[Flaw]:
    """`authored` is the document before XNAT's defaults were filled in."""
    yield from _identity(command, authored)
    if command["type"] in SETUP_TYPES:
        yield from _setup(command)
        return
    yield from _container(command)
    yield from _variables(command)
    for part in ("mounts", "inputs", "outputs", "xnat"):
        yield from twice(command[part], (part,))
    for number, one in enumerate(command["inputs"]):
        yield from _input(one, ("inputs", number))
    yield from _outputs(command)
    yield from _command_line(command)
    yield from _unused_mounts(command)


def twice(items: Sequence[Document], path: Path, taken: Mapping[str, str] | None = None) -> Iterator[Flaw]:
    """Names that stand there already, in this list or in `taken` (name to where)."""
    seen = dict(taken or {})
    for number, one in enumerate(items):
        name = str(one.get("name"))
        if name in seen:
            yield Flaw("command-twice", f"the name `{name}` is there already{seen[name]}", (*path, number, "name"))
        seen.setdefault(name, "")


def illegal(value: str, path: Path) -> Iterator[Flaw]:
    found = [text for text in _ILLEGAL if text in value]
    if found:
        message = f"the value has {' and '.join(found)} in it, which XNAT lets into no launch"
        yield Flaw("command-illegal-default", message, path)


def _identity(command: Document, authored: Mapping[str, Any]) -> Iterator[Flaw]:
    if "/" in command["name"]:
        yield Flaw("command-slash", "the name of a command has a slash", ("name",))
    if not command.get("version"):
        yield Flaw("command-no-version", "the command has no `version`", ())
    image = str(authored.get("image"))
    if image.strip() and not has_tag(image):
        yield Flaw("command-image-untagged", f"the image `{image}` has no tag: XNAT takes `{image}:latest`", ("image",))
    if command.get("command-line") is None:
        yield Flaw("command-no-command-line", "there is no `command-line`", ())


def _setup(command: Document) -> Iterator[Flaw]:
    for part in _NOT_IN_SETUP:
        if command.get(part):
            yield Flaw("command-setup-parts", f"a {command['type']} command has no `{part}`", (part,), at_key=True)


def _container(command: Document) -> Iterator[Flaw]:
    for name, limit in command["ulimits"].items():
        if not _ULIMIT.fullmatch(limit):
            yield Flaw("command-ulimit", f"`{limit}` is no limit", ("ulimits", name))
    if command.get("auto-remove"):
        yield Flaw(
            "command-auto-remove", "`auto-remove` takes the container away, and its logs with it", ("auto-remove",)
        )
    name = command.get("container-name")
    if name and "#" not in name:
        message = f"every container would be called `{name}`: a second one cannot run at the same time"
        yield Flaw("command-fixed-container-name", message, ("container-name",))
    if command.get("gpus"):
        yield Flaw("command-no-effect", "`gpus` is stored and never used", ("gpus",), "use `generic-resources`")


def _variables(command: Document) -> Iterator[Flaw]:
    for name in command["environment-variables"]:
        if name in _RESERVED:
            yield Flaw("command-reserved-variable", f"XNAT sets `{name}` itself", ("environment-variables", name))
    for number, secret in enumerate(command["secrets"]):
        name = secret["destination"]["identifier"]
        path: Path = ("secrets", number, "destination", "identifier")
        if name in _SECRETS_MUST_NOT:
            yield Flaw("command-reserved-variable", f"XNAT sets `{name}` itself", path)
        if name in command["environment-variables"]:
            yield Flaw("command-secret-twice", f"`{name}` is under `environment-variables` as well", path)


def _input(one: Document, path: Path) -> Iterator[Flaw]:
    kind, default, values = one["type"], one.get("default-value"), one["select-values"]
    if kind in _SELECTS and not values:
        yield Flaw("command-select-values", f"an input of type {kind} needs `select-values`", path)
    elif kind not in _SELECTS and values:
        message = f"an input of type {kind} has no `select-values`"
        yield Flaw("command-select-values", message, (*path, "select-values"))
    if kind == "select-many" and not default:
        yield Flaw("command-select-many-default", "a select-many input needs a `default-value`", path)
    elif default is not None and values and not set(chosen(kind, default)) <= set(values):
        message = f"the default {default} is none of the `select-values`"
        yield Flaw("command-select-default", message, (*path, "default-value"), suggest(default, values))
    if default:
        yield from illegal(default, (*path, "default-value"))
    for number, value in enumerate(values):
        yield from illegal(value, (*path, "select-values", number))
    if one.get("matcher"):
        yield Flaw("command-no-effect", "the `matcher` of a command input is never used", (*path, "matcher"))


def chosen(kind: str, text: str) -> list[str]:
    """The values of a select input that a text names; one that is no JSON list is one value."""
    try:
        found = json.loads(text) if kind == "select-many" else None
    except ValueError:
        found = None
    return [str(one) for one in found] if isinstance(found, list) else [text]


def _outputs(command: Document) -> Iterator[Flaw]:
    mounts = [mount["name"] for mount in command["mounts"]]
    for number, output in enumerate(command["outputs"]):
        if output["mount"] not in mounts:
            message = f"the output `{output['name']}` lies on a mount `{output['mount']}` that is not there"
            path = ("outputs", number, "mount")
            yield Flaw("command-unknown-mount", message, path, suggest(output["mount"], mounts))
        if output.get("glob"):
            message = "`glob` is stored and never used: everything below `path` is stored"
            yield Flaw("command-no-effect", message, ("outputs", number, "glob"))


def _command_line(command: Document) -> Iterator[Flaw]:
    keys = {one.get("replacement-key") or f"#{one['name']}#" for one in command["inputs"]}
    for key in dict.fromkeys(_KEY.findall(command.get("command-line") or "")):
        if key not in keys:
            message = f"the command line has {key}, and no command input fills it"
            yield Flaw("command-key-not-replaced", message, ("command-line",))


def _unused_mounts(command: Document) -> Iterator[Flaw]:
    """For each wrapper: a mount that gets no files, and from which nothing is taken."""
    used = {output["mount"] for output in command["outputs"]}
    for number, mount in enumerate(command["mounts"]):
        without = [wrapper["name"] for wrapper in command["xnat"] if mount["name"] not in used | _provided(wrapper)]
        if without:
            message = f"no input of {_wrappers(without)} provides files for the mount `{mount['name']}`"
            yield Flaw("command-unused-mount", message, ("mounts", number))


def _provided(wrapper: Document) -> set[str | None]:
    inputs = [*wrapper["external-inputs"], *wrapper["derived-inputs"]]
    return {one.get("provides-files-for-command-mount") for one in inputs}


def _wrappers(names: Sequence[str]) -> str:
    return f"the wrapper{'s' if len(names) > 1 else ''} {', '.join(f'`{name}`' for name in names)}"
