"""From a text to a tree: YAML's events, put together without recursion and within bounds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

import yaml
from yaml.reader import ReaderError

from bootstrap.config.nodes import BROKEN, Items, Map, Node, Place, Scalar, broken
from bootstrap.config.problems import Problems
from bootstrap.config.scalars import NumberTooLarge, resolve

MAX_NODES = 1_000_000
MAX_DEPTH = 100
MERGE = "<<"
_MARK = re.compile(r"[^\w\s']|<[a-z ]+>")  # what a parser quotes of the language itself
_SURROGATE = re.compile("[\ud800-\udfff]")

Tagged = Callable[[str, Node], Node]  # a tag and the value it stands before -> the value it makes


class _Stop(Exception):
    """The rest of this file cannot be read; the problem has been told."""


@dataclass(slots=True)
class _Frame:
    node: Map | Items
    tag: str | None
    anchor: str | None
    key: str | None = None
    key_place: Place = ("", 0, 0)
    merging: bool = False
    merges: Node | None = None


def fastest_parser() -> Callable[[str], Any]:
    try:
        from yaml._yaml import CParser
    except ImportError:  # a PyYAML without libyaml: the same events, slower
        from bootstrap.config.pure import PureParser

        return PureParser
    return CParser


def parse(
    text: str, file: str, tagged: Tagged, problems: Problems, parser: Callable[[str], Any] | None = None
) -> Node | None:
    """The tree of one YAML document; None where the file holds nothing; a broken value where it cannot be read."""
    parser = parser or fastest_parser()
    try:
        return _Builder(file, tagged, problems).build(parser, text)
    except _Stop:
        return broken((file, 1, 1))


class _Builder:
    def __init__(self, file: str, tagged: Tagged, problems: Problems) -> None:
        self.file, self.tagged, self.problems = file, tagged, problems
        self.stack: list[_Frame] = []
        self.anchors: dict[str, Node | None] = {}  # None while it is still being read
        self.root: Node | None = None
        self.documents = 0
        self.merged = 0

    def build(self, parser: Callable[[str], Any], text: str) -> Node | None:
        handlers = {
            yaml.ScalarEvent: self._scalar,
            yaml.AliasEvent: self._alias,
            yaml.MappingStartEvent: self._start,
            yaml.SequenceStartEvent: self._start,
            yaml.MappingEndEvent: self._end,
            yaml.SequenceEndEvent: self._end,
            yaml.DocumentStartEvent: self._document,
        }
        for event in self._events(parser, text):
            handler = handlers.get(type(event))
            if handler is not None:
                handler(event)
        return self.root

    def _events(self, parser: Callable[[str], Any], text: str) -> Iterator[Any]:
        try:
            source = parser(text)
            while type(event := source.get_event()) is not yaml.StreamEndEvent:
                yield event
        except yaml.MarkedYAMLError as wrong:
            self._syntax(wrong)
        except ReaderError as wrong:
            before = text[: wrong.position]
            place = (self.file, before.count("\n") + 1, len(before) - before.rfind("\n"))
            self._stop("yaml-syntax", "a control character stands here, which YAML does not allow", place)

    def _syntax(self, wrong: yaml.MarkedYAMLError) -> None:
        mark = wrong.problem_mark or wrong.context_mark
        place = self._place(mark) if mark else (self.file, 1, 1)
        problem = _without_quotation(wrong.problem or "it is not YAML")
        context = f" {wrong.context}" if wrong.context else ""
        hint = _unclosed(wrong) or _hint(problem)
        self._stop("yaml-syntax", f"this is not YAML:{context} {problem}", place, hint)

    def _stop(self, rule: str, message: str, place: Place, hint: str = "") -> NoReturn:
        self.problems.error(rule, message, place, hint)
        raise _Stop

    def _place(self, mark: Any) -> Place:
        return (self.file, mark.line + 1, mark.column + 1)

    def _document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            hint = "one file is one document; use several files and `-f`"
            self._stop("yaml-syntax", "a second document begins here", self._place(event.start_mark), hint)

    # --- one event each ---------------------------------------------------------------------------------------------

    def _scalar(self, event: Any) -> None:
        frame = self.stack[-1] if self.stack else None
        if frame is not None and frame.key is None and type(frame.node) is Map:
            self._key(frame, event)
            return
        node = self._value(event)
        if event.anchor:
            self.anchors[event.anchor] = node
        self._add(node)

    def _value(self, event: Any) -> Node:
        mark, word = event.start_mark, event.value
        place = (self.file, mark.line + 1, mark.column + 1)
        span = (mark.index, event.end_mark.index)
        node = Scalar(self._clean(word, place) if event.style else self._resolved(word, place), place, word, span)
        return node if event.tag is None else self.tagged(event.tag, node)

    def _resolved(self, word: str, place: Place) -> Any:
        try:
            return resolve(word)
        except NumberTooLarge:
            hint = "write it in quotes if it is a text"
            self.problems.error("number-too-large", "this number is larger than 64 bits hold", place, hint)
            return BROKEN

    def _clean(self, word: str, place: Place) -> Any:
        if _SURROGATE.search(word):
            self.problems.error("yaml-syntax", "half a character (a lone surrogate) stands in this text", place)
            return BROKEN
        return word

    def _key(self, frame: _Frame, event: Any) -> None:
        mark, word = event.start_mark, event.value
        place = (self.file, mark.line + 1, mark.column + 1)
        frame.key, frame.key_place = word, place
        frame.merging = word == MERGE and event.implicit[0]
        if event.tag is not None:
            self.problems.error("bad-key", "a key is a plain text and takes no tag", place)
        if event.anchor:
            self.anchors[event.anchor] = Scalar(word, place, word)

    def _alias(self, event: Any) -> None:
        place = self._place(event.start_mark)
        if event.anchor not in self.anchors:
            hint = "a text that begins with `*` needs quotes"
            self._stop("yaml-alias", "this alias (`*name`) has no anchor (`&name`) before it", place, hint)
        node = self.anchors[event.anchor]
        if node is None:
            self._stop("yaml-alias", "this alias stands inside the very thing that it names", place)
        self._add(node, place)

    def _start(self, event: Any) -> None:
        if len(self.stack) >= MAX_DEPTH:
            self._stop("yaml-bomb", f"nested deeper than {MAX_DEPTH} levels", self._place(event.start_mark))
        kind = Map if type(event) is yaml.MappingStartEvent else Items
        self.stack.append(_Frame(kind(self._place(event.start_mark)), event.tag, event.anchor))
        if event.anchor:
            self.anchors[event.anchor] = None

    def _end(self, _event: Any) -> None:
        frame = self.stack.pop()
        node: Node = frame.node
        if frame.merges is not None and isinstance(node, Map):
            self._merge(node, frame.merges)
        if frame.tag is not None:
            node = self.tagged(frame.tag, node)
        if frame.anchor:
            self.anchors[frame.anchor] = node
        self._add(node)

    # --- putting a value where it belongs ---------------------------------------------------------------------------

    def _add(self, node: Node, place: Place | None = None) -> None:
        if not self.stack:
            self.root = node
            return
        frame = self.stack[-1]
        holder = frame.node
        if type(holder) is Items:
            holder.put(node)
        elif frame.key is None:
            self._odd_key(frame, node, place or node.place)
        else:
            self._entry(frame, holder, node)  # type: ignore[arg-type]
            frame.key = None
        if holder.size > MAX_NODES or holder.depth > MAX_DEPTH:
            self._too_much(holder)

    def _odd_key(self, frame: _Frame, node: Node, place: Place) -> None:
        if isinstance(node, Scalar) and isinstance(node.value, str):
            frame.key = node.value  # an alias of a text
        else:
            self.problems.error("bad-key", "a key is a plain text; a map or a list cannot be one", place)
            frame.key = ""
        frame.key_place, frame.merging = place, False

    def _entry(self, frame: _Frame, holder: Map, node: Node) -> None:
        key = frame.key or ""
        if key in holder.keys or (frame.merging and frame.merges is not None):
            first = ":".join(str(part) for part in holder.keys.get(key, holder.place))
            hint = f"it stands at {first} already; keep one"
            self.problems.error("duplicate-key", f"the key `{key}` stands twice in this map", frame.key_place, hint)
        elif frame.merging:
            frame.merges = node
        else:
            holder.put(key, frame.key_place, node)

    def _merge(self, holder: Map, merges: Node) -> None:
        """`<<`: what the named maps say and this one does not; the first to say it wins."""
        for other in merges.items if isinstance(merges, Items) else [merges]:
            if not isinstance(other, Map):
                self.problems.error("bad-merge", "`<<` takes a map, or a list of maps", other.place)
                continue
            self.merged += len(other.entries)
            for key, node in other.entries.items():
                if key not in holder.entries:
                    holder.put(key, other.keys[key], node)
            if self.merged > MAX_NODES:
                self._too_much(holder)

    def _too_much(self, holder: Node) -> None:
        what = f"nested deeper than {MAX_DEPTH} levels" if holder.depth > MAX_DEPTH else f"more than {MAX_NODES} values"
        self._stop("yaml-bomb", f"with its aliases unfolded this is {what}", holder.place, "use fewer aliases")


def _without_quotation(problem: str) -> str:
    """The pure parser quotes what it met, which may be half a password. Punctuation may stay: it is what is missing."""
    kept = re.sub(r"'([^']*)'", lambda met: met[0] if _MARK.fullmatch(met[1]) else "", problem)
    return kept.replace("  ", " ").rstrip(" ,")


def _unclosed(wrong: yaml.MarkedYAMLError) -> str:
    """A bracket that stays open is noticed far below it: where it began is what a person wants to know."""
    if not (wrong.context_mark and "flow" in (wrong.context or "")):
        return ""
    bracket, close = ("{", "}") if "mapping" in (wrong.context or "") else ("[", "]")
    at = f"line {wrong.context_mark.line + 1}, column {wrong.context_mark.column + 1}"
    return f"the `{bracket}` of {at} has no `{close}`, or a comma is missing"


def _hint(problem: str) -> str:
    if "cannot start any token" in problem:
        return "indent with blanks, not tabs; a text that begins with `@`, `` ` `` or `%` needs quotes"
    if "mapping values are not allowed" in problem:
        return "a text with `: ` in it needs quotes"
    if "tag" in problem:
        return "a text that begins with `!` needs quotes"
    return ""
