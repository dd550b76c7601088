"""What the sites that are shipped show of subscriptions."""

from __future__ import annotations

from pathlib import Path

import pytest

from bootstrap.kinds.subscription_uses import subscription_uses
from bootstrap.ops.session import Asked, Tools, load

SITES = Path(__file__).parents[1] / "sites"
ENVIRON = {"XNAT_PASSWORD": "practice-me"}


@pytest.mark.parametrize("name", ["practice", "compose"])
def test_it_has_one_subscription_that_works_and_one_that_rests(name: str) -> None:
    uses = subscription_uses(load(SITES / name, Asked(), Tools(environ=ENVIRON)))
    scans = [use.meaning.active for use in uses if use.subscription.name == "dcm2niix-on-scan"]
    assert sorted(scans) == [False, True]
    assert not any(use.subscription.active for use in uses), "the files that are shipped start nothing by themselves"
