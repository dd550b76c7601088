"""The journal: on the disk before the write, without secrets, and readable after a run was cut."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest

from bootstrap.engine.journal import Journal, finish_cut_journals, undo_path_of, write_undo, write_whole
from bootstrap.engine.plan import Change, FieldChange
from bootstrap.errors import LocalFileError
from bootstrap.kinds.kind import UNREADABLE, State
from bootstrap.values import Secret


def change(name: str, *paths: str, action: Any = "update") -> Change:
    return Change("toy", name, action, tuple(FieldChange(path, 1, 2, "new") for path in paths))


def journal(folder: Path, run: str = "run") -> Journal:
    return Journal(folder, run, "https://x.example.org", ("sites/x",))


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def undo_of(made: Journal) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = json.loads(made.undo_path.read_text(encoding="utf-8"))["changes"]
    return steps


def test_a_line_is_on_the_disk_before_the_write(tmp_path: Path) -> None:
    with journal(tmp_path) as made:
        made.intend(change("a", "size"), State({"size": 1, "colour": "red"}, id="7"))
        told = lines(made.path)
        assert told[0]["format"] == "xnat-bootstrap/journal"
        assert told[1]["about_to"] == "update"
        assert told[1]["before"] == {"id": "7", "fields": {"size": 1, "colour": "red"}}
        made.ended(change("a", "size"), "failed", "why")
    assert lines(made.path)[2] | {"at": ""} == {
        "at": "", "ended": "update", "what": "toy:a", "outcome": "failed", "error": "why",
    }  # fmt: skip


def test_the_undo_document_holds_what_was_touched_last_change_first(tmp_path: Path) -> None:
    with journal(tmp_path) as made:
        made.intend(change("a", "size.height", "colour"), State({"size": {"height": 1}, "colour": "red", "left": "x"}))
        made.intend(change("b", action="create"), None)
        made.finish()
    assert undo_of(made) == [
        {"kind": "toy", "name": "b", "action": "delete"},
        {"kind": "toy", "name": "a", "action": "restore", "fields": {"size": {"height": 1}, "colour": "red"}},
    ]


def test_a_removal_is_undone_by_all_that_was_there(tmp_path: Path) -> None:
    with journal(tmp_path) as made:
        made.intend(change("a", action="delete"), State({"size": 1, "colour": "red"}))
        made.finish()
    assert undo_of(made)[0]["fields"] == {"size": 1, "colour": "red"}


def test_a_rename_is_undone_by_the_old_name(tmp_path: Path) -> None:
    with journal(tmp_path) as made:
        made.intend_rename(change("new", action="rename"), State({"size": 1}), "old")
        made.finish()
    assert undo_of(made)[0] | {"fields": {}} == {
        "kind": "toy", "name": "old", "was": "new", "action": "restore", "fields": {},
    }  # fmt: skip


def test_secrets_are_not_in_it_and_their_loss_is_told(tmp_path: Path) -> None:
    before = State({"password": Secret("canary"), "key": UNREADABLE, "nested": {"x": Secret("canary")}, "size": 1})
    with journal(tmp_path) as made:
        made.intend(change("a", "password", "key", "size"), before)
        made.finish()
    assert "canary" not in made.path.read_text(encoding="utf-8") + made.undo_path.read_text(encoding="utf-8")
    (step,) = undo_of(made)
    assert (step["fields"], step["cannot_restore"]) == ({"size": 1}, ["key", "password"])


def test_a_run_that_wrote_nothing_has_nothing_to_undo(tmp_path: Path) -> None:
    with journal(tmp_path) as made:
        made.finish()
    write_undo(made.path)
    assert made.path.exists()
    assert not made.undo_path.exists()


def test_the_folder_keeps_itself_out_of_git(tmp_path: Path) -> None:
    for run in ("one", "two"):
        with journal(tmp_path, run):
            pass
    assert (tmp_path / ".xnat-bootstrap/.gitignore").read_text(encoding="utf-8") == "*\n"


@pytest.mark.parametrize("rest", ['{"about_to": "up', "7\n", "\ufffd"])
def test_a_cut_run_gets_its_undo_document_from_the_next_one(rest: str, tmp_path: Path) -> None:
    with journal(tmp_path, "cut") as cut:
        cut.intend(change("a", "size"), State({"size": 1}))
    cut.path.write_text(cut.path.read_text(encoding="utf-8") + rest, encoding="utf-8")
    with journal(tmp_path, "next"):
        assert undo_of(cut)[0]["fields"] == {"size": 1}
    written = undo_path_of(cut.path).stat().st_mtime_ns
    finish_cut_journals(cut.path.parent)
    assert undo_path_of(cut.path).stat().st_mtime_ns == written


@pytest.mark.parametrize("content", ["", "garbage", "[]\n"])
def test_a_journal_of_nothing_is_no_reason_to_fail(content: str, tmp_path: Path) -> None:
    (tmp_path / ".xnat-bootstrap/journal").mkdir(parents=True)
    (tmp_path / ".xnat-bootstrap/journal/old.jsonl").write_text(content, encoding="utf-8")
    with journal(tmp_path) as made:
        assert made.path.exists()
    assert not (tmp_path / ".xnat-bootstrap/journal/old.undo.json").exists()


def full(_number: int) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_is_told_with_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with journal(tmp_path) as made:
        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(LocalFileError, match=r"run\.jsonl: No space left on device"):
            made.intend(change("a", "size"), None)
    with pytest.raises(LocalFileError, match=r"next\.jsonl: No space left on device"):
        journal(tmp_path / "another", "next").__enter__()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / ".xnat-bootstrap").write_text("a file", encoding="utf-8")
    with pytest.raises(LocalFileError, match=r"writing .*run\.jsonl"):
        journal(tmp_path).__enter__()


def test_nothing_is_written_outside_its_time(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="not open"):
        journal(tmp_path).intend(change("a", "size"), None)


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "file.json"
    write_whole(place, "old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(LocalFileError, match="No space left"):
        write_whole(place, "new")
    assert place.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [place]


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.ENOSPC, "free some space"),
        (errno.EROFS, "its disk is read-only: give another place"),
        (errno.EACCES, "writable for you"),
        (errno.ENOENT, "make the folder"),
        (errno.EISDIR, "name a file in it"),
    ],
)
def test_what_hinders_writing_is_said_with_its_mend(
    number: int, advice: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "open", fail)
    monkeypatch.setattr(Path, "unlink", fail)  # it must not hide the cause
    with pytest.raises(LocalFileError, match=os.strerror(number)) as failure:
        write_whole(tmp_path / "plan.json", "text")
    assert advice in failure.value.hint


def test_a_link_is_followed_and_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real.json").write_text("old")
    link = tmp_path / "link.json"
    link.symlink_to("real.json")
    write_whole(link, "new")
    assert link.is_symlink()
    assert (tmp_path / "real.json").read_text() == "new"


def test_a_pipe_is_written_to_and_stays_one(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_whole(pipe, "text")
    assert os.read(reader, 100) == b"text"
    os.close(reader)
    assert pipe.is_fifo()


def test_a_device_that_is_full_is_named_and_stays_a_device() -> None:
    with pytest.raises(LocalFileError, match="/dev/full"):
        write_whole(Path("/dev/full"), "text" * 10_000)
    assert Path("/dev/full").is_char_device()


def test_what_was_surely_not_done_is_not_undone(tmp_path: Path) -> None:
    with journal(tmp_path) as made:
        made.intend(change("a", "size"), State({"size": 1}))
        made.intend(change("b", action="create"), None)
        made.took_back(change("b", action="create"))
        made.finish()
        made.intend(change("c", action="restart"), State({"owed": True}))
    assert [step["name"] for step in undo_of(made)] == ["a"]
    with journal(tmp_path, "second") as made:
        made.intend(change("a", "size"), State({"size": 1}))
        made.took_back(change("a", "size"))
        made.intend(change("c", action="restart"), State({"owed": True}))
        made.finish()
    write_undo(made.path)
    assert not made.undo_path.exists()
