"""What the site settings are: their types, their first values, and who sees them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from bootstrap.practice import java_numbers
from bootstrap.practice.http import lenient_json

_VERSION = (1, 9)
_TEXTS = {
    "emailVerificationMessage": "Dear FULL_NAME, please confirm your address for SITE_NAME: VERIFICATION_URL",
    "siteDescriptionText": "An XNAT to practise on. What is put here may be gone tomorrow.",
    "uiLoginFailureMessage": "Your login attempt failed. After %d failed attempts the account is locked.",
    "dicomFileNameTemplate": "${StudyInstanceUID}-${SeriesNumber}-${InstanceNumber}",
}
_FILLED_AT_START = {"adminEmail": "administrator@xnat.org", "sitewidePetTracers": "PIB\nFDG"}


@dataclass(frozen=True)
class Setting:
    name: str
    type: str  # text, boolean, integer, list, enum
    first: str  # as stored
    visible_to: str  # everyone, users, administrators
    words: tuple[str, ...]  # of an enum

    def read(self, stored: str) -> Any:
        """The stored text as what it means."""
        if self.type == "boolean":
            return stored == "true"
        if self.type == "integer":
            number = java_numbers.integer(stored)
            return stored if number is None else number
        if self.type == "list":
            return _list(stored)
        return stored


@cache
def known() -> dict[str, Setting]:
    listed = json.loads(files("bootstrap.facts").joinpath("site_settings.json").read_text("utf-8"))
    settings = [_setting(entry) for entry in listed if _is_there(entry.get("since", "1.8"))]
    return {setting.name: setting for setting in settings}


def first_values() -> dict[str, str]:
    return {setting.name: setting.first for setting in known().values()}


def visible(name: str, *, admin: bool, guest: bool) -> bool:
    if admin:
        return True
    setting = known().get(name)
    return setting is not None and setting.visible_to in (("everyone",) if guest else ("everyone", "users"))


def as_stored(value: Any) -> str:
    """As Java writes it: lists and objects as JSON, the rest as it prints."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return str(value)


def _setting(entry: dict[str, Any]) -> Setting:
    name = entry["name"]
    given = _FILLED_AT_START.get(name, _TEXTS.get(name, entry["default"]))
    words = ("USERNAME", "FULLNAME") if name == "displayedUserIdentifierType" else tuple(entry.get("allowed", ()))
    return Setting(name, entry["type"], as_stored("" if given is None else given), entry["visible_to"], words)


def _is_there(since: str) -> bool:
    return tuple(map(int, since.split("."))) <= _VERSION


def _list(stored: str) -> Any:
    try:
        found = lenient_json.loads_strictly(stored or "[]")
    except lenient_json.NotJson:
        return stored
    return found if isinstance(found, list) else stored
