"""A page of styled lines. Everything that is put on it goes through `visible`, so nothing on it acts on a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from io import StringIO

from rich.color import ColorSystem
from rich.console import Console
from rich.style import Style
from rich.table import Table
from rich.text import Text

from bootstrap.engine.report.shown import visible

Part = tuple[str, str]  # a text and its style
_NARROWEST = 40


class Page:
    def __init__(self, width: int) -> None:
        self.width = max(width, _NARROWEST)
        self._things: list[Callable[[bool], str]] = []  # each gives its lines, with colour or without

    def line(self, *parts: Part, indent: int = 0) -> None:
        """One line, however long: whoever copies a value or a diff must get all of it."""
        shown = [(" " * indent, ""), *((visible(text), style) for text, style in parts)]
        self._things.append(lambda colour: "".join(_styled(text, style, colour) for text, style in shown).rstrip())

    def prose(self, text: str, style: str = "", indent: int = 0) -> None:
        """Sentences, wrapped between words; what begins with `-> ` is advice and stands out."""
        for paragraph in text.split("\n"):
            content = paragraph.strip()
            deeper = indent + len(paragraph) - len(paragraph.lstrip())
            hanging = " " * (3 if content.startswith("-> ") else 2)
            for wrapped in self._wrapped(visible(content), deeper, hanging):
                self.line((wrapped, "bold" if content.startswith("-> ") else style), indent=deeper)

    def _wrapped(self, text: str, indent: int, hanging: str) -> list[str]:
        room = max(self.width - indent, _NARROWEST // 2)
        return textwrap.wrap(text, room, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False)

    def table(self, head: Sequence[Part], rows: Sequence[Sequence[Part]]) -> None:
        table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False)
        for place, (title, style) in enumerate(head):
            table.add_column(Text(visible(title), style), justify="right" if place else "left", overflow="fold")
        for row in rows:
            table.add_row(*(Text(visible(cell), style) for cell, style in row))
        self._things.append(lambda colour: self._drawn(table, colour))

    def _drawn(self, table: Table, colour: bool) -> str:
        console = Console(
            file=StringIO(),
            width=self.width,
            force_terminal=colour,
            color_system="standard" if colour else None,
            no_color=not colour,
            force_jupyter=False,
            legacy_windows=False,
            _environ={},  # what a report looks like is up to who asks for it
        )
        with console.capture() as captured:
            console.print(table)
        return "\n".join(line.rstrip() for line in captured.get().rstrip("\n").split("\n"))

    def blank(self) -> None:
        if self._things:
            self._things.append(lambda _colour: "")

    def rendered(self, colour: bool) -> str:
        return "".join(f"{thing(colour)}\n" for thing in self._things)


def _styled(text: str, style: str, colour: bool) -> str:
    """A line by itself does not need a console: a thousand diffs would wait for it."""
    if not colour or not style:
        return text
    return Style.parse(style).render(text, color_system=ColorSystem.STANDARD)
