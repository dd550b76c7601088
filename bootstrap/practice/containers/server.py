"""The engine that containers are run on: one row that counts, and all that came before it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bootstrap.facts.container_fields import fields
from bootstrap.practice.containers import documents
from bootstrap.practice.containers.documents import Document
from bootstrap.practice.containers.problems import BadRequest, Broken, NoServer, Unreadable
from bootstrap.practice.containers.room import room
from bootstrap.practice.storage import Row

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

DOCKER, SWARM, KUBERNETES = "docker", "swarm", "kubernetes"
_BACKENDS = (DOCKER, SWARM, KUBERNETES)
_FIRST = {
    "name": "Local socket",
    "host": "unix:///var/run/docker.sock",
    "cert-path": "",
    "backend": DOCKER,
    "pull-images-on-xnat-init": False,
    "container-user": "",
    "auto-cleanup": True,
    "status-email-enabled": True,
    "swarm-constraints": [],
}
_VENDORS = ("nvidia", "amd")
_LONG = re.compile(r"[+-]?[0-9]{1,19}")
_NOT_PRINTED = ("id", "swarm-mode")  # the last one is worked out anew


@dataclass(frozen=True)
class Server:
    id: int
    document: Document

    @property
    def backend(self) -> str:
        return str(self.document["backend"])

    @property
    def host(self) -> str:
        return str(self.document.get("host") or "")

    def printed(self, *, ping: bool) -> Document:
        own = {
            field.name: self.document[field.name]
            for field in fields()["server"]
            if field.name in self.document and field.name not in _NOT_PRINTED
        }
        return {"id": self.id, **own, "ping": ping, "swarm-mode": self.backend == SWARM}


@room.seed
def store_first_server(site: Site) -> None:
    if not site.storage.value("SELECT 1 FROM container_servers"):
        _insert(site, dict(_FIRST))


def find(site: Site) -> Server | None:
    row = site.storage.row("SELECT * FROM container_servers WHERE enabled")
    return _server(site, row) if row else None


def get(site: Site) -> Server:
    """A Problem with 424 where none is configured."""
    found = find(site)
    if found is None:
        raise NoServer
    return found


def read(document: Document) -> Document:
    """What is in a body that was read already, and the rest of what has to be known to read it."""
    backend = document.get("backend")
    if backend is None:
        backend = SWARM if document.get("swarm-mode") else DOCKER
    elif backend not in _BACKENDS:
        raise Unreadable(f'Cannot deserialize value of type Backend from String "{backend}": not one of {_BACKENDS}')
    name = document.get("name") if (document.get("name") or "").strip() else document.get("host")
    named = {} if name is None else {"name": name}
    return {**{key: value for key, value in document.items() if key not in ("name", "swarm-mode")}, **named} | {
        "backend": backend
    }


def replace(site: Site, document: Document) -> Server:
    """A new row in the place of the old one; nothing of that is kept."""
    if mistakes := _mistakes(document):
        raise BadRequest("\n".join(mistakes))
    number = document.pop("id", 0)
    if number and site.storage.value("SELECT 1 FROM container_servers WHERE id = ?", number):
        raise Broken("Don't change the reference to a collection with delete-orphan enabled : swarmConstraints")
    if any(constraint.pop("id", 0) for constraint in document["swarm-constraints"]):
        raise Broken("A different object with the same identifier value was already associated with the session")
    documents.check_lengths("server", document)
    attributes = [constraint["attribute"] for constraint in document["swarm-constraints"]]
    if len(attributes) != len(set(attributes)):
        raise Broken("could not execute statement; nested exception is a ConstraintViolationException")
    _insert(site, document)
    return get(site)


def _insert(site: Site, document: Document) -> None:
    constraints = document.pop("swarm-constraints")
    with site.storage.write() as db:
        db.execute("UPDATE container_servers SET enabled = 0")
        row = db.execute("INSERT INTO container_servers (enabled, document) VALUES (1, ?)", (json.dumps(document),))
        db.executemany(
            "INSERT INTO server_constraints (server_id, attribute, document) VALUES (?, ?, ?)",
            [(row.lastrowid, one["attribute"], json.dumps(one)) for one in constraints],
        )


def _server(site: Site, row: Row) -> Server:
    constraints = site.storage.rows("SELECT * FROM server_constraints WHERE server_id = ? ORDER BY id", row["id"])
    listed = [{"id": one["id"], **json.loads(one["document"])} for one in constraints]
    return Server(row["id"], {**json.loads(row["document"]), "swarm-constraints": listed})


def _mistakes(document: Document) -> list[str]:
    found = list(_of_kubernetes(document)) if document["backend"] == KUBERNETES else []
    if document["backend"] != KUBERNETES and not (document.get("host") or "").strip():
        found.append(f"Host cannot be empty for {document['backend']} server setting")
    constraints = document["swarm-constraints"]
    if any(not one["attribute"].strip() for one in constraints):
        found.append("Constraint node attribute cannot be blank")
    if any(not one["values"] or any(not value.strip() for value in one["values"]) for one in constraints):
        found.append("Constraint values cannot be blank")
    return found


def _of_kubernetes(document: Document) -> list[str]:
    found, user, vendor = [], document.get("container-user") or "", document.get("gpu-vendor") or ""
    if user.strip() and not _LONG.fullmatch(user):
        found.append("If set, container user must be a string with integer value with kubernetes backend")
    if vendor and vendor.lower() not in _VENDORS:
        found.append("The value of the GPU Vendor can only be nvidia or amd")
    if document.get("combined-pvc-name") and (document.get("archive-pvc-name") or document.get("build-pvc-name")):
        found.append(
            "You cannot have a Kubernetes server setup which uses mounts from a PVC with separate and combined "
            "locations for build and archive. Please choose one or the other."
        )
    if document.get("combined-path-translation") and (
        document.get("archive-path-translation") or document.get("build-path-translation")
    ):
        found.append(
            "You cannot have a Kubernetes server setup which has path translations for both separate and combined "
            "locations for build and archive directories. Please choose one or the other."
        )
    return found
