"""Watches an object while statements run, by comparing it before and after each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.editing import matches, shown, text_at
from bootstrap.dicomedit.holding import PIXEL_DATA, Item
from bootstrap.dicomedit.matching import select
from bootstrap.dicomedit.outcome import Change, Step
from bootstrap.dicomedit.problems import ScriptError
from bootstrap.dicomedit.tracing_pixels import PixelWatch, shown_size

_LONGEST = 200  # a longer value is shown by its size
_PIXELS = shown(PIXEL_DATA)
_HOLDERS = (nodes.If, nodes.Ternary)


class Tracer:
    def __init__(self, root: Item) -> None:
        self.root = root
        self.steps: list[Step] = []
        self._open: list[Step] = []
        self._state = snapshot(root)
        self._pixels = PixelWatch(root)

    @contextmanager
    def watching(self, statement: nodes.Statement) -> Iterator[None]:
        step = Step(statement.line, statement, self._matched(statement))
        self.steps.append(step)
        self._open.append(step)
        self._pixels.before(statement)
        try:
            yield
        finally:
            self._open.pop()
            self._pixels.after(statement)
            step.changes = self._changes()
            if isinstance(statement, nodes.Delete):
                step.matched = _gone(step.changes)
            if not step.changes and not step.note:
                step.note = _why_nothing(step)

    def note(self, text: str) -> None:
        if self._open:
            step = self._open[-1]
            step.note = f"{step.note}; {text}" if step.note else text

    def _changes(self) -> list[Change]:
        before, after = self._state, snapshot(self.root)
        if _PIXELS in after:
            after[_PIXELS] = self._pixels.shown(after[_PIXELS])
        self._state = after
        paths = [*before, *(path for path in after if path not in before)]
        return [
            Change(path, before.get(path), after.get(path)) for path in paths if before.get(path) != after.get(path)
        ]

    def _matched(self, statement: nodes.Statement) -> list[str]:
        if not isinstance(statement, nodes.AssignIfExists):
            return [str(statement.path)] if isinstance(statement, nodes.Assign) else []
        try:
            meant = select([statement.path])
        except ScriptError:
            return []
        wanted = {(item.identity, tag) for item, tag in matches(self.root, meant)}
        return [path for path, item, tag in located(self.root) if (item.identity, tag) in wanted]


def _gone(changes: list[Change]) -> list[str]:
    """What a delete removed, without what was inside."""
    gone: list[str] = []
    for change in changes:
        if change.new is None and not any(change.path.startswith(f"{path}[") for path in gone):
            gone.append(change.path)
    return gone


def _why_nothing(step: Step) -> str:
    match step.statement:
        case nodes.Delete() | nodes.AssignIfExists() if not step.matched:
            return "no element matches"
        case nodes.Assign() | nodes.AssignIfExists():
            return "the value was there already"
        case nodes.CallStatement() | nodes.RemoveAllPrivateTags():
            return "nothing changed"
        case _:
            return ""


def located(item: Item, prefix: str = "") -> Iterator[tuple[str, Item, int]]:
    for tag in item.tags():
        path = prefix + shown(tag)
        yield path, item, tag
        for index, inner in enumerate(item.items(tag) or ()):
            yield from located(inner, f"{path}[{index}]/")


def snapshot(root: Item) -> dict[str, str]:
    """Every element's text by path; a sequence is shown by the number of its items."""
    state: dict[str, str] = {}
    for path, item, tag in located(root):
        items = item.items(tag)
        state[path] = _brief(item, tag) if items is None else f"<{len(items)} item{'' if len(items) == 1 else 's'}>"
    return state


def _brief(item: Item, tag: int) -> str:
    if item.is_encapsulated(tag):
        return "<compressed pixels>" if tag == PIXEL_DATA else f"<{len(item.raw(tag))} bytes>"
    size = len(item.raw(tag))
    if tag == PIXEL_DATA or (size > _LONGEST and item.vr(tag) in ("OB", "OW", "UN", "OF")):
        return shown_size(size)
    try:
        return str(text_at(item, tag))
    except ScriptError:
        return f"<{size} bytes that the engine cannot read>"
