"""prefs-init.ini and prefs-override.ini in the folder's config/, read at each start.

The first gives values to preferences that were never stored, the second to all that it names, each time. Where either
says anything, each start also decides anew whether the site is set up: when none of eight settings is blank.
"""

from __future__ import annotations

import configparser
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bootstrap.errors import LocalFileError

REQUIRED = (
    *("siteId", "siteUrl", "adminEmail", "archivePath"),
    *("prearchivePath", "cachePath", "buildPath", "ftpPath"),
)
Sections = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class IniFiles:
    first: Sections = field(default_factory=dict)
    forced: Sections = field(default_factory=dict)

    @property
    def say_anything(self) -> bool:
        return bool(self.first or self.forced)

    def first_password(self) -> str:
        """Of the account admin, when the database is made."""
        return self.first.get("system", {}).get("defaultAdminPassword", "admin")


def read_ini_files(folder: Path) -> IniFiles:
    return IniFiles(_sections(folder / "prefs-init.ini"), _sections(folder / "prefs-override.ini"))


def _sections(file: Path) -> Sections:
    parser = configparser.ConfigParser(interpolation=None, strict=False, default_section="\n")
    parser.optionxform = str  # type: ignore[method-assign, assignment]
    try:
        parser.read_string(file.read_text("utf-8") if file.exists() else "", str(file))
    except (configparser.Error, OSError, UnicodeDecodeError) as error:
        raise LocalFileError(f"starting the practice XNAT: reading {file}: {error}") from error
    return {name: {key: value.strip() for key, value in parser.items(name)} for name in parser.sections()}
