"""The section `subscriptions`, and what stands of them in a project."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from bootstrap.config.section import Model, Section

LONGEST = 255  # letters of any text: XNAT answers 500 to longer ones

LOGGING = "logging"
_ACTIONS = "`action: logging`, `action: {command: WRAPPER}` or `action: {key: PROVIDER:ID}`"


class SubscriptionAction(Model):
    command: str | None = Field(
        None, description="the wrapper that is launched, by name; COMMAND/WRAPPER where that is not unique"
    )
    key: str | None = Field(
        None, max_length=LONGEST, description="the key of another action, PROVIDER:ID, as `/xapi/events/allactions` has"
    )

    @model_validator(mode="after")
    def _one_action(self) -> SubscriptionAction:
        if (self.command is None) == (self.key is None):
            raise PydanticCustomError("one-action", "an action has either a `command` or a `key`", {"hint": _ACTIONS})
        return self


class Subscription(Model):
    identity: ClassVar[str | None] = "name"

    name: str = Field(min_length=1, max_length=LONGEST, description="its name, by which it is found again")
    event: str = Field(description="the event, such as `scan.created` or `scheduled`; or the class of another one")
    status: str | None = Field(None, description="the status of an event that is given as a class; null is any")
    projects: list[str] | None = Field(
        None, min_length=1, description="the projects whose events count; one subscription for all of them"
    )
    everywhere: bool = Field(False, description="whether events of all projects count")
    filter: str | None = Field(
        None, max_length=LONGEST, description="a JSONPath predicate on what the event is about; null is none"
    )
    action: str | SubscriptionAction = Field(
        description="what is done: `logging`, `{command: WRAPPER}` or `{key: PROVIDER:ID}`"
    )
    attributes: dict[str, str] | None = Field(
        None, description="inputs of the wrapper, or attributes of another action; null is none"
    )
    schedule: str | None = Field(
        None, description="when a scheduled event happens: second minute hour day-of-month month day-of-week"
    )
    act_as_event_user: bool | None = Field(
        None, description="whether it acts for who caused the event; null is no: for the account that applied it"
    )
    active: bool | None = Field(None, description="whether it works; null is XNAT's: yes")
    was: str | None = Field(None, description="its name before; it keeps its id and its history")
    protected: bool = Field(False, description="never deleted, switched off by pruning or renamed")
    ignore: list[str] = Field(default_factory=list, description="fields that are neither compared nor written")

    @property
    def is_template(self) -> bool:
        return self.projects is None and not self.everywhere

    @field_validator("action")
    @classmethod
    def _known_word(cls, action: str | SubscriptionAction) -> str | SubscriptionAction:
        if isinstance(action, str) and action != LOGGING:
            raise PydanticCustomError("unknown-action", "the only action of one word is `logging`", {"hint": _ACTIONS})
        return action

    @model_validator(mode="after")
    def _one_place(self) -> Subscription:
        if self.everywhere and self.projects is not None:
            hint = {"hint": "leave one of them out"}
            raise PydanticCustomError("one-place", "`everywhere: true` and `projects` exclude each other", hint)
        return self


class ProjectSubscription(Model):
    """A template's subscription in one project."""

    active: bool | None = Field(
        None, description="whether it works here; what the template says where this is not said"
    )


SUBSCRIPTIONS = Section(
    key="subscriptions",
    shape=list[Subscription],
    doc="What happens on which event. One with neither `projects` nor `everywhere` is a template for the projects.",
    example="""\
- name: log new sessions
  event: session.created
  everywhere: true
  action: logging
  active: true
""",
)
