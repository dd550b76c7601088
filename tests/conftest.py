"""For every test: sealing secrets is slow on purpose, and costs the tests nothing here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bootstrap.engine import tokens

SHIPPED_COST = tokens.COST
QUICK_COST = 2


@pytest.fixture(scope="session", autouse=True)
def quick_seals() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tokens, "COST", QUICK_COST)
        yield
