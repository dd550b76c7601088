"""Receivers beyond what the recordings show: which of them run, and what nonsense does."""

from __future__ import annotations

from typing import Any

import pytest

from bootstrap.practice.admin import receivers
from tests.practice.conftest import Asker

SECOND = {"aeTitle": "SECOND", "port": 8104, "identifier": "dicomObjectIdentifier"}


def running(ask: Asker) -> list[str]:
    assert ask.server.site
    return [one["aeTitle"] for one in receivers.running(ask.server.site)]


def test_a_port_starts_and_stops_as_a_whole(ask: Asker) -> None:
    assert ask("POST", "/xapi/dicomscp", json=SECOND).json()["id"] == 2
    assert running(ask) == ["XNAT", "SECOND"]
    assert ask("PUT", "/xapi/dicomscp/1/enabled/false").json()["enabled"] is False
    assert running(ask) == []
    assert ask("PUT", "/xapi/dicomscp/start").json() == [{"left": "SECOND", "middle": 8104, "right": True}]
    assert ask("PUT", "/xapi/dicomscp/1", json={"enabled": True, "port": 8105}).status_code == 200
    assert running(ask) == ["XNAT", "SECOND"]
    assert [one["middle"] for one in ask("PUT", "/xapi/dicomscp/stop").json()] == [8105, 8104]
    assert running(ask) == []


def test_a_site_that_receives_nothing_starts_none_but_what_is_saved(ask: Asker) -> None:
    ask.set(enableDicomReceiver=False)
    assert running(ask) == []
    assert ask("PUT", "/xapi/dicomscp/start").json() == []
    assert ask("PUT", "/xapi/dicomscp/1", json={"customProcessing": True}).status_code == 200
    assert running(ask) == ["XNAT"]
    ask.server.restart()
    assert running(ask) == []
    ask.set(enableDicomReceiver=True)
    assert running(ask) == ["XNAT"]


@pytest.mark.parametrize(
    ("nonsense", "said"), [({"aeTitle": None}, "null"), ({"port": 70000}, "port out of range:70000")]
)
def test_nonsense_is_stored_and_breaks_the_port(ask: Asker, nonsense: dict[str, Any], said: str) -> None:
    assert ask("POST", "/xapi/dicomscp", json=SECOND | {"enabled": False}).status_code == 200
    assert ask("PUT", "/xapi/dicomscp/2", json=nonsense).status_code == 200
    removed = ask("DELETE", "/xapi/dicomscp/2")
    assert (removed.status_code, removed.text) == (500, f"There was an error in the request : {said}")
    assert ask("PUT", "/xapi/dicomscp/2/enabled/true").status_code == 500
    assert ask("PUT", "/xapi/dicomscp/2", json={"enabled": True}).status_code == 500
    for verb in ("start", "stop"):
        assert ask("PUT", f"/xapi/dicomscp/{verb}").status_code in (200, 500)
    ask.server.restart()
    assert ask("PUT", "/xapi/dicomscp/2", json=SECOND).status_code == 200
    assert ask("DELETE", "/xapi/dicomscp/2").status_code == 200


def test_a_change_goes_where_its_body_says_unless_another_is_there(ask: Asker) -> None:
    assert ask("POST", "/xapi/dicomscp", json=SECOND).status_code == 200
    changed = ask("PUT", "/xapi/dicomscp/1", json={"id": 2, "identifier": "nonsense", "whitelist": None})
    assert (changed.json()["id"], changed.json()["identifier"], changed.json()["whitelist"]) == (2, "nonsense", [])
    assert ask("PUT", "/xapi/dicomscp/2", json={"aeTitle": "XNAT"}).status_code == 500
    assert ask("GET", "/xapi/dicomscp/2").json()["aeTitle"] == "SECOND"


@pytest.mark.parametrize("port", [True, [], 1e99, "9" * 40])
def test_a_port_is_a_whole_number(ask: Asker, port: object) -> None:
    answer = ask("POST", "/xapi/dicomscp", json=SECOND | {"port": port})
    assert (answer.status_code, answer.text[:16]) == (500, "JSON parse error")
