"""A list of subscriptions and what is read from it, judged and exported, each of it asked of a scripted server."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bootstrap.config.site import Site
from bootstrap.engine.gather import normalised
from bootstrap.errors import Rejected
from bootstrap.kinds.kind import Resource, State
from bootstrap.kinds.subscription import SubscriptionKind
from bootstrap.kinds.subscription_export import export_subscriptions
from bootstrap.kinds.subscription_meaning import LOGGING_KEY
from bootstrap.kinds.subscription_reading import LIST, subscriptions, subscriptions_on, wrapper_number
from bootstrap.kinds.wrapper_pointers import subscriptions_with
from bootstrap.ops.session import Asked, Tools, load
from bootstrap.xnat.connection import Connection
from bootstrap.xnat.fake import FakeTransport, reply
from tests.xnat.test_connection import connected, xnat

KIND = SubscriptionKind()
EVENTS = "org.nrg.xnat.eventservice.events."
KEY = "org.nrg.containers.services.CommandActionProvider"
COMMAND = {
    "id": 3,
    "name": "greet",
    "version": "1",
    "image": "busy:1",
    "command-line": "echo",
    "xnat": [
        {
            "id": 7,
            "name": "say",
            "contexts": ["xnat:imageScanData"],
            "external-inputs": [{"name": "scan", "type": "Scan"}],
        }
    ],
}
SITE = """\
server: {username: admin, password: !env XNAT_PASSWORD}
commands:
  greet:
    document: {version: "1", image: "busy:1", command-line: echo,
      xnat: [{name: say, contexts: ["xnat:imageScanData"], external-inputs: [{name: scan, type: Scan}]}]}
    enabled: true
event_service: {enabled: true}
"""
ONE = """\
subscriptions: [{name: hello, event: scan.created, projects: [P0], action: {command: say}, active: true}]
projects: [{id: P0, commands: {say: {enabled: true}}}]
"""


def row(number: int, name: str = "hello", **more: Any) -> dict[str, Any]:
    inner = {"event-type": f"{EVENTS}ScanEvent", "status": "CREATED", "project-ids": ["P0"], **more.pop("filter", {})}
    plain = {"active": True, "action-key": f"{KEY}:7", "attributes": {}, "act-as-event-user": False, "valid": True}
    return {"id": number, "name": name, "subscription-owner": "ann", **plain, **more, "event-filter": inner}


def server(*rows: Mapping[str, Any]) -> FakeTransport:
    listed = {"ResultSet": {"Result": [{"ID": "P0"}]}}
    return (
        xnat(200)
        .on("GET", LIST, reply(json=list(rows)))
        .on("GET", "/xapi/events/prefs", reply(json={"enabled": True}))
        .on("GET", "/xapi/commands", reply(json=[COMMAND]))
        .on("GET", "/data/projects", reply(json=listed))
        .on("GET", "/xapi/events/events", reply(json=[{"type": f"{EVENTS}ScanEvent", "statuses": ["CREATED"]}]))
        .on("GET", "/xapi/commandeventmapping", reply(404))
    )


def site_of(folder: Path, text: str) -> Site:
    (folder / "site.yaml").write_text(SITE + text, encoding="utf-8")
    return load(folder, Asked(), Tools(environ={"XNAT_PASSWORD": "secret"}))


def wanted_of(site: Site) -> list[Resource]:
    return [normalised(KIND, resource) for resource in KIND.desired(site)]


def states(connection: Connection, wanted: list[Resource]) -> Mapping[str, State]:
    return KIND.read(connection, wanted)


def rules(connection: Connection, one: Resource) -> list[str]:
    return [problem.rule for problem in KIND.judge(connection, one, states(connection, [one]).get(one.name))]


def own(transport: FakeTransport) -> list[str]:
    return [request.path for request in transport.asked if not request.bookkeeping]


@pytest.fixture
def hello(tmp_path: Path) -> Resource:
    (found,) = wanted_of(site_of(tmp_path, ONE))
    return found


def test_an_empty_text_is_not_an_empty_list() -> None:
    with connected(xnat(200).on("GET", LIST, reply(200))) as connection:
        with pytest.raises(Rejected, match="the event service is off"):
            subscriptions(connection)
        assert subscriptions_on(connection, [7]) == []


@pytest.mark.parametrize(
    ("key", "number"), [(f"{KEY}:7", 7), (f"{KEY}:7:x", 7), (f"{KEY}:say", None), (KEY, None), (LOGGING_KEY, None)]
)
def test_the_wrapper_in_a_key(key: str, number: int | None) -> None:
    assert wrapper_number(key) == number


def test_five_hundred_projects_with_two_each_cost_no_request_for_any_of_them(tmp_path: Path) -> None:
    projects = "".join(
        f"  - {{id: P{n}, commands: {{say: {{enabled: true}}}}, subscriptions: {{a: {{}}, b: {{}}}}}}\n"
        for n in range(500)
    )
    templates = "subscriptions:\n" + "".join(
        f"  - {{name: {name}, event: scan.created, action: {{command: say}}, active: true, filter: '{text}'}}\n"
        for name, text in (("a", "@.id == 1"), ("b", "@.id == 2"))
    )
    rows = [
        row(2 * n + m, f"{name} for P{n}", filter={"project-ids": [f"P{n}"], "payload-filter": text})
        for n in range(500)
        for m, (name, text) in enumerate((("a", "@.id == 1"), ("b", "@.id == 2")))
    ]
    site = site_of(tmp_path, f"{templates}projects:\n{projects}")
    assert KIND.check(site) == []
    wanted = wanted_of(site)
    transport = server(*reversed(rows))
    with connected(transport) as connection:
        before = len(own(transport))
        found = states(connection, wanted)
        told = [problem for one in wanted for problem in KIND.judge(connection, one, found[one.name])]
    assert len(found) == 1000
    assert [one.name for one in wanted if dict(found[one.name].fields) != {**one.fields, **_unsaid(one, found)}] == []
    assert told == []
    assert own(transport)[before:] == [LIST, "/xapi/commands"]


def _unsaid(one: Resource, found: Mapping[str, State]) -> dict[str, Any]:
    return {key: value for key, value in found[one.name].fields.items() if key not in one.fields}


def test_the_one_that_the_ledger_knows_then_the_oldest_of_the_name(hello: Resource) -> None:
    with connected(server(row(5), row(4), row(9, "was mine"))) as connection:
        assert states(connection, [hello])["hello"].id == "4"
        known = Resource(hello.kind, hello.name, hello.fields, payload=hello.payload, known_id="9")
        found = states(connection, [known])["hello"]
    assert (found.id, found.fields["name"], found.fields["twins"]) == ("9", "was mine", [4, 5])


def test_a_wrapper_that_is_gone_leaves_its_key_and_is_to_be_repaired(hello: Resource) -> None:
    with connected(server(row(4, **{"action-key": f"{KEY}:6"}))) as connection:
        found = states(connection, [hello])["hello"]
    assert (found.broken, found.fields["action"]) == (True, f"{KEY}:6")


def test_what_is_worth_knowing_is_told_in_every_run(hello: Resource) -> None:
    with connected(server(row(4, valid=False, **{"subscription-owner": "anna"}))) as connection:
        assert rules(connection, hello) == ["subscription-owner", "subscription-invalid"]


OLD = {"id": 2, "event-type": "ScanArchived", "command-id": 3, "xnat-command-wrapper": "say", "enabled": True}


@pytest.mark.parametrize(
    ("mapping", "told"),
    [
        ({}, ["fires-twice"]),
        ({"project": "P0"}, ["fires-twice"]),
        ({"project": "P1"}, []),
        ({"enabled": False}, []),
        ({"event-type": "Merged"}, []),
        ({"command-id": 4}, []),
    ],
)
def test_an_old_mapping_that_launches_the_same(hello: Resource, mapping: dict[str, Any], told: list[str]) -> None:
    transport = server()
    transport._script["GET", "/xapi/commandeventmapping"] = [reply(json=[{**OLD, **mapping}])]
    with connected(transport) as connection:
        assert rules(connection, hello) == told


def test_somebody_elses_that_does_the_same(hello: Resource) -> None:
    with connected(server(row(4, "theirs", filter={"project-ids": []}))) as connection:
        assert rules(connection, hello) == ["fires-twice"]
        assert list(subscriptions_with(connection, [7])) == ["the subscription `theirs`"]


def test_what_the_catalogue_of_this_server_does_not_have(hello: Resource) -> None:
    transport = server()
    transport._script["GET", "/xapi/events/events"] = [reply(json=[{"type": f"{EVENTS}ScanEvent", "statuses": []}])]
    with connected(transport) as connection:
        assert rules(connection, hello) == ["unknown-status"]


def test_what_cannot_be_read_yet_is_not_judged(hello: Resource) -> None:
    transport = server()
    transport._script["GET", "/xapi/events/prefs"] = [reply(json={"enabled": False})]
    with connected(transport) as connection:
        assert list(KIND.judge(connection, hello, None)) == []


def test_an_older_server_takes_only_plain_seconds_and_minutes(tmp_path: Path) -> None:
    text = """\
subscriptions: [{name: n, event: scheduled, schedule: "0 0/30 * * * *", everywhere: true, action: logging}]
"""
    (nightly,) = wanted_of(site_of(tmp_path, text))
    transport = server()
    kinds = [{"type": f"{EVENTS}ScheduledEvent", "statuses": ["CRON"]}]
    transport._script["GET", "/xapi/events/events"] = [reply(json=kinds)]
    transport._script["GET", "/xapi/siteConfig/buildInfo"] = [reply(json={"version": "1.8.9"})]
    with connected(transport) as connection:
        assert rules(connection, nightly) == ["bad-schedule"]


LEFT_OUT = {
    "there are several of this name": [row(1), row(2)],
    "it has no name": [row(1, "")],
    "XNAT holds it for invalid": [row(1, valid=False)],
    "does not have its command": [row(1, **{"action-key": f"{KEY}:6"})],
    "there is no project": [row(1, filter={"project-ids": ["P9"]})],
    "has no status": [row(1, filter={"status": "ARCHIVED"})],
}


@pytest.mark.parametrize("reason", LEFT_OUT)
def test_what_no_site_file_could_have_is_left_out_and_told(reason: str) -> None:
    with connected(server(*LEFT_OUT[reason])) as connection:
        found = export_subscriptions(connection)
    assert found.section == {}
    assert len([note for note in found.notes if reason in note]) == len(LEFT_OUT[reason])


def test_an_export_says_what_is_there() -> None:
    logging = row(2, "log", attributes={}, **{"action-key": LOGGING_KEY, "active": False})
    logging["event-filter"] |= {"event-type": f"{EVENTS}ScheduledEvent", "status": "CRON", "schedule": "0 0 2 * * *"}
    filtered = row(1, filter={"payload-filter": "@.id == 1", "project-ids": []}) | {"act-as-event-user": True}
    with connected(server(filtered, logging)) as connection:
        found = export_subscriptions(connection).section["subscriptions"]
    assert found == [
        {
            "name": "hello",
            "event": "scan.created",
            "everywhere": True,
            "filter": "@.id == 1",
            "action": {"command": "greet/say"},
            "act_as_event_user": True,
            "active": True,
        },
        {
            "name": "log",
            "event": "scheduled",
            "projects": ["P0"],
            "action": "logging",
            "schedule": "0 0 2 * * *",
            "active": False,
        },
    ]


def test_nothing_is_exported_while_the_service_is_off() -> None:
    with connected(xnat(200).on("GET", "/xapi/events/prefs", reply(json={"enabled": False}))) as connection:
        assert export_subscriptions(connection).section == {}
