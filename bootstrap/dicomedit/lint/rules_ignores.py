"""The comments that spare a line a rule are checked themselves. `ignores` finds these; the table tells of them."""

from __future__ import annotations

from collections.abc import Iterator

from bootstrap.dicomedit.lint.rule import Spot, rule
from bootstrap.dicomedit.lint.subject import Subject


@rule(
    "L92",
    "warning",
    "a comment to this checker that it does not take",
    happens="nothing: XNAT does not read comments. The finding is reported all the same",
    mend="write // lint: ignore L54 because <reason>; several rules are parted by commas",
    dialects="46",
)
def _refused_comment(_subject: Subject) -> Iterator[Spot]:
    return iter(())


@rule(
    "L93",
    "warning",
    "a comment that ignores a finding which is not there",
    happens="nothing; but it would hide the finding when it comes back",
    mend="take the comment out",
    dialects="46",
)
def _idle_comment(_subject: Subject) -> Iterator[Spot]:
    return iter(())
