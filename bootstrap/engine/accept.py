"""Accepted drift: differences that are known and left alone until a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from pydantic import Field

from bootstrap.config.problems import suggest
from bootstrap.config.section import Model, Section
from bootstrap.values import Problem, Source


class Acceptance(Model):
    identity: ClassVar[str | tuple[str, ...] | None] = ("what", "field")

    what: str = Field(description="the thing, as KIND:NAME")
    field: str = Field(description="the field that may differ; `*` is all of them")
    reason: str = Field(description="why it is left alone, for the next reader")
    until: date = Field(description="the last day on which it is left alone, as YYYY-MM-DD")

    def covers(self, ref: str, path: str, today: date) -> bool:
        return self.what == ref and today <= self.until and self._names(path)

    def overlaps(self, path: str) -> bool:
        """Whether it is about this field, something in it, or what it is in."""
        return self._names(path) or self.field.startswith(f"{path}.")

    def _names(self, path: str) -> bool:
        return self.field in ("*", path) or path.startswith(self.field + ".")


ACCEPT = Section(
    key="accept",
    shape=list[Acceptance],
    doc="Differences between file and server that are known and left alone until a day.",
    example="""\
- what: site_setting:siteDescriptionText
  field: value
  reason: the communications office edits it by hand
  until: 2027-01-31
""",
)


def idle_acceptances(
    accepted: Sequence[Acceptance],
    wanted: Mapping[str, Mapping[str, Any]],
    kinds: Sequence[str],
    today: date,
    source: Callable[..., Source],
) -> Iterable[Problem]:
    """Entries that accept nothing: of a thing or field that the file does not have, or of days gone by."""
    for place, item in enumerate(accepted):
        fields = wanted.get(item.what)
        if fields is None:
            kind = item.what.partition(":")[0]
            known = list(wanted) if kind in kinds else kinds
            message = f"nothing in this file is called `{item.what}`, so nothing is accepted here"
            yield Problem("warning", "idle-accept", message, suggest(item.what, known), source(place, "what"))
        elif not any(item.overlaps(path) for path in fields):
            message = f"{item.what} has no field `{item.field}` in this file, so nothing is accepted here"
            yield Problem("warning", "idle-accept", message, suggest(item.field, fields), source(place, "field"))
        if item.until < today:
            message = f"accepted until {item.until}: that day has passed, and the difference counts again"
            hint = "take the entry out, or give it a later day"
            yield Problem("warning", "expired-accept", message, hint, source(place, "until"))
