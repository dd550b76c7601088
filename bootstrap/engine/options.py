"""What a person asked of one run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from bootstrap.errors import UsageError


@dataclass(frozen=True)
class Options:
    only: tuple[str, ...] = ()  # KIND or KIND:NAME
    prune: bool = False
    allow: frozenset[str] = frozenset()
    today: date = field(default_factory=date.today)


# What `--allow` takes, and what it lets pass. Kinds add rules of their own through `judge`.
ALLOW_RULES = {
    "foreign": "change things that another owner's ledger names",
    "both-moved": "overwrite an anonymisation script that was changed in the file and on the server",
    "prune-bound": "remove more than 3 things that are more than 30 % of their kind",
    "new-ledger": "start a new ledger where the one on the server cannot be read",
    "reuse-id": "make a project again whose id XNAT burnt when it was deleted",
    "lose-history": "delete, with its history, what pruning would only switch off",
    "unknown-preference": "send settings that this version of XNAT does not know",
    "plugin-fit": "put in a plugin that does not fit this version of XNAT",
    "busy-restart": "restart XNAT while containers run, data come in or others are signed in",
    "script-too-new": "send an anonymisation script that this version of XNAT refuses to run",
}


def checked_rules(rules: Iterable[str]) -> frozenset[str]:
    """The rules that `--allow` was given; a misspelt one must not look as if it had been allowed."""
    given = frozenset(rules)
    for rule in sorted(given - set(ALLOW_RULES)):
        raise UsageError(f"--allow {rule}: there is no such rule", hint=f"rules: {', '.join(sorted(ALLOW_RULES))}")
    return given
