"""What homes have in common in which a shell can be run: in a container, in a pod."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import PurePosixPath

from bootstrap.errors import HomeFailed
from bootstrap.xnat.home import HomeFile

_NOT_THERE = "no-such-folder"
# A name may hold anything: it comes last on its line, and what holds a line break is no jar of anybody's.
_LIST = (
    f'if [ ! -d "$1" ]; then echo {_NOT_THERE}; exit 0; fi; '
    'find "$1" -maxdepth 1 -type f -exec stat -c "%Y %s %n" {} +'
)
_FOLDERS = 'for one in "$1"/*/; do [ -d "$one" ] && basename "$one"; done; true'
_DIGESTS = 'if [ -d "$1" ]; then cd "$1" && find . -maxdepth 1 -type f -name "*.jar" -exec sha256sum {} +; fi'
_MOVE = (
    'mkdir -p "$(dirname "$2")" && if [ -e "$2" ]; then echo "there is such a file already" >&2; exit 1; fi; '
    'mv "$1" "$2"'
)
# What root makes belongs to whom the folder belongs to that it lies in.
MAKE_FOLDER = (
    'p="$1"; while [ ! -e "$p" ]; do p="$(dirname "$p")"; done; owner="$(stat -c %u:%g "$p")"; mkdir -p "$1" && '
    'if [ "$(id -u)" = 0 ] && [ "$p" != "$1" ]; then chown "$owner" "$1"; fi'
)


class ShellHome(ABC):
    """`folder` is the home as the shell sees it."""

    name: str
    stamp: str
    folder: PurePosixPath

    @abstractmethod
    def shell(self, script: str, *arguments: str, doing: str, reads: bool = False) -> str:
        """What a script wrote that `sh` ran there; HomeFailed where it failed. `reads`: it may be run again."""

    def files(self, folder: str) -> list[HomeFile] | None:
        doing = f"looking into {folder}/ of {self.name}"
        said = self.shell(_LIST, self._at(folder), doing=doing, reads=True)
        if said.strip() == _NOT_THERE:
            return None
        return sorted(self._file(line, folder, doing) for line in said.splitlines() if line.strip())

    @staticmethod
    def _file(line: str, folder: str, doing: str) -> HomeFile:
        seconds, _, rest = line.partition(" ")
        size, _, place = rest.partition(" ")
        if not (seconds.isdecimal() and size.isdecimal() and place):
            raise HomeFailed(f"{doing}: this is no line about a file: {line[:200]}")
        return HomeFile(f"{folder}/{PurePosixPath(place).name}", int(size), float(seconds))

    def folders(self) -> list[str]:
        said = self.shell(_FOLDERS, str(self.folder), doing=f"looking into {self.name}", reads=True)
        return sorted(said.splitlines())

    def digests(self, folder: str) -> Mapping[str, str]:
        said = self.shell(_DIGESTS, self._at(folder), doing=f"reading {folder}/ of {self.name}", reads=True)
        lines = [line.partition("  ./") for line in said.splitlines() if line.strip()]
        return {f"{folder}/{name}": digest for digest, _, name in sorted(lines)}

    def move(self, path: str, to: str) -> None:
        self.shell(_MOVE, self._at(path), self._at(to), doing=f"moving {path} to {to} in {self.name}")

    def _at(self, path: str) -> str:
        return str(self.folder / path)
