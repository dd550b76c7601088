"""Reads the files of one site into trees: the site file, its overlays and what these include."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bootstrap.config.files import HOME_HINT, CannotRead, Files, real, shown
from bootstrap.config.nodes import BROKEN, Items, Map, Node, Place, Scalar, broken
from bootstrap.config.parse import parse
from bootstrap.config.problems import Problems
from bootstrap.config.tags import TagReader

SITE_FILE = "site.yaml"
MAX_INCLUDES = 20  # one inside the other


class Reading:
    def __init__(self, environ: Mapping[str, str], problems: Problems, files: Files) -> None:
        self.environ, self.problems, self.files = environ, problems, files
        self._open: list[Path] = []  # being read just now, outermost first
        self._done: dict[Path, Node] = {}

    def whole(self, path: Path, what: str) -> Node:
        """A site file or overlay: its top level has to be a map."""
        start = (shown(path), 1, 1)
        tree = self._read(path, what, start)
        if isinstance(tree, Map) or tree.place[0] != start[0] or _is_broken(tree):
            return tree
        found = "a list" if isinstance(tree, Items) else "a single value"
        self.problems.error("not-a-map", f"the {what} is {found}, and a map (`key: value`) is due", tree.place)
        return broken(start)

    def _include(self, path: Path, place: Place) -> Node:
        here = real(path)
        around = [real(step) for step in self._open]
        if here in around:
            circle = " -> ".join(shown(step) for step in [*self._open[around.index(here) :], path])
            self.problems.error("include-cycle", f"the includes go round in a circle: {circle}", place)
            return broken(place)
        if len(self._open) > MAX_INCLUDES:
            self.problems.error("include-depth", f"more than {MAX_INCLUDES} includes, one inside the other", place)
            return broken(place)
        if here not in self._done:
            self._done[here] = self._read(path, "included file", place)
        return self._done[here]

    def _read(self, path: Path, what: str, place: Place) -> Node:
        try:
            text = self.files.text(path)
        except CannotRead as cannot:
            at = (shown(path), cannot.line, 1) if cannot.line else place
            rule, hint = cannot.rule, cannot.hint
            if rule == "file-missing" and not self._open and hint != HOME_HINT:
                hint = "a site file or overlay that is given relatively is looked for from the current folder"
            if rule == "file-missing" and path.name == SITE_FILE and not self._open:
                rule, hint = "no-site-file", "`xnat-bootstrap init` makes one"
            self.problems.error(rule, f"the {what} {shown(path)} {cannot.why}", at, hint)
            return broken(place)
        tree = self._parsed(path, text)
        if tree is None:
            self.problems.error("empty-file", f"the {what} says nothing", (shown(path), 1, 1), "write at least one key")
            return broken(place)
        return tree

    def _parsed(self, path: Path, text: str) -> Node | None:
        self._open.append(path)
        try:
            tags = TagReader(path.parent, self.environ, self._include, self.problems)
            return parse(text.removeprefix("\ufeff"), shown(path), tags, self.problems)
        finally:
            self._open.pop()


def site_path(place: Path) -> Path:
    return place / SITE_FILE if place.is_dir() else place


def _is_broken(tree: Node) -> bool:
    return isinstance(tree, Scalar) and tree.value is BROKEN
