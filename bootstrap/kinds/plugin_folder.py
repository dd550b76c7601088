"""What lies in plugins/ of XNAT's home, and what this start of XNAT made of it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bootstrap.errors import HomeFailed, HomeUnreachable, LocalFileError
from bootstrap.jar import declared_plugins
from bootstrap.xnat.connection import Connection
from bootstrap.xnat.home import PLUGINS, HomeFile, moment_of

ASIDE = "replaced-"  # begins the name of a dated folder beside plugins/


@dataclass(frozen=True)
class Jar:
    """`plugins` are the ids that it declares and the version that XNAT will tell of each."""

    path: str
    sha256: str
    modified: float
    plugins: Mapping[str, str]
    broken: str = ""

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


@dataclass(frozen=True)
class Folder:
    """`unreached` says why nothing is known of it."""

    jars: tuple[Jar, ...] = ()
    missing: bool = False
    unreached: str = ""

    @property
    def known(self) -> bool:
        return not self.unreached

    def of(self, plugin: str) -> list[Jar]:
        return [jar for jar in self.jars if plugin in jar.plugins]


def plugin_folder(xnat: Connection) -> Folder:
    """Asked once in a round; what is in a jar is looked at once in a run."""
    return xnat.shared("plugin folder", lambda: _read(xnat))


def _read(xnat: Connection) -> Folder:
    try:
        found = xnat.home.files(PLUGINS)
        if found is None:
            return Folder(missing=True)
        return Folder(_jars(xnat, PLUGINS, found))
    except (HomeUnreachable, HomeFailed) as error:
        return Folder(unreached=error.message)


def _jars(xnat: Connection, folder: str, found: Iterable[HomeFile]) -> tuple[Jar, ...]:
    digests = xnat.home.digests(folder)
    return tuple(_jar(xnat, file, digests[file.path]) for file in found if file.path in digests)


def _jar(xnat: Connection, file: HomeFile, digest: str) -> Jar:
    key = ("jar", digest, file.name)
    if key not in xnat.kept:
        xnat.kept[key] = _look_into(xnat, file)
    plugins, broken = xnat.kept[key]
    return Jar(file.path, digest, file.modified, plugins, broken)


def _look_into(xnat: Connection, file: HomeFile) -> tuple[Mapping[str, str], str]:
    with tempfile.TemporaryDirectory(prefix="xnat-bootstrap-") as folder:
        place = Path(folder) / file.name
        xnat.home.fetch(file.path, place)
        try:
            return {plugin.id: plugin.version for plugin in declared_plugins(place)}, ""
        except LocalFileError:
            return {}, "it is no jar"


def moved_aside(xnat: Connection) -> tuple[Jar, ...]:
    """The jars that were taken out of plugins/ since XNAT was started, the ones that went first in front."""

    def read() -> tuple[Jar, ...]:
        try:
            return jars_aside_since(xnat, started(xnat))
        except (HomeUnreachable, HomeFailed):
            return ()

    return xnat.shared("plugins aside", read)


def jars_aside_since(xnat: Connection, moment: float) -> tuple[Jar, ...]:
    stamps = [name.removeprefix(ASIDE) for name in xnat.home.folders() if name.startswith(ASIDE)]
    recent = [stamp for stamp in sorted(stamps) if (moment_of(stamp) or 0.0) >= int(moment)]
    return tuple(
        jar
        for folder in (f"{ASIDE}{stamp}/{PLUGINS}" for stamp in recent)
        for jar in _jars(xnat, folder, xnat.home.files(folder) or ())
    )


def placed_in(xnat: Connection) -> set[str]:
    """What this run has put into plugins/."""
    placed: set[str] = xnat.kept.setdefault("plugins placed", set())
    return placed


def uptime(xnat: Connection) -> float:
    told = xnat.client.read_json("/xapi/siteConfig/uptime", doing="asking how long XNAT has been up")
    parts = {"days": 86400, "hours": 3600, "minutes": 60, "seconds": 1}
    return sum(float(told.get(unit) or 0) * seconds for unit, seconds in parts.items())


def started(xnat: Connection) -> float:
    """When this XNAT was started, by our clock; the time that the answer takes makes it seem later."""
    return xnat.shared("started", lambda: -uptime(xnat) + time.time())
