"""Providers of XNAT's own with one action each, which is always there and has the provider's class as its id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bootstrap.practice.events.actions import Action, Asked, key_of

if TYPE_CHECKING:
    from bootstrap.practice.site import Site


class SingleAction:
    java_class = ""
    display_name = ""
    description = ""

    def is_loaded(self, _site: Site) -> bool:
        return True

    def all_actions(self, site: Site) -> list[Action]:
        return [Action(key_of(self, self.java_class), self.display_name, self.description, self.attributes(site))]

    def offered(self, site: Site, _asked: Asked) -> list[Action]:
        return self.all_actions(site)

    def is_available(self, _site: Site, action_id: str | None, _project: str) -> bool:
        return action_id == self.java_class

    def attributes(self, _site: Site) -> Mapping[str, Any]:
        return {}
