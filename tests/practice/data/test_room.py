"""The room's tables: what an older state folder holds is carried over."""

from __future__ import annotations

from pathlib import Path

from bootstrap.practice.data import projects
from bootstrap.practice.data.room import room
from bootstrap.practice.folder import StateFolder
from bootstrap.practice.server import FAST, PracticeServer
from bootstrap.practice.storage import Storage


def test_projects_of_an_older_state_are_kept(tmp_path: Path) -> None:
    state = tmp_path / "state"
    folder = StateFolder(state)
    folder.make()
    storage = Storage(folder.database)
    storage.prepare("data", room.tables[:1])
    row = ("OLD", "Title", "Running", "private", 5, 1.0, 2.0)
    columns = "id, title, running_title, accessibility, prearchive_code, created, changed"
    storage.change(f"INSERT INTO projects ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?)", *row)
    storage.close()
    with PracticeServer(state, clock=FAST) as server:
        assert server.site
        found = projects.find(server.site, "OLD")
        assert found
        assert (found.title, found.running_title, found.accessibility) == ("Title", "Running", "private")
        assert (found.prearchive_code, found.item.changed, found.created) == (5, 2.0, 1.0)
