"""What a command document says that does not fit together, as far as it can be known without a server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bootstrap.kinds.command_document.command_checks import command_flaws
from bootstrap.kinds.command_document.flaws import Flaw
from bootstrap.kinds.command_document.normal import normal
from bootstrap.kinds.command_document.structure import structure
from bootstrap.kinds.command_document.wrapper_checks import wrapper_flaws


def flaws_of(document: Mapping[str, Any]) -> list[Flaw]:
    """Its form first; what hangs together is looked at once every value is of its type."""
    found = structure(document)
    if any(flaw.rule in ("command-wrong-type", "command-missing-key") for flaw in found):
        return found
    return [*found, *_together(document)]


def _together(document: Mapping[str, Any]) -> Iterator[Flaw]:
    whole = normal(document)
    yield from command_flaws(whole, document)
    for number, wrapper in enumerate(whole["xnat"]):
        yield from wrapper_flaws(whole, wrapper, ("xnat", number))
