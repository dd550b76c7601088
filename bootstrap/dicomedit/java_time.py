"""DICOM dates and times, shifted as the engine does: missing parts are taken from the middle, and cut off again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bootstrap.dicomedit.problems import ScriptError

_FORM = re.compile(
    r"(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\.\d{1,6})?([+-]\d{4})?",
    re.ASCII,
)
DAY = 86400
_UNITS = {"years": 365 * DAY, "days": DAY, "hours": 3600, "minutes": 60, "seconds": 1}


class NotADate(ScriptError):
    """The text does not look like a date; one that does and is impossible is another Error."""


@dataclass(frozen=True, slots=True)
class DicomTime:
    parts: tuple[str, ...]  # year, month, day, hour, minute, second, as far as given
    fraction: str
    offset: str

    def seconds(self) -> int:
        """Since the day 0 of the proleptic calendar."""
        year, month, day, hour, minute, second = self._filled([int(part) for part in self.parts])
        _check(year, month, day, hour, minute, second, self.offset)
        return _day_number(year, month, day) * DAY + hour * 3600 + minute * 60 + second

    @staticmethod
    def _filled(given: list[int]) -> list[int]:
        if len(given) == 1:
            return [*given, 7, 1, 0, 0, 0]
        if len(given) == 2:
            days = _days_in_month(*given) if 1 <= given[1] <= 12 else 30
            return [*given, days // 2 + 1, 0 if days % 2 == 0 else 12, 0, 0]
        defaults = {3: [12, 0, 0], 4: [30, 0], 5: [30], 6: []}
        return [*given, *defaults[len(given)]]

    def at(self, seconds: int) -> str:
        """Another moment, with the precision of this one."""
        days, rest = divmod(seconds, DAY)
        year, month, day = _date(days)
        values = (f"{year:04d}", *(f"{part:02d}" for part in (month, day, rest // 3600, rest // 60 % 60, rest % 60)))
        text = "".join(values[: len(self.parts)])
        return text + (self.fraction if len(self.parts) == 6 else "") + self.offset


def parse_time(text: str | None) -> DicomTime:
    match = _FORM.fullmatch(text or "")
    if match is None:
        raise NotADate(f"Failed to parse DICOM time string '{'null' if text is None else text}'")
    groups = match.groups()
    return DicomTime(tuple(part for part in groups[:6] if part), groups[6] or "", groups[7] or "")


@lru_cache(maxsize=1024)  # the files of a study share their dates
def shift(text: str | None, increment: int, unit: str) -> str:
    factor = _UNITS.get(unit.lower())
    if factor is None:
        raise ScriptError(f"unknown unit of time: {unit}")
    moment = parse_time(text)
    return moment.at(moment.seconds() + increment * factor)


def _check(year: int, month: int, day: int, hour: int, minute: int, second: int, offset: str) -> None:
    possible = 1 <= month <= 12 and 1 <= day <= _days_in_month(year, month)
    if not possible or hour > 23 or minute > 59 or second > 59:
        raise ScriptError(
            f"no such date or time: {year:04d}-{month:02d}-{day:02d} {hour:02d}:{minute:02d}:{second:02d}"
        )
    if offset and (int(offset[3:5]) > 59 or int(offset[1:3]) * 60 + int(offset[3:5]) > 18 * 60):
        raise ScriptError(f"no such time zone: {offset}")


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _days_in_month(year: int, month: int) -> int:
    if month == 2:
        return 29 if _is_leap(year) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def _day_number(year: int, month: int, day: int) -> int:
    shifted = year - (month <= 2)
    era, in_era = divmod(shifted, 400)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * 146097 + in_era * 365 + in_era // 4 - in_era // 100 + day_of_year


def _date(days: int) -> tuple[int, int, int]:
    era, in_era = divmod(days, 146097)
    year_of_era = (in_era - in_era // 1460 + in_era // 36524 - in_era // 146096) // 365
    day_of_year = in_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * day_of_year + 2) // 153
    month = shifted + 3 if shifted < 10 else shifted - 9
    return era * 400 + year_of_era + (month <= 2), month, day_of_year - (153 * shifted + 2) // 5 + 1
