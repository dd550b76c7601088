"""What stands behind a tag: `!env`, `!file`, `!secret`, `!include`, `!override`.

The environment and included files are read at once. Files and secrets are read only after the overlays have been
merged, so that what an overlay overrides is neither opened nor run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from bootstrap.config.nodes import Items, Map, Node, Place, Scalar, broken
from bootstrap.config.problems import Problems
from bootstrap.config.texts import EnvText

TAGS = ("!env", "!file", "!secret", "!include", "!override")
_NONE = type(None)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Later:
    """A value that is fetched once it is known to be wanted."""

    what: Literal["env", "file", "secret", "command"]
    words: tuple[str, ...]
    folder: Path

    @property
    def path(self) -> Path:
        return self.folder / self.words[0]

    @property
    def origin(self) -> str:
        """As shown to people. A command's arguments may be delicate: its name is enough."""
        if self.what == "command":
            return f"!secret [{self.words[0]}, ...]"
        return f"!{self.what} {self.words[0]}"


class TagReader:
    """The tags of one file."""

    def __init__(
        self, folder: Path, environ: Mapping[str, str], include: Callable[[Path, Place], Node], problems: Problems
    ) -> None:
        self.folder, self.environ, self.include, self.problems = folder, environ, include, problems
        self._known: dict[str, Callable[[Node], Node]] = {
            "!env": self._env,
            "!file": self._file,
            "!secret": self._secret,
            "!include": self._include,
            "!override": _override,
        }

    def __call__(self, tag: str, node: Node) -> Node:
        name, _, inner = tag.partition(":")
        if name == "!override" and inner:
            return _override(self(f"!{inner}", node))
        known = self._known.get(tag)
        if known is None:
            return self._unknown(tag, node)
        return known(node)

    def _unknown(self, tag: str, node: Node) -> Node:
        # The tag itself is not shown: a password that begins with `!` looks just like one.
        meant = get_close_matches(tag.lower(), TAGS, n=1, cutoff=0.6)
        guess = f"did you mean `{meant[0]}`? " if meant else ""
        hint = f"{guess}the tags are {', '.join(TAGS)}; a text that begins with `!` needs quotes"
        self.problems.error("unknown-tag", "an unknown tag stands here", node.place, hint)
        return broken(node.place)

    def _bad(self, node: Node, tag: str, wanted: str) -> Node:
        self.problems.error("bad-tag", f"`{tag}` is written otherwise", node.place, f"write {wanted}")
        return broken(node.place)

    def _env(self, node: Node) -> Node:
        words = _plain_words(node)
        if words is None or not 1 <= len(words) <= 2 or not _NAME.fullmatch(words[0].text):
            return self._bad(node, "!env", "`!env NAME` or `!env [NAME, default]`")
        name = words[0].text
        if name in self.environ:
            return _like(node, EnvText(self.environ[name], name))
        if len(words) == 1:
            return _like(node, Later("env", (name,), self.folder))
        default = words[1]
        return _like(node, None if default.value is None else EnvText(default.text, name, given=False))

    def _file(self, node: Node) -> Node:
        if not isinstance(node, Scalar) or not node.text:
            return self._bad(node, "!file", "`!file PATH`")
        return _like(node, Later("file", (node.text,), self.folder))

    def _secret(self, node: Node) -> Node:
        words = _plain_words(node)
        if not words or not words[0].text:
            return self._bad(node, "!secret", "`!secret PATH` or `!secret [COMMAND, ARGUMENT, ...]`")
        what: Literal["secret", "command"] = "secret" if isinstance(node, Scalar) else "command"
        return _like(node, Later(what, tuple(word.text for word in words), self.folder))

    def _include(self, node: Node) -> Node:
        if not isinstance(node, Scalar) or not node.text:
            return self._bad(node, "!include", "`!include PATH`")
        return self.include(self.folder / node.text, node.place)


def _plain_words(node: Node) -> list[Scalar] | None:
    """The words of a tag, none of them with a tag of its own."""
    words = node.items if isinstance(node, Items) else [node]
    plain = [word for word in words if isinstance(word, Scalar) and type(word.value) in (str, int, float, bool, _NONE)]
    return plain if len(plain) == len(words) else None


def _like(node: Node, value: object) -> Scalar:
    text = node.text if isinstance(node, Scalar) else ""
    return Scalar(value, node.place, text)


def _override(node: Node) -> Node:
    if isinstance(node, Scalar):
        return Scalar(node.value, node.place, node.text, node.span, override=True)
    if isinstance(node, Map):
        return Map(node.place, node.entries, node.keys, True, node.size, node.depth)
    return Items(node.place, node.items, True, node.size, node.depth)
