"""What can go wrong with a script, and with a file it is applied to."""

from __future__ import annotations

from collections.abc import Sequence

from bootstrap.dicomedit.nodes import Position
from bootstrap.errors import BootstrapError
from bootstrap.values import Source


class ParseError(BootstrapError):
    """The script cannot be read; nothing would run on the server."""

    def __init__(
        self,
        message: str,
        position: Position,
        *,
        expected: Sequence[str] = (),
        hint: str = "",
        file: str = "",
    ) -> None:
        self.position = position
        self.expected = tuple(expected)
        self.reason = message
        wanted = f"; expected {', '.join(self.expected)}" if self.expected else ""
        place = "" if file else f"line {position.line}, column {position.column}: "
        source = Source(file, position.line, position.column) if file else None
        super().__init__(f"{place}{message}{wanted}", hint=hint, source=source)

    @property
    def line(self) -> int:
        return self.position.line

    @property
    def column(self) -> int:
        return self.position.column


class FileError(BootstrapError):
    """A file is not DICOM, is cut short, or its parts contradict each other."""


class NotDicom(FileError):
    """The file never was DICOM: whoever goes through a folder passes it by."""


class ScriptError(Exception):
    """The engine's Error: the script stops. Caught where a statement runs, and turned into an Outcome."""


class Rejection(Exception):
    """`reject[]` was reached."""


class NeedsDecoding(Exception):
    """Compressed pixels are to be changed: only a data set with a decoder can do that."""


class NeedsDataset(Exception):
    """The bytes alone will not do: big endian, deflated, or without a preamble."""
