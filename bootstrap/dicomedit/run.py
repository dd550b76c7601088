"""One script over one object: what functions need."""

from __future__ import annotations

from dataclasses import dataclass, field

from bootstrap.dicomedit.editing import read
from bootstrap.dicomedit.environment import Environment
from bootstrap.dicomedit.holding import Item
from bootstrap.dicomedit.nodes import TagPath
from bootstrap.dicomedit.planning import Plans
from bootstrap.dicomedit.script_values import RuntimeValue


@dataclass(slots=True)
class Run:
    root: Item
    environment: Environment
    variables: dict[str, RuntimeValue] = field(default_factory=dict)
    plans: Plans = field(default_factory=Plans)  # for the next object, too

    def resolved(self, value: RuntimeValue) -> RuntimeValue:
        """A path becomes the text of its element; anything else stays."""
        return read(self.root, value) if isinstance(value, TagPath) else value
