"""The Container Service's old way from an event to a command."""

from __future__ import annotations

from typing import Any

import pytest

from bootstrap.practice.data import news
from tests.practice.containers.launching.conftest import PROJECT, Bench

ALL = "/xapi/commandeventmapping"


def make(bench: Bench, **body: Any) -> dict[str, Any]:
    answer = bench.ask("POST", ALL, json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def body(bench: Bench, event: str, root: str = "Session", **more: Any) -> dict[str, Any]:
    external = [{"name": root.lower(), "type": root}]
    number = bench.wrapper(wrapper={"external-inputs": external, "name": f"on-{event}"})
    row = bench.site.storage.value("SELECT command_id FROM wrappers WHERE id = ?", number)
    return {"event-type": event, "command-id": row, "xnat-command-wrapper": f"on-{event}", **more}


def pipelines(bench: Bench) -> dict[str, int]:
    rows = bench.site.storage.rows("SELECT pipeline, count(*) AS n FROM workflows GROUP BY pipeline")
    return {row["pipeline"]: row["n"] for row in rows if row["pipeline"].startswith("on-")}


@pytest.mark.parametrize(
    ("event", "root", "is_new", "project", "launched"),
    [
        ("SessionArchived", "Session", True, PROJECT, 1),
        ("SessionArchived", "Session", True, None, 1),
        ("SessionArchived", "Session", True, "OTHER", 0),
        ("SessionArchived", "Session", False, PROJECT, 0),
        ("Merged", "Session", False, PROJECT, 1),
        ("ScanArchived", "Scan", True, PROJECT, 2),
        ("ScanArchived", "Scan", False, PROJECT, 0),
    ],
)
def test_what_arrives_starts_what_is_mapped_to_it(
    bench: Bench, event: str, root: str, is_new: bool, project: str | None, launched: int
) -> None:
    before = pipelines(bench).get(f"on-{event}", 0)
    made = make(bench, **body(bench, event, root, project=project))
    news.tell_arrival(bench.site, bench.session, is_new=is_new)
    assert pipelines(bench).get(f"on-{event}", 0) - before == launched
    assert bench.ask("PUT", f"{ALL}/{made['id']}/disable").status_code == 200
    news.tell_arrival(bench.site, bench.session, is_new=is_new)
    assert pipelines(bench).get(f"on-{event}", 0) - before == launched
    assert bench.ask("DELETE", f"{ALL}/{made['id']}").status_code == 204
    bench.until(lambda: bench.site.storage.value("SELECT count(*) FROM launches") == 0)


def test_one_of_a_user_who_is_not_there_starts_nothing(bench: Bench) -> None:
    made = make(bench, **body(bench, "SessionArchived"))
    before = pipelines(bench)
    bench.site.storage.change("UPDATE event_mappings SET username = 'nobody' WHERE id = ?", made["id"])
    news.tell_arrival(bench.site, bench.session, is_new=True)
    assert pipelines(bench) == before
    bench.ask("DELETE", f"{ALL}/{made['id']}")


def test_anybody_may_switch_them_and_readers_of_the_project_see_them(bench: Bench) -> None:
    anybody = bench.ask.make_user("anybody")
    sent = body(bench, "Anything at all", project=PROJECT) | {"subscription-user-name": "admin"}
    answer = bench.ask("POST", ALL, json=sent, as_user=anybody)
    made = answer.json()
    assert (answer.status_code, made["subscription-user-name"], made["enabled"], made["disabled"]) == (
        *(201, "anybody"),
        *(True, 0),
    )
    one = f"{ALL}/{made['id']}"
    assert bench.ask("GET", one, as_user=anybody).text == ""
    assert bench.ask("GET", ALL, as_user=anybody).json() == []
    assert bench.ask("GET", one).json() == made
    assert bench.ask("PUT", f"{one}/disable", as_user=anybody).status_code == 200
    shown = bench.ask("GET", ALL).json()
    assert [(each["id"], each["enabled"], each["disabled"]) for each in shown] == [
        (made["id"], False, shown[0]["timestamp"])
    ]
    assert bench.ask("PUT", f"{one}/enable", as_user=anybody).status_code == 200
    assert bench.ask("DELETE", one, as_user=anybody).status_code == 204
    assert bench.ask("GET", one).text == ""


@pytest.mark.parametrize(
    ("method", "path", "sent", "status"),
    [
        ("POST", ALL, {"event-type": " "}, 400),
        ("PUT", f"{ALL}/9999/enable", None, 404),
        ("PUT", f"{ALL}/9999/disable", None, 404),
        ("POST", f"{ALL}/9999/convert", None, 404),
        ("PUT", f"{ALL}/x/enable", None, 500),
    ],
)
def test_what_is_refused(bench: Bench, method: str, path: str, sent: Any, status: int) -> None:
    assert bench.ask(method, path, json=sent).status_code == status


@pytest.mark.parametrize(
    ("event", "kind", "status"), [("Merged", "SessionEvent", "MERGED"), ("ScanArchived", "ScanEvent", "CREATED")]
)
def test_one_is_turned_into_a_subscription(bench: Bench, event: str, kind: str, status: str) -> None:
    sent = body(bench, event, project=PROJECT)
    made = make(bench, **sent)
    convert = f"{ALL}/{made['id']}/convert"
    bench.ask("PUT", "/xapi/events/prefs", json={"enabled": False})
    assert bench.ask("POST", convert).status_code >= 400
    bench.ask("PUT", "/xapi/events/prefs", json={"enabled": True})
    wrapper = bench.site.storage.value("SELECT id FROM wrappers WHERE command_id = ?", sent["command-id"])
    assert bench.ask("PUT", f"/xapi/projects/{PROJECT}/wrappers/{wrapper}/enabled").status_code == 200
    assert bench.ask("PUT", f"/xapi/wrappers/{wrapper}/enabled").status_code == 200
    answer = bench.ask("POST", convert)
    assert (answer.status_code, answer.text) == (200, "")
    name = f"{PROJECT} on-{event} (converted {made['id']})"
    found = next(one for one in bench.ask("GET", "/xapi/events/subscriptions").json() if one["name"] == name)
    kept = found["event-filter"]
    assert (found["active"], found["subscription-owner"], kept["event-type"].rpartition(".")[2], kept["status"]) == (
        *(False, "admin"),
        *(kind, status),
    )
    assert not bench.ask("GET", f"{ALL}/{made['id']}").json()["enabled"]
    bench.ask("DELETE", f"{ALL}/{made['id']}")


def test_another_event_cannot_be_turned_into_one(bench: Bench) -> None:
    made = make(bench, **body(bench, "SomethingElse"))
    answer = bench.ask("POST", f"{ALL}/{made['id']}/convert")
    assert (answer.status_code, "event conversion not supported" in answer.text) == (500, True)
    bench.ask("DELETE", f"{ALL}/{made['id']}")
