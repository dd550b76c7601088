"""Accepted drift: differences that are known and left alone until a day."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from bootstrap.config.section import Model, Section


class Acceptance(Model):
    what: str = Field(description="the thing, as KIND:NAME")
    field: str = Field(description="the field that may differ; `*` is all of them")
    reason: str = Field(description="why it is left alone, for the next reader")
    until: date = Field(description="the last day on which it is left alone, as YYYY-MM-DD")

    def covers(self, ref: str, path: str, today: date) -> bool:
        return self.what == ref and today <= self.until and self._names(path)

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
