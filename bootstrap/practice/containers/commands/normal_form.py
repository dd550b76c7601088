"""A command as it is stored, and as it reads back."""

from __future__ import annotations

from typing import Any

from bootstrap.facts.container_fields import fields
from bootstrap.practice.containers.documents import Document
from bootstrap.practice.java_order import hash_order

DEFAULT_TYPE = "docker"
_INPUT_TYPES = {
    **{name: name for name in ("string", "boolean", "number", "select-one", "select-many", "file")},
    "File": "file",
}
_ONLY_OF_DOCKER = ("container-labels", "auto-remove", "shm-size", "network", "index", "hash")


def as_stored(document: Document) -> Document:
    """Types that the database does not know become those that it keeps instead."""
    inputs = [{**one, "type": _INPUT_TYPES.get(one["type"], "string")} for one in document["inputs"]]
    return {**document, "inputs": inputs, "xnat": [wrapper_as_stored(wrapper) for wrapper in document["xnat"]]}


def wrapper_as_stored(wrapper: Document) -> Document:
    changed = {
        part: [{**one, "type": "string" if one["type"] == "file" else one["type"]} for one in wrapper[part]]
        for part in ("external-inputs", "derived-inputs")
    }
    return {**wrapper, **changed}


def printed(document: Document, *, number: int, wrappers: list[Document]) -> Document:
    """In the order of the fields, with the command's id and its wrappers, these with theirs."""
    left_out = () if document["type"] == DEFAULT_TYPE else _ONLY_OF_DOCKER
    shown: dict[str, Any] = {"id": number}
    for field in fields()["command"]:
        if field.name == "xnat":
            shown["xnat"] = wrappers
        elif field.name in document and field.name not in left_out:
            shown[field.name] = document[field.name]
    return shown


def printed_wrapper(wrapper: Document, *, number: int) -> Document:
    return {"id": number, **wrapper, "contexts": hash_order(wrapper["contexts"])}
