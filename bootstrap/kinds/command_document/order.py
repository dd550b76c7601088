"""The order in which XNAT keeps the inputs and handlers of a wrapper, and where that breaks it.

XNAT matches them by name and keeps its own order: what is new comes last. An input that comes before the one it is
derived from makes every launch fail, and so does a handler before the one that it stores under.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bootstrap.kinds.command_document.normal import Document

PARENT = {"derived-inputs": "derived-from-wrapper-input", "output-handlers": "as-a-child-of"}
GUARD = "xnat-bootstrap-update"


def disordered(wrapper: Mapping[str, Any]) -> list[str]:
    """The names of what comes before the one that it hangs on. Of a document in its own order."""
    return [name for part in PARENT for name in _early(wrapper, part, _names(wrapper.get(part)))]


def disordered_after(stored: Mapping[str, Any], sent: Mapping[str, Any]) -> list[str]:
    """What would come too early if `sent` were written over `stored`."""
    return [
        name
        for part in PARENT
        for name in _early(sent, part, _merged(_names(stored.get(part)), _names(sent.get(part))))
    ]


def _merged(stored: Sequence[str], sent: Sequence[str]) -> list[str]:
    return [name for name in stored if name in sent] + [name for name in sent if name not in stored]


def _early(wrapper: Mapping[str, Any], part: str, order: Sequence[str]) -> Iterator[str]:
    parents = {one.get("name"): one.get(PARENT[part]) for one in wrapper.get(part) or ()}
    seen: set[str] = set()
    for name in order:
        parent = parents.get(name)
        if parent in parents and parent not in seen and parent != name:
            yield name
        seen.add(name)


def _names(items: Iterable[Mapping[str, Any]] | None) -> list[str]:
    return [str(one.get("name")) for one in items or ()]


def in_order(document: Document) -> Document:
    """With parents before children in each wrapper. One that is so already is not changed."""
    wrappers = [
        {
            **wrapper,
            **{part: _sorted(wrapper[part], PARENT[part]) for part in PARENT if isinstance(wrapper.get(part), list)},
        }
        for wrapper in document.get("xnat", ())
    ]
    return {**document, "xnat": wrappers}


def _sorted(items: Sequence[Document], parent: str) -> list[Document]:
    waiting, placed = list(items), list[Document]()
    while waiting:
        blocked = {one.get("name") for one in waiting}
        free = [one for one in waiting if one.get(parent) not in blocked - {one.get("name")}]
        if not free:
            return [*placed, *waiting]  # they hang on each other: for the checks to tell
        placed.append(free[0])
        waiting = [one for one in waiting if one is not free[0]]
    return placed


def without_children(document: Document, names: Iterable[str]) -> Document:
    """A step on the way to an order that an update cannot reach: these wrappers lose what is to be written anew.

    In between nothing must run without its outputs, so a launch is made to fail: it wants a value that nobody gives.
    """
    chosen = set(names)
    outputs = [output["name"] for output in document.get("outputs", ())]
    wrappers = [_guarded(wrapper, outputs) if wrapper["name"] in chosen else wrapper for wrapper in document["xnat"]]
    return {**document, "xnat": wrappers}


def _guarded(wrapper: Document, outputs: Sequence[str]) -> Document:
    guard = {
        "name": GUARD,
        "description": "this command is being changed: launch again in a moment",
        "type": "string",
        "required": True,
    }
    handlers = [
        {"name": f"{GUARD}-{number}", "accepts-command-output": output, "as-a-child-of": GUARD, "label": GUARD}
        for number, output in enumerate(outputs)
    ]
    externals = [*wrapper.get("external-inputs", ()), guard]
    return {**wrapper, "external-inputs": externals, "derived-inputs": [], "output-handlers": handlers}
