"""What is worked out once for a script, however many sessions it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.dicomedit.discovery import external_variables, unknown_function
from bootstrap.dicomedit.planning import Plans

if TYPE_CHECKING:
    from bootstrap.dicomedit.script import Script


class Loaded:
    def __init__(self, script: Script) -> None:
        self.external = external_variables(script.statements)
        self.unknown = unknown_function(script.statements)
        self.plans = Plans()


def loaded(script: Script) -> Loaded:
    """A folder's files each have a session of their own: to go over the tree for each would take longer than to run."""
    if not script.loaded:
        script.loaded.append(Loaded(script))
    return script.loaded[0]
