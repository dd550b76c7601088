"""Every fault rule, from its text to what a client sees, and how often it acted."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import requests

from bootstrap.errors import UsageError
from bootstrap.practice.faults import Fault, Faults
from bootstrap.practice.server import FAST, PracticeServer
from tests.practice.conftest import ADMIN, Asker

PARSED = [
    ("latency=0.5", {"kind": "latency", "seconds": 0.5, "methods": (), "path": "*", "nth": 1, "times": 1}),
    ("fail-after PUT /xapi/users/*", {"kind": "fail-after", "methods": ("PUT",), "path": "/xapi/users/*"}),
    ("cut-before WRITE times=*", {"methods": ("POST", "PUT", "DELETE", "PATCH"), "times": None}),
    ("cut-after PUT,POST nth=3 times=2", {"methods": ("PUT", "POST"), "nth": 3, "times": 2}),
    ("unavailable * times=5", {"path": "*", "times": 5}),
    ("slow-start=2", {"kind": "slow-start", "seconds": 2.0}),
]

REFUSED = [
    "",
    "explode",
    "latency",
    "latency=soon",
    "cut-after=3",
    "fail-after put",
    "fail-after nth=x",
    "fail-after nth=*",
    "fail-after PUT please",
    "fail-after PUT nth=0",
    "fail-after PUT times=0",
    "fail-after FROB /x",
    "latency=-1",
    "latency=nan",
]


@pytest.mark.parametrize(("rule", "wanted"), PARSED)
def test_a_rule_is_read(rule: str, wanted: dict[str, object]) -> None:
    fault = Fault.parse(rule)
    assert {name: getattr(fault, name) for name in wanted} == wanted


@pytest.mark.parametrize("rule", REFUSED)
def test_what_is_no_rule_is_refused(rule: str) -> None:
    with pytest.raises(UsageError):
        Fault.parse(rule)


def test_a_rule_acts_on_the_nth_and_the_following_ones() -> None:
    fault = Fault.parse("cut-before PUT /a/* nth=2 times=2")
    asked = [("PUT", "/a/1"), ("GET", "/a/1"), ("PUT", "/b"), ("PUT", "/a/2"), ("PUT", "/a/3"), ("PUT", "/a/4")]
    assert [fault.fires(*one) for one in asked] == [False, False, False, True, True, False]
    assert (fault.seen, fault.fired) == (4, 2)


def test_rules_of_the_start_and_stale_reads_leave_writes_alone() -> None:
    rules = Faults(["slow-start=1", "first-401=1", "stale-read times=*"])
    assert rules.acting_on("PUT", "/x") == []
    assert [rule.kind for rule in rules.acting_on("GET", "/x")] == ["stale-read"]


def projects(ask: Asker) -> list[str]:
    return [row["ID"] for row in ask("GET", "/data/projects").json()["ResultSet"]["Result"]]


def test_latency_delays_the_answer(ask: Asker) -> None:
    rule = ask.server.faults.add("latency=0.3 GET /data/auth")
    began = time.monotonic()
    assert ask("GET", "/data/auth").status_code == 200
    assert time.monotonic() - began >= 0.3
    assert rule.fired == 1


def test_fail_after_says_500_and_has_done_it(ask: Asker) -> None:
    rule = ask.server.faults.add("fail-after PUT /data/projects/*")
    assert ask("PUT", "/data/projects/P1").status_code == 500
    assert ask("PUT", "/data/projects/P2").status_code == 200
    assert (projects(ask), rule.fired) == (["P1", "P2"], 1)


def test_cut_before_does_nothing(ask: Asker) -> None:
    rule = ask.server.faults.add("cut-before PUT /data/projects/*")
    with pytest.raises(requests.ConnectionError):
        ask("PUT", "/data/projects/P1")
    assert (projects(ask), rule.fired) == ([], 1)
    assert ask.server.requests[0].status is None


def test_cut_after_has_done_it(ask: Asker) -> None:
    rule = ask.server.faults.add("cut-after PUT /data/projects/*")
    with pytest.raises(requests.ConnectionError):
        ask("PUT", "/data/projects/P1")
    assert (projects(ask), rule.fired) == (["P1"], 1)


def test_unavailable_is_over_after_so_many_times(ask: Asker) -> None:
    rule = ask.server.faults.add("unavailable times=3")
    assert [ask("GET", "/data/auth").status_code for _ in range(4)] == [503, 503, 503, 200]
    assert rule.fired == 3


def test_an_expired_session_is_refused_and_credentials_make_a_new_one(ask: Asker) -> None:
    rule = ask.server.faults.add("expire-session GET /data/auth nth=2")
    url = ask.server.url + "/data/auth"
    with requests.Session() as client:
        assert client.get(url, auth=ADMIN).status_code == 200
        assert client.get(url).status_code == 401
        assert client.get(url, auth=ADMIN).status_code == 200
    assert rule.fired == 1


def test_a_session_that_nobody_has_expires_without_harm(ask: Asker) -> None:
    ask.server.faults.add("expire-session times=*")
    assert ask("GET", "/data/auth").status_code == 200
    assert ask("GET", "/data/auth", headers={"Cookie": "JSESSIONID=no; a{b"}).status_code == 200


def test_a_stale_read_answers_as_before_the_last_write(ask: Asker) -> None:
    rule = ask.server.faults.add("stale-read /data/projects times=2")
    assert ask("PUT", "/data/projects/P1").status_code == 200
    assert ask("PUT", "/data/projects/P2").status_code == 200
    assert [projects(ask) for _ in range(3)] == [["P1"], ["P1"], ["P1", "P2"]]
    assert rule.fired == 2


def test_a_stale_read_before_any_write_is_a_read(ask: Asker) -> None:
    ask.server.faults.add("stale-read times=*")
    assert projects(ask) == []


def test_what_a_stale_read_writes_is_not_lost(ask: Asker) -> None:
    ask.server.faults.add("stale-read /data/services/tokens/issue")
    ask("PUT", "/data/projects/P1")
    token = ask("GET", "/data/services/tokens/issue").json()
    assert ask("GET", "/data/auth", as_user=(token["alias"], token["secret"])).status_code == 200


def test_while_a_slow_start_lasts_nothing_answers_and_then_what_waited_is_answered(tmp_path: Path) -> None:
    with PracticeServer(tmp_path / "state", clock=FAST, faults=["slow-start=0.8"]) as server:
        assert not server.ready.is_set()
        with pytest.raises(requests.ReadTimeout):
            requests.get(server.url + "/data/JSESSION", timeout=0.1)
        assert requests.get(server.url + "/data/JSESSION", timeout=20).status_code == 200
        assert server.faults.rules[0].fired == 1


def test_a_slow_start_that_fails_is_404_in_the_end(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "prefs-init.ini").write_text("no section")
    with PracticeServer(tmp_path, clock=FAST, faults=["slow-start=0.01"]) as server:
        assert requests.get(server.url + "/data/JSESSION", timeout=20).status_code == 404
        assert server.ready.wait(20)


def test_a_server_that_is_still_starting_can_be_stopped(tmp_path: Path) -> None:
    with PracticeServer(tmp_path / "state", clock=FAST, faults=["slow-start=600"]) as server:
        assert not server.ready.is_set()
    assert server.site is None


def test_on_a_first_start_the_right_password_is_refused_for_a_while_and_not_counted(tmp_path: Path) -> None:
    with PracticeServer(tmp_path / "state", clock=FAST, initialized=False, faults=["first-401=0.5"]) as server:
        ask = Asker(server)
        assert ask("GET", "/xapi/siteConfig/initialized").status_code == 401
        assert ask("GET", "/xapi/siteConfig/buildInfo", as_user=None).status_code == 200
        deadline = time.monotonic() + 20
        while ask("GET", "/xapi/siteConfig/initialized").status_code == 401 and time.monotonic() < deadline:
            pass
        assert ask("GET", "/xapi/siteConfig/initialized").text == "false"
        assert server.site
        assert server.site.storage.value("SELECT failed FROM accounts WHERE username = 'admin'") == 0


def test_two_faults_act_on_one_request(ask: Asker) -> None:
    ask.server.faults.add("latency=0.05 PUT")
    ask.server.faults.add("fail-after PUT")
    assert ask("PUT", "/data/projects/P1").status_code == 500
    assert [rule.fired for rule in ask.server.faults.rules] == [1, 1]
