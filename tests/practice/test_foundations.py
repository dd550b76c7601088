"""Clock, background, bus, storage and folder: what the rooms stand on."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bootstrap.errors import LocalFileError
from bootstrap.practice.background import Background
from bootstrap.practice.bus import Bus
from bootstrap.practice.clock import FAST, Clock, HandClock
from bootstrap.practice.folder import StateFolder, write_container_service
from bootstrap.practice.plugins import StartFailed, load_plugins
from bootstrap.practice.storage import Storage


@pytest.fixture
def background() -> Iterator[Background]:
    running = Background(FAST)
    yield running
    running.close()


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    opened = Storage(tmp_path / "x.db")
    opened.prepare("room", ("CREATE TABLE things (name TEXT UNIQUE)",))
    yield opened
    opened.close()


def names(storage: Storage) -> list[str]:
    return [row["name"] for row in storage.rows("SELECT name FROM things ORDER BY name")]


def test_the_clock_shortens_waits_and_not_the_time_of_day() -> None:
    clock = Clock(speed=60)
    assert clock.shortened(60) == 1
    assert abs(clock.millis() - Clock().millis()) < 5000
    over = threading.Event()
    assert not clock.wait(0.06, over)
    over.set()
    assert clock.wait(3600, over)


def test_a_clock_for_tests_can_be_put_forward() -> None:
    clock = HandClock()
    before = clock.now()
    clock.advance(1000)
    assert clock.now() - before >= 1000


def test_jobs_run_later_and_a_failure_is_logged_only(background: Background, caplog: pytest.LogCaptureFixture) -> None:
    done: list[str] = []

    def fails() -> None:
        raise ValueError("no good")

    with caplog.at_level(logging.WARNING):
        background.later(0.5, lambda: done.append("later"))
        background.later(0.0, lambda: done.append("first"))
        background.later(0.1, fails)
        assert background.settle()
    assert done == ["first", "later"]
    assert "ValueError: no good" in caplog.text


def test_a_machine_without_a_thread_left_does_not_stop_the_clock(
    background: Background, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    came_round, refused = threading.Event(), threading.Event()
    submit = background._workers.submit

    def no_thread(job: object) -> None:
        refused.set()
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(background._workers, "submit", no_thread)
    background.later(0, lambda: None)
    background.every(1, came_round.set)
    assert refused.wait(10)
    assert background.settle()
    monkeypatch.setattr(background._workers, "submit", submit)
    assert came_round.wait(10)
    assert "can't start new thread" in caplog.text


def test_settle_says_when_it_takes_too_long(background: Background) -> None:
    held = threading.Event()

    def job() -> None:
        held.wait(20)

    background.later(0, job)
    assert not background.settle(at_most=0.05)
    held.set()


def test_what_comes_round_comes_round_until_the_end() -> None:
    background = Background(FAST)
    three = threading.Barrier(2)
    seen: list[int] = []

    def job() -> None:
        seen.append(1)
        if len(seen) == 3:
            three.wait(20)

    background.every(0.1, job)
    three.wait(20)
    background.close()
    count = len(seen)
    assert count >= 3
    assert len(seen) == count


def test_the_end_does_at_once_what_was_put_off() -> None:
    background = Background(Clock())
    done: list[str] = []
    background.later(3600, lambda: done.append("done"))
    background.close()
    assert done == ["done"]


def test_the_bus_tells_at_once_or_later(background: Background) -> None:
    bus, heard = Bus(background), list[object]()
    bus.on("topic", lambda facts: heard.append(("now", facts["x"])), after=None)
    bus.on("topic", lambda facts: heard.append(("later", facts["x"])))
    bus.on("other", lambda facts: heard.append(facts))
    bus.tell("topic", x=1)
    assert heard == [("now", 1)]
    assert background.settle()
    assert heard == [("now", 1), ("later", 1)]


def test_what_is_put_off_comes_after_the_commit_and_never_after_a_failure(storage: Storage) -> None:
    done: list[str] = []
    storage.after_commit(lambda: done.append("at once"))
    with storage.write(), storage.write():
        storage.after_commit(lambda: done.append("later"))
        assert done == ["at once"]
    assert done == ["at once", "later"]

    def fails() -> None:
        with storage.write():
            storage.after_commit(lambda: done.append("never"))
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fails()
    with storage.write():
        pass
    assert done == ["at once", "later"]


def test_a_write_is_all_or_nothing_and_nested_writes_are_one(storage: Storage) -> None:
    def fails() -> None:
        with storage.write() as db:
            db.execute("INSERT INTO things VALUES ('a')")
            storage.change("INSERT INTO things VALUES ('b')")
            storage.change("INSERT INTO things VALUES ('a')")

    with pytest.raises(sqlite3.IntegrityError):
        fails()
    assert names(storage) == []
    assert storage.change("INSERT INTO things VALUES ('a')") == 1
    assert storage.value("SELECT count(*) FROM things") == 1
    assert storage.value("SELECT name FROM things WHERE name = 'none'") is None


def test_readers_do_not_see_what_is_being_written(storage: Storage) -> None:
    seen: list[list[str]] = []
    with storage.write() as db:
        db.execute("INSERT INTO things VALUES ('a')")
        assert names(storage) == ["a"]
        reader = threading.Thread(target=lambda: seen.append(names(storage)))
        reader.start()
        reader.join()
    assert seen == [[]]


def test_many_writers_wait_for_each_other(storage: Storage) -> None:
    def write(number: int) -> None:
        for turn in range(20):
            storage.change("INSERT INTO things VALUES (?)", f"{number}-{turn}")

    writers = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(names(storage)) == 120


def test_threads_that_have_ended_leave_no_connection_behind(storage: Storage) -> None:
    for _ in range(5):
        thread = threading.Thread(target=names, args=(storage,))
        thread.start()
        thread.join(10)
    assert len(storage._connections) <= 2
    assert names(storage) == []


def test_the_past_is_read_and_the_present_written(storage: Storage) -> None:
    storage.change("INSERT INTO things VALUES ('a')")
    with storage.in_the_past():
        assert names(storage) == ["a"]
    storage.remember()
    storage.change("INSERT INTO things VALUES ('b')")
    with storage.in_the_past():
        assert names(storage) == ["a"]
        storage.change("INSERT INTO things VALUES ('c')")
        assert names(storage) == ["a"]
    assert names(storage) == ["a", "b", "c"]
    storage.remember()
    with storage.in_the_past():
        assert names(storage) == ["a", "b", "c"]


def test_a_room_grows_by_a_script_and_does_not_shrink(tmp_path: Path) -> None:
    first = "CREATE TABLE a (x); CREATE TABLE b (x)"
    with_more = (first, "ALTER TABLE a ADD COLUMN y")
    for scripts in ((first,), with_more, with_more):
        storage = Storage(tmp_path / "x.db")
        storage.prepare("room", scripts)
        storage.close()
    storage = Storage(tmp_path / "x.db")
    assert storage.rows("SELECT x, y FROM a") == []
    with pytest.raises(LocalFileError, match="newer version"):
        storage.prepare("room", (first,))
    storage.close()


def test_a_file_that_is_no_database_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("no database, whatever it is called " * 50)
    with pytest.raises(LocalFileError, match=r"x\.db"):
        Storage(tmp_path / "x.db")


def test_a_full_disk_is_said_so_and_nothing_is_half_written(tmp_path: Path) -> None:
    storage = Storage(tmp_path / "x.db")
    storage.prepare("room", ("CREATE TABLE a (x TEXT)",))
    with storage.write() as db:
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(LocalFileError, match=r"x\.db: database or disk is full") as failure, storage.write() as db:
        db.execute("INSERT INTO a VALUES (?)", ("x" * 100_000,))
    assert "free some space" in failure.value.hint
    assert storage.rows("SELECT x FROM a") == []
    storage.close()


def test_a_wrong_statement_is_no_full_disk(tmp_path: Path) -> None:
    storage = Storage(tmp_path / "x.db")
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        storage.change("INSERT INTO nowhere VALUES (1)")
    storage.close()


def test_a_state_folder_is_made_once(tmp_path: Path) -> None:
    folder = StateFolder(tmp_path / "state")
    assert folder.make()
    assert [jar.name for jar in folder.plugins.iterdir()] == ["container-service-3.7.3.jar"]
    folder.database.touch()
    (folder.plugins / "container-service-3.7.3.jar").unlink()
    assert not folder.make()
    assert list(folder.plugins.iterdir()) == []


PLACES = [
    ("/data/xnat/archive", "data/archive"),
    ("/data/xnat/archive/P/arc001", "data/archive/P/arc001"),
    ("/elsewhere/x", "data/elsewhere/x"),
    ("relative", "data/relative"),
]


@pytest.mark.parametrize(("reported", "place"), PLACES)
def test_paths_that_xnat_reports_lie_in_the_folder(tmp_path: Path, reported: str, place: str) -> None:
    assert StateFolder(tmp_path).place(reported) == tmp_path / place


@pytest.mark.parametrize("reported", ["/data/xnat/../../etc", "../x", "/data/xnat/archive/../../../x"])
def test_no_path_leads_out_of_the_folder(tmp_path: Path, reported: str) -> None:
    with pytest.raises(LocalFileError, match="leads out"):
        StateFolder(tmp_path / "state").place(reported)


def test_a_link_leads_nowhere_either(tmp_path: Path) -> None:
    folder = StateFolder(tmp_path / "state")
    folder.make()
    (folder.data / "archive").symlink_to(tmp_path)
    with pytest.raises(LocalFileError, match="leads out"):
        folder.place("/data/xnat/archive/x")


def test_the_jar_of_our_own_is_always_the_same(tmp_path: Path) -> None:
    for name in ("a-1.jar", "b-2.jar"):
        write_container_service(tmp_path / name)
    assert (tmp_path / "a-1.jar").read_bytes() == (tmp_path / "b-2.jar").read_bytes()
    with pytest.raises(StartFailed, match=r"containers is in a-1\.jar and in b-2\.jar"):
        load_plugins(tmp_path)
