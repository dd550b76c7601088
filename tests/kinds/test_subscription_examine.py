"""What `doctor` says of the subscriptions of a server, and `drift` of those that the file does not have."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bootstrap.kinds.event_service import EventService
from bootstrap.kinds.subscription_meaning import LOGGING_KEY
from bootstrap.ops.session import Asked, Tools, load
from bootstrap.xnat.fake import FakeTransport, reply
from tests.kinds.test_subscription_reading import KEY, KIND, ONE, row, server, site_of, wanted_of
from tests.xnat.test_connection import connected, xnat

GONE = {"action-key": f"{KEY}:6"}
OTHER = {"action-key": "org.example.Mailer:org.example.Mailer"}
BOBS = {"subscription-owner": "bob"}
LOGS = {"action-key": LOGGING_KEY}
OLD = {"id": 2, "event-type": "ScanArchived", "command-id": 3, "xnat-command-wrapper": "say", "enabled": True}


def answering(*rows: dict[str, Any], owner: Any = None, mappings: Any = None) -> FakeTransport:
    transport = server(*rows).on("GET", "/xapi/events/allactions", reply(json=[{"action-key": LOGGING_KEY}]))
    transport.on("GET", "/xapi/users/bob/enabled", owner or reply(json=True))
    if mappings:
        transport._script["GET", "/xapi/commandeventmapping"] = [reply(json=mappings)]
    return transport


@pytest.mark.parametrize(
    ("rows", "more", "state", "told"),
    [
        ([row(4)], {}, "good", "1 subscriptions, 1 of them active, and all can do what they say"),
        ([row(4, **GONE)], {}, "bad", "hello (id 4): it points at a wrapper that is gone (6)"),
        (
            [row(4), row(5, "x", active=False, **GONE)],
            {},
            "warning",
            "x (id 5): it points at a wrapper that is gone (6)",
        ),
        ([row(4), row(5, "theirs", **GONE)], {}, "warning", "theirs (id 5): it points at a wrapper that is gone (6)"),
        ([row(4), row(5, "theirs", **OTHER)], {}, "warning", "theirs (id 5): this XNAT has no action `org.example.Ma"),
        ([row(4, valid=False)], {}, "bad", "hello (id 4): XNAT holds it for invalid, so that it only fails"),
        ([row(4, active=False)], {}, "warning", "hello (id 4): it is switched off, and the file has it on"),
        ([row(5, "theirs", **LOGS)], {}, "warning", "1 of the file are not on the server: hello"),
        ([row(4), row(5, "x", filter={"project-ids": ["P7"]})], {}, "warning", "x (id 5): it is for projects that are"),
        ([row(4), row(5, "x")], {}, "warning", "x (id 5): `hello (id 4)` does the same on the same event: both run"),
        ([row(4)], {"mappings": [OLD]}, "warning", "hello (id 4): the old event mapping 2 launches say in all proj"),
        (
            [row(4, **BOBS)],
            {"owner": reply(json=False)},
            "warning",
            "hello (id 4): the owner `bob` is disabled, and XNAT goes",
        ),
        ([row(4, **BOBS)], {"owner": reply(404)}, "warning", "hello (id 4): the owner `bob` has no account any more"),
        ([row(4, **BOBS)], {"owner": reply(403)}, "warning", "hello (id 4): the owner `bob` could not be looked up"),
    ],
)
def test_each_thing_that_is_wrong(
    rows: list[dict[str, Any]], more: dict[str, Any], state: str, told: str, tmp_path: Path
) -> None:
    site = site_of(tmp_path, ONE)
    with connected(answering(*rows, **more)) as connection:
        (found,) = KIND.examine(connection, site)
    assert (found.state, found.text[: len(told)]) == (state, told)


@pytest.mark.parametrize(
    ("on", "section", "state", "told"),
    [
        (True, "event_service: {enabled: true}\n", "good", "it is on"),
        (False, "event_service: {enabled: true}\n", "bad", "it is off, so that nothing starts by itself"),
        (False, "subscriptions: [{name: a, event: scan.created, action: logging}]\n", "bad", "it is off, so that"),
        (False, "event_service: {enabled: false}\n", "good", "it is off, and the file has no subscription"),
    ],
)
def test_the_switch(on: bool, section: str, state: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "site.yaml").write_text("server: {username: a, password: b}\n" + section, encoding="utf-8")
    loaded = load(tmp_path, Asked(), Tools(environ={}))
    with connected(xnat(200).on("GET", "/xapi/events/prefs", reply(json={"enabled": on}))) as connection:
        (found,) = EventService().examine(connection, loaded)
        assert on or not list(KIND.examine(connection, loaded))
    assert (found.state, found.text[: len(told)]) == (state, told)


def test_drift_tells_the_dead_ones_of_others_and_reads_no_more_than_it_must(tmp_path: Path) -> None:
    wanted = wanted_of(site_of(tmp_path, ONE))
    rows = [row(4, **GONE), row(5, "theirs", **GONE), row(6, "fine"), row(7, "logs", **LOGS)]
    with connected(answering(*rows)) as connection:
        (problem,) = KIND.bystanders(connection, wanted)
    assert (problem.rule, problem.severity) == ("subscription-dead", "warning")
    assert "theirs (id 5) of `ann` is not in the file, and it points at a wrapper that is gone (6)" in problem.message
    plain = answering(row(4), row(7, "logs", **LOGS))
    with connected(plain) as connection:
        assert list(KIND.bystanders(connection, wanted)) == []
    assert not [one for one in plain.asked if one.path in ("/xapi/commands", "/xapi/events/allactions")]
