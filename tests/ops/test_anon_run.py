"""`anon run`: files and folders through a script."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydicom import dcmread

from bootstrap.dicomedit import ParseError, script_values
from bootstrap.errors import BootstrapError, LocalFileError, UsageError
from bootstrap.ops import anon_pool
from bootstrap.ops.anon_run import RunAsked, count_files, run
from bootstrap.ops.anon_stop import told_to_end
from tests.ops.dicom import write_dicom

NAME = 'version "6.6"\n(0010,0010) := subject\n'
REJECTS = 'version "6.6"\n(0008,0060) = "US" ? reject[]\n'
FAILS_ON_CT = 'version "6.6"\n(0008,0060) = "CT" ? (0010,0010) := lowercase[(0010,0022)]\n'
KEEPS = 'version "6.6"\n(0008,0060) = "CT" ? v := "from CT"\n(0010,0010) := v\n'


@pytest.fixture
def script(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "script.das"
        path.write_text(text)
        return path

    return write


Script = Callable[[str], Path]


def statuses(asked: RunAsked) -> dict[str, str]:
    document = json.loads(run(asked).text)
    return {Path(one["source"]).name: one["status"] for one in document["files"]}


def asked_for(script: Path, source: Path, target: Path, **options: Any) -> RunAsked:
    return RunAsked(script, source, target, {"subject": "S1"}, format="json", **options)


def name_in(path: Path) -> str:
    return str(dcmread(path).PatientName)


def test_a_file(tmp_path: Path, script: Script) -> None:
    source = write_dicom(tmp_path / "in.dcm")
    answer = run(RunAsked(script(NAME), source, tmp_path / "out" / "a.dcm", {"subject": "S1"}))
    assert (answer.exit_code, answer.text.strip()) == (0, "1 written")
    assert name_in(tmp_path / "out" / "a.dcm") == "S1"
    assert name_in(source) == "Doe^Jane"


def test_the_one_file_that_is_asked_for_is_not_skipped(tmp_path: Path, script: Script) -> None:
    source = tmp_path / "not.txt"
    source.write_text("not an image")
    answer = run(RunAsked(script(REJECTS), source, tmp_path / "out.dcm"))
    assert answer.exit_code == 1
    assert f"{source}: not read or not written: this is not a DICOM file" in answer.text
    assert not (tmp_path / "out.dcm").exists()


def test_what_is_given_and_not_read_is_told(tmp_path: Path, script: Script) -> None:
    source, names = write_dicom(tmp_path / "in.dcm"), {"subject": "S1", "project": "P", "Offset": "3"}
    warned = json.loads(run(RunAsked(script(NAME), source, tmp_path / "out.dcm", names, format="json")).text)
    assert [one["message"] for one in warned["warnings"]] == [f"--var Offset: {script(NAME)} reads no such variable"]


def test_a_file_into_a_folder(tmp_path: Path, script: Script) -> None:
    (tmp_path / "out").mkdir()
    run(asked_for(script(NAME), write_dicom(tmp_path / "in.dcm"), tmp_path / "out"))
    assert name_in(tmp_path / "out" / "in.dcm") == "S1"


def folder_of_all_sorts(tmp_path: Path) -> Path:
    source = tmp_path / "in"
    write_dicom(source / "a" / "mr.dcm")
    write_dicom(source / "b" / "us.dcm", modality="US")
    (source / "notes.txt").write_text("not an image")
    (source / "empty").write_bytes(b"")
    (source / "DICOMDIR").write_bytes((source / "a" / "mr.dcm").read_bytes())
    (source / "cut.dcm").write_bytes((source / "a" / "mr.dcm").read_bytes()[:300])
    os.mkfifo(source / "pipe")
    return source


@pytest.mark.parametrize("workers", [1, 2])
def test_a_folder_of_all_sorts(workers: int, tmp_path: Path, script: Script) -> None:
    source, target = folder_of_all_sorts(tmp_path), tmp_path / "out"
    for number in range(20):
        write_dicom(source / "more" / f"{number:02}.dcm")
    answer = run(asked_for(script(REJECTS), source, target, workers=workers))
    document = json.loads(answer.text)
    found = {str(Path(one["source"]).relative_to(source)): one["status"] for one in document["files"]}
    assert {name: status for name, status in found.items() if not name.startswith("more")} == {
        "DICOMDIR": "skipped",
        "a/mr.dcm": "done",
        "b/us.dcm": "rejected",
        "cut.dcm": "failed",
        "empty": "skipped",
        "notes.txt": "skipped",
        "pipe": "skipped",
    }
    assert document["summary"] == {
        "files": 27, "done": 21, "rejected": 1, "skipped": 4, "error": 0, "failed": 1, "not_run": 0,
    }  # fmt: skip
    assert answer.exit_code == document["exit"] == 5
    assert sorted(path.name for path in target.rglob("*") if path.is_file()) == sorted(
        ["mr.dcm", *(f"{number:02}.dcm" for number in range(20))]
    )


def test_the_text_names_what_was_not_written(tmp_path: Path, script: Script) -> None:
    source = folder_of_all_sorts(tmp_path)
    text = run(RunAsked(script(REJECTS), source, tmp_path / "out")).text
    assert f"{source}/b/us.dcm: rejected by the script: Rejected" in text
    assert f"{source}/notes.txt: skipped, no DICOM: this is not a DICOM file" in text
    assert text.endswith("1 written, 1 rejected by the script, 4 skipped, no DICOM, 1 not read or not written\n")


def test_long_lists_are_cut(tmp_path: Path, script: Script) -> None:
    for number in range(25):
        write_dicom(tmp_path / "in" / f"{number}.dcm", modality="US")
    text = run(RunAsked(script(REJECTS), tmp_path / "in", tmp_path / "out", workers=1)).text
    assert "... and 5 more: rejected by the script" in text


def test_an_empty_folder(tmp_path: Path, script: Script) -> None:
    (tmp_path / "in").mkdir()
    with pytest.raises(LocalFileError, match="holds no files"):
        run(asked_for(script(NAME), tmp_path / "in", tmp_path / "out"))


def test_a_variable_of_xnat_that_nobody_gives_is_named_before_anything_is_run(tmp_path: Path, script: Script) -> None:
    source = write_dicom(tmp_path / "in.dcm")
    with pytest.raises(UsageError, match="reads subject, and no --var") as error:
        run(RunAsked(script(NAME), source, tmp_path / "out.dcm"))
    assert error.value.hint == "--var subject=..."


LISTS = "\n".join(['v := {"a"}', *["v := {v, v, v, v}"] * 20])
TEXTS = "\n".join(['v := "aaaaaaaaaa"', *["v := concatenate[v, v, v, v]"] * 16])


@pytest.mark.parametrize("growing", [LISTS, TEXTS])
def test_a_script_that_feeds_on_itself_ends_with_its_line(
    growing: str, tmp_path: Path, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script_values, "MOST_TEXT", 100_000)
    source = write_dicom(tmp_path / "in.dcm")
    path = script(f'version "6.6"\n{growing}\n(0010,0010) := v\n')
    answer = run(RunAsked(path, source, tmp_path / "out.dcm"))
    assert answer.exit_code == 1
    assert "grows beyond" in answer.text
    assert not (tmp_path / "out.dcm").exists()


def test_nothing_is_overwritten_unless_told(tmp_path: Path, script: Script) -> None:
    source, target = write_dicom(tmp_path / "in.dcm"), write_dicom(tmp_path / "out.dcm", name="Keep")
    asked = asked_for(script(NAME), source, target)
    answer = run(asked)
    assert answer.exit_code == 1
    assert "exists already" in answer.text
    assert name_in(target) == "Keep"
    assert run(asked_for(script(NAME), source, target, overwrite=True)).exit_code == 0
    assert name_in(target) == "S1"


def test_a_folder_in_place(tmp_path: Path, script: Script) -> None:
    source = write_dicom(tmp_path / "in" / "sub" / "a.dcm").parents[1]
    assert statuses(asked_for(script(NAME), source, source, overwrite=True)) == {"a.dcm": "done"}


def test_a_target_inside_the_source_is_not_a_source(tmp_path: Path, script: Script) -> None:
    source = write_dicom(tmp_path / "in" / "a.dcm").parent
    write_dicom(source / "out" / "old.dcm")
    assert statuses(asked_for(script(NAME), source, source / "out")) == {"a.dcm": "done"}


def test_at_receipt_nothing_survives(tmp_path: Path, script: Script) -> None:
    write_dicom(tmp_path / "in" / "1.dcm", modality="CT")
    write_dicom(tmp_path / "in" / "2.dcm", modality="MR")
    answer = run(asked_for(script(KEEPS), tmp_path / "in", tmp_path / "out"))
    assert [one["status"] for one in json.loads(answer.text)["files"]] == ["done", "error"]
    assert "Unknown variable: v" in answer.text
    assert json.loads(answer.text)["files"][1]["line"] == 3


@pytest.mark.parametrize("workers", [1, 2])
def test_when_archiving_variables_go_from_file_to_file_of_a_study(workers: int, tmp_path: Path, script: Script) -> None:
    write_dicom(tmp_path / "in" / "1.dcm", modality="CT")
    write_dicom(tmp_path / "in" / "2.dcm", modality="MR")
    write_dicom(tmp_path / "in" / "3.dcm", modality="MR", study="1.2.4")
    asked = asked_for(script(KEEPS), tmp_path / "in", tmp_path / "out", moment="archive", workers=workers)
    assert statuses(asked) == {"1.dcm": "done", "2.dcm": "done", "3.dcm": "error"}
    assert name_in(tmp_path / "out" / "2.dcm") == "from CT"


def test_archiving_ends_where_a_file_fails(tmp_path: Path, script: Script) -> None:
    write_dicom(tmp_path / "in" / "1.dcm")
    write_dicom(tmp_path / "in" / "2.dcm", modality="CT")
    write_dicom(tmp_path / "in" / "3.dcm")
    (tmp_path / "in" / "4.txt").write_text("not an image")
    asked = asked_for(script(FAILS_ON_CT), tmp_path / "in", tmp_path / "out", moment="archive", workers=1)
    assert statuses(asked) == {"1.dcm": "done", "2.dcm": "error", "3.dcm": "not run", "4.txt": "skipped"}
    text = run(RunAsked(asked.script, asked.source, tmp_path / "again", moment="archive", workers=1)).text
    assert "2.dcm: refused: the script fails (line 2 of the script)" in text
    assert "3.dcm: not run: archiving ends where a file fails" in text


def test_a_record_is_left(tmp_path: Path, script: Script) -> None:
    source = write_dicom(tmp_path / "in.dcm")
    run(asked_for(script(NAME), source, tmp_path / "out.dcm", record_id=7))
    (item,) = dcmread(tmp_path / "out.dcm")[0x00120064].value
    assert (item.CodeValue, item.CodeMeaning) == ("7", "XNAT DicomEdit 6 Script")


def test_progress_is_told(tmp_path: Path, script: Script) -> None:
    source, told = folder_of_all_sorts(tmp_path), list[int]()
    asked = asked_for(script(NAME), source, tmp_path / "out")
    run(asked, told.append)
    assert sum(told) == count_files(asked) == 7


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Whoever starts the tests in the background may have SIGINT ignored, and then it is."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize(("workers", "moment"), [(1, "receipt"), (2, "receipt"), (1, "archive")])
def test_told_to_end_it_tells_what_was_done(workers: int, moment: str, tmp_path: Path, script: Script) -> None:
    for number in range(130):
        write_dicom(tmp_path / "in" / f"{number:03}.dcm")
    before = signal.getsignal(signal.SIGINT)

    def end(files: int) -> None:
        if files and signal.getsignal(signal.SIGINT) is not before and not ended:
            ended.append(files)
            signal.raise_signal(signal.SIGINT)

    ended: list[int] = []
    answer = run(asked_for(script(NAME), tmp_path / "in", tmp_path / "out", workers=workers, moment=moment), end)
    summary = json.loads(answer.text)["summary"]
    assert summary["done"] + summary["not_run"] == 130
    assert len(list((tmp_path / "out").iterdir())) == summary["done"] > 0
    if workers == 1:  # others may be through before they hear of it
        assert summary["done"] == 1
        assert answer.exit_code == 5
        assert "the run was told to end" in answer.text
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.usefixtures("interruptible")
def test_a_second_signal_ends_it_at_once() -> None:
    with told_to_end() as ending:
        signal.raise_signal(signal.SIGINT)
        assert ending.is_set()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_elsewhere_than_in_the_main_thread_no_signal_is_heard() -> None:
    handlers = []

    def listen() -> None:
        with told_to_end() as ending:
            handlers.append((ending.is_set(), signal.getsignal(signal.SIGINT)))

    before = signal.getsignal(signal.SIGINT)
    thread = threading.Thread(target=listen)
    thread.start()
    thread.join(10)
    assert handlers == [(False, before)]


def test_the_originals_are_only_replaced_where_that_is_said(tmp_path: Path, script: Script) -> None:
    source = write_dicom(tmp_path / "in" / "a.dcm")
    for place, goal in ((source, source), (source, source.parent), (source.parent, tmp_path / "in")):
        with pytest.raises(UsageError, match="is IN and OUT: the originals would be replaced"):
            run(asked_for(script(NAME), place, goal))
    assert name_in(source) == "Doe^Jane"
    assert statuses(asked_for(script(NAME), source, source, overwrite=True)) == {"a.dcm": "done"}
    assert name_in(source) == "S1"


def test_a_script_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(LocalFileError, match="does not exist") as caught:
        run(asked_for(tmp_path / "none.das", write_dicom(tmp_path / "a.dcm"), tmp_path / "out.dcm"))
    assert caught.value.hint.startswith("relative paths start in the current folder")


def test_a_script_that_cannot_be_read_runs_over_nothing(tmp_path: Path, script: Script) -> None:
    source = write_dicom(tmp_path / "in.dcm")
    with pytest.raises(ParseError, match=r"\.das:2:13: "):
        run(asked_for(script('version "6.6"\n(0010,0010) : = "a"'), source, tmp_path / "out.dcm"))


def test_source_and_target_that_do_not_fit(tmp_path: Path, script: Script) -> None:
    write_dicom(tmp_path / "in" / "a.dcm")
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="is a file"):
        run(asked_for(script(NAME), tmp_path / "in", tmp_path / "file"))
    with pytest.raises(LocalFileError, match="does not exist") as caught:
        run(asked_for(script(NAME), tmp_path / "none", tmp_path / "out"))
    assert caught.value.hint.startswith("relative paths start in the current folder")
    assert statuses(asked_for(script(NAME), tmp_path / "in", tmp_path / "file" / "below")) == {"a.dcm": "failed"}


def test_folders_without_rights(tmp_path: Path, script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write_dicom(tmp_path / "in" / "a.dcm").parent

    def walk(place: Path, onerror: Callable[[OSError], None]) -> Any:
        onerror(PermissionError(errno.EACCES, "Permission denied", str(place / "secret")))
        yield str(place), [], ["a.dcm"]

    monkeypatch.setattr("bootstrap.ops.anon_run.os.walk", walk)
    answer = run(asked_for(script(NAME), source, tmp_path / "out"))
    assert answer.exit_code == 5
    assert "the folder cannot be read: Permission denied" in answer.text


def test_a_full_disk_ends_the_run(tmp_path: Path, script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(40):
        write_dicom(tmp_path / "in" / f"{number:02}.dcm")
    real_write, room = os.write, [3]

    def write(descriptor: int, data: Any) -> int:
        room[0] -= 1
        if room[0] < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real_write(descriptor, data)

    monkeypatch.setattr("bootstrap.dicomedit.files.os.write", write)
    answer = run(asked_for(script(NAME), tmp_path / "in", tmp_path / "out", workers=1))
    summary = json.loads(answer.text)["summary"]
    assert (summary["done"], summary["failed"], summary["not_run"]) == (3, 1, 36)
    assert "No space left on device" in answer.text
    assert len(list((tmp_path / "out").iterdir())) == 3  # and no part of a fourth
    assert answer.exit_code == 5


def test_a_process_that_is_ended_from_outside(tmp_path: Path, script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    write_dicom(tmp_path / "in" / "a.dcm")
    monkeypatch.setattr(anon_pool, "_batches", lambda _recipe, _jobs: [9, 9])  # a batch that ends its process
    monkeypatch.setattr(anon_pool, "_elsewhere", os._exit)
    with pytest.raises(BootstrapError, match="ended from outside"):
        run(asked_for(script(NAME), tmp_path / "in", tmp_path / "out", workers=2))


def test_what_a_process_of_the_pool_does(tmp_path: Path) -> None:
    """As it is done there: prepared once, then batch after batch."""
    source, before = write_dicom(tmp_path / "in.dcm"), signal.getsignal(signal.SIGINT)
    try:
        through, stop = multiprocessing.Value("Q", 0), multiprocessing.Event()
        anon_pool._prepare(anon_pool.Recipe(NAME, {"subject": "S2"}, False, False, None), through, stop)
        (result,) = anon_pool._elsewhere([anon_pool.Job(str(source), str(tmp_path / "out.dcm"))])
        stop.set()
        assert anon_pool._elsewhere([anon_pool.Job(str(source), str(tmp_path / "more.dcm"))]) == []
    finally:
        signal.signal(signal.SIGINT, before)
    assert (result.status, result.target, through.value) == ("done", str(tmp_path / "out.dcm"), 1)
    assert name_in(tmp_path / "out.dcm") == "S2"
