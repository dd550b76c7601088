"""Overlays: maps merge, lists merge by identity, and what is said twice must be meant (`!override`)."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from bootstrap.config.nodes import BROKEN, Items, Map, Node, Scalar, source
from bootstrap.config.outline import Outline
from bootstrap.config.problems import Problems
from bootstrap.config.texts import EnvText

Identity = str | tuple[str, ...]
Name = str | int | tuple[str | int, ...]
HINT = "write `!override` before the value if it is meant to win"


def merge(base: Node, over: Node, outline: Outline | None, problems: Problems) -> Node:
    """Both in one; where they cannot be, a problem and the overlay's value. Neither of the two is changed."""
    if over.override:
        return over
    if isinstance(base, Map) and isinstance(over, Map):
        return _maps(base, over, outline, problems)
    if isinstance(base, Items) and isinstance(over, Items):
        return _lists(base, over, outline, problems)
    if not same(base, over) and not (_broken(base) or _broken(over)):
        first = source(base.place)
        what = "another value" if type(base) is type(over) else "something of another shape"
        problems.error("set-twice", f"this is said twice: {first} says {what}", over.place, HINT)
    return over if _broken(base) else replace(over, override=base.override)


def _maps(base: Map, over: Map, outline: Outline | None, problems: Problems) -> Map:
    merged = Map(base.place, override=base.override)
    for key, node in base.entries.items():
        other = over.entries.get(key)
        inner = outline.inner(base, key) if outline else None
        merged.put(key, base.keys[key], node if other is None else merge(node, other, inner, problems))
    for key, node in over.entries.items():
        if key not in base.entries:
            merged.put(key, over.keys[key], node)
    return merged


def _lists(base: Items, over: Items, outline: Outline | None, problems: Problems) -> Node:
    inner = outline.items if outline else None
    identity = inner.identity if inner else None
    if inner is None or identity is None:
        if not same(base, over):
            message = (
                f"this list is said twice: {source(base.place)} says another, and its items have no names to merge by"
            )
            problems.error("set-twice", message, over.place, HINT)
        return replace(over, override=base.override)
    return _by_name(base, over, identity, inner, problems)


def _by_name(base: Items, over: Items, identity: Identity, inner: Outline, problems: Problems) -> Items:
    merged = Items(base.place, override=base.override)
    others = {name: node for node in over.items if (name := name_of(node, identity)) is not None}
    known = set()
    for node in base.items:
        name = name_of(node, identity)
        other = others.get(name) if name is not None else None
        known.add(name)
        merged.put(node if other is None else merge(node, other, inner, problems))
    for node in over.items:
        name = name_of(node, identity)
        if name is None or name not in known:
            merged.put(node)
    return merged


def refuse_twins(tree: Node, outline: Outline | None, problems: Problems) -> None:
    """Two items of one list of one file that have one name."""
    if outline is None or not _holds_lists(outline):
        return
    if isinstance(tree, Map):
        for key, node in tree.entries.items():
            refuse_twins(node, outline.inner(tree, key), problems)
    elif isinstance(tree, Items) and outline.items is not None:
        if outline.items.identity is not None:
            _twins(tree, outline.items.identity, problems)
        for node in tree.items:
            refuse_twins(node, outline.items, problems)


def _twins(items: Items, identity: Identity, problems: Problems) -> None:
    first: dict[Name, Node] = {}
    for node in items.items:
        name = name_of(node, identity)
        if name is None:
            continue
        if name in first:
            message = f"two items of this list have the {_shown(identity, name)}"
            problems.error("duplicate-name", message, node.place, f"the first is at {source(first[name].place)}")
        first.setdefault(name, node)


def _shown(identity: Identity, name: Name) -> str:
    keys, words = (identity, name) if isinstance(identity, tuple) else ((identity,), (name,))
    told = [word.origin if isinstance(word, EnvText) else word for word in words]  # type: ignore[union-attr]
    return " and ".join(f"{key} `{word}`" for key, word in zip(keys, told, strict=True))


def name_of(node: Node, identity: Identity) -> Name | None:
    """What the item calls itself; None where it does not (or not yet: a name from `!file` is not read by then)."""
    if isinstance(identity, str):
        return _word_of(node, identity)
    words = [_word_of(node, key) for key in identity]
    return None if None in words else tuple(word for word in words if word is not None)


def _word_of(node: Node, key: str) -> str | int | None:
    named = node.entries.get(key) if isinstance(node, Map) else None
    value = named.value if isinstance(named, Scalar) else None
    return value if isinstance(value, str | int) and not isinstance(value, bool) else None


@cache
def _holds_lists(outline: Outline) -> bool:
    """Whether a list with named items can stand anywhere under this."""
    seen: set[Outline] = set()
    todo = [outline]
    while todo:
        here = todo.pop()
        if here in seen:
            continue
        seen.add(here)
        if here.items is not None and here.items.identity is not None:
            return True
        todo += [inner for inner in (*here.fields.values(), here.values, here.items) if inner is not None]
    return False


def same(one: Node, other: Node) -> bool:
    """Whether both say the same, wherever they say it."""
    if isinstance(one, Map) and isinstance(other, Map):
        return one.entries.keys() == other.entries.keys() and all(
            same(node, other.entries[key]) for key, node in one.entries.items()
        )
    if isinstance(one, Items) and isinstance(other, Items):
        return len(one.items) == len(other.items) and all(map(same, one.items, other.items))
    if isinstance(one, Scalar) and isinstance(other, Scalar):
        return type(one.value) is type(other.value) and bool(one.value == other.value)
    return False


def _broken(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is BROKEN
