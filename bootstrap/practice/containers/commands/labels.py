"""Commands that an image carries in its label `org.nrg.commands`."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from bootstrap.practice.containers.commands import changes, normal_form, reading, store
from bootstrap.practice.containers.commands.store import Command
from bootstrap.practice.containers.documents import Document
from bootstrap.practice.containers.engine import Image
from bootstrap.practice.containers.problems import Problem
from bootstrap.practice.http import lenient_json

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

LABEL = "org.nrg.commands"
_log = logging.getLogger(__name__)


def save(site: Site, name: str, image: Image) -> list[Command]:
    """Those that are new. What is there already, or is no valid command, is left out and noted in the log."""
    saved = []
    for document in parsed(name, image):
        try:
            saved.append(store.get(site, changes.create(site, document)))
        except Problem as problem:
            _log.info("the command %r of the image %s was not saved: %s", document.get("name"), name, problem.text)
    return saved


def parsed(name: str | None, image: Image) -> list[Document]:
    """With the image's name as it was given, and its id as the hash. Nothing of a label that cannot be read."""
    try:
        listed = lenient_json.loads(image.labels.get(LABEL) or "[]")
        documents = [reading.created(one) for one in listed] if isinstance(listed, list) else []
    except (lenient_json.NotJson, Problem):
        _log.info("the label %s of the image %s cannot be read", LABEL, name)
        return []
    for document in documents:
        document["hash"] = image.id
        document.pop("image", None)
        if name:
            document["image"] = name
    return documents


def unsaved(name: str | None, image: Image) -> list[Document]:
    """As they are listed with their image, under the id 0."""
    return [
        normal_form.printed(document, number=0, wrappers=[{"id": 0, **one} for one in document["xnat"]])
        for document in parsed(name, image)
    ]
