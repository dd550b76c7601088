"""What a person asked of one run."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


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
    "unknown-preference": "send settings that this version of XNAT does not know",
}
