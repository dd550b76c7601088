"""What lies in config/auth of XNAT's home."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bootstrap.errors import HomeFailed, HomeUnreachable
from bootstrap.jar import parse_properties
from bootstrap.kinds.auth_section import WantedProvider, as_fields
from bootstrap.kinds.plugin_folder import ASIDE, started
from bootstrap.values import secrets_in
from bootstrap.xnat.connection import Connection
from bootstrap.xnat.home import AUTH, HomeFile, moment_of

ENDING = "-provider.properties"


@dataclass(frozen=True)
class AuthFile:
    path: str
    modified: float
    properties: Mapping[str, str]

    @property
    def id(self) -> str:
        return self.properties.get("provider.id", "")

    def is_as(self, wanted: WantedProvider) -> bool:
        hidden = [secret.reveal() for secret in secrets_in(wanted.properties) if secret.reveal()]
        return as_fields(wanted.id, self.properties, hidden) == wanted.properties


@dataclass(frozen=True)
class AuthFolder:
    files: tuple[AuthFile, ...] = ()
    unreached: str = ""

    def of(self, provider: str) -> list[AuthFile]:
        return [file for file in self.files if file.id == provider]


def auth_folder(xnat: Connection) -> AuthFolder:
    return xnat.shared("auth folder", lambda: _read(xnat))


def _read(xnat: Connection) -> AuthFolder:
    try:
        found = [file for file in xnat.home.files(AUTH) or () if file.name.endswith(ENDING)]
        return AuthFolder(tuple(AuthFile(file.path, file.modified, _properties(xnat, file)) for file in found))
    except (HomeUnreachable, HomeFailed) as error:
        return AuthFolder(unreached=error.message)


def _properties(xnat: Connection, file: HomeFile) -> Mapping[str, str]:
    with tempfile.TemporaryDirectory(prefix="xnat-bootstrap-") as folder:
        place = Path(folder) / "properties"
        place.touch(mode=0o600)
        xnat.home.fetch(file.path, place)
        return parse_properties(place.read_text(encoding="latin-1"))


def auth_reasons(xnat: Connection, wanted: Sequence[WantedProvider]) -> list[str]:
    """Why a restart is owed for the sake of these files, which are read at a start only."""
    folder = auth_folder(xnat)
    if folder.unreached:
        return []
    new = [one.id for one in wanted if not any(file.is_as(one) for file in folder.of(one.id))]
    touched = [file.path for file in folder.files if file.modified > started(xnat) and file.id not in new]
    going: frozenset[str] = xnat.shared("providers going", frozenset)
    return [
        *(f"the provider {name} is new or changed" for name in new),
        *(f"{path} is newer than XNAT's start" for path in touched),
        *(f"the provider {name} goes" for name in sorted(going)),
        *(f"{path} was taken out" for path in _taken_out(xnat, folder)),
    ]


def _taken_out(xnat: Connection, folder: AuthFolder) -> list[str]:
    there = {file.path for file in folder.files}
    try:
        stamps = [name.removeprefix(ASIDE) for name in xnat.home.folders() if name.startswith(ASIDE)]
        recent = [stamp for stamp in stamps if (moment_of(stamp) or 0.0) >= int(started(xnat))]
        gone = [file.name for stamp in recent for file in xnat.home.files(f"{ASIDE}{stamp}/{AUTH}") or ()]
    except (HomeUnreachable, HomeFailed):
        return []
    return [path for path in (f"{AUTH}/{name}" for name in gone) if path not in there]


def auth_twins(xnat: Connection, replaced: Sequence[WantedProvider] = ()) -> list[str]:
    """Two files with one id stop the whole site at its start. Of those that this run replaces one is left."""
    ours = {provider.id for provider in replaced}
    ids = [file.id for file in auth_folder(xnat).files if file.id not in ours]
    return [f"the provider {name} is in two files of {AUTH}/" for name in sorted(set(ids)) if ids.count(name) > 1]
