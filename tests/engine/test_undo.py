"""What an undo document puts back, and what it leaves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bootstrap.engine.order import KindOrder
from bootstrap.engine.outcome import Done, exit_code
from bootstrap.engine.plan import Change
from bootstrap.engine.undo import undo_from_json
from bootstrap.kinds.image import ImageKind
from bootstrap.kinds.initialization import Initialization
from bootstrap.kinds.registry import RegistryKind

ORDER = KindOrder([Initialization(), RegistryKind(), ImageKind()])


def undo(*steps: dict[str, Any]) -> tuple[list[str], list[str], list[str]]:
    document = {"run": "r", "server": "http://x", "files": ["site.yaml"], "changes": list(steps)}
    found = undo_from_json(document, ORDER, Path("x.undo.json"))
    return [r.ref for r in found.restore], [r.ref for r in found.remove], [note.message for note in found.notes]


def step(kind: str, action: str, **fields: Any) -> dict[str, Any]:
    return {"kind": kind, "name": "a", "action": action, "fields": fields}


def test_what_was_made_is_removed_and_what_was_changed_put_back() -> None:
    assert undo(step("registry", "delete"), step("image", "restore", image="a:1")) == (["image:a"], ["registry:a"], [])


def test_what_is_never_removed_stays_and_is_told() -> None:
    assert undo(step("image", "delete")) == ([], [], ["image:a stays: what it is, is never removed"])


def test_what_is_done_once_is_not_undone_and_said() -> None:
    restored, removed, notes = undo(step("initialization", "restore", initialized=False))
    assert (restored, removed) == ([], [])
    assert notes == ["initialization:a stays: it is done once and for all"]


def test_a_run_that_lacks_what_it_takes_is_incomplete_even_if_nothing_was_done() -> None:
    change = Change("container_engine", "server", "update")
    assert exit_code([Done(change, "failed", "no engine", lacking=True)]) == 5
    assert exit_code([Done(change, "failed", "another reason")]) == 1
