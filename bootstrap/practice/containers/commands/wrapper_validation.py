"""What is wrong with the wrappers of a command, in the words and the order of the service."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bootstrap.practice.containers.commands.names import has_other_letters, is_blank, said
from bootstrap.practice.containers.documents import Document
from bootstrap.practice.containers.problems import Broken
from bootstrap.practice.java_order import hash_order

INPUT_TYPES = (
    *("string", "boolean", "number", "Directory", "File[]", "File", "Project", "ProjectAsset", "Subject"),
    *("SubjectAssessor", "Session", "Scan", "Assessor", "Resource", "Config", "file"),
)
HANDLER_TYPES = ("Resource", "Assessor", "Scan")
_CAPACITY_OF_TYPES = 32  # the map in which the service keeps them
_SELECT_HINT = (
    "which is a select type. Note that command inputs with values provided by xnat inputs shouldn't be designated "
    "as select (they'll automatically render as a select if their xnat input resolves to more than one value)."
)


@dataclass
class _Seen:
    """What a wrapper has been found to have so far."""

    capacity: int
    handlers_capacity: int
    inputs: dict[str, Document] = field(default_factory=dict)
    multiple: set[str] = field(default_factory=set)
    handlers: list[str] = field(default_factory=list)
    handled: set[str | None] = field(default_factory=set)

    def known_inputs(self) -> str:
        return ", ".join(hash_order(self.inputs, self.capacity))

    def known_handlers(self) -> str:
        return ", ".join(hash_order(self.handlers, self.handlers_capacity))


def mistakes(command: Document) -> Iterator[str]:
    names: set[str | None] = set()
    for wrapper in command["xnat"]:
        name = wrapper.get("name")
        if name in names:
            yield f'wrapper name "{said(name)}" is not unique.'
        names.add(name)
        prefix = f'wrapper "{said(name)}" - '
        yield from (prefix + mistake for mistake in _in_wrapper(command, wrapper))
        if is_blank(name):
            yield "Command wrapper name cannot be blank."


def _in_wrapper(command: Document, wrapper: Document) -> Iterator[str]:
    external, derived, handlers = wrapper["external-inputs"], wrapper["derived-inputs"], wrapper["output-handlers"]
    seen = _Seen(len(external) + len(derived), len(handlers))
    inputs = {one["name"]: one for one in command["inputs"]}
    for one in external:
        if one["name"] in seen.inputs:
            yield f'external input name "{one["name"]}" is not unique.'
        seen.inputs.setdefault(one["name"], one)
        yield from _feeding_a_select("external", one, inputs)
        yield from _in_input(one)
    for one in derived:
        yield from _in_derived(one, seen, inputs)
    outputs = list(dict.fromkeys(output["name"] for output in command["outputs"]))
    for handler in handlers:
        yield from _in_handler(handler, seen, outputs, len(command["outputs"]))
    for output in hash_order(outputs):
        if output not in seen.handled:
            yield f'command output "{output}" is not handled by any output handler.'


def _feeding_a_select(kind: str, one: Document, inputs: dict[str, Document]) -> Iterator[str]:
    fed = inputs.get(one.get("provides-value-for-command-input", ""))
    if fed and (fed["type"] in ("select-one", "select-many") or fed["select-values"]):
        yield f'{kind} input "{one["name"]}" provides values for command input "{fed["name"]}", {_SELECT_HINT}'


def _in_input(one: Document) -> Iterator[str]:
    name, setup = one["name"], one.get("via-setup-command")
    if is_blank(name):
        yield "Command wrapper input name cannot be blank."
    if one["type"] not in INPUT_TYPES:
        known = ", ".join(hash_order(INPUT_TYPES, _CAPACITY_OF_TYPES))
        yield f'Command wrapper input "{name}" - Unknown type "{one["type"]}". Known types: {known}'
    if not is_blank(setup) and is_blank(one.get("provides-files-for-command-mount")):
        yield (
            f'Command wrapper input "{name}" - "via-setup-command": "{setup}" - You cannot set '
            '"via-setup-command" on an input that does not provide files for a command mount.'
        )
    if has_other_letters(name):
        yield f'Command wrapper input "{name}" name should contain only alphanumeric, _ and - characters.'


def _in_derived(one: Document, seen: _Seen, inputs: dict[str, Document]) -> Iterator[str]:
    name, parent = one["name"], one.get("derived-from-wrapper-input")
    if name in seen.inputs:
        yield f'derived input name "{name}" is not unique.'
    seen.inputs.setdefault(name, one)
    if parent == name:
        yield f'derived input "{name}" is derived from itself.'
    if parent not in seen.inputs:
        yield (
            f'derived input "{name}" is derived from an unknown XNAT input "{said(parent)}". '
            f"Known inputs: {seen.known_inputs()}"
        )
    yield from _feeding_a_select("derived", one, inputs)
    yield from _in_input(one)
    if is_blank(parent):
        yield f'Command wrapper input "{name}" - property "derived-from-wrapper-input" cannot be blank.'
    if one["multiple"]:
        seen.multiple.add(name)
        yield from _in_multiple(one)


def _in_multiple(one: Document) -> Iterator[str]:
    designated = f'derived input "{one["name"]}" is designated as a "multiple" input, which'
    if not is_blank(one.get("provides-files-for-command-mount")):
        yield (f"{designated} means it cannot provide files for command mounts (consider mounting the parent element).")
    if is_blank(one.get("provides-value-for-command-input")):
        yield f"{designated}means it must directly provide values for some command input."


def _in_handler(handler: Document, seen: _Seen, outputs: list[str], capacity: int) -> Iterator[str]:
    name, output = handler.get("name"), handler.get("accepts-command-output")
    if name is None:
        raise Broken("null")
    if output in outputs:
        seen.handled.add(output)
    else:
        known = ", ".join(hash_order(outputs, capacity))
        yield f'output handler refers to unknown command output "{said(output)}". Known outputs: {known}.'
    yield from _in_target(name, handler.get("as-a-child-of"), seen)
    if name in seen.handlers:
        yield f'output handler name "{name}" is not unique.'
    else:
        seen.handlers.append(name)
    yield from _in_handler_itself(name, handler)


def _in_target(name: str, target: str | None, seen: _Seen) -> Iterator[str]:
    if target not in seen.inputs and target not in seen.handlers:
        yield (
            f'output handler does not refer to a known wrapper input or output. "as-a-child-of": "{said(target)}".'
            f"\nKnown inputs: {seen.known_inputs()}.\nKnown outputs (so far): {seen.known_handlers()}."
        )
    begin = f'output handler "{name}" has "as-a-child-of": "{target}", but that input'
    if target in seen.multiple:
        yield f"{begin} is set to allow multiple values."
    source = seen.inputs.get(target or "", {}).get("derived-from-xnat-object-property")
    if source not in (None, "uri"):
        fails = 'which will cause the upload to fail (a "uri" is required for upload).'
        yield f'{begin}\'s value is set to "{source}", {fails}'


def _in_handler_itself(name: str, handler: Document) -> Iterator[str]:
    prefix = f'Command wrapper output "{name}" - '
    if is_blank(name):
        yield "Command wrapper output - name cannot be blank."
    for blank in ("accepts-command-output", "as-a-child-of"):
        if is_blank(handler.get(blank)):
            yield f'{prefix}property "{blank}" cannot be blank.'
    if handler["type"] not in HANDLER_TYPES:
        yield f'{prefix}Unknown type "{handler["type"]}". Known types: {", ".join(HANDLER_TYPES)}'
    if handler["type"] == "Resource" and is_blank(handler.get("label")):
        yield f"{prefix}when type = Resource, label cannot be blank."
    if has_other_letters(name):
        yield f'Command wrapper output "{name}" name should contain only alphanumeric, _ and - characters.'
