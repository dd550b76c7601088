"""The shape of a tag path: where it begins, what it ends in, what it may mean."""

from __future__ import annotations

from functools import lru_cache

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.lint import attributes
from bootstrap.dicomedit.problems import ParseError


def last_step(path: nodes.TagPath) -> nodes.ElementStep | None:
    """The step that names the element; of a path that ends in a wildcard over levels the one before it."""
    return next((step for step in reversed(path.steps) if isinstance(step, nodes.ElementStep)), None)


def single_tag(path: nodes.TagPath) -> int | None:
    """The number of the last element, where it is public, without wildcards and no item."""
    step = path.steps[-1]
    if not isinstance(step, nodes.ElementStep) or step.item is not None:
        return None
    return number_of(step.tag)


def root_tag(path: nodes.TagPath) -> int | None:
    """The same for a path of one step: an element of the object itself."""
    return single_tag(path) if len(path.steps) == 1 else None


def number_of(tag: nodes.PublicTag | nodes.PrivateTag | nodes.NumberTag) -> int | None:
    if isinstance(tag, nodes.PrivateTag):
        return None
    digits = tag.group + tag.element
    return None if set(digits) & set("xX@#") else int(digits, 16)


def is_deep(path: nodes.TagPath) -> bool:
    """Reaches copies inside sequences, however deep."""
    return isinstance(path.steps[0], nodes.LevelStep)


def reaches_root(path: nodes.TagPath) -> bool:
    first = path.steps[0]
    return len(path.steps) == 1 or (isinstance(first, nodes.LevelStep) and first.sign == "*" and len(path.steps) == 2)


def may_mean(path: nodes.TagPath, tag: int) -> bool:
    """Whether the last step can name this element, wherever it stands."""
    step = last_step(path)
    if step is None:
        return True
    if isinstance(step.tag, nodes.PrivateTag):
        return False
    return attributes.digits_fit(step.tag.group + step.tag.element, f"{tag:08X}")


def is_private_number(tag: nodes.PublicTag | nodes.PrivateTag | nodes.NumberTag) -> bool:
    """DicomEdit 4 names private elements by number: the group is odd."""
    return isinstance(tag, nodes.PrivateTag) or (
        isinstance(tag, nodes.NumberTag) and (tag.group[-1] == "#" or tag.group[-1].upper() in "13579BDFX")
    )


def names_private(path: nodes.TagPath) -> bool:
    return any(isinstance(step, nodes.ElementStep) and is_private_number(step.tag) for step in path.steps)


def key_of(path: nodes.TagPath) -> str:
    """Equal for two spellings of the same path."""
    return "/".join(map(_step_key, path.steps))


def _step_key(step: nodes.ElementStep | nodes.LevelStep) -> str:
    if isinstance(step, nodes.LevelStep):
        return step.sign
    creator = f"{{{step.tag.creator}}}" if isinstance(step.tag, nodes.PrivateTag) else ""
    item = "" if step.item is None else f"[{step.item}]"
    return f"({step.tag.group.upper()},{creator}{step.tag.element.upper()}){item}"


@lru_cache(maxsize=2048)
def quoted_path(text: str) -> nodes.TagPath | None:
    """A path that is given as text; None where it is none."""
    from bootstrap.dicomedit.parser6 import parse_tag_path

    try:
        return parse_tag_path(text)
    except ParseError:
        return None
