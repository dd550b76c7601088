"""Sequences that are younger than the engine's dictionary, and which of them a script leaves.

In an Implicit VR file they are bytes to the engine: `*/` does not lead into them, and hashUIDList finds no UIDs there.
So does what an Explicit VR file calls UN. Only a script that deletes them is sure of what is inside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.matching import Pattern, compile_pattern
from bootstrap.dicomedit.problems import ParseError, ScriptError
from bootstrap.dicomedit.script import Script
from bootstrap.facts.engine_dictionary import is_known

_PLACES = ("", "0040fff0[0]/", "5200fff0[1]/0040fff0[0]/")  # the root, and sequences that DICOM does not have


@cache
def young_sequences() -> tuple[int, ...]:
    """Of today's standard, those that the engine does not know."""
    from pydicom._dicom_dict import DicomDictionary

    from bootstrap.facts.ps315 import attributes

    tags = {tag for tag, entry in DicomDictionary.items() if entry[0] == "SQ"}
    tags |= {int(one.digits, 16) for one in attributes() if one.vr == "SQ" and not one.repeats}
    return tuple(sorted(tag for tag in tags if not is_known(tag)))


def sequences_left(script: Script) -> tuple[int, ...]:
    """Those that the script does not delete wherever they stand, whatever the object holds.

    None for DicomEdit 4, which never looks into sequences.
    """
    if script.dialect == "4":
        return ()
    patterns = list(_patterns(_deleted(script)))
    named = {pattern.tag for pattern in patterns if pattern.scope == "any"}
    others = [pattern.below for pattern in patterns if pattern.tag < 0]
    left = (tag for tag in young_sequences() if tag not in named)
    return tuple(tag for tag in left if not any(_goes_everywhere(tag, below) for below in others))


def _goes_everywhere(tag: int, below: Callable[[str], object]) -> bool:
    return all(below(f"{place}{tag:08x}") for place in _PLACES)


def _deleted(script: Script) -> Iterator[nodes.TagPath]:
    """By statements that always run."""
    lists: dict[str, nodes.Value] = {}
    for statement in script.statements:
        match statement:
            case nodes.Delete():
                yield statement.path
            case nodes.SetVariable():
                lists[statement.name] = statement.value
            case nodes.CallStatement() if statement.call.name == "removeTags":
                yield from _paths(statement.call.arguments, lists)


def _paths(values: Iterable[nodes.Value], lists: dict[str, nodes.Value]) -> Iterator[nodes.TagPath]:
    from bootstrap.dicomedit.parser6 import parse_tag_path

    for value in values:
        match value:
            case nodes.TagPath():
                yield value
            case nodes.ListValue():
                yield from _paths(value.elements, lists)
            case nodes.Variable() if value.name in lists:
                yield from _paths([lists[value.name]], {})
            case nodes.Text():
                try:
                    yield parse_tag_path(value.value)
                except ParseError:
                    continue


def _patterns(paths: Iterable[nodes.TagPath]) -> Iterator[Pattern]:
    for path in paths:
        try:
            yield compile_pattern(path)
        except ScriptError:
            continue  # the engine cannot use it either
