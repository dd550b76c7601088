"""What the small site that everybody configures may cost."""

from __future__ import annotations

from benchmarks.small_site import FIRST, SECOND, SITE
from tests.live.commands import actions, done
from tests.live.conftest import Bench


def test_a_first_run_and_a_second_one_keep_to_their_requests(bench: Bench) -> None:
    bench.write(SITE)
    first = done(bench.apply())
    assert {ref.partition(":")[0] for ref in actions(first)} >= {
        "initialization", "site_setting", "command", "enablement", "project_enablement", "event_service", "subscription"
    }  # fmt: skip
    assert first.counts.requests <= FIRST
    second = bench.apply()
    assert (second.exit_code, actions(second), second.counts.writes) == (0, {}, 0)
    assert second.counts.requests <= SECOND
