"""A home that is a folder of this machine, and the command that restarts XNAT."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from bootstrap.errors import HomeFailed, HomeUnreachable
from bootstrap.jar import digest_of
from bootstrap.xnat.commands import run_command
from bootstrap.xnat.home import LOG_LINES, PART, HomeFile, last_lines, stamp_now

_LOGS = 2  # of how many log files the ends are told


class PathHome:
    def __init__(
        self,
        folder: Path,
        restart_command: Sequence[str] = (),
        log_file: Path | None = None,
        *,
        restarting: Callable[[], None] | None = None,
    ) -> None:
        """`restarting` is for a server of this very process, which no command could restart."""
        self.folder = folder
        self.name = f"the folder {folder}"
        self.stamp = stamp_now()
        self._command, self._log_file, self._restarting = tuple(restart_command), log_file, restarting

    def files(self, folder: str) -> list[HomeFile] | None:
        with self._failures(f"looking into {folder}/"):
            if not self.folder.is_dir():
                raise HomeUnreachable(
                    f"looking into XNAT's home: {self.folder} is no folder",
                    hint="see that `server.home.path` is right, and that it can be reached from this machine",
                )
            place = self.folder / folder
            if not place.is_dir():
                return None
            found = [entry for entry in place.iterdir() if entry.is_file()]
            return sorted(self._file(f"{folder}/{entry.name}", entry.stat()) for entry in found)

    @staticmethod
    def _file(path: str, status: os.stat_result) -> HomeFile:
        return HomeFile(path, status.st_size, status.st_mtime)

    def folders(self) -> list[str]:
        with self._failures("looking into it"):
            return sorted(entry.name for entry in self.folder.iterdir() if entry.is_dir())

    def digests(self, folder: str) -> Mapping[str, str]:
        with self._failures(f"reading {folder}/"):
            return {f"{folder}/{jar.name}": digest_of(jar) for jar in sorted((self.folder / folder).glob("*.jar"))}

    def fetch(self, path: str, to: Path) -> None:
        with self._failures(f"reading {path}"):
            shutil.copyfile(self.folder / path, to)

    def put(self, source: Path, path: str, *, private: bool = False) -> None:
        target = self.folder / path
        part = target.with_name(target.name + PART)
        with self._failures(f"writing {path}"):
            _make_folder(target.parent)
            try:
                self._write(source, part, _private_mode(target.parent) if private else 0o644)
                part.replace(target)
            except OSError:
                with suppress(OSError):
                    part.unlink(missing_ok=True)
                raise

    @staticmethod
    def _write(source: Path, part: Path, mode: int) -> None:
        """Owned as its folder is: XNAT's account must be able to read what root puts there."""
        part.unlink(missing_ok=True)
        with (
            source.open("rb") as given,
            os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as to,
        ):
            shutil.copyfileobj(given, to)
            os.fsync(to.fileno())
        part.chmod(mode)
        if os.geteuid() == 0:
            owner = part.parent.stat()
            os.chown(part, owner.st_uid, owner.st_gid)

    def move(self, path: str, to: str) -> None:
        target = self.folder / to
        with self._failures(f"moving {path} to {to}"):
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.exists():
                raise HomeFailed(f"moving {path} to {to} in {self.name}: there is such a file already")
            shutil.move(self.folder / path, target)

    def lost_by_restart(self, folder: str) -> str:
        return ""

    def cannot_restart(self) -> str:
        if self._restarting:
            return ""
        if not self._command:
            return "`server.home` has no `restart_command`"
        program = self._command[0]
        return "" if shutil.which(program) else f"`restart_command`: there is no program {program} that can be run here"

    def restart(self) -> None:
        if self._restarting:
            self._restarting()
        else:
            run_command(self._command, doing="restarting XNAT")

    def logs(self) -> str:
        """The end of the given log file, which is Tomcat's own best; else of those of XNAT's that were written last."""
        try:
            places = [self._log_file] if self._log_file else self._newest()
            texts = [(place, place.read_text(encoding="utf-8", errors="replace")) for place in places]
        except OSError:
            return ""
        return "\n".join(f"{place.name}:\n{last_lines(text, LOG_LINES // len(texts))}" for place, text in texts)

    def _newest(self) -> list[Path]:
        found = [place for place in (self.folder / "logs").glob("*.log") if place.stat().st_size]
        return sorted(found, key=lambda place: place.stat().st_mtime)[-_LOGS:]

    @contextmanager
    def _failures(self, doing: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            hint = "see that this account may write there and that the disk is not full"
            raise HomeFailed(f"{doing} in {self.name}: {error.strerror or error}", hint=hint) from error


def _make_folder(folder: Path) -> None:
    """What is made on the way belongs to whom the home belongs to."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        for place in reversed(missing):
            owner = place.parent.stat()
            os.chown(place, owner.st_uid, owner.st_gid)


def _private_mode(folder: Path) -> int:
    """For XNAT's account alone; where that is another one than ours it can read the file by its group only."""
    return 0o600 if os.geteuid() in (0, folder.stat().st_uid) else 0o640
