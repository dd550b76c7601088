"""A document over a stored one. What has the same name keeps its place, what is new stands at the end."""

from __future__ import annotations

from bootstrap.practice.containers.documents import Document

_NAMED = ("mounts", "inputs", "outputs")
_NAMED_IN_WRAPPER = ("external-inputs", "derived-inputs", "output-handlers")


def merged(stored: Document, sent: Document) -> Document:
    """All but the wrappers, and the type, which never changes."""
    lists = {part: in_old_order(stored[part], sent[part]) for part in _NAMED}
    return {**sent, **lists, "type": stored["type"]}


def merged_wrapper(stored: Document, sent: Document) -> Document:
    return {**sent, **{part: in_old_order(stored[part], sent[part]) for part in _NAMED_IN_WRAPPER}}


def in_old_order(stored: list[Document], sent: list[Document]) -> list[Document]:
    by_name = {one.get("name"): one for one in sent}
    kept = [by_name.pop(one.get("name")) for one in stored if one.get("name") in by_name]
    return kept + [one for one in sent if one.get("name") in by_name]
