"""The workflow of a launch: about which object it is, and how far it has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.practice.containers.launching.request import Request
from bootstrap.practice.containers.resolution import objects
from bootstrap.practice.data import experiment_types as types
from bootstrap.practice.data import owners, schema, workflows
from bootstrap.practice.data.models import Model
from bootstrap.practice.data.projects import Project
from bootstrap.practice.data.resources import Resource
from bootstrap.practice.data.scans import Scan
from bootstrap.practice.data.workflows import Workflow

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

JUSTIFICATION = "Container launch"
_NO_ACCESSION = "ERROR"  # what XNAT writes for what has none, such as a resource
_GUESSED = {
    "PROJECT": schema.PROJECT,
    "SUBJECT": schema.SUBJECT,
    "SESSION": types.SESSION,
    "SCAN": types.SCAN,
    "ASSESSOR": types.ASSESSOR,
    "RESOURCE": types.CATALOG,
}


def for_target(site: Site, request: Request, pipeline: str) -> int:
    """Before anything is resolved: of what the root's value names, or else of that value itself."""
    target = request.target or ""
    thing = objects.at(site, target) if target.startswith("/") else None
    about = _about(site, thing) if thing else {"ID": target, "data_type": _GUESSED.get(request.root.upper(), "")}
    return _open(site, request, pipeline, about)


def for_object(site: Site, request: Request, pipeline: str, model: Model) -> int:
    return _open(site, request, pipeline, _of_model(site, model))


def beside(site: Site, number: int | None, user: str, suffix: str) -> int | None:
    """One of its own for what runs before or after, about the same object."""
    found = find(site, number)
    if found is None:
        return None
    about = {name: found.item.fields.get(name, "") for name in ("ID", "data_type", "ExternalID")}
    return _open(site, Request(user), f"{found.pipeline}{suffix}", about)


def complete(site: Site, number: int, pipeline: str, model: Model) -> None:
    """Once it is resolved what it is about."""
    said = _of_model(site, model) | {"pipeline_name": pipeline}
    workflows.update(site, number, said)


def follow(site: Site, number: int | None, status: str, details: str | None = None, comments: str = "") -> None:
    """A workflow that a person has ended stays ended."""
    if number is None:
        return
    said = {"status": status}
    if details is not None:
        said["details"] = details
    if comments:
        said["comments"] = comments
    workflows.update(site, number, said)


def find(site: Site, number: int | None) -> Workflow | None:
    return workflows.by_number(site, number) if number is not None else None


def about_nothing(site: Site) -> int:
    """A number that no workflow has."""
    from bootstrap.practice.data import numbers

    with site.storage.write() as db:
        return numbers.take(db, numbers.EVENT)


def _open(site: Site, request: Request, pipeline: str, about: dict[str, str]) -> int:
    said = {
        "pipeline_name": pipeline,
        "justification": JUSTIFICATION,
        "category": "DATA",
        "type": "PROCESS",
        "comments": "",
        **about,
        **({"ExternalID": request.project} if request.project else {}),
        **({"jobID": request.bulk} if request.bulk else {}),
    }
    if request.orchestration:
        said |= {"next_step_id": str(request.orchestration), "current_step_id": str(request.step)}
    return workflows.open_record(site, request.user, said)


def _of_model(site: Site, model: Model) -> dict[str, str]:
    thing = objects.at(site, str(model["uri"]))
    return _about(site, thing) if thing else {}


def _about(site: Site, thing: owners.Thing | Resource) -> dict[str, str]:
    project = objects.project_of(site, thing)
    if isinstance(thing, Scan):
        session = owners.session(site, thing)
        session_type = session.type if session else types.SESSION
        return {
            "ID": thing.session,
            "data_type": session_type,
            "scan_id": str(thing.number),
            "ExternalID": project,
        }
    if isinstance(thing, Resource):
        return {"ID": _NO_ACCESSION, "data_type": types.CATALOG, "ExternalID": project}
    kind = schema.PROJECT if isinstance(thing, Project) else getattr(thing, "type", "")
    return {"ID": thing.id, "data_type": kind, "ExternalID": project}
