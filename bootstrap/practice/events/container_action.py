"""The actions of the Container Service: each wrapper is one, and its id is the wrapper's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from bootstrap.facts import type_ancestry
from bootstrap.practice.containers import configuration, enablement, requirements
from bootstrap.practice.containers.commands import store
from bootstrap.practice.containers.commands.store import Wrapper
from bootstrap.practice.containers.problems import Problem
from bootstrap.practice.containers.room import room as containers
from bootstrap.practice.data import rights
from bootstrap.practice.events.actions import NO_ID, Action, Asked, CannotAsk, key_of

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

_ID = re.compile(r"[1-9][0-9]{0,17}")  # as the server prints it; another spelling of the number is another id


class ContainerAction:
    java_class = "org.nrg.containers.services.CommandActionProvider"
    display_name = "Container Service"

    def is_loaded(self, site: Site) -> bool:
        return containers.is_loaded(site)

    def all_actions(self, site: Site) -> list[Action]:
        """Of every command, switched on or not."""
        return [self._action(wrapper, None) for wrapper in _wrappers(site)]

    def offered(self, site: Site, asked: Asked) -> list[Action]:
        """Nothing where nobody says what type of data it is for."""
        types = asked.xsi_types or ()
        if asked.project and not rights.may_read(site, asked.call.caller, asked.project):
            return []
        return [
            self._action(wrapper, _attributes(site, wrapper, asked.project))
            for wrapper in _wrappers(site)
            if enablement.in_effect(site, wrapper.id, asked.project)
            and any(_is_for(one, wrapper) and _may_use(asked, one, wrapper) for one in types)
        ]

    def is_available(self, site: Site, action_id: str | None, project: str) -> bool:
        """Ids are compared as texts; neither the wrapper's contexts nor anybody's rights are looked at."""
        if action_id is None:
            raise CannotAsk(NO_ID)
        if not _ID.fullmatch(action_id):
            return False
        wrapper = store.find_wrapper(site, int(action_id))
        belongs = wrapper is not None and wrapper.command_id is not None
        return belongs and enablement.in_effect(site, int(action_id), project)

    def _action(self, wrapper: Wrapper, attributes: Mapping[str, Any] | None) -> Action:
        description = wrapper.document.get("description") or ""
        return Action(key_of(self, wrapper.id), wrapper.name or "", description, attributes)


def _wrappers(site: Site) -> Iterator[Wrapper]:
    return (wrapper for command in store.all_commands(site) for wrapper in command.wrappers)


def _is_for(xsi_type: str, wrapper: Wrapper) -> bool:
    return any(type_ancestry.is_a(xsi_type, context) for context in wrapper.document["contexts"])


def _may_use(asked: Asked, xsi_type: str, wrapper: Wrapper) -> bool:
    """For the site nobody's rights are looked at."""
    if not asked.project:
        return True
    has_root = bool(wrapper.document["external-inputs"])
    return has_root and requirements.are_met(asked.call, asked.project, xsi_type, wrapper.document)


def _attributes(site: Site, wrapper: Wrapper, project: str) -> Mapping[str, Any]:
    """The inputs that a user may set, as they are configured there."""
    try:
        inputs = configuration.read(site, wrapper.id, project)["inputs"]
    except Problem:
        return {}
    kept = ("description", "type", "default-value", "required")
    return {
        name: {key: one[key] for key in kept if one[key] is not None}
        for name, one in inputs.items()
        if one["user-settable"] and one["type"]
    }
