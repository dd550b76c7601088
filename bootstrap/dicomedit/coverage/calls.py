"""DicomEdit 6's functions: what they give, and what they do to the object, whatever the object is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.coverage.fates import WITHOUT_TEXT, Kind
from bootstrap.dicomedit.coverage.flow import CertainError, Flow
from bootstrap.dicomedit.coverage.worth import OTHER_REASON, Argument, Worth, derived, hashed, literal, shifted
from bootstrap.dicomedit.coverage.writing import write
from bootstrap.dicomedit.problems import ParseError, ScriptError

Function = Callable[["Calling"], Worth]
VOID = "VOID"
_DIRECT = re.compile(r"\(([0-9a-fA-F]{4}),([0-9a-fA-F]{4})\)(?:\[([0-9]+)\])?")


@dataclass(slots=True)
class Calling:
    """One call: where it stands, what it was given, and the flow it changes."""

    flow: Flow
    node: nodes.Call
    said: str
    arguments: list[Argument]
    notes: list[tuple[int, str]] = field(default_factory=list)

    @property
    def line(self) -> int:
        return self.node.line

    def worth(self, index: int) -> Worth:
        """An argument as the engine resolves it: a path becomes the text of its element."""
        if index >= len(self.arguments):
            return literal("")
        argument = self.arguments[index]
        return self.flow.read(argument) if isinstance(argument, nodes.TagPath) else argument

    def resolved(self) -> list[Worth]:
        return [self.worth(index) for index in range(len(self.arguments))]

    def text(self, index: int) -> str | None:
        """What a quoted argument says; None if that depends."""
        argument = self.arguments[index] if index < len(self.arguments) else None
        return argument.text if isinstance(argument, Worth) else None

    def paths(self, first: int = 0, *, strict: bool = True) -> list[nodes.TagPath]:
        found = []
        for argument in flattened(self.arguments[first:]):
            path = self._path(argument, strict)
            if path is not None:
                found.append(path)
        return found

    def _path(self, argument: Argument, strict: bool) -> nodes.TagPath | None:
        from bootstrap.dicomedit.parser6 import parse_tag_path

        if isinstance(argument, nodes.TagPath):
            return argument if strict else None
        if argument.text is None:
            self.notes.append((self.line, f"which elements {self.node.name} means depends on {argument.said}"))
            return None
        try:
            return parse_tag_path(argument.text)
        except ParseError as error:
            if not strict:
                return None
            raise CertainError(f"{argument.said} is no tag path") from error

    def matched(self, paths: list[nodes.TagPath], *, below: bool = False) -> Iterator[int]:
        for path in paths:
            try:
                yield from self.flow.probes.matched(path, below=below)
            except ScriptError as error:
                raise CertainError(str(error)) from error


def flattened(arguments: list[Argument]) -> Iterator[Argument]:
    for argument in arguments:
        if isinstance(argument, Worth) and argument.elements is not None:
            yield from flattened(list(argument.elements))
        else:
            yield argument


# ---- functions that give a text


def _of_all(call: Calling) -> Worth:
    return derived(call.said, call.resolved())


def _of_first(call: Calling) -> Worth:
    return derived(call.said, [call.worth(0)])


def _match(call: Calling) -> Worth:
    made = derived(call.said, [call.worth(0)])
    return Worth(made.said, sources=made.sources, hashed=made.hashed, null=frozenset({OTHER_REASON}))


def _normalized(call: Calling) -> Worth:
    return derived(call.said, [call.worth(0)], keeps_null=True)


def _hashed(call: Calling) -> Worth:
    return hashed(call.said, call.worth(0))


def _shifted(call: Calling) -> Worth:
    return shifted(call.said, call.worth(0))


def _unrelated(call: Calling) -> Worth:
    return Worth(call.said)


def _lookup(call: Calling) -> Worth:
    return Worth(call.said, null=frozenset({OTHER_REASON}))


def _collected(call: Calling) -> Worth:
    """A list of texts: as a value it is its spelling, and holds the texts of all that it gathers."""
    tags = frozenset(call.flow.probes.all[number].tag for number in call.matched(_only_paths(call)))
    return Worth(call.said, sources=tags)


def _only_paths(call: Calling) -> list[nodes.TagPath]:
    return [argument for argument in flattened(call.arguments) if isinstance(argument, nodes.TagPath)]


# ---- functions that change the object


def _remove_tags(call: Calling) -> Worth:
    call.flow.remove(call.matched(call.paths(), below=True), call.line)
    return literal(VOID)


def _hash_uid_list(call: Calling) -> Worth:
    numbers = [one for one in call.matched(call.paths()) if call.flow.probes.all[one].attribute.vr != "SQ"]
    call.flow.change(numbers, call.flow.fate(Kind.HASHED, call.line), WITHOUT_TEXT)
    return literal(VOID)


def _map_referenced(call: Calling) -> Worth:
    numbers = call.matched(call.paths(1, strict=False))
    call.flow.change(numbers, call.flow.fate(Kind.REPLACED, call.line, "a random UID"))
    return literal(VOID)


def _shift_sequence(call: Calling) -> Worth:
    call.flow.shift(call.matched(call.paths(1, strict=False)), call.line, call.worth(0).said)
    return literal(VOID)


def _shift_list(call: Calling) -> Worth:
    first = call.arguments[0] if call.arguments else None
    if not isinstance(first, Worth) or (first.elements is None and first.text is not None):
        raise CertainError("the first argument of shiftDateTimeListByIncrement is no list")
    one_list = Calling(call.flow, call.node, call.said, [first], call.notes)
    call.flow.shift(call.matched(one_list.paths()), call.line, call.worth(1).said)
    return literal(VOID)


def _retain_private(call: Calling) -> Worth:
    paths = [str(path) for path in call.paths()]
    fate = call.flow.fate(Kind.LISTED if paths else Kind.REMOVED, call.line, ", ".join(paths))
    call.flow.private = call.flow.private_nested = frozenset({fate})
    return literal(VOID)


def _delete_direct(call: Calling) -> Worth:
    place = direct_path(call.text(0))
    if place is None:
        raise CertainError("delete wants a quoted path without wildcards")
    probes = call.flow.probes.by_path
    hit = [number for path, number in probes.items() if path == place or path.startswith(f"{place}[")]
    call.flow.remove(hit, call.line)
    return literal(VOID)


def _set_direct(call: Calling) -> Worth:
    place = direct_path(call.text(0))
    if place is None:
        raise CertainError("set wants a quoted path without wildcards")
    argument = call.arguments[1] if len(call.arguments) > 1 else literal("")
    worth = literal(str(argument)) if isinstance(argument, nodes.TagPath) else argument
    number = call.flow.probes.by_path.get(place)
    if number is not None:
        write(call.flow, [number], worth, call.line)
    return literal(VOID)


def direct_path(text: str | None) -> str | None:
    """A path of `set` and `delete` as the engine writes it."""
    parts = []
    for step in re.sub(r"[ \t]", "", text or "").split("/"):
        match = _DIRECT.fullmatch(step)
        if match is None:
            return None
        parts.append((match[1] + match[2]).lower() + (f"[{match[3]}]" if match[3] else ""))
    return None if parts[-1].endswith("]") else "/".join(parts)


def _reject(call: Calling) -> Worth:
    flag = call.text(0) if call.arguments else "true"
    if flag is not None and flag.lower() == "true":
        call.flow.alive = False
    return literal(VOID)


def _data_dependent(call: Calling) -> Worth:
    call.notes.append((call.line, f"what {call.node.name} changes depends on the object; nothing is counted on"))
    return literal(VOID)


def _alter_pixels(_call: Calling) -> Worth:
    return literal(VOID)


FUNCTIONS: dict[str, Function] = {
    "concatenate": _of_all,
    "format": _of_all,
    "lowercase": _of_first,
    "uppercase": _of_first,
    "substring": _of_first,
    "replace": _of_first,
    "match": _match,
    "normalizeString": _normalized,
    "ismatch": _unrelated,
    "isPresent": _unrelated,
    "true": lambda _call: literal("true"),
    "false": lambda _call: literal("false"),
    "hashUID": _hashed,
    "newUID": _unrelated,
    "mapUID": _unrelated,
    "getURL": _unrelated,
    "lookup": _lookup,
    "shiftDateByIncrement": _shifted,
    "shiftDateTimeByIncrement": _shifted,
    "collectValues": _collected,
    "removeTags": _remove_tags,
    "hashUIDList": _hash_uid_list,
    "mapReferencedUIDs": _map_referenced,
    "shiftDateTimeSequenceByIncrement": _shift_sequence,
    "shiftDateTimeListByIncrement": _shift_list,
    "retainPrivateTags": _retain_private,
    "delete": _delete_direct,
    "set": _set_direct,
    "reject": _reject,
    "blankValues": _data_dependent,
    "scalePatientAgeAndDobFromStudyDate": _data_dependent,
    "alterPixels": _alter_pixels,
}
