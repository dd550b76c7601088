"""The action that sends an e-mail, which a practice XNAT can be told to do, but never does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bootstrap.practice.admin import accounts
from bootstrap.practice.events.delivery import RUNNERS, ActionFailed, Delivery
from bootstrap.practice.events.single_action import SingleAction
from bootstrap.practice.http.sessions import GUEST
from bootstrap.practice.storage import Row

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

_VARIABLES = "Can include #ID#, #LABEL#, and #URL# variables. Note: Only ID variable is available for Delete events"


class EmailAction(SingleAction):
    java_class = "org.nrg.xnat.eventservice.actions.EventServiceEmailAction"
    display_name = "Email Action"
    description = "Project owners and site administrators can send an email in response to events."

    def attributes(self, site: Site) -> Mapping[str, Any]:
        users = {row["username"]: _labels(row) for row in accounts.everybody(site) if row["username"] != GUEST}
        some_users = {"description": "Comma separated list of users.", "type": "string", "restrict-to-list": users}
        return {
            "cc": {**some_users, "default-value": "", "required": False},
            "bcc": {**some_users, "default-value": "", "required": False},
            "subject": {"description": f"Email message subject. {_VARIABLES}", "type": "string", "required": True},
            "includeSender": {
                "description": "Send email to the user who triggers the event.",
                "type": "boolean",
                "default-value": "false",
            },
            "to": {**some_users, "required": True},
            "body": {"description": f"Textual body of email. {_VARIABLES}", "type": "text", "required": True},
        }


def _labels(row: Row) -> list[dict[str, str]]:
    name = f"{row['first_name']} {row['last_name']}"
    return [
        {"type": "string", "label": "Email", "value": row["email"]},
        {"type": "string", "label": "Name", "value": name},
        {"type": "string", "label": "User", "value": row["username"]},
    ]


def _run(_delivery: Delivery) -> None:
    raise ActionFailed("The practice XNAT sends no e-mail.")


RUNNERS[EmailAction.java_class] = _run
