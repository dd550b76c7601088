"""What goes wrong while containers run: the engine goes away, a container never ends, the server is killed."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bootstrap.practice.containers.launching import finalising, log_stream, queue, records, waiting
from bootstrap.practice.containers.launching.request import Request
from bootstrap.practice.server import FAST, PracticeServer
from tests.practice.containers.fake_containers import EngineWithContainers, FakeContainer
from tests.practice.containers.launching.conftest import Bench

NOBODY_LISTENS = "tcp://127.0.0.1:1"


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Bench]:
    """A server of its own, which can be stopped and started."""
    with EngineWithContainers() as engine, PracticeServer(tmp_path / "state", clock=FAST) as server:
        yield Bench(server, engine)


def runs_on(_container: FakeContainer) -> None:
    """Without an end."""


def test_an_engine_that_goes_away_is_waited_for(bench: Bench) -> None:
    bench.runs.work = runs_on
    workflow = bench.launch(bench.wrapper())
    number = bench.running(workflow)["comments"]
    bench.engine.stumbles = True
    bench.runs.several[number].end()
    bench.look()
    assert bench.workflow(workflow)["status"] == "Running"
    bench.engine.stumbles = False
    assert bench.ended(workflow)["status"] == "Complete"


def test_an_engine_that_goes_away_before_the_logs_are_kept_is_waited_for(bench: Bench) -> None:
    bench.runs.work = runs_on
    workflow = bench.launch(bench.wrapper())
    number = bench.running(workflow)["comments"]
    container = records.named(bench.site, number)
    assert container
    bench.use(NOBODY_LISTENS)
    finalising.finalise(bench.site, container.id)
    assert bench.workflow(workflow)["status"] == "Running"
    bench.use(bench.engine.host)
    bench.runs.several[number].end()
    assert bench.ended(workflow)["status"] == "Complete"


def test_a_container_that_the_engine_has_lost_has_failed(bench: Bench) -> None:
    bench.runs.work = runs_on
    workflow = bench.launch(bench.wrapper())
    del bench.runs.several[bench.running(workflow)["comments"]]
    assert bench.ended(workflow)["status"] == "Failed"


@pytest.mark.parametrize("host", [NOBODY_LISTENS, "unix:///no/such/socket"])
def test_without_an_engine_every_launch_fails_at_its_start(bench: Bench, host: str) -> None:
    number = bench.wrapper()
    bench.use(host)
    assert bench.ended(bench.launch(number))["status"] == "Failed (Container launch)"
    bench.use(bench.engine.host)


def test_without_a_server_or_with_a_cluster_nothing_runs(bench: Bench) -> None:
    number = bench.wrapper()
    bench.use("", backend="kubernetes")
    assert bench.ended(bench.launch(number))["status"] == "Failed (Container launch)"
    bench.site.storage.change("UPDATE container_servers SET enabled = 0")
    assert bench.ended(bench.launch(number))["status"] == "Failed (Container launch)"
    assert bench.ask("GET", f"/xapi/wrappers/{number}/launch", params={"session": bench.uri}).status_code == 404
    bench.use(bench.engine.host)


def test_a_container_that_never_ends_is_killed(bench: Bench) -> None:
    bench.runs.work = runs_on
    workflow = bench.launch(bench.wrapper())
    number = bench.running(workflow)["comments"]
    assert bench.ask("POST", f"/xapi/containers/{number}/kill").text == number
    assert bench.ended(workflow)["status"].startswith("Failed")
    bench.until(lambda: bench.workflow(workflow)["status"] == "Failed")
    assert bench.ask("POST", f"/xapi/containers/{number}/kill").status_code == 404


def test_a_million_lines_are_kept_and_a_part_of_them_is_shown_while_it_runs(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = b"x" * 1023 + b"\n"

    def work(container: FakeContainer) -> None:
        container.stdout = line * 2_000

    bench.runs.work = work
    monkeypatch.setattr("bootstrap.practice.containers.log_routes._MOST_LIVE", 100_000)
    workflow = bench.launch(bench.wrapper())
    number = bench.running(workflow)["comments"]
    live = bench.ask("GET", f"/xapi/containers/{number}/logs/stdout").content
    assert 100_000 <= len(live) <= 100_000 + log_stream._PIECE
    bench.runs.several[number].end()
    bench.ended(workflow)
    assert bench.ask("GET", f"/xapi/containers/{number}/logs/stdout").content == line * 2_000 + b"\n"


def killed(own: Bench) -> None:
    """The server ends without doing what it had put off, and is started again."""
    assert own.server.site
    own.server.site.background._queue.clear()
    own.server.restart()


def test_what_was_queued_when_the_server_was_killed_is_run(own: Bench) -> None:
    number = own.wrapper()
    request = Request("admin", {"session": own.uri}, wrapper=number, root="session")
    own.site.storage.change("INSERT INTO launches (request) VALUES (?)", request.as_text())
    killed(own)
    found = own.until(lambda: own.ask("GET", "/xapi/containers").json())
    workflow = int(found[0]["workflow-id"])
    assert own.ended(workflow)["status"] == "Complete"
    assert own.site.storage.value("SELECT count(*) FROM launches") == 0


def test_what_is_launched_while_the_server_stops_is_run_by_the_next_one(own: Bench) -> None:
    number = own.wrapper()
    own.site.background._closing = True  # as at the beginning of a stop
    workflow = own.launch(number)
    own.server.restart()
    assert own.ended(workflow)["status"] == "Complete"
    assert own.runs.made == 1


def test_a_launch_that_is_taken_up_again_leaves_nothing_of_its_first_attempt(own: Bench) -> None:
    number = own.wrapper()
    own.runs.refuses = "later"
    request = Request("admin", {"session": own.uri}, wrapper=number, root="session")
    own.site.storage.change("INSERT INTO launches (id, request) VALUES (77, ?)", request.as_text())
    labels = {"org.xnat-bootstrap.practice.launch": "77", "org.xnat-bootstrap.practice.state": own.folder}
    orphan = FakeContainer("f" * 64, {"Labels": labels, "Env": [], "HostConfig": {"Binds": []}})
    own.runs.several[orphan.number] = orphan
    own.runs.refuses = ""
    killed(own)
    own.until(lambda: own.ask("GET", "/xapi/containers").json())
    assert orphan.removed


def test_a_container_that_was_made_but_not_started_is_started(own: Bench) -> None:
    own.runs.work = runs_on
    workflow = own.launch(own.wrapper())
    container = own.runs.several[own.running(workflow)["comments"]]
    container.status = "created"
    own.runs.work = lambda one: one.end()
    killed(own)
    assert own.ended(workflow)["status"] == "Complete"


def test_a_container_whose_uploads_were_cut_is_finalised_again(own: Bench) -> None:
    own.runs.work = runs_on
    workflow = own.launch(own.wrapper())
    number = own.running(workflow)["comments"]
    container = records.named(own.site, number)
    assert container
    records.claim(own.site, container.id)
    own.runs.several[number].end()
    own.until(lambda: records.has_step(own.site, container.id, "_die"))
    killed(own)
    assert own.ended(workflow)["status"] == "Complete"


def test_a_launch_that_cannot_even_be_queued_says_so(bench: Bench) -> None:
    with pytest.raises(queue.NotAccepted, match="No command with wrapper with id 99999"):
        queue.submit(bench.site, Request("admin", {"session": "x"}, wrapper=99999, root="session"))
    answer = bench.ask("POST", "/xapi/wrappers/99999/root/session/launch", json={"session": json.dumps({})})
    assert (answer.status_code, answer.json()["status"]) == (500, "failure")


def test_many_that_were_accepted_are_all_run_after_a_kill(own: Bench) -> None:
    number = own.wrapper()
    requests = [
        Request("admin", {"session": uri}, wrapper=number, root="session", bulk="bulk-1")
        for uri in (own.uri, "/archive/experiments/NOWHERE")
    ]
    unknown = Request("admin", {"session": own.uri}, wrapper=99999, root="session", bulk="bulk-1")
    for request in (*requests, unknown):
        waiting.enqueue(own.site, request)
    killed(own)
    own.until(lambda: own.site.storage.value("SELECT count(*) FROM launches") == 0)
    ended = own.until(lambda: own.ask("GET", "/xapi/containers").json())
    assert own.ended(int(ended[0]["workflow-id"]))["jobID"] == "bulk-1"
    states = [row["status"] for row in own.site.storage.rows("SELECT status FROM workflows WHERE pipeline = 'go'")]
    assert sorted(states) == ["Complete", "Failed (Command resolution)"]


def test_a_server_that_ends_does_not_wait_for_a_long_log(own: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it has of it goes; the next one fetches it."""
    begun = threading.Event()

    def endless(*_: object, **__: object) -> Iterator[bytes]:
        while True:
            begun.set()
            yield b"y\n"

    with monkeypatch.context() as patch:
        patch.setattr("bootstrap.practice.containers.launching.docker_backend.DockerBackend.logs", endless)
        workflow = own.launch(own.wrapper())
        assert begun.wait(30)
        own.server.stop()
    own.server.start()
    assert own.ended(workflow)["status"] == "Complete"
