"""A script that was read: its tree, and what can be done with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.dialect import Dialect, choose_dialect

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydicom.dataset import Dataset

    from bootstrap.dicomedit.environment import Environment
    from bootstrap.dicomedit.loading import Loaded
    from bootstrap.dicomedit.outcome import Outcome
    from bootstrap.dicomedit.session import Session


@dataclass(frozen=True, slots=True)
class Script:
    dialect: Dialect
    text: str
    statements: tuple[nodes.Statement, ...]
    comments: tuple[nodes.Comment, ...] = ()
    skipped: tuple[nodes.Skipped, ...] = ()
    dropped: tuple[nodes.Dropped, ...] = ()  # DicomEdit 4 only: from here on the engine ignores the script, silently
    repairs: tuple[nodes.Dropped, ...] = ()  # DicomEdit 4 only: where the engine reads something else than is written
    loaded: list[Loaded] = field(default_factory=list, compare=False, repr=False)  # one, once it was applied

    @property
    def version(self) -> str | None:
        """What the first `version` statement says."""
        stated = (node.text.value for node in self.walk() if isinstance(node, nodes.Version))
        return next(stated, None)

    def walk(self) -> Iterator[nodes.Node]:
        for statement in self.statements:
            yield from nodes.walk(statement)

    def apply(
        self,
        dataset: Dataset,
        variables: Mapping[str, str] | None = None,
        *,
        environment: Environment | None = None,
        trace: bool = False,
    ) -> Outcome:
        """One object, one run. The given dataset stays as it is; the changed one is in the outcome."""
        return self.session(variables, environment=environment).apply(dataset, trace=trace)

    def session(self, variables: Mapping[str, str] | None = None, *, environment: Environment | None = None) -> Session:
        """For the files of a study, one after the other: what a script sets stays set for the next file."""
        from bootstrap.dicomedit.session import Session

        return Session(self, variables or {}, environment)


def parse(text: str, dialect: Dialect | None = None) -> Script:
    """Reads a script. Without a dialect it is chosen as XNAT chooses it. Raises ParseError."""
    chosen = dialect or choose_dialect(text)
    if chosen == "4":
        from bootstrap.dicomedit.parser4 import parse_script4

        return parse_script4(text)
    from bootstrap.dicomedit.parser6 import parse_script

    statements, source, skipped = parse_script(text)
    return Script("6", text, statements, source.comments, skipped)
