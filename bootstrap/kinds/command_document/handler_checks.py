"""What does not fit together in the output handlers of a wrapper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bootstrap.config.problems import suggest
from bootstrap.kinds.command_document.flaws import Flaw, Path
from bootstrap.kinds.command_document.normal import Document

_ACCEPTS, _TARGET = "accepts-command-output", "as-a-child-of"


def handler_flaws(command: Document, wrapper: Document, path: Path) -> Iterator[Flaw]:
    outputs = [output["name"] for output in command["outputs"]]
    inputs = {one["name"]: one for one in [*wrapper["external-inputs"], *wrapper["derived-inputs"]]}
    before: dict[str, Document] = {}
    for number, handler in enumerate(wrapper["output-handlers"]):
        place = (*path, "output-handlers", number)
        yield from _output(handler, outputs, place)
        yield from _target(handler, inputs, before, place)
        if handler["type"] == "Resource" and not (handler.get("label") or "").strip():
            yield Flaw("command-no-label", f"the handler `{handler['name']}` stores a resource without a label", place)
        before.setdefault(handler["name"], handler)
    handled = {handler[_ACCEPTS] for handler in wrapper["output-handlers"]}
    for number, name in enumerate(outputs):
        if name not in handled:
            message = f"no handler of the wrapper `{wrapper['name']}` accepts the output `{name}`"
            yield Flaw("command-unhandled-output", message, ("outputs", number))


def _output(handler: Document, outputs: list[str], path: Path) -> Iterator[Flaw]:
    name = handler[_ACCEPTS]
    if name not in outputs:
        message = f"the handler `{handler['name']}` accepts `{name}`, and the command has no such output"
        yield Flaw("command-unknown-output", message, (*path, _ACCEPTS), suggest(name, outputs))


def _target(
    handler: Document, inputs: Mapping[str, Document], before: Mapping[str, Document], path: Path
) -> Iterator[Flaw]:
    name, place = handler[_TARGET], (*path, _TARGET)
    if name not in inputs and name not in before:
        message = f"the handler `{handler['name']}` stores under `{name}`, which is no input and no handler before it"
        yield Flaw("command-unknown-target", message, place, suggest(name, [*inputs, *before]))
    elif name in inputs:
        yield from _under_input(handler, inputs[name], place)
    elif handler["type"] != "Resource" or before[name]["type"] == "Resource":
        message = "only a Resource can be stored under another handler, and only under an Assessor or a Scan"
        yield Flaw("command-bad-target", message, place)


def _under_input(handler: Document, one: Document, place: Path) -> Iterator[Flaw]:
    begin = f"the handler `{handler['name']}` stores under `{one['name']}`, which"
    if one.get("multiple"):
        yield Flaw("command-bad-target", f"{begin} has several values", place)
    source = one.get("derived-from-xnat-object-property")
    if source not in (None, "uri"):
        message = f"{begin} is the property `{source}` of an object, and not the object"
        yield Flaw("command-bad-target", message, place, "store under the input that it is derived from")
