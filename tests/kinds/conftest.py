"""The tests of one case come one after the other, so that its server need not outlive them."""

from __future__ import annotations

import pytest

from tests.kinds.cases import Case


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = [place for place, item in enumerate(items) if _case(item)]
    for place, item in zip(places, sorted((items[place] for place in places), key=_case), strict=True):
        items[place] = item


def _case(item: pytest.Item) -> str:
    """The name of the case that a test is about; empty if it is about none."""
    callspec = getattr(item, "callspec", None)
    case = callspec.params.get("case") if callspec else None
    return case.name if isinstance(case, Case) else ""
