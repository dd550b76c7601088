"""How commands and wrappers are made, changed and deleted.

Ids: a command keeps its own for ever; a wrapper keeps its own as long as its name, or its id, is written to; an update
that leaves a wrapper out leaves its row behind, without a command. No id is given twice.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bootstrap.practice.containers import documents
from bootstrap.practice.containers.commands import merging, normal_form, reading, validation
from bootstrap.practice.containers.commands.store import Command, find, find_wrapper, get
from bootstrap.practice.containers.documents import Document
from bootstrap.practice.containers.problems import BadRequest, Broken, InvalidCommand, NotFound

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

WRAPPER_DELETED = "wrapper deleted"  # on the bus, before it is gone: wrapper
_DUPLICATE = (
    "Bad request:\norg.nrg.framework.exceptions.NrgServiceRuntimeException: "
    "Error [Unknown]: Error [Unknown]: This command duplicates a command already in the database."
)


def create(site: Site, document: Document) -> int:
    with site.storage.write():
        if _twins(site, document):
            raise BadRequest(_DUPLICATE)
        if document["type"] not in reading.TYPES:
            raise Broken(f"Cannot instantiate command with type {document['type']}")
        validation.check(document)
        documents.check_lengths("command", document)
        return _insert(site, normal_form.as_stored(document))


def update(site: Site, number: int, document: Document) -> None:
    """A whole document over a stored one. Checked first: what is refused has changed nothing."""
    with site.storage.write():
        validation.check(document)
        stored = find(site, number)
        if stored is None:
            raise Broken(f"No row with the given identifier exists: [Command#{number}]")
        documents.check_lengths("command", document)
        stored_form = normal_form.as_stored(document)
        if document.get("version") is not None and set(_twins(site, document)) - {number}:
            raise Broken("could not execute statement; nested exception is a ConstraintViolationException")
        _write_wrappers(site, stored, stored_form.pop("xnat"))
        _write(site, number, merging.merged(stored.document, stored_form))


def set_visibility(site: Site, number: int, visibility: str) -> None:
    with site.storage.write():
        stored = find(site, number)
        if stored is None:
            text = f"The command identified by id {number} does not exist."
            raise BadRequest(f"There was an error in the request : {text}")
        changed = {**stored.document, "visibility": visibility}
        if errors := list(validation.mistakes({**stored.whole(), "visibility": visibility})):
            raise BadRequest(f"[{', '.join(errors)}]")
        _write(site, number, changed)


def delete(site: Site, number: int) -> None:
    with site.storage.write() as db:
        stored = find(site, number)
        for wrapper in stored.wrappers if stored else ():
            delete_wrapper(site, wrapper.id)
        db.execute("DELETE FROM commands WHERE id = ?", (number,))


def add_wrapper(site: Site, command: int, document: Document) -> int:
    """Kept first and validated afterwards: what is answered with 400 is there all the same."""
    get(site, command)
    documents.check_lengths("wrapper", document)
    with site.storage.write() as db:
        number = _insert_wrapper(db, command, normal_form.wrapper_as_stored(document))
        errors = list(validation.mistakes(get(site, command).whole()))
    if errors:
        raise InvalidCommand(errors)
    return number


def update_wrapper(site: Site, command: int, number: int, document: Document) -> None:
    """The one with this id, of whatever command; then the path's command is validated."""
    get(site, command)
    stored = find_wrapper(site, number)
    if stored is None:
        raise NotFound(f"No command wrapper for id {number}")
    documents.check_lengths("wrapper", document)
    with site.storage.write():
        _write_wrapper(site, number, merging.merged_wrapper(stored.document, normal_form.wrapper_as_stored(document)))
        errors = list(validation.mistakes(get(site, command).whole()))
    if errors:
        raise InvalidCommand(errors)


def delete_wrapper(site: Site, number: int) -> None:
    with site.storage.write() as db:
        found = find_wrapper(site, number)
        if found is None:
            return
        if found.command_id is None:
            raise Broken("null")
        site.bus.tell(WRAPPER_DELETED, wrapper=number)
        db.execute("DELETE FROM wrappers WHERE id = ?", (number,))


def _twins(site: Site, document: Document) -> list[int]:
    rows = site.storage.rows(
        "SELECT id FROM commands WHERE name IS ? AND image IS ? AND version IS ?",
        *(document.get("name"), document.get("image"), document.get("version")),
    )
    return [row["id"] for row in rows]


def _insert(site: Site, document: Document) -> int:
    wrappers = document.pop("xnat")
    with site.storage.write() as db:
        number = int(
            db.execute(
                "INSERT INTO commands (name, version, image, type, visibility, document) VALUES (?, ?, ?, ?, ?, ?)",
                _columns(document),
            ).lastrowid
            or 0
        )
        for wrapper in wrappers:
            _insert_wrapper(db, number, wrapper)
    return number


def _write(site: Site, number: int, document: Document) -> None:
    site.storage.change(
        "UPDATE commands SET name = ?, version = ?, image = ?, type = ?, visibility = ?, document = ? WHERE id = ?",
        *_columns(document),
        number,
    )


def _columns(document: Document) -> tuple[Any, ...]:
    named = (document[name] for name in ("image", "type", "visibility"))
    return (document["name"], document.get("version"), *named, json.dumps(document))


def _write_wrappers(site: Site, stored: Command, sent: list[Document]) -> None:
    by_name = {wrapper["name"]: wrapper for wrapper in sent}
    with site.storage.write() as db:
        for old in stored.wrappers:
            new = by_name.pop(old.name or "", None) if old.name is not None else None
            if new is None:
                db.execute("UPDATE wrappers SET command_id = NULL WHERE id = ?", (old.id,))
                continue
            if new.pop("id", 0) not in (0, old.id):
                raise Broken("identifier of an instance of CommandWrapperEntity was altered")
            _write_wrapper(site, old.id, merging.merged_wrapper(old.document, new))
        for wrapper in sent:
            if wrapper["name"] in by_name:
                if wrapper.pop("id", 0):
                    raise Broken("detached entity passed to persist: CommandWrapperEntity")
                _insert_wrapper(db, stored.id, wrapper)


def _insert_wrapper(db: Any, command: int, document: Document) -> int:
    cursor = db.execute(
        "INSERT INTO wrappers (command_id, name, document) VALUES (?, ?, ?)",
        (command, document.get("name"), json.dumps(document)),
    )
    return int(cursor.lastrowid)


def _write_wrapper(site: Site, number: int, document: Document) -> None:
    site.storage.change(
        "UPDATE wrappers SET name = ?, document = ? WHERE id = ?", document.get("name"), json.dumps(document), number
    )
