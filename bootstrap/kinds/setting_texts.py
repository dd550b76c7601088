"""Texts of settings that XNAT takes with 200 and reads only later: intervals, schedules, expressions, addresses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Literal
from urllib.parse import urlsplit

from bootstrap.dicomedit.lint.regexes import fault
from bootstrap.facts.cron import CronError, parse_cron
from bootstrap.values import Problem, Secret, Source

# As a real XNAT reads them: a unit that it does not know (`1 week`, `2 hrs`), a fraction of an hour or ISO text in
# small letters counts for nothing, and then sessions and tokens end at once.
_AMOUNT = r"(?:\d+\s+(?:years?|mons?|months?|days?|hours?|mins?|minutes?)|\d+(?:\.\d+)?\s+(?:secs?|seconds?))"
_CLOCK = r"\d{1,4}:[0-5]?\d(?::[0-5]?\d(?:\.\d+)?)?"
_PLAIN = re.compile(rf"{_AMOUNT}(?:\s+{_AMOUNT})*(?:\s+{_CLOCK})?|{_CLOCK}", re.IGNORECASE)
_ISO = re.compile(r"P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?")
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+")
_DATE = re.compile(r"(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12]\d|3[01])/\d{4}")

Flaw = tuple[str, str]  # what is wrong, and what to write


def interval(text: str) -> Flaw | None:
    if _PLAIN.fullmatch(text) or _ISO.fullmatch(text):
        return None
    return "is no interval that XNAT can read", "write a number and a unit, such as `15 minutes`, `1 hour` or `2 days`"


def schedule(text: str) -> Flaw | None:
    try:
        parse_cron(text)
    except CronError as wrong:
        return f"is no schedule: {wrong}", "write six fields (second minute hour day month weekday): `0 0 2 * * *`"
    return None


def expression(text: str) -> Flaw | None:
    why = fault(text)
    return (f"is no regular expression that Java takes ({why})", "`^.*$` takes everything") if why else None


def email(text: str) -> Flaw | None:
    return None if _EMAIL.fullmatch(text) else ("is no e-mail address", "write it as name@example.org")


def address(text: str) -> Flaw | None:
    hint = "it looks like https://xnat.example.org"
    try:
        parts = urlsplit(text)
        host = parts.hostname
        parts.port  # noqa: B018  looked at for its ValueError
    except ValueError:
        return "is no web address", hint
    good = parts.scheme in ("http", "https") and host and not re.search(r"\s", text)
    return None if good else ("is no web address", hint)


def day(text: str) -> Flaw | None:
    return None if _DATE.fullmatch(text) else ("is no day that XNAT can read", "write it as MM/DD/YYYY: `12/31/2027`")


# What each setting is read as: the rule's name, how bad it is, and the test. A bad address only loses mails.
_Severity = Literal["error", "warning"]
_Reader = tuple[str, _Severity, Callable[[str], Flaw | None]]
_INTERVAL_TEXT: _Reader = ("bad-interval", "error", interval)
_SCHEDULE: _Reader = ("bad-schedule", "error", schedule)
_EXPRESSION: _Reader = ("bad-expression", "error", expression)
READ_AS: Mapping[str, _Reader] = {
    "aliasTokenTimeout": _INTERVAL_TEXT,
    "inactivityBeforeLockout": _INTERVAL_TEXT,
    "maxFailedLoginsLockoutDuration": _INTERVAL_TEXT,
    "passwordExpirationInterval": _INTERVAL_TEXT,
    "passwordHistoryDuration": _INTERVAL_TEXT,
    "sessionTimeout": _INTERVAL_TEXT,
    "aliasTokenTimeoutSchedule": _SCHEDULE,
    "inactivityBeforeLockoutSchedule": _SCHEDULE,
    "resetFailedLoginsSchedule": _SCHEDULE,
    "ipsThatCanSendEmailsThroughRest": _EXPRESSION,
    "passwordComplexity": _EXPRESSION,
    "interactiveAgentIds": _EXPRESSION,
    "adminEmail": ("bad-email", "warning", email),
    "siteUrl": ("bad-url", "error", address),
    "passwordExpirationDate": ("bad-date", "error", day),
}


def text_problems(name: str, value: object, source: Callable[[int | None], Source]) -> Iterable[Problem]:
    """What is wrong with a setting's text, or with each text of its list. Blank ones are somebody else's matter."""
    if name not in READ_AS or isinstance(value, Secret):
        return
    rule, severity, judge = READ_AS[name]
    texts = enumerate(value) if isinstance(value, list) else [(None, value)]
    for place, text in texts:
        flaw = judge(text.strip()) if isinstance(text, str) and text.strip() else None
        if flaw:
            yield Problem(severity, rule, f"{name}: `{text}` {flaw[0]}", flaw[1], source(place))
