"""The engine's operations on an object, whatever holds it: reading, writing and deleting by path."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass

from bootstrap.dicomedit.codec import bytes_of, first_value, text_of
from bootstrap.dicomedit.dictionary import is_creator, is_private
from bootstrap.dicomedit.holding import Item
from bootstrap.dicomedit.matching import Selection, written
from bootstrap.dicomedit.nodes import ElementStep, LevelStep, PrivateTag, PublicTag, TagPath
from bootstrap.dicomedit.problems import ScriptError

Place = list[int]  # tag, item, tag, item, ..., tag: where an element is, as numbers
_MOST_ITEMS = 100_000
_NOT_A_SEQUENCE = "a step of the path leads through an element that is no sequence"


def spelled(path: TagPath) -> str:
    """A path used as text: its spelling without punctuation."""
    parts: list[str] = []
    for index, step in enumerate(path.steps):
        if isinstance(step, LevelStep):
            parts.append(step.sign)
            continue
        tag = step.tag
        name = f'{tag.group}"{tag.creator}"10{tag.element}' if isinstance(tag, PrivateTag) else tag.group + tag.element
        inner = index + 1 < len(path.steps)
        number = step.item if step.item is not None else "%" if inner else None
        parts.append(name if number is None else f"{name}[{number}]")
    return "/".join(parts)


def text_at(item: Item, tag: int) -> str | None:
    """An element's text; None where there is none. A sequence without items reads `null`, as in the engine."""
    vr = item.vr(tag)
    if vr is None:
        return None
    if vr == "SQ" or item.is_encapsulated(tag):
        if vr == "SQ" and not item.items(tag):
            return "null"
        raise ScriptError(f"{shown(tag)} is a sequence and has no text")
    return text_of(vr, item.raw(tag), item.charset())


def put_text(item: Item, tag: int, text: str | None) -> None:
    vr = item.vr(tag) or item.default_vr(tag)
    if vr == "SQ":
        item.put_sequence(tag)
    else:
        item.put(tag, vr, bytes_of(vr, text, item.charset()))


def shown(tag: int) -> str:
    return f"({tag >> 16:04X},{tag & 0xFFFF:04X})"


# ---- private blocks


def creator_of(item: Item, tag: int) -> str | None:
    """The creator of a private element; None if its creator element is missing or empty."""
    return creator_at(item, tag & 0xFFFF0000 | tag >> 8 & 0xFF)


def creator_at(item: Item, tag: int) -> str | None:
    vr = item.vr(tag)
    return None if vr in (None, "SQ") else first_value(str(vr), item.raw(tag), item.charset())


def block_tag(item: Item, tag: int, creator: str, *, reserve: bool) -> int | None:
    """The tag with the block that a creator has here. The search ends at the first empty slot, which is taken."""
    group = tag & 0xFFFF0000
    for slot in range(0x10, 0x100):
        found = creator_at(item, group | slot)
        if found is None:
            if not reserve:
                return None
            item.put(group | slot, "LO", bytes_of("LO", creator, item.charset()))
            found = creator
        if found == creator:
            return tag & 0xFFFF00FF | slot << 8
    raise ScriptError(f"no free block to reserve in group {group >> 16:04X}")


# ---- from a path to a place


def tag_number(step: ElementStep) -> int:
    """As a signed number of 32 bits: groups above 7FFF are too large for the engine."""
    tag = step.tag
    text = tag.group + ("10" if isinstance(tag, PrivateTag) else "") + tag.element
    if re.fullmatch("[0-7][0-9a-fA-F]{7}", text) is None:
        raise ScriptError(f'For input string: "{text}" under radix 16')
    return int(text, 16)


def item_number(step: ElementStep) -> int:
    if step.item in (None, "%"):
        raise ScriptError(f'For input string: "%": the step {step} needs an item number')
    return int(str(step.item))


@dataclass(frozen=True, slots=True)
class _Facts:
    path: TagPath
    is_singular: bool
    plain_tag: int | None  # of a path that is one public element at the root


_FACTS: dict[int, _Facts] = {}  # by the identity of the path


def _facts(path: TagPath) -> _Facts:
    known = _FACTS.get(id(path))
    if known is not None and known.path is path:
        return known
    if len(_FACTS) > 20_000:
        _FACTS.clear()
    first = path.steps[0]
    plain = len(path.steps) == 1 and isinstance(first, ElementStep) and first.item is None
    if plain and path.is_singular and isinstance(first, ElementStep) and isinstance(first.tag, PublicTag):
        facts = _Facts(path, True, tag_number(first))
    else:
        facts = _Facts(path, path.is_singular, None)
    _FACTS[id(path)] = facts
    return facts


def require_singular(path: TagPath) -> None:
    if not _facts(path).is_singular:
        raise ScriptError(f"Path matching multiple tags not allowed as term: {path}")


class _Walk:
    """How the engine walks a path to turn creators into block numbers. It leaves things behind: a creator that is
    looked for and missing is entered, a public sequence that is missing is created with an item."""

    def __init__(self, root: Item, *, create: bool) -> None:
        self.item: Item | None = root
        self.create = create

    def here(self) -> Item:
        if self.item is None:
            raise ScriptError("the path leads through a sequence without items")
        return self.item

    def into(self, step: ElementStep) -> Place:
        number = tag_number(step)
        if isinstance(step.tag, PrivateTag):
            return [self._private(number, step.tag.creator), item_number(step)]
        self._public(number)
        return [number, item_number(step)]

    def _private(self, number: int, creator: str) -> int:
        here = self.here()
        resolved = block_tag(here, number, creator, reserve=self.create)
        if resolved is not None:
            return resolved
        first_slot = number & 0xFFFF0000 | 0x10
        here.put_sequence(number)
        here.put(first_slot, "LO", bytes_of("LO", creator, here.charset()))
        self.item = None
        return first_slot

    def _public(self, number: int) -> None:
        here = self.here()
        if number not in here:
            here.put_sequence(number)
            self.item = here.add_item(number)
            return
        items = here.items(number)
        if items is None:
            raise ScriptError(_NOT_A_SEQUENCE)
        self.item = items[0] if items else None

    def last(self, step: ElementStep) -> int:
        number = tag_number(step)
        if isinstance(step.tag, PrivateTag):
            return block_tag(self.here(), number, step.tag.creator, reserve=True) or number
        return number


def resolve(root: Item, path: TagPath, *, create: bool) -> Place:
    walk, place = _Walk(root, create=create), Place()
    for index, step in enumerate(path.steps):
        assert isinstance(step, ElementStep)  # a singular path has no others
        if step.item is not None or index + 1 < len(path.steps):
            place += walk.into(step)
        else:
            place.append(walk.last(step))
    return place


def element_at(root: Item, place: Place) -> tuple[Item, int] | None:
    """The item that holds the element; None if a sequence or an item on the way is missing."""
    if len(place) % 2 == 0:
        raise ScriptError("the path ends in an item, not in an element")
    item = root
    for tag, number in zip(place[:-1:2], place[1::2], strict=True):
        items = item.items(tag)
        if items is None or number >= len(items):
            return None
        if number < 0:
            raise ScriptError(f"there is no item {number}")
        item = items[number]
    return item, place[-1]


def read(root: Item, path: TagPath) -> str | None:
    plain = _facts(path).plain_tag
    if plain is not None:
        return text_at(root, plain)
    require_singular(path)
    found = element_at(root, resolve(root, path, create=False))
    return text_at(*found) if found else None


def vr_at(root: Item, place: Place) -> str:
    found = element_at(root, place)
    item = found[0] if found else root
    vr = item.vr(place[-1]) if found else None
    return vr or item.default_vr(place[-1])


def write(root: Item, place: Place, text: str | None, vr: str | None = None) -> None:
    """Creates what is missing on the way. The engine puts a sequence at the root, wherever the path leads."""
    if vr is None or vr == "UN":
        vr = vr_at(root, place)
    if vr == "SQ":
        root.put_sequence(place[-1])
        return
    item = _created(root, place)
    item.put(place[-1], vr, bytes_of(vr, text, item.charset()))


def _created(root: Item, place: Place) -> Item:
    item = root
    for tag, number in zip(place[:-1:2], place[1::2], strict=True):
        if item.items(tag) is None:
            item.put_sequence(tag)
        items = list(item.items(tag) or ())
        if not 0 <= number <= _MOST_ITEMS:
            raise ScriptError(f"there is no item {number}, and it cannot be made")
        while len(items) <= number:
            items.append(item.add_item(tag))
        item = items[number]
    return item


def assign(root: Item, path: TagPath, text: str | None) -> Place | None:
    """`:=`. A null value is no operation; where something was written is returned."""
    facts = _facts(path)
    if not facts.is_singular:
        raise ScriptError(f"Assigning to a path that maps to multiple attributes is not supported: {path}")
    if text is None:
        return None
    if facts.plain_tag is not None:
        put_text(root, facts.plain_tag, text)
        return [facts.plain_tag]
    place = resolve(root, path, create=True)
    write(root, place, text)
    return place


_DIRECT_STEP = re.compile(r"\(([0-9a-fA-F]{4}),([0-9a-fA-F]{4})\)(?:\[([0-9]+)\])?")


def direct_place(text: str | None) -> Place:
    """The path language of `set` and `delete`: numbers only."""
    place = Place()
    for step in re.sub(r"[ \t]", "", text or "").split("/"):
        match = _DIRECT_STEP.fullmatch(step)
        if match is None or int(match[1], 16) > 0x7FFF:
            raise ScriptError(f"`{text}` is not a direct path such as (gggg,eeee)[n]/(gggg,eeee)")
        place.append(int(match[1] + match[2], 16))
        if match[3] is not None:
            place.append(int(match[3]))
    return place


def is_present(root: Item, path: TagPath) -> bool:
    """Leaves nothing behind, other than a read."""
    if not path.is_singular:
        raise ScriptError(f"Argument is not a singular tagPath: {path}")
    item = root
    for index, step in enumerate(path.steps):
        assert isinstance(step, ElementStep)
        inner = step.item is not None or index + 1 < len(path.steps)
        number = item_number(step) if inner else 0
        tag: int | None = tag_number(step)
        if isinstance(step.tag, PrivateTag):
            tag = block_tag(item, tag_number(step), step.tag.creator, reserve=False)
        if tag is None or tag not in item:
            return False
        if inner:
            items = item.items(tag)
            if items is None or number >= len(items):
                return False
            if number < 0:
                raise ScriptError(f"there is no item {number}")
            item = items[number]
    return True


# ---- visiting


def visit(item: Item, prefix: str = "") -> Iterator[tuple[Item, int, str]]:
    """Every element that is no sequence with items, with its path as the engine writes it."""
    for tag in item.tags():
        if tag not in item:
            continue
        path = prefix + written(tag, _creator_for_path(item, tag))
        items = item.items(tag)
        if items:
            for index, inner in enumerate(items):
                yield from visit(inner, f"{path}[{index}]/")
        else:
            yield item, tag, path


def _creator_for_path(item: Item, tag: int) -> str | None:
    if not is_private(tag):
        return None
    return creator_at(item, tag) if is_creator(tag) else creator_of(item, tag)


def matches(root: Item, selection: Selection) -> Iterator[tuple[Item, int]]:
    """Elements that any of the paths means, each once, in the engine's order; a change made on the way counts."""
    if selection.by_number:
        yield from _with_tags(root, selection.numbers, selection.anywhere)
        return
    for item, tag, path in visit(root):
        if any(pattern.expression(path) for pattern in selection.patterns):
            yield item, tag


def _with_tags(item: Item, wanted: Set[int], below: Set[int]) -> Iterator[tuple[Item, int]]:
    found = item.among(wanted)
    sequences = item.sequences() if below else [tag for tag in found if item.vr(tag) == "SQ"]
    for tag in sorted({*found, *sequences}):
        items = item.items(tag)
        if not items and tag in found:
            yield item, tag
        for inner in items or () if below else ():
            yield from _with_tags(inner, below, below)
