"""What the value of a field may be, and how it is kept: texts, numbers, dates, and words out of a few."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

_SHORT = 255  # letters that the database keeps of a text, where it does not keep any number
_DATES = ("%Y-%m-%d", "%m/%d/%Y")


@dataclass(frozen=True)
class Kind:
    """A text of any length."""

    def fault(self, value: str) -> str | None:
        """Why this is none, as XNAT says it; None if it is one."""
        return None

    def kept(self, value: str) -> str:
        """As lists show it. What is none is left as it is."""
        return value

    def shown(self, value: str) -> str | int | float:
        """As JSON shows it, of what is kept."""
        return value


@dataclass(frozen=True)
class ShortText(Kind):
    longest: int = _SHORT

    def fault(self, value: str) -> str | None:
        return f"Must be less than {self.longest} characters long" if len(value) > self.longest else None


@dataclass(frozen=True)
class Word(Kind):
    words: tuple[str, ...] = ()

    def fault(self, value: str) -> str | None:
        return None if value in self.words else f"'{value}' Must Match Pre-Defined Values...({','.join(self.words)})"


@dataclass(frozen=True)
class Integer(Kind):
    def fault(self, value: str) -> str | None:
        return None if re.fullmatch(r"[+-]?\d{1,9}", value, re.ASCII) else "Must Be A Valid Integer"

    def shown(self, value: str) -> int:
        return int(value)


@dataclass(frozen=True)
class Float(Kind):
    def fault(self, value: str) -> str | None:
        return None if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,2})?", value, re.ASCII | re.I) else _NO_FLOAT

    def kept(self, value: str) -> str:
        return value if self.fault(value) else str(float(value))

    def shown(self, value: str) -> int | float:
        """A whole number has no point in JSON."""
        number = float(value)
        return int(number) if number.is_integer() else number


@dataclass(frozen=True)
class Date(Kind):
    def fault(self, value: str) -> str | None:
        return None if _iso(value) else "Must Be A Valid Date"

    def kept(self, value: str) -> str:
        return _iso(value) or value


_NO_FLOAT = "Must Be A Valid Float"


def _iso(value: str) -> str | None:
    for form in _DATES:
        try:
            return datetime.strptime(value, form).date().isoformat()
        except ValueError:
            continue
    return None
