"""What a subscription may do when an event comes: actions, and the providers that offer them.

A room that offers actions puts a provider into PROVIDERS, once, at import:

    actions.PROVIDERS.append(MyProvider())

What carries an action out is told to `delivery.py`, in RUNNERS. The key of an action is the provider's class, a colon,
and the id of the action; what follows is kept and ignored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from bootstrap.practice.http.call import Call
    from bootstrap.practice.site import Site

NO_ID = 'Cannot invoke "java.lang.CharSequence.length()" because "cs" is null'


class CannotAsk(Exception):
    """The provider breaks on this key; in its words."""


@dataclass(frozen=True)
class Action:
    key: str
    display_name: str
    description: str
    attributes: Mapping[str, Any] | None = None

    def shown(self, *, with_attributes: bool = True) -> dict[str, Any]:
        attributes = self.attributes if with_attributes else None
        return {
            "action-key": self.key,
            "display-name": self.display_name,
            "description": self.description,
            "attributes": attributes,
        }


@dataclass(frozen=True)
class Asked:
    """For whom actions are listed."""

    call: Call
    project: str = ""  # '': for the site
    xsi_types: Sequence[str] | None = None  # of what the event is about; None: nobody said


class ActionProvider(Protocol):
    java_class: str
    display_name: str

    def is_loaded(self, site: Site) -> bool:
        """Whether the plugin that brings it is there."""

    def all_actions(self, site: Site) -> list[Action]:
        """Every action that there is, enabled or not."""

    def offered(self, site: Site, asked: Asked) -> list[Action]:
        """The actions that can be chosen there, with their attributes."""

    def is_available(self, site: Site, action_id: str | None, project: str) -> bool:
        """Whether a subscription may use it; CannotAsk where asking already fails."""


PROVIDERS: list[ActionProvider] = []


def key_of(provider: ActionProvider, action_id: object) -> str:
    return f"{provider.java_class}:{action_id}"


def split_key(key: str) -> tuple[str, str | None]:
    """The provider's class and the id; None where there is no colon."""
    parts = key.split(":")
    return parts[0], parts[1] if len(parts) > 1 else None


def loaded(site: Site) -> list[ActionProvider]:
    return [provider for provider in PROVIDERS if provider.is_loaded(site)]


def provider_of(site: Site, key: str) -> ActionProvider | None:
    java_class = split_key(key)[0]
    return next((one for one in loaded(site) if one.java_class == java_class), None)


def all_actions(site: Site) -> list[Action]:
    return [action for provider in loaded(site) for action in provider.all_actions(site)]


def offered(site: Site, asked: Asked) -> list[Action]:
    return [action for provider in loaded(site) for action in provider.offered(site, asked)]


def find(site: Site, key: str) -> Action | None:
    """Whether enabled or not."""
    provider, action_id = provider_of(site, key), split_key(key)[1]
    wanted = f"{split_key(key)[0]}:{action_id}"
    return next((one for one in provider.all_actions(site) if one.key == wanted), None) if provider else None
