"""One launch as it was asked for."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace


@dataclass(frozen=True)
class Request:
    user: str
    given: dict[str, str] = field(default_factory=dict)
    wrapper: int = 0  # 0: it is named by command and name
    command: int = 0
    name: str = ""
    project: str = ""  # '': that of the object
    root: str = ""  # the input that was named in the address
    workflow: int | None = None
    bulk: str = ""
    orchestration: int = 0
    step: int = 0

    @property
    def target(self) -> str | None:
        """The value of the root."""
        return self.given.get(self.root) if self.root else None

    def with_workflow(self, number: int | None) -> Request:
        return replace(self, workflow=number)

    def as_text(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def of_text(cls, text: str) -> Request:
        return cls(**json.loads(text))
