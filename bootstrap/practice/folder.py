"""The state folder: where everything of one practice XNAT lies, and nothing of it anywhere else.

xnat.db      users, settings, projects and the like
plugins/     jars; read at each start
config/      prefs-init.ini, prefs-override.ini, auth/*.properties
data/        what XNAT calls /data/xnat: archive, prearchive, cache, build, ftp, pipeline, inbox
spool/       parts of requests that are too large for memory
server.json  address and process of the server that holds the folder, and the lock that it holds
"""

from __future__ import annotations

import zipfile
from pathlib import Path, PurePosixPath

from bootstrap.errors import LocalFileError

REPORTED_ROOT = PurePosixPath("/data/xnat")  # what XNAT says its data lies under
PLUGIN_NAME = "container-service-3.7.3.jar"
_PLUGIN = """\
class=org.nrg.containers.config.ContainersConfig
id=containers
name=containers
description=Container Service
beanName=containersConfig
entityPackages=org.nrg.containers
logConfiguration=META-INF/resources/containers-logback.xml
"""
_SUBFOLDERS = ("config/auth", "data", "plugins", "spool")
_FIXED_DATE = (2025, 1, 1, 0, 0, 0)  # the same jar, byte for byte, in every state folder


class StateFolder:
    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        self.database = self.root / "xnat.db"
        self.plugins = self.root / "plugins"
        self.config = self.root / "config"
        self.data = self.root / "data"
        self.spool = self.root / "spool"

    def make(self) -> bool:
        """Make what is missing; True if the folder is a new one."""
        new = not self.database.exists()
        first_plugins = not self.plugins.exists()
        try:
            for name in _SUBFOLDERS:
                (self.root / name).mkdir(parents=True, exist_ok=True)
            if new and first_plugins:
                write_container_service(self.plugins / PLUGIN_NAME)
        except OSError as error:
            raise LocalFileError(
                f"making the practice state folder {self.root}: {error}", hint="choose another folder with --state"
            ) from error
        return new

    def place(self, reported: str) -> Path:
        """Where a path that XNAT reports, such as /data/xnat/archive, lies; always inside this folder."""
        path = PurePosixPath(reported)
        inner = path.relative_to(REPORTED_ROOT) if path.is_relative_to(REPORTED_ROOT) else path
        return self.inside(self.data, *(part for part in inner.parts if part != "/"))

    def inside(self, base: Path, *parts: str) -> Path:
        """A path below `base`, whatever is in the names; LocalFileError if it leads out of the folder."""
        place = base.joinpath(*parts).resolve()
        if not place.is_relative_to(base.resolve()) or not place.is_relative_to(self.root.resolve()):
            raise LocalFileError(f"the path {'/'.join(parts)!r} leads out of the practice state folder")
        return place


def write_container_service(jar: Path) -> None:
    """A jar of our own making that says nothing but that it is the Container Service."""
    with zipfile.ZipFile(jar, "w") as archive:
        for name, text in (
            ("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\n\r\n"),
            ("META-INF/xnat/containers-plugin.properties", _PLUGIN),
        ):
            archive.writestr(zipfile.ZipInfo(name, _FIXED_DATE), text)
