"""What a project holds. So far nothing can be put into one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bootstrap.practice.site import Site


def experiment_types(_site: Site, _project: str) -> set[str]:
    """The types of all experiments in the project."""
    return set()
