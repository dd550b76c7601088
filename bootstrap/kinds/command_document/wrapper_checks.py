"""What does not fit together in a wrapper, and with its command."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bootstrap.config.problems import suggest
from bootstrap.facts.jsonpath import JsonPathError, compile_predicate
from bootstrap.kinds.command_document.command_checks import illegal, twice
from bootstrap.kinds.command_document.context_checks import context_flaws
from bootstrap.kinds.command_document.flaws import Flaw, Path
from bootstrap.kinds.command_document.handler_checks import handler_flaws
from bootstrap.kinds.command_document.normal import Document

_FILES, _VALUE = "provides-files-for-command-mount", "provides-value-for-command-input"
_SELECTS = ("select-one", "select-many")
_NOT_MOUNTABLE = ("Subject", "Directory", "File[]", "string", "boolean", "number", "Config")
_OWNERS = ("Project", "ProjectAsset", "Subject", "SubjectAssessor", "Session", "Scan", "Assessor")
# What XNAT can derive, and from what. Everything else is noted in its log and has no value.
_PARENTS: Mapping[str, tuple[str, ...]] = {
    "Project": ("ProjectAsset", "Subject", "Session", "SubjectAssessor", "Scan", "Assessor"),
    "ProjectAsset": ("Project",),
    "Subject": ("Project", "Session", "SubjectAssessor"),
    "Session": ("Subject", "Scan", "Assessor"),
    "SubjectAssessor": ("Subject",),
    "Scan": ("Session", "Resource"),
    "Assessor": ("Session",),
    "Resource": _OWNERS,
    "File": ("Resource",),
    "File[]": ("Resource",),
    "Directory": ("Resource",),
    "string": (*_OWNERS, "Resource", "File"),
}


def wrapper_flaws(command: Document, wrapper: Document, path: Path) -> Iterator[Flaw]:
    if "/" in wrapper["name"]:
        yield Flaw("command-slash", "the name of a wrapper has a slash", (*path, "name"))
    yield from context_flaws(wrapper, path)
    yield from twice(wrapper["external-inputs"], (*path, "external-inputs"))
    external = {one["name"]: " among the external inputs" for one in wrapper["external-inputs"]}
    yield from twice(wrapper["derived-inputs"], (*path, "derived-inputs"), external)
    yield from twice(wrapper["output-handlers"], (*path, "output-handlers"))
    for part in ("external-inputs", "derived-inputs"):
        for number, one in enumerate(wrapper[part]):
            yield from _input(command, one, (*path, part, number))
    yield from _derived(wrapper, (*path, "derived-inputs"))
    yield from _shared_names(command, wrapper, path)
    yield from handler_flaws(command, wrapper, path)


def _input(command: Document, one: Document, path: Path) -> Iterator[Flaw]:
    yield from _feeds(command, one, path)
    yield from _files(command, one, path)
    default = one.get("default-value")
    if default:
        yield from illegal(default, (*path, "default-value"))
    yield from _matcher(one, path)
    if not one["load-children"] and (one["type"] != "Project" or path[-2] != "external-inputs"):
        message = "`load-children` counts only for an external input of type Project"
        yield Flaw("command-no-effect", message, (*path, "load-children"))


def _feeds(command: Document, one: Document, path: Path) -> Iterator[Flaw]:
    fed = one.get(_VALUE)
    if not fed:
        return
    inputs = {each["name"]: each for each in command["inputs"]}
    if fed not in inputs:
        message = f"`{one['name']}` provides a value for `{fed}`, and the command has no such input"
        yield Flaw("command-unknown-input", message, (*path, _VALUE), suggest(fed, inputs))
    elif inputs[fed]["type"] in _SELECTS or inputs[fed]["select-values"]:
        message = f"`{one['name']}` provides a value for `{fed}`, which is a choice of fixed values"
        yield Flaw("command-feeds-select", message, (*path, _VALUE))


def _files(command: Document, one: Document, path: Path) -> Iterator[Flaw]:
    mount, mounts = one.get(_FILES), [each["name"] for each in command["mounts"]]
    if mount and mount not in mounts:
        message = f"`{one['name']}` provides files for a mount `{mount}` that is not there"
        yield Flaw("command-unknown-mount", message, (*path, _FILES), suggest(mount, mounts))
    elif mount and one["type"] in _NOT_MOUNTABLE:
        message = f"XNAT mounts no {one['type']}"
        hint = "mountable are Project, ProjectAsset, SubjectAssessor, Session, Scan, Assessor, Resource and File"
        yield Flaw("command-not-mountable", message, (*path, _FILES), hint)
    if (one.get("via-setup-command") or "").strip() and not (mount or "").strip():
        message = "a setup command works on files, and this input provides none"
        yield Flaw("command-setup-without-files", message, (*path, "via-setup-command"))


def _matcher(one: Document, path: Path) -> Iterator[Flaw]:
    matcher = one.get("matcher")
    if not matcher:
        return
    if one["type"] == "string" and path[-2] == "derived-inputs":
        yield Flaw("command-string-matcher", "a string that has a matcher never has a value", (*path, "matcher"))
    if "#" in matcher or "^" in matcher:
        return  # other inputs' values are put in at the launch
    try:
        compile_predicate(matcher)
    except JsonPathError as wrong:
        yield Flaw("command-matcher", f"the matcher cannot be read: {wrong}", (*path, "matcher"))


def _derived(wrapper: Document, path: Path) -> Iterator[Flaw]:
    known: dict[str, Document] = {one["name"]: one for one in wrapper["external-inputs"]}
    for number, one in enumerate(wrapper["derived-inputs"]):
        yield from _parent(one, known, (*path, number))
        yield from _multiple(one, (*path, number))
        known.setdefault(one["name"], one)


def _parent(one: Document, known: Mapping[str, Document], path: Path) -> Iterator[Flaw]:
    name = one["derived-from-wrapper-input"]
    place = (*path, "derived-from-wrapper-input")
    if name == one["name"]:
        yield Flaw("command-unknown-parent", f"`{name}` is derived from itself", place)
    elif name not in known:
        message = f"`{one['name']}` is derived from `{name}`, which is not there, or comes after it"
        yield Flaw("command-unknown-parent", message, place, suggest(name, known))
    elif known[name]["type"] not in _PARENTS.get(one["type"], ()):
        parents = ", ".join(_PARENTS.get(one["type"], ()))
        hint = f"a {one['type']} is derived from {parents}" if parents else f"a {one['type']} is never derived"
        message = f"XNAT derives no {one['type']} from a {known[name]['type']}"
        yield Flaw("command-derivation", message, place, hint)


def _multiple(one: Document, path: Path) -> Iterator[Flaw]:
    if not one["multiple"]:
        return
    if (one.get(_FILES) or "").strip():
        yield Flaw("command-multiple", "an input of several values provides no files", (*path, "multiple"))
    if not (one.get(_VALUE) or "").strip():
        message = "an input of several values must provide a value for a command input"
        yield Flaw("command-multiple", message, (*path, "multiple"))


def _shared_names(command: Document, wrapper: Mapping[str, Any], path: Path) -> Iterator[Flaw]:
    parts = [
        (part, number, one)
        for part in ("external-inputs", "derived-inputs")
        for number, one in enumerate(wrapper[part])
    ]
    fed = {one.get(_VALUE) for _part, _number, one in parts}
    free = {one["name"] for one in command["inputs"]} - fed
    for part, number, one in parts:
        if one["name"] in free:
            message = f"`{one['name']}` is an input of the command as well, and nothing feeds that one"
            yield Flaw("command-shared-name", message, (*path, part, number, "name"))
