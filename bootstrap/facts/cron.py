"""Cron expressions as Spring reads them: second, minute, hour, day of month, month, day of week.

schedule = parse_cron("0 30 6 * * MON")     CronError, with Spring's message, if it cannot be read
schedule.after(moment)                      the next moment, or None if there is none
check_schedule(text, moment)                the event service's own rule besides: more than a minute apart
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

_MACROS = {
    "@yearly": "0 0 0 1 1 *",
    "@annually": "0 0 0 1 1 *",
    "@monthly": "0 0 0 1 * *",
    "@weekly": "0 0 0 * * 0",
    "@daily": "0 0 0 * * *",
    "@midnight": "0 0 0 * * *",
    "@hourly": "0 0 * * * *",
}
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
_SHORTEST_GAP = timedelta(minutes=1)
_FARTHEST = timedelta(days=366 * 40)
_NEVER = (
    'Cannot invoke "java.time.temporal.Temporal.plus(long, java.time.temporal.TemporalUnit)" because "temporal" is null'
)

DayRule = Callable[[date], bool]


class CronError(Exception):
    """The text is no cron expression, or none that the event service takes."""


class NeverComes(CronError):
    """It can be read, and no day is like that, or only one: XNAT's own words for it say nothing."""


@dataclass(frozen=True)
class _Field:
    name: str  # as java.time calls it
    lowest: int
    highest: int
    names: tuple[str, ...] = ()


_SECOND, _MINUTE = _Field("SecondOfMinute", 0, 59), _Field("MinuteOfHour", 0, 59)
_HOUR, _MONTH = _Field("HourOfDay", 0, 23), _Field("MonthOfYear", 1, 12, _MONTHS)
_DAY_OF_MONTH, _DAY_OF_WEEK = _Field("DayOfMonth", 1, 31), _Field("DayOfWeek", 1, 7, _DAYS)


@dataclass(frozen=True)
class CronSchedule:
    seconds: tuple[int, ...]
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    months: frozenset[int]
    days: tuple[DayRule, ...]  # all of them must let a day through

    def after(self, moment: datetime) -> datetime | None:
        """The first moment later than this one; None if there is none for decades."""
        start = moment.replace(microsecond=0) + timedelta(seconds=1)
        day, end = start.date(), start.date() + _FARTHEST
        while day < end:
            if day.month not in self.months:
                day = _first_of_next_month(day)
                continue
            if all(rule(day) for rule in self.days):
                earliest = start.time() if day == start.date() else time.min
                if found := self._within_day(earliest):
                    return datetime.combine(day, found)
            day += timedelta(days=1)
        return None

    def _within_day(self, earliest: time) -> time | None:
        for hour in self.hours:
            for minute in self.minutes if hour >= earliest.hour else ():
                if (hour, minute, 59) < (earliest.hour, earliest.minute, 0):
                    continue
                for second in self.seconds:
                    if (found := time(hour, minute, second)) >= earliest:
                        return found
        return None


def parse_cron(text: str) -> CronSchedule:
    if not text:
        raise CronError("Expression must not be empty")
    expression = _MACROS.get(text.lower(), text)
    fields = expression.split()
    if len(fields) != 6:
        raise CronError(f'Cron expression must consist of 6 fields (found {len(fields)} in "{expression}")')
    try:
        return CronSchedule(
            tuple(sorted(_numbers(fields[0], _SECOND))),
            tuple(sorted(_numbers(fields[1], _MINUTE))),
            tuple(sorted(_numbers(fields[2], _HOUR))),
            frozenset(_numbers(_named(fields[4], _MONTH), _MONTH)),
            (_day_of_month(fields[3]), _day_of_week(fields[5])),
        )
    except _BadField as error:
        raise CronError(f'{error} in cron expression "{expression}"') from None


def check_schedule(text: str, moment: datetime) -> CronSchedule:
    """As the event service does it: the next two runs must be more than a minute apart."""
    schedule = parse_cron(text)
    first = schedule.after(moment)
    second = schedule.after(first) if first else None
    if first is None or second is None:
        raise NeverComes(_NEVER)
    if second - first <= _SHORTEST_GAP:
        raise CronError("Cron jobs can not be scheduled less than 1 minute")
    return schedule


class _BadField(Exception):
    """What is wrong with one field, in Spring's words."""


def _first_of_next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _named(text: str, field: _Field) -> str:
    """Names of months and days become their numbers."""
    text = text.upper()
    for number, name in enumerate(field.names, 1):
        text = text.replace(name, str(number))
    return text


def _numbers(text: str, field: _Field) -> set[int]:
    found: set[int] = set()
    for part in _parts(text):
        span, slash, step = part.partition("/")
        first, last = _span(span, field, text)
        if slash and "-" not in span:
            last = field.highest
        found.update(range(first, last + 1, _step(step, text) if slash else 1))
    return found


def _parts(text: str) -> list[str]:
    parts = [part for part in text.split(",") if part]
    if not parts:
        raise _BadField(f"Empty list '{text}'")
    return parts


def _span(text: str, field: _Field, whole: str) -> tuple[int, int]:
    if text == "*":
        return field.lowest, field.highest
    first, hyphen, last = text.partition("-")
    if not hyphen:
        value = _number(first, field, whole)
        return value, value
    low, high = _number(first, field, whole), _number(last, field, whole)
    if field is _DAY_OF_WEEK and low == 7:
        low = 0  # at the beginning of a span, Sunday comes first
    if low > high:
        raise _BadField(f"Minimum value must be less than maximum value '{whole}'")
    return low, high


def _number(text: str, field: _Field, whole: str) -> int:
    value = _integer(text, whole)
    if field.lowest <= value <= field.highest or (field is _DAY_OF_WEEK and value == 0):
        return value
    valid = f"valid values {field.lowest} - {field.highest}"
    if field is _DAY_OF_MONTH:
        valid = "valid values 1 - 28/31"
    raise _BadField(f"Invalid value for {field.name} ({valid}): {value} '{whole}'")


def _step(text: str, whole: str) -> int:
    step = _integer(text, whole)
    if step <= 0:
        raise _BadField(f"Incrementer delta must be 1 or higher '{whole}'")
    return step


def _integer(text: str, whole: str) -> int:
    if not re.fullmatch(r"[+-]?\d{1,9}", text):
        raise _BadField(f"For input string: \"{text}\" '{whole}'")
    return int(text)


def _day_of_month(text: str) -> DayRule:
    if text == "?":
        return _any_day
    if not set(text) & {"L", "W"}:
        numbers = _numbers(text, _DAY_OF_MONTH)
        return lambda day: day.day in numbers
    return _one_of(_special_day_of_month(part, text) for part in _parts(text))


def _special_day_of_month(part: str, whole: str) -> DayRule:
    if part == "LW":
        return lambda day: day == _nearest_weekday(day, _last_day(day))
    if found := re.fullmatch(r"L(?:-(\d{1,2}))?", part):
        offset = int(found[1] or 0)
        return lambda day: day.day == _last_day(day) - offset
    if found := re.fullmatch(r"(\d{1,2})W", part):
        number = _number(found[1], _DAY_OF_MONTH, whole)
        return lambda day: day == _nearest_weekday(day, number)
    numbers = _numbers(part, _DAY_OF_MONTH)
    return lambda day: day.day in numbers


def _day_of_week(text: str) -> DayRule:
    if text == "?":
        return _any_day
    named = _named(text, _DAY_OF_WEEK)
    return _one_of(_special_day_of_week(part, text) for part in _parts(named))


def _special_day_of_week(part: str, whole: str) -> DayRule:
    if found := re.fullmatch(r"(\d)L", part):
        weekday = _number(found[1], _DAY_OF_WEEK, whole)
        return lambda day: _is_weekday(day, weekday) and day.day > _last_day(day) - 7
    if found := re.fullmatch(r"(\d)#(\d)", part):
        weekday, count = _number(found[1], _DAY_OF_WEEK, whole), int(found[2])
        if not 1 <= count <= 5:
            raise _BadField(f"Ordinal '{count}' in cron day of week must be 1-5 '{whole}'")
        return lambda day: _is_weekday(day, weekday) and (day.day - 1) // 7 + 1 == count
    numbers = _numbers(part, _DAY_OF_WEEK)
    return lambda day: day.isoweekday() in numbers or (0 in numbers and day.isoweekday() == 7)


def _one_of(rules: Iterable[DayRule]) -> DayRule:
    made = tuple(rules)
    return lambda day: any(rule(day) for rule in made)


def _any_day(_day: date) -> bool:
    return True


def _is_weekday(day: date, weekday: int) -> bool:
    return day.isoweekday() == (weekday or 7)


def _last_day(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def _nearest_weekday(day: date, number: int) -> date | None:
    """Monday to Friday nearest to this number, within the month."""
    if number > _last_day(day):
        return None
    wanted = day.replace(day=number)
    if wanted.isoweekday() == 6:
        return wanted - timedelta(days=1) if number > 1 else wanted + timedelta(days=2)
    if wanted.isoweekday() == 7:
        return wanted + timedelta(days=1) if number < _last_day(day) else wanted - timedelta(days=2)
    return wanted
