"""Which process wrote something, and whether it is surely dead."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bootstrap.engine import process
from bootstrap.engine.process import surely_dead, this_process

ROOT = Path(__file__).parents[2]


def test_this_one_is_not_dead() -> None:
    assert this_process()
    assert not surely_dead(this_process())


def test_one_that_has_ended_is() -> None:
    code = "from bootstrap.engine.process import this_process; print(this_process())"
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ended.stdout.strip() != this_process()
    assert surely_dead(ended.stdout.strip())


def test_another_one_that_took_its_number_is_not_it() -> None:
    place, number, start = this_process().split("/")
    assert surely_dead(f"{place}/{number}/{int(start) + 1}")


@pytest.mark.parametrize("text", ["", "x", "x/1", "x/1/2", "{place}/", "{place}/one/2", "{place}/1/"])
def test_what_is_not_known_is_not_dead(text: str) -> None:
    assert not surely_dead(text.format(place=this_process().partition("/")[0]))


def test_a_zombie_is_dead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = this_process().partition("/")[0]
    (tmp_path / "7").mkdir()
    fields = " ".join(str(number) for number in range(4, 53))
    monkeypatch.setattr(process, "_place", lambda: place)
    monkeypatch.setattr(process, "_PROC", tmp_path)
    (tmp_path / "7/stat").write_text(f"7 (a name) with) S {fields}", encoding="utf-8")
    assert not surely_dead(f"{place}/7/22")
    (tmp_path / "7/stat").write_text(f"7 (a name) with) Z {fields}", encoding="utf-8")
    assert surely_dead(f"{place}/7/22")


def test_where_the_system_does_not_tell_nothing_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = this_process()
    monkeypatch.setattr(process, "_PROC", tmp_path)
    assert this_process() == ""
    assert not surely_dead(before)
