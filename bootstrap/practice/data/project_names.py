"""Names of projects: what an ID may be, and that no two projects have one in common, in whatever case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bootstrap.practice.data import projects
from bootstrap.practice.data.item import CLEAR, Item

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

_WORDS = {"ID": "Project Id", "name": "Project Title", "secondary_ID": "Running Title", projects.ALIAS: "Alias"}


def conflicts(site: Site, said: Item) -> str:
    """Which names of this project others have, as XNAT says it; '' if none.

    What was not said is not looked at, nor are projects whose ID differs in case only.
    """
    taken = {
        name.lower()
        for project in projects.everything(site)
        if project.id.lower() != said.fields["ID"].lower()
        for place in _WORDS
        for name in project.item.texts(place)
    }
    found = [
        f"Invalid {_WORDS[place]}: '{name}' is already being used." for place, name in _names(said) if name in taken
    ]
    return f"Requested new project conflicts with existing projects: {', '.join(found)}" if found else ""


def _names(said: Item) -> Iterator[tuple[str, str]]:
    for place in _WORDS:
        for name in said.texts(place):
            if name != CLEAR:
                yield place, name.lower()
