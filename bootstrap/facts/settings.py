"""The settings that XNAT is known to have: the contract's tables, read from the data files beside this one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from bootstrap.facts.versions import version_numbers

SettingType = Literal["text", "boolean", "integer", "list", "enum", "map"]


@dataclass(frozen=True)
class Setting:
    """One preference. `default` is None where the server's default is a long text that we do not carry."""

    name: str
    type: SettingType
    default: Any
    visible_to: str = "administrators"
    allowed: tuple[str, ...] = ()
    note: str = ""
    since: str | None = None
    until: str | None = None
    restart: bool = False
    secret: bool = False
    recipients: bool = False
    default_is_long_text: bool = False

    def known_to(self, version: tuple[int, ...]) -> bool:
        """Whether an XNAT of this version has it; a version that cannot be told knows everything."""
        if not version:
            return True
        if self.since and version < version_numbers(self.since):
            return False
        return not (self.until and version >= version_numbers(self.until))


def _load(name: str) -> Mapping[str, Setting]:
    rows = json.loads(files("bootstrap.facts").joinpath(name).read_text(encoding="utf-8"))
    settings = (Setting(**{**row, "allowed": tuple(row.get("allowed", ()))}) for row in rows)
    return {setting.name: setting for setting in settings}


@lru_cache(maxsize=1)
def site_settings() -> Mapping[str, Setting]:
    """siteConfig's preferences by name, of all versions."""
    return _load("site_settings.json")


@lru_cache(maxsize=1)
def notification_settings() -> Mapping[str, Setting]:
    """The preferences of the tool `notifications`, by name."""
    return _load("notifications.json")
