"""What came of applying a script."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

    from bootstrap.dicomedit.nodes import Node

Status = Literal["success", "rejected", "error"]


@dataclass(frozen=True, slots=True)
class Change:
    """`old` and `new` are None where there was, or is, no element."""

    path: str
    old: str | None
    new: str | None


@dataclass(slots=True)
class Step:
    """What one statement did. `note` says why nothing happened, or what the condition came to."""

    line: int
    statement: Node
    matched: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    status: Status
    message: str = ""
    line: int | None = None
    dataset: Dataset | None = None  # the changed copy; after an error or a rejection there is none
    trace: tuple[Step, ...] = ()
    notes: tuple[str, ...] = ()  # what is wrong with the file itself, and did not keep the script from running
