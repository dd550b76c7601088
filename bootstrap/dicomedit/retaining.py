"""`retainPrivateTags`. As the engine does it: note the texts of what is kept, delete all private elements, write back.

The way over the text damages binary values; that is what happens on the server.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bootstrap.dicomedit.deleting import delete_private
from bootstrap.dicomedit.dictionary import is_creator, is_private
from bootstrap.dicomedit.editing import creator_at, creator_of, text_at, write
from bootstrap.dicomedit.functions_text import Arguments
from bootstrap.dicomedit.holding import PIXEL_DATA, Item
from bootstrap.dicomedit.matching import Pattern, compile_pattern, written
from bootstrap.dicomedit.nodes import LevelStep, TagPath
from bootstrap.dicomedit.problems import ScriptError
from bootstrap.dicomedit.run import Run
from bootstrap.dicomedit.script_values import VOID, RuntimeValue, as_path, flattened


@dataclass(frozen=True, slots=True)
class _Kept:
    place: tuple[int, ...]
    vr: str
    text: str | None


def retain_private_tags(run: Run, arguments: Arguments) -> RuntimeValue:
    paths = [as_path(value) for value in flattened(arguments)]
    for path in paths:
        if not path.is_private:
            raise ScriptError(f"TagPath argument in retainPrivateTags is not private: {path}")
    patterns = [compile_pattern(path) for path in [*paths, *map(_with_content, paths)]]
    kept = list(_kept(run.root, patterns, "", (), False))
    delete_private(run.root)
    for element in kept:
        write(run.root, list(element.place), element.text, element.vr)
    return VOID


def _with_content(path: TagPath) -> TagPath:
    """A path that names a sequence keeps what is in it."""
    last = path.steps[-1]
    if isinstance(last, LevelStep):
        return path
    return TagPath((*path.steps, LevelStep("*", start=last.start, end=last.end)), start=path.start, end=path.end)


def _kept(
    item: Item, patterns: list[Pattern], prefix: str, place: tuple[int, ...], inside_private: bool
) -> Iterator[_Kept]:
    found: list[_Kept] = []
    creators: set[int] = set()
    for tag in item.tags():
        private = inside_private or is_private(tag)
        if private and tag > 0x7FFFFFFF:
            raise ScriptError(f'For input string: "{tag:08x}" under radix 16')
        inner = list(_kept_at(item, tag, patterns, prefix, place, private))
        found += inner
        if is_private(tag) and not is_creator(tag) and (inner or _named(item, tag, patterns, prefix)):
            creators.add(tag & 0xFFFF0000 | tag >> 8 & 0xFF)
    have = {element.place for element in found}
    for creator in creators:
        if creator in item and (*place, creator) not in have:
            found.append(_Kept((*place, creator), str(item.vr(creator)), text_at(item, creator)))
    yield from found


def _kept_at(
    item: Item, tag: int, patterns: list[Pattern], prefix: str, place: tuple[int, ...], private: bool
) -> Iterator[_Kept]:
    path, here = prefix + _written(item, tag), (*place, tag)
    items = item.items(tag)
    if items:
        for index, inner in enumerate(items):
            yield from _kept(inner, patterns, f"{path}[{index}]/", (*here, index), private)
    elif private and tag != PIXEL_DATA and any(pattern.expression(path) for pattern in patterns):
        yield _Kept(here, str(item.vr(tag)), text_at(item, tag))


def _named(item: Item, tag: int, patterns: list[Pattern], prefix: str) -> bool:
    path = prefix + _written(item, tag)
    return any(pattern.expression(path) for pattern in patterns)


def _written(item: Item, tag: int) -> str:
    if not is_private(tag):
        return written(tag)
    return written(tag, creator_at(item, tag) if is_creator(tag) else creator_of(item, tag))
