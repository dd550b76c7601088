"""An Error of the engine, and the statement where it happened."""

from __future__ import annotations

from bootstrap.dicomedit import nodes


class Failure(Exception):
    def __init__(self, message: str, statement: nodes.Node) -> None:
        super().__init__(message)
        self.message, self.statement = message, statement
