"""The workflow that each delivery leaves on its object, beside that of a container."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bootstrap.practice.data import workflows
from bootstrap.practice.events.happenings import Happening
from bootstrap.practice.events.subscriptions import Subscription

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

_JUSTIFICATION = "Event Service triggered."
_OF_RESOURCES = "ADMIN"  # what XNAT writes where there is no project
_FAILED = ("ACTION_FAILED", "ACTION_ERROR", "FAILED")


def record(
    site: Site, user: str, subscription: Subscription, happening: Happening, provider: str, last_status: str
) -> None:
    """Of an event without an object there is none."""
    if not happening.about:
        return
    workflows.open_record(
        site,
        user,
        {
            "ID": happening.about,
            "data_type": happening.xsi_type,
            "ExternalID": _OF_RESOURCES if happening.kind == "ResourceEvent" else happening.project,
            "pipeline_name": re.sub(r"[^A-Za-z0-9_ -]", "_", subscription.name or ""),
            "justification": _JUSTIFICATION,
            "category": "DATA",
            "type": "PROCESS",
            "step_description": f"{provider} action called.",
            "comments": last_status,
            "status": "Failed" if last_status in _FAILED else workflows.COMPLETE,
        },
    )
