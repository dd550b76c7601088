"""Bodies of the command and wrapper routes, read into documents."""

from __future__ import annotations

import re
from typing import Any

from bootstrap.practice.containers import documents
from bootstrap.practice.containers.documents import Document
from bootstrap.practice.containers.problems import Unreadable

TYPES = ("docker", "docker-setup", "docker-wrapup")
_SECRET_TYPES = {"source": "system-property", "destination": "environment-variable"}
_TAGGED = re.compile(r".+:[A-Za-z0-9_.-]+", re.DOTALL)


def created(body: Any, image: str | None = None) -> Document:
    """A command to be made. Ids are dropped, an image without a tag gets one."""
    document = _command(body, creating=True)
    for wrapper in document["xnat"]:
        wrapper.pop("id", None)
    if image and image.strip():
        document["image"] = image
    if needs_tag(document.get("image")):
        document["image"] += ":latest"
    return document


def updated(body: Any) -> Document:
    """A command to be changed: wrapper ids are kept to be looked at, a wrapper without a name has an empty one."""
    document = _command(body, creating=False)
    for wrapper in document["xnat"]:
        wrapper.setdefault("name", "")
    return document


def created_wrapper(body: Any) -> Document:
    wrapper = documents.read("wrapper", body, creating=True)
    wrapper.pop("id", None)
    _check_contexts(wrapper)
    return wrapper


def updated_wrapper(body: Any) -> Document:
    wrapper = {"name": "", **documents.read("wrapper", body)}
    wrapper.pop("id", None)
    _check_contexts(wrapper)
    return wrapper


def needs_tag(image: str | None) -> bool:
    """A blank name is another mistake."""
    return bool(image and image.strip()) and not _TAGGED.fullmatch(image or "")


def _command(body: Any, *, creating: bool) -> Document:
    document = documents.read("command", body, creating=creating)
    for secret in document["secrets"]:
        for part, known in _SECRET_TYPES.items():
            if secret[part]["type"] != known:
                raise Unreadable(
                    f"Could not resolve type id '{secret[part]['type']}' as a subtype of a secret's {part}"
                )
    for wrapper in document["xnat"]:
        _check_contexts(wrapper)
    return document


def _check_contexts(wrapper: Document) -> None:
    """They are a set: twice is once."""
    wrapper["contexts"] = list(dict.fromkeys(wrapper["contexts"]))
