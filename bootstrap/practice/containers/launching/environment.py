"""What every container is told of XNAT: where it is, how to sign in there, and in labels what it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.practice.admin import accounts, preferences
from bootstrap.practice.containers.documents import Document
from bootstrap.practice.containers.launching import workflow
from bootstrap.practice.containers.launching.backends import Order
from bootstrap.practice.containers.resolution import mounts
from bootstrap.practice.data.search_elements import singular
from bootstrap.practice.storage import Row

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

HIDDEN = "******"
LAUNCH, COMPANION = "org.xnat-bootstrap.practice.launch", "org.xnat-bootstrap.practice.companion"
_OF_SITE = "org.xnat-bootstrap.practice.state"


def added(site: Site, number: int | None, alias: str) -> dict[str, str]:
    """As anybody may see it. `number`: of its workflow."""
    text = "" if number is None else str(number)
    return {
        "XNAT_HOST": preferences.text(site, "processingUrl") or preferences.text(site, "siteUrl"),
        "XNAT_USER": alias,
        "XNAT_PASS": HIDDEN,
        "XNAT_WORKFLOW_ID": text,
        "XNAT_EVENT_ID": text,
    }


def labels(site: Site, number: int | None, user: str) -> dict[str, str]:
    found = workflow.find(site, number)
    account = accounts.find(site, user)
    if found is None or account is None:
        return {}
    fields = found.item.fields
    return {
        "XNAT_DATATYPE": singular(fields.get("data_type", "")),
        "XNAT_PROJECT": fields.get("ExternalID", ""),
        "XNAT_ID": fields.get("ID", ""),
        "XNAT_USER_EMAIL": account["email"] or "",
        "XNAT_USER_ID": user,
    }


def order(site: Site, document: Document, token: Row, secrets: dict[str, str], mark: tuple[str, int]) -> Order:
    """`mark`: by which a server that was stopped finds what it had begun."""
    environment = document["env"] | {"XNAT_PASS": token["secret"]} | secrets
    binds = tuple((mounts.bind(site, one), one["container-path"], one["writable"]) for one in document["mounts"])
    return Order(document, environment, binds, {mark[0]: str(mark[1]), _OF_SITE: str(site.folder.root)})
