"""Where what a container writes will be uploaded to: one output for each of the wrapper's handlers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bootstrap.practice.containers import configuration
from bootstrap.practice.containers.documents import Document
from bootstrap.practice.containers.resolution import objects, templates
from bootstrap.practice.containers.resolution.choice import Chosen
from bootstrap.practice.containers.resolution.context import Context
from bootstrap.practice.containers.resolution.failures import Unresolvable
from bootstrap.practice.data import rights
from bootstrap.practice.data.projects import Project

RESOURCE = "Resource"
_TEMPLATES = ("label", "format", "description", "content")


def resolved(context: Context, chosen: Sequence[Chosen], keys: Mapping[str, str]) -> list[Document]:
    document = context.wrapper.document
    labels = configuration.read(context.site, context.wrapper.id, context.project)["outputs"]
    outputs = {one["name"]: one for one in context.command.document["outputs"]}
    handlers = {one["name"]: one for one in document["output-handlers"]}
    found = []
    for handler in handlers.values():
        _check(context, handler, handlers, chosen)
        output = outputs[handler["accepts-command-output"]]
        found.append(_output(handler, output, labels[handler["name"]]["label"], keys))
    return found


def _output(handler: Document, output: Document, label: str | None, keys: Mapping[str, str]) -> Document:
    texts = {name: handler.get(name) for name in _TEMPLATES} | {"label": label}
    return {
        "name": f"{output['name']}:{handler['name']}",
        "from-command-output": output["name"],
        "from-output-handler": handler["name"],
        "type": handler["type"],
        "required": output["required"],
        "mount": output["mount"],
        "path": templates.replaced(output.get("path") or "", keys) or None,
        "glob": output.get("glob"),
        **{name: None if text is None else templates.replaced(text, keys) for name, text in texts.items()},
        "tags": [templates.replaced(tag, keys) for tag in handler["tags"]],
        "handled-by": handler["as-a-child-of"],
        "via-wrapup-container": handler.get("via-wrapup-command"),
    }


def _check(context: Context, handler: Document, handlers: Mapping[str, Document], chosen: Sequence[Chosen]) -> None:
    """Whether its target is there and the user may put something into it."""
    what = f'Could not resolve output handler "{handler["name"]}".'
    target = handler["as-a-child-of"]
    if target in handlers:
        if handler["type"] != RESOURCE or handlers[target]["type"] == RESOURCE:
            raise Unresolvable(f'{what} "{target}" makes nothing that it could be put into.')
        return
    one = next((each for each in chosen if each.input.name == target), None)
    thing = objects.at(context.site, one.model["uri"]) if one and one.model else None
    if thing is None:
        raise Unresolvable(f'{what} Input "{target}" is no XNAT object.')
    may = rights.may_delete if isinstance(thing, Project) else rights.may_edit
    if not may(context.site, context.caller, objects.project_of(context.site, thing)):
        raise Unresolvable(f'{what} User "{context.caller.name}" may not create a {handler["type"]} in "{target}".')
