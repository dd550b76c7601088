"""What a container has written, uploaded as its wrapper says: files as resources, XML as assessors or scans."""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bootstrap.errors import LocalFileError
from bootstrap.practice.containers.documents import Document
from bootstrap.practice.containers.launching import records
from bootstrap.practice.containers.launching.records import Container
from bootstrap.practice.containers.resolution import mounts, objects
from bootstrap.practice.containers.resolution.companions import OUTPUT, WRAPUP
from bootstrap.practice.containers.resolution.context import caller_of
from bootstrap.practice.containers.resolution.outputs import RESOURCE
from bootstrap.practice.data import (
    archive,
    experiments,
    files,
    item_xml,
    models,
    news,
    owners,
    places,
    resources,
    rights,
    scans,
)
from bootstrap.practice.data.experiments import Experiment
from bootstrap.practice.data.files import Incoming
from bootstrap.practice.data.item import Item
from bootstrap.practice.data.news import News
from bootstrap.practice.data.owners import Thing
from bootstrap.practice.data.projects import Project
from bootstrap.practice.data.resources import Facts, Resource
from bootstrap.practice.data.scans import Scan
from bootstrap.practice.data.subjects import BadLabel
from bootstrap.practice.http import uploads

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

_log = logging.getLogger(__name__)


class NotUploaded(Exception):
    """One output could not be stored; why."""


def upload(site: Site, container: Container) -> list[str]:
    """What went wrong with outputs that are required. Of the others nobody hears."""
    made: dict[str, str] = dict(container.document["object-uris"])
    failures = []
    for output in container.document["outputs"]:
        try:
            made[output["from-output-handler"]] = _upload(site, container, output, made)
        except (NotUploaded, LocalFileError, OSError, ValueError) as error:
            _log.info("output %s of container %d: %s", output["name"], container.id, error)
            if output["required"]:
                failures.append(f'Could not upload output "{output["name"]}": {error}')
    return failures


def _upload(site: Site, container: Container, output: Document, made: dict[str, str]) -> str:
    """The address of what came of it."""
    address = made.get(output["handled-by"], "")
    parent = objects.at(site, address)
    if parent is None or isinstance(parent, Resource):
        raise NotUploaded(f"there is nothing at {address!r} to put it into")
    may = rights.may_delete if isinstance(parent, Project) else rights.may_edit
    caller = caller_of(site, container.username)
    if not may(site, caller, objects.project_of(site, parent)):
        raise NotUploaded(f"{caller.name} may not change {address}")
    if output["type"] == RESOURCE:
        return _resource(site, container, output, parent)
    return _item(site, container, output, parent)


def _resource(site: Site, container: Container, output: Document, parent: Thing) -> str:
    """One of that label is used as it is, but for the files that have the same name."""
    label = places.name((output.get("label") or "").strip() or output["from-command-output"])
    source = _source(site, container, output)
    owner = owners.of(parent)
    with tempfile.TemporaryDirectory(prefix=uploads.FRONT, dir=site.folder.spool) as folder:
        several = list(_copied(site, container, output, source, Path(folder)))
        with site.storage.write():
            there = resources.find(site, owner, label)
            resource = there or _created(site, container.username, parent, label, output)
            files.put(site, container.username, resource, several, overwrite=True)
    how = news.UPDATED if there else news.CREATED
    news.tell(site, [News(how, resource, objects.project_of(site, parent), container.username)])
    if not source.exists():
        raise NotUploaded(f"the container has not written {output.get('path') or 'anything'}")
    return f"{models.uri(site, parent)}/resources/{label}"


def _created(site: Site, user: str, parent: Thing, label: str, output: Document) -> Resource:
    texts = {name: output.get(name) or "" for name in ("format", "content", "description")}
    facts = Facts(**texts, tags=",".join(output["tags"]))
    catalog = f"{parent.id}_catalog.xml" if isinstance(parent, Scan) else ""
    return resources.create(site, user, owners.of(parent), label, facts, catalog=catalog)


def _item(site: Site, container: Container, output: Document, parent: Thing) -> str:
    if not isinstance(parent, Experiment) or not parent.is_session:
        raise NotUploaded(f"{parent.id} is no session")
    source = _source(site, container, output)
    documents = [one for one in _below(site, container, output, source) if one.suffix == ".xml"]
    if len(documents) != 1:
        raise NotUploaded(f"there are {len(documents)} XML documents where there must be one")
    said = item_xml.read(documents[0].read_bytes())
    try:
        if output["type"] == "Scan":
            return _scan(site, container.username, parent, said)
        label = said.fields.get("label") or said.fields.get("ID") or f"{parent.label}_{output['from-command-output']}"
        old = experiments.by_label(site, parent.project, label)
        changed = archive.change_assessor(site, container.username, old, said) if old else None
        made = changed or archive.make_assessor(site, container.username, parent, label, said)
        return models.uri(site, made)
    except BadLabel as error:
        raise NotUploaded(f"{error} cannot be a label") from error


def _scan(site: Site, user: str, session: Experiment, said: Item) -> str:
    number = said.fields.get("ID", "")
    if old := scans.find(site, session.id, number):
        archive.delete(site, user, old)
    return models.uri(site, archive.make_scan(site, user, session, number, said))


def _source(site: Site, container: Container, output: Document) -> Path:
    parts = [part for part in (output.get("path") or "").split("/") if part and part != "."]
    return site.folder.inside(mounts.place(site, _mount(site, container, output)), *parts)


def _mount(site: Site, container: Container, output: Document) -> Document:
    """Its own, or that of the wrapup that has worked it over."""
    name, several = output["mount"], container.document["mounts"]
    if output.get("via-wrapup-container"):
        wrapups = records.companions(site, container.id, WRAPUP)
        of_it = [one.document for one in wrapups if one.document["parent-source-object-name"] == output["name"]]
        name, several = OUTPUT, [mount for document in of_it for mount in document["mounts"]]
    found: Document | None = next((one for one in several if one["name"] == name), None)
    if found is None:
        raise NotUploaded(f"there is no mount {name!r}")
    return found


def _copied(site: Site, container: Container, output: Document, source: Path, folder: Path) -> Iterator[Incoming]:
    base = source.parent if source.is_file() else source
    for number, file in enumerate(_below(site, container, output, source)):
        copy = folder / str(number)
        shutil.copyfile(file, copy)
        yield Incoming(file.relative_to(base).as_posix(), copy)


def _below(site: Site, container: Container, output: Document, source: Path) -> list[Path]:
    """Files, by name. A link is followed as long as it stays within the mount."""
    base = mounts.place(site, _mount(site, container, output)).resolve()
    several = [source] if source.is_file() else sorted(source.rglob("*"))
    return [one for one in several if one.is_file() and one.resolve().is_relative_to(base)]
