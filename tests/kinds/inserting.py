"""A key that nobody knows, put into each map of a site file in turn."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import yaml

UNKNOWN = "zz_nobody_knows"


def with_unknown_keys(text: str, sections: Collection[str], free: Collection[str]) -> Iterator[tuple[str, int]]:
    """The text with one unknown key more, and the line on which it stands."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    assert isinstance(root, yaml.MappingNode)
    for key, value in root.value:
        if key.value in sections:
            for place in _maps(key.value, value, free):
                yield _inserted(text, place)


def _maps(name: str, node: yaml.Node, free: Collection[str]) -> Iterator[yaml.MappingNode]:
    """`free` names what is not looked into; `NAME/*` a map whose keys are names, and whose values are looked into."""
    if isinstance(node, yaml.MappingNode):
        if f"{name}/*" not in free:
            yield node
        for key, value in node.value:
            if key.value not in free:
                yield from _maps(key.value, value, free)
    elif isinstance(node, yaml.SequenceNode) and not node.tag.startswith("!"):
        for value in node.value:
            yield from _maps("", value, free)


def _inserted(text: str, node: yaml.MappingNode) -> tuple[str, int]:
    first = node.start_mark.index
    if node.flow_style:
        more = f"{UNKNOWN}: 1, " if node.value else f"{UNKNOWN}: 1"
        return text[: first + 1] + more + text[first + 1 :], node.start_mark.line + 1
    return text[:first] + f"{UNKNOWN}: 1\n{' ' * node.start_mark.column}" + text[first:], node.start_mark.line + 1
