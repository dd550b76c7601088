"""Everything that a plan follows from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bootstrap.engine.accept import Acceptance
from bootstrap.engine.gather import Current
from bootstrap.engine.ledger import Ledger
from bootstrap.engine.options import Options
from bootstrap.engine.order import KindOrder
from bootstrap.engine.tokens import Sealer
from bootstrap.kinds.kind import Resource
from bootstrap.values import Problem


@dataclass(frozen=True)
class Inputs:
    """`judged` is what the kinds said of their own things."""

    order: KindOrder
    desired: Sequence[Resource]
    current: Current
    ledger: Ledger
    sealer: Sealer
    options: Options
    foreign: Mapping[str, str] = field(default_factory=dict)  # ref to the owner whose ledger names it
    judged: Sequence[Problem] = ()
    accepted: Sequence[Acceptance] = ()
