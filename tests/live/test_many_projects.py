"""What many projects cost: one request each, and one more for each setting that XNAT lists nowhere in bulk."""

from __future__ import annotations

from tests.live.commands import COMMANDS, HEAD, done
from tests.live.conftest import Bench

FIXED = 25
DEFAULTS = """\
project_defaults:
  accessibility: protected
  prearchive_code: 4
  pi: {first: Ada, last: Lovelace}
  commands: {say: {enabled: true, defaults: {words: x}}, shout: {enabled: true}}
"""
SCRIPT = '  anonymization: {script: "version \\"6.6\\"\\n(0010,0010) := project"}\n'
CHOICE = "  orchestration: both\n"
BOTH = "orchestrations: [{name: both, wrappers: [say, shout]}]\n"


def site(projects: int, more: str = "") -> str:
    listed = "".join(f"  - {{id: P{number}, title: Study {number}}}\n" for number in range(projects))
    return f"{HEAD}{COMMANDS}{BOTH}{DEFAULTS}{more}projects:\n{listed}"


def noop_requests(bench: Bench, text: str) -> int:
    bench.write(text)
    done(bench.apply())
    again = bench.apply()
    assert (again.exit_code, again.counts.writes, list(again.lines)) == (0, 0, [])
    return again.counts.requests


def test_each_project_costs_one_request_and_each_setting_of_its_own_one_more(bench: Bench) -> None:
    ten, twenty = (noop_requests(bench, site(count)) for count in (10, 20))
    assert twenty - ten == 10
    assert twenty <= 20 + FIXED
    assert noop_requests(bench, site(20, SCRIPT)) - twenty == 20
    assert noop_requests(bench, site(20, SCRIPT + CHOICE)) - twenty == 40


def test_two_lists_tell_who_may_see_all_projects_and_where_data_go(bench: Bench) -> None:
    bench.write(site(2))
    done(bench.apply())
    start = len(bench.server.requests)
    assert bench.plan().exit_code == 0
    paths = [seen.path for seen in list(bench.server.requests)[start:]]
    assert sum(path.startswith("/data/projects?") for path in paths) == 2
    assert not [path for path in paths if path.endswith(("/accessibility", "/prearchive_code"))]
