"""The action that only notes in the history that the event came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bootstrap.practice.events import history
from bootstrap.practice.events.delivery import RUNNERS, Delivery
from bootstrap.practice.events.single_action import SingleAction

if TYPE_CHECKING:
    from bootstrap.practice.site import Site


class LoggingAction(SingleAction):
    java_class = "org.nrg.xnat.eventservice.actions.EventServiceLoggingAction"
    display_name = "Logging Action"
    description = "Simple action for EventService Event that logs event detection."

    def attributes(self, _site: Site) -> Mapping[str, Any]:
        return {
            "param1": _attribute("Sample description of attribute."),
            "param2": _attribute("Another description of attribute."),
        }


def _attribute(description: str) -> dict[str, Any]:
    return {"description": description, "type": "string", "default-value": "default-value", "required": False}


def _run(delivery: Delivery) -> None:
    """Nothing but a note, with the payload as the filter saw it, but for its type."""
    if delivery.payload is not None:
        model = delivery.payload["type"]
        delivery.step("ACTION_STEP", f"Filterable Event Payload Type: {model}")
        kept = {name: value for name, value in delivery.payload.items() if name != "type"}
        history.note_payload(delivery.site, delivery.number, kept)
    delivery.step("ACTION_COMPLETE", "Logging action completed successfully.")


RUNNERS[LoggingAction.java_class] = _run
