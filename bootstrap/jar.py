"""What a plugin's jar says about itself, read without Java: the ids it declares and the version in its name."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from bootstrap.errors import LocalFileError

_LARGEST_PROPERTIES = 1_000_000
_ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}


@dataclass(frozen=True, slots=True)
class DeclaredPlugin:
    """One `META-INF/xnat/**/*-plugin.properties` of a jar."""

    id: str
    version: str  # XNAT takes it from the file's name
    jar: Path
    properties: Mapping[str, str]


def declared_plugins(jar: Path) -> list[DeclaredPlugin]:
    """The plugins that a jar declares; a file that is no jar is a LocalFileError."""
    try:
        with zipfile.ZipFile(jar) as archive:
            texts = [_text(archive, member, jar) for member in archive.infolist() if _declares(member.filename)]
    except (zipfile.BadZipFile, OSError) as error:
        raise LocalFileError(f"reading the plugin {jar}: it is no jar ({error})") from error
    version = version_in_name(jar.name)
    return [
        DeclaredPlugin(properties.get("id", ""), properties.get("version") or version, jar, properties)
        for properties in map(parse_properties, texts)
    ]


def digest_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def version_in_name(name: str) -> str:
    """`container-service-3.7.3-fat.jar` is version `3.7.3-fat`; a name without one is `unknown`."""
    found = re.search(r"-(\d.*?)(?:\.jar)?$", name)
    return found[1] if found else "unknown"


def parse_properties(text: str) -> dict[str, str]:
    """A Java properties file: `key=value`, `key: value`, comments, continued lines, escapes."""
    result: dict[str, str] = {}
    joined = re.sub(r"(?<!\\)((?:\\\\)*)\\\r?\n[ \t]*", r"\1", text)
    for line in joined.splitlines():
        line = line.lstrip()
        if not line or line[0] in "#!":
            continue
        found = re.match(r"((?:\\.|[^\\=:\s])*)[ \t]*[=:]?[ \t]*(.*)", line)
        if found:
            result[_unescaped(found[1])] = _unescaped(found[2])
    return result


def _declares(member: str) -> bool:
    path = PurePosixPath(member)
    return path.parts[:2] == ("META-INF", "xnat") and path.name.endswith("-plugin.properties")


def _text(archive: zipfile.ZipFile, member: zipfile.ZipInfo, jar: Path) -> str:
    if member.file_size > _LARGEST_PROPERTIES:
        raise LocalFileError(f"reading the plugin {jar}: {member.filename} is too large to be a properties file")
    return archive.read(member).decode("latin-1")


def _unescaped(text: str) -> str:
    def one(found: re.Match[str]) -> str:
        code = found[1]
        return chr(int(code[1:], 16)) if len(code) == 5 else _ESCAPES.get(code, code)

    return re.sub(r"\\(u[0-9a-fA-F]{4}|.)", one, text)
