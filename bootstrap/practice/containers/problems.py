"""What the Container Service refuses, each with the status and the text that it answers with.

Problem
├── NotFound          404  the text
├── BadRequest        400  the text
├── InvalidCommand    400  all mistakes, one a line
├── NotAllowed        401  without a challenge
├── Unreadable        500  a body or value that cannot be read
├── Broken            500  the service itself stumbles
├── NoServer          424  no engine is configured
└── EngineFailed      500  the engine said no
"""

from __future__ import annotations

from collections.abc import Sequence


class Problem(Exception):
    status = 500

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class NotFound(Problem):
    status = 404

    @classmethod
    def entity(cls, number: int) -> NotFound:
        return cls(f"Could not find entity with ID {number}")


class BadRequest(Problem):
    status = 400


class InvalidCommand(Problem):
    status = 400

    def __init__(self, errors: Sequence[str]) -> None:
        super().__init__("Invalid command:\n\t" + "\n\t".join(errors))
        self.errors = list(errors)


class NotAllowed(Problem):
    status = 401

    def __init__(self, text: str) -> None:
        super().__init__(f"There was an error in the request : {text}")


class Broken(Problem):
    def __init__(self, text: str) -> None:
        super().__init__(f"There was an error in the request : {text}")


class Unreadable(Problem):
    def __init__(self, text: str) -> None:
        super().__init__(f"JSON parse error: {text}")


class NoServer(Problem):
    status = 424

    def __init__(self) -> None:
        super().__init__("Set up Docker server before using this REST endpoint.")


class EngineFailed(Problem):
    def __init__(self, said: object) -> None:
        super().__init__(f"The Docker server returned an error:\n{said}")
