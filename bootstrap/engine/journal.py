"""The journal of one apply, beside the site: what was about to be done, what was there before, how it ended.

Each line is on the disk before the write that it speaks of is sent, so that a killed run can be read. From it
comes the undo document, which puts the before-images back. Secrets are never in it.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from bootstrap.engine.diff import holds_secret
from bootstrap.engine.plan import Change
from bootstrap.errors import LocalFileError
from bootstrap.kinds.kind import State
from bootstrap.values import canonical_json, masked

FOLDER = ".xnat-bootstrap"
UNDO_FORMAT = "xnat-bootstrap/undo"


class Journal:
    def __init__(self, site_folder: Path, run: str, server_url: str, files: tuple[str, ...]) -> None:
        self.run = run
        self._folder = site_folder / FOLDER / "journal"
        self.path = self._folder / f"{run}.jsonl"
        self.undo_path = undo_path_of(self.path)
        self._head = {
            "format": "xnat-bootstrap/journal",
            "version": 1,
            "run": run,
            "server": server_url,
            "files": list(files),
        }
        self._steps = 0
        self._file: IO[str] | None = None

    def __enter__(self) -> Journal:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._ignore_in_git()
            finish_cut_journals(self._folder)
            self._file = self.path.open("x", encoding="utf-8")
        except OSError as error:
            raise _cannot_write(self.path, error) from error
        try:
            self._line(self._head)
        except LocalFileError:
            self._file.close()
            raise
        return self

    def __exit__(self, *_exc: object) -> None:
        if self._file:
            self._file.close()
        self._file = None

    def finish(self) -> None:
        """The undo document. Where it cannot be written the next run writes it, from the journal."""
        if self._steps:
            write_undo(self.path)

    def intend(self, change: Change, before: State | None) -> None:
        """What is about to be written, and the before-image that undoes it."""
        self._intend(change, before, _undo_step(change, before))

    def intend_rename(self, change: Change, before: State | None, old_name: str) -> None:
        """It is undone by giving back the old name: what is renamed is there, and must not be removed."""
        back = {"kind": change.kind, "name": old_name, "was": change.name}
        self._intend(change, before, {**_undo_step(change, before), **back})

    def _intend(self, change: Change, before: State | None, undo: Mapping[str, Any]) -> None:
        steps = {} if change.action == "restart" else {"undo": undo}  # nothing is put back of a restart
        self._line({"about_to": change.action, "what": change.ref, "before": _image(before), **steps})
        self._steps += len(steps)

    def ended(self, change: Change, outcome: str, error: str | None) -> None:
        """Without waiting for the disk: what a power cut takes of it the server still shows."""
        line = {"ended": change.action, "what": change.ref, "outcome": outcome, "error": error}
        self._line(line, at_once=False)

    def took_back(self, change: Change) -> None:
        """What was about to be done and surely was not: there is nothing to undo."""
        self._line({"not_begun": change.action, "what": change.ref}, at_once=False)
        self._steps -= change.action != "restart"

    def _line(self, document: Mapping[str, Any], *, at_once: bool = True) -> None:
        if self._file is None:
            raise AssertionError("the journal is not open")
        try:
            self._file.write(canonical_json({"at": datetime.now(UTC).isoformat(), **document}) + "\n")
            self._file.flush()
            if at_once:
                os.fsync(self._file.fileno())
        except OSError as error:
            raise _cannot_write(self.path, error) from error

    def _ignore_in_git(self) -> None:
        marker = self._folder.parent / ".gitignore"
        if not marker.exists():
            marker.write_text("*\n", encoding="utf-8")


def undo_path_of(journal: Path) -> Path:
    return journal.with_name(journal.stem + ".undo.json")


def finish_cut_journals(folder: Path) -> None:
    """A run that was killed has a journal and no undo document: it gets one."""
    for journal in sorted(folder.glob("*.jsonl")):
        if not undo_path_of(journal).exists():
            write_undo(journal)


def write_undo(journal: Path) -> None:
    """The undo document of a journal: its before-images, last change first. None where nothing was begun."""
    lines = _lines(journal)
    steps = _undo_steps(lines)
    if not lines or not steps:
        return
    head = {key: lines[0].get(key) for key in ("run", "server", "files")}
    document = {"format": UNDO_FORMAT, "version": 1, **head, "changes": steps[::-1]}
    write_whole(undo_path_of(journal), json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def _undo_steps(lines: Iterable[Mapping[str, Any]]) -> list[Any]:
    """Of what was begun; one that was announced and surely not done is taken out again."""
    steps: list[tuple[str, Any]] = []
    for line in lines:
        if "undo" in line:
            steps.append((str(line.get("what")), line["undo"]))
        elif "not_begun" in line:
            last = max((place for place, (what, _undo) in enumerate(steps) if what == line.get("what")), default=None)
            if last is not None:
                del steps[last]
    return [undo for _what, undo in steps]


def _lines(journal: Path) -> list[dict[str, Any]]:
    """The lines of a journal; the last one may have been cut in its middle."""
    found = []
    for text in journal.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            line = json.loads(text)
        except ValueError:
            break
        if not isinstance(line, dict):
            break
        found.append(line)
    return found


def _image(state: State | None) -> Any:
    return None if state is None else {"id": state.id, "fields": masked(_plain(state))}


def _plain(state: State) -> dict[str, Any]:
    """Unreadable fields and secrets have no place in an image."""
    return {path: value for path, value in state.fields.items() if not holds_secret(value)}


def _undo_step(change: Change, before: State | None) -> dict[str, Any]:
    touched = {field.path for field in change.fields}
    step: dict[str, Any] = {"kind": change.kind, "name": change.name}
    if before is None:
        return step | {"action": "delete"}
    fields = {
        path: value
        for path, value in _plain(before).items()
        if not touched or any(t == path or t.startswith(path + ".") for t in touched)
    }
    lost = sorted(path for path, value in before.fields.items() if holds_secret(value) and path in touched)
    step |= {"action": "restore", "fields": fields}
    return step | {"cannot_restore": lost} if lost else step


def _write_into(path: Path, text: str) -> None:
    try:
        with path.open("w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise _cannot_write(path, error) from error


def write_whole(path: Path, text: str) -> None:
    """The whole text under its final name, or nothing. A link is followed; a device or pipe is written to."""
    if path.exists() and not (path.is_file() or path.is_dir()):
        _write_into(path, text)
        return
    path = path.resolve() if path.is_symlink() else path
    partial = path.with_name(path.name + ".partial")
    try:
        with partial.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        with suppress(OSError):  # what went wrong first is what a person has to know
            partial.unlink(missing_ok=True)
        raise LocalFileError(f"writing {path}: {error.strerror or error}", hint=_mend(path, error)) from error


def _cannot_write(path: Path, error: OSError) -> LocalFileError:
    hint = f"{_mend(path, error)}, then run again; what was done so far is found again"
    return LocalFileError(f"writing {path}: {error.strerror or error}", hint=hint)


def _mend(path: Path, error: OSError) -> str:
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return f"make the folder {path.parent}, or give another place"
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return "free some space"
    if error.errno == errno.EROFS:
        return "its disk is read-only: give another place"
    if error.errno == errno.EISDIR:
        return "this is a folder: name a file in it"
    return f"make {path.parent} writable for you, or give another place"
