"""A script under examination: its text, its tokens and its tree, as far as there is one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Literal

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.dialect import SUPPORTED, Dialect, choose_dialect
from bootstrap.dicomedit.lexer import lexemes
from bootstrap.dicomedit.lint import constructs, quoting
from bootstrap.dicomedit.lint.effects import Effect, effects_of
from bootstrap.dicomedit.lint.flow import Step, steps_of
from bootstrap.dicomedit.lint.reads import Read, reads_of
from bootstrap.dicomedit.lint.resolve import Definitions
from bootstrap.dicomedit.nodes import Position, Skipped
from bootstrap.dicomedit.problems import ParseError
from bootstrap.dicomedit.script import Script, parse
from bootstrap.dicomedit.source import prepare, split_lines
from bootstrap.dicomedit.tables import Token

Kind = Literal["site", "project"] | None


class Subject:
    """What the rules look at. Where the script cannot be read there are tokens, and no statements."""

    def __init__(
        self,
        text: str,
        *,
        xnat_version: str | None = None,
        kind: Kind = None,
        site_script: str | None = None,
    ) -> None:
        self.text, self.xnat_version, self.kind, self.site_script = text, xnat_version, kind, site_script
        self.lines = split_lines(text)
        self.source = prepare(text)
        self.skipped: list[Skipped] = []
        self.tokens: list[Token] = list(lexemes(self.source, self.skipped))
        self.engine, self.refusal = _chosen_engine(text)
        self.new_constructs = constructs.of_dicomedit_6(self.tokens)
        self.dialect: Dialect = "4" if self.engine == "4" and not self._is_meant_for_6() else "6"
        self.script, self.error = self._read()

    def _is_meant_for_6(self) -> bool:
        """A script that only by mistake goes to DicomEdit 4 is examined as what it was meant to be."""
        return bool(self.new_constructs) or any(token.type == "VERSION" for token in self.tokens)

    def _read(self) -> tuple[Script | None, ParseError | None]:
        try:
            return parse(self.text, self.dialect), None
        except ParseError as error:
            return None, error

    @cached_property
    def statements(self) -> tuple[nodes.Statement, ...]:
        return self.script.statements if self.script else ()

    @cached_property
    def all_nodes(self) -> tuple[nodes.Node, ...]:
        return tuple(self.script.walk()) if self.script else ()

    @cached_property
    def calls(self) -> tuple[nodes.Call, ...]:
        return tuple(node for node in self.all_nodes if isinstance(node, nodes.Call))

    @cached_property
    def definitions(self) -> Definitions:
        return Definitions(self.all_nodes)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Every action and every condition, in the order of the text, with what is known there."""
        return tuple(steps_of(self.statements))

    @cached_property
    def effects(self) -> tuple[Effect, ...]:
        """What is done to elements of the object."""
        return tuple(effects_of(self.steps, self.definitions))

    @cached_property
    def reads(self) -> tuple[Read, ...]:
        """Where the text of an element is asked for."""
        return tuple(read for step in self.steps for read in reads_of(step))

    @cached_property
    def strings(self) -> tuple[quoting.Quoted, ...]:
        return tuple(quoting.strings_of(self.source.text))

    @cached_property
    def bare(self) -> str:
        """The text that the lexer reads, with the inside of strings blotted out."""
        return quoting.blotted(self.source.text, self.strings)

    def place(self, offset: int) -> Position:
        """Where an offset of the lexer's text stands in the script."""
        return self.source.position(offset)

    @cached_property
    def version_tokens(self) -> tuple[Token, ...]:
        return tuple(token for token in self.tokens if token.type == "VERSION")

    @property
    def declared(self) -> str | None:
        """What the first `version` statement says, if it is one that DicomEdit 6 takes."""
        stated = self.script.version if self.script and self.dialect == "6" else None
        return stated if stated in SUPPORTED else None

    @property
    def top(self) -> Position:
        """Where findings about the whole script are shown: at its first statement."""
        return self.statements[0].start if self.statements else Position(1, 1)

    def calls_of(self, *names: str) -> Iterator[nodes.Call]:
        return (call for call in self.calls if call.name in names)


def _chosen_engine(text: str) -> tuple[Dialect | None, ParseError | None]:
    try:
        return choose_dialect(text), None
    except ParseError as error:
        return None, error
