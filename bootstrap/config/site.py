"""The merged site, and how it is loaded."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from bootstrap.config.fetch import Fetcher, Names
from bootstrap.config.files import CannotRead, Files, shown
from bootstrap.config.nodes import Map, Node, Step, find, nearest, plain
from bootstrap.config.outline import Outline, outline_of
from bootstrap.config.overlays import merge, refuse_twins
from bootstrap.config.problems import Problems
from bootstrap.config.reading import Reading, site_path
from bootstrap.config.section import Section
from bootstrap.config.texts import FileText
from bootstrap.config.validate import validate, without_mistakes
from bootstrap.errors import SiteFileError
from bootstrap.values import Problem, Source


class SectionBroken(Exception):
    """A section of a site that is looked through although it could not be loaded is not good for further checks."""


class Site:
    """What the site file and its overlays say, and where each of them says it.

    Paths into it are the keys as they are written in the file, and numbers for the items of a list.
    """

    def __init__(
        self,
        folder: Path,
        tree: Map,
        sections: Mapping[str, Any],
        files: Files,
        warnings: Sequence[Problem],
        broken: frozenset[str] = frozenset(),
    ) -> None:
        self.folder = folder
        self._broken = broken
        self.tree = tree
        self.warnings = list(warnings)
        self._sections = sections
        self._files = files

    @property
    def files(self) -> tuple[Path, ...]:
        """Everything that was read, secrets apart: site file, overlays, includes, `!file`, templates."""
        return self._files.paths

    @property
    def digest(self) -> str:
        """Of the bytes of `files`. Passwords that stand in them are cut out first.

        Ask when everything was read: `text` and `template` add to the files.
        """
        return self._files.digest(self.folder)

    @cached_property
    def raw(self) -> Mapping[str, Any]:
        merged = plain(self.tree)
        return merged if isinstance(merged, dict) else {}

    def section(self, key: str) -> Any:
        """The validated model or models; None where the file does not have the key."""
        if key in self._broken:
            raise SectionBroken(key)
        return self._sections.get(key)

    def said(self, *path: Step) -> bool:
        return find(self.tree, path) is not None

    def source(self, *path: Step) -> Source:
        """Of the value at this path; where it has none, of the nearest thing around it that was written."""
        return Source(*nearest(self.tree, path))

    def path_of(self, text: str, *path: Step) -> Path:
        """A path that is written at this place: relative ones start at the file that holds it."""
        return self._files.folder_of(self.source(*path).file) / text

    def text(self, text: str, *path: Step) -> FileText:
        """The file that is named at this place. It becomes one of the site's files."""
        wanted = self.path_of(text, *path)
        try:
            return FileText(self._files.text(wanted), wanted)
        except CannotRead as cannot:
            message = f"the file {shown(wanted)} {cannot.why}"
            raise SiteFileError([Problem("error", cannot.rule, message, cannot.hint, self.source(*path))]) from None

    def folder_read(self, folder: Path, digest: str) -> None:
        """A folder that was read as a whole becomes one of the site's files."""
        self._files.take(folder, digest)

    def template(self, text: str, names: Mapping[str, Any], *path: Step) -> FileText:
        """The Jinja2 template that is named at this place, rendered with `names` besides the site's `vars`."""
        from bootstrap.config.templates import TemplateFailed, render

        self.text(text, *path)
        wanted = self.path_of(text, *path)
        try:
            return FileText(render(wanted, {**self.raw.get("vars", {}), **names}, self._files), wanted)
        except TemplateFailed as failed:
            raise SiteFileError([failed.problem]) from None


def load_site(
    place: Path,
    overlays: Sequence[Path] = (),
    *,
    sections: Sequence[Section],
    environ: Mapping[str, str] | None = None,
    run_secrets: bool = True,
    names: Names | None = None,
) -> Site:
    """Reads a folder's `site.yaml` (or a file) and its overlays, and raises `SiteFileError` with all problems at once.

    `run_secrets=False` does not run the commands of `!secret [...]`; secret files are read all the same, and what is
    missing is a problem. `names` gives templates names besides the site's `vars`, from the merged site.
    """
    with _no_collection():
        return _load(place, overlays, sections, os.environ if environ is None else environ, run_secrets, names)


@contextmanager
def _no_collection() -> Iterator[None]:
    """A large site is some 100,000 small objects, and none of them is garbage: looking for it costs a fourth more."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _load(
    place: Path,
    overlays: Sequence[Path],
    sections: Sequence[Section],
    environ: Mapping[str, str],
    run_secrets: bool,
    names: Names | None,
) -> Site:
    problems, files = Problems(), Files()
    outline = Outline(fields={section.key: outline_of(section) for section in sections})
    reading = Reading(environ, problems, files)
    path = site_path(place)
    trees = [reading.whole(path, "site file"), *(reading.whole(overlay, "overlay") for overlay in overlays)]
    tree = _merged(trees, outline, problems)
    Fetcher(files, problems, run_secrets, names).fetch(tree)
    complete = all(isinstance(part, Map) for part in trees)
    found = validate(tree, sections, problems, files, complete)
    told = problems.in_order(files.names)
    if problems.fatal:
        raise SiteFileError(told, _readable(path.parent, tree, sections, found, files))
    return Site(path.parent, tree, found, files, told)


def _readable(folder: Path, tree: Map, sections: Sequence[Section], found: Mapping[str, Any], files: Files) -> Site:
    """The site without the values that are wrong; a section that does not stand without them is broken."""
    kept = {key: value for key, value in found.items() if value is not None}
    for section in sections:
        node = tree.entries.get(section.key)
        if node is not None and section.key not in kept and (value := without_mistakes(section, node)) is not None:
            kept[section.key] = value
    broken = frozenset(section.key for section in sections if section.key in tree.entries) - set(kept)
    return Site(folder, tree, kept, files, (), broken)


def _merged(trees: Sequence[Node], outline: Outline, problems: Problems) -> Map:
    maps = [tree for tree in trees if isinstance(tree, Map)]
    for tree in maps:
        refuse_twins(tree, outline, problems)
    merged: Node = maps[0] if maps else Map(trees[0].place)
    for tree in maps[1:]:
        merged = merge(merged, tree, outline, problems)
    return merged if isinstance(merged, Map) else Map(trees[0].place)
