"""Setup and wrapup commands: what runs before and after a container, and what becomes of all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bootstrap.practice.containers.launching import companions, records
from bootstrap.practice.containers.resolution.companions import SETUP, WRAPUP
from bootstrap.practice.server import FAST, PracticeServer
from tests.practice.containers.fake_containers import EngineWithContainers, FakeContainer, Work, ends_well
from tests.practice.containers.launching.conftest import PROJECT, Bench

PREPARES, FINISHES = "prepares", "finishes"


def kind(container: FakeContainer) -> str:
    """Each of the commands has a command line of its own."""
    return str(container.config["Cmd"][0]) if container.config["Cmd"][0] in (PREPARES, FINISHES) else "main"


def doing(**works: Work) -> tuple[Work, list[str]]:
    """What each of them does, and in which order they have been started."""
    order: list[str] = []

    def work(container: FakeContainer) -> None:
        order.append(kind(container))
        works.get(kind(container), ends_well)(container)

    return work, order


def prepares(container: FakeContainer) -> None:
    found = (container.folder("/input") / "SCANS" / "1" / "TXT" / "f1.txt").read_text()
    (container.folder("/output") / "ready.txt").write_text(f"ready: {found}")
    container.stdout = b"prepared\n"
    container.end()


def runs(container: FakeContainer) -> None:
    (container.folder("/out") / "raw.txt").write_text((container.folder("/in") / "ready.txt").read_text())
    container.end()


def finishes(container: FakeContainer) -> None:
    text = (container.folder("/input") / "raw.txt").read_text()
    (container.folder("/output") / "done.txt").write_text(text.replace("ready", "done"))
    container.end()


def makes(bench: Bench, label: str = "DONE", setup: str = "a:1:p", wrapup: str = "a:1:f") -> int:
    for name, line, of in (("p", PREPARES, SETUP), ("f", FINISHES, WRAPUP)):
        if not bench.ask("GET", "/xapi/commands", params={"name": name}).json():
            bench.commands.make(name, type=of, **{"command-line": f"{line} #word#"})
    external = {"name": "session", "type": "Session", "provides-files-for-command-mount": "in"}
    handler = {"name": "h", "accepts-command-output": "o", "as-a-child-of": "session", "label": label}
    return bench.wrapper(
        mounts=[{"name": "in", "path": "/in"}, {"name": "out", "path": "/out", "writable": True}],
        inputs=[{"name": "word", "default-value": "please"}],
        outputs=[{"name": "o", "mount": "out", "required": True}],
        wrapper={
            "external-inputs": [external | {"via-setup-command": setup}],
            "output-handlers": [handler | {"via-wrapup-command": wrapup}],
        },
        **{"environment-variables": {"MINE": "x"}},
    )


def of_kind(bench: Bench, workflow: int, which: str) -> dict[str, Any]:
    parent = bench.container(workflow)["id"]
    found = records.companions(bench.site, parent, which)
    answer = bench.ask("GET", f"/xapi/containers/{found[0].id}")
    document: dict[str, Any] = answer.json()
    return document


def test_a_setup_fills_the_mount_and_a_wrapup_works_over_the_output(bench: Bench) -> None:
    bench.runs.work, order = doing(prepares=prepares, main=runs, finishes=finishes)
    workflow = bench.launch(makes(bench))
    assert bench.ended(workflow)["status"] == "Complete"
    assert order == [PREPARES, "main", FINISHES]
    address = f"/data/experiments/{bench.session}/resources/DONE/files"
    assert bench.files("DONE") == ["done.txt"]
    assert bench.ask("GET", f"{address}/done.txt").text == "done: scan 1\n"
    setup, wrapup = of_kind(bench, workflow, SETUP), of_kind(bench, workflow, WRAPUP)
    for one, name in ((setup, "in"), (wrapup, "o:h")):
        assert (one["status"], one["subtype"], one["parent-source-object-name"], one["wrapper-id"], one["project"]) == (
            *("Complete", one["subtype"], name, 0, PROJECT),
        )
        assert [(mount["container-path"], mount["writable"]) for mount in one["mounts"]] == [
            ("/input", False),
            ("/output", True),
        ]
        assert one["env"]["MINE"] == "x"
        assert one["command-line"].endswith(" please")
    assert setup["log-paths"] == [f"/data/xnat/archive/CONTAINER_EXEC/{setup['id']}/LOGS/docker-setup/stdout.log"]
    pipelines = [bench.workflow(int(one["workflow-id"])) for one in (setup, wrapup)]
    assert [(one["pipeline_name"], one["status"], one["ID"]) for one in pipelines] == [
        ("go-setup", "Complete", bench.session),
        ("go-wrapup", "Complete", bench.session),
    ]
    shown = bench.container(workflow)["outputs"][0]
    assert shown["via-wrapup-container"] == "a:1:f"


def fails(container: FakeContainer) -> None:
    container.end(3)


@pytest.mark.parametrize(
    ("works", "order", "statuses"),
    [
        ({PREPARES: fails}, [PREPARES], ("Failed (Setup)", "Failed", "Failed (Setup)")),
        ({"main": fails}, [PREPARES, "main"], ("Failed", "Complete", "Failed (Parent)")),
        ({FINISHES: fails}, [PREPARES, "main", FINISHES], ("Failed (Wrapup)", "Complete", "Failed")),
    ],
)
def test_one_that_fails_takes_the_others_with_it(
    bench: Bench, works: dict[str, Work], order: list[str], statuses: tuple[str, str, str]
) -> None:
    bench.runs.work, begun = doing(**works)
    workflow = bench.launch(makes(bench, label="NEVER"))
    bench.ended(workflow)
    assert begun == order
    bench.until(lambda: bench.workflow(workflow)["status"] == statuses[0])
    found = (bench.container(workflow), of_kind(bench, workflow, SETUP), of_kind(bench, workflow, WRAPUP))
    assert tuple(one["status"] for one in found) == statuses
    assert [bench.workflow(int(one["workflow-id"]))["status"] for one in found] == list(statuses)
    assert bench.ask("GET", "/xapi/containers", params={"nonfinalized": "true"}).json() == []


def test_a_setup_that_the_engine_refuses_fails_all(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    launch = companions.launch

    def refused(site: Any, number: int) -> None:
        bench.runs.refuses = "no room"
        launch(site, number)

    monkeypatch.setattr(companions, "launch", refused)
    workflow = bench.launch(makes(bench))
    fields = bench.ended(workflow)
    assert fields["status"] == "Failed (Setup)"
    steps = of_kind(bench, workflow, SETUP)["history"]
    assert "no room" in steps[-1]["message"]


def test_a_setup_that_never_ends_is_ended_with_its_container(bench: Bench) -> None:
    bench.runs.work, begun = doing(prepares=lambda _container: None)
    workflow = bench.launch(makes(bench))
    bench.until(lambda: begun == [PREPARES])
    bench.ask("PUT", f"/data/workflows/{workflow}", params={"status": "Failed"})
    bench.until(lambda: not bench.container(workflow)["status"].startswith("Created"))
    setup = of_kind(bench, workflow, SETUP)
    assert bench.ask("POST", f"/xapi/containers/{setup['id']}/kill").status_code == 200
    bench.until(lambda: bench.ask("GET", "/xapi/containers", params={"nonfinalized": "true"}).json() == [])
    assert begun == [PREPARES]


def killed_and_started(server: PracticeServer, meanwhile: Callable[[], Any]) -> None:
    assert server.site
    server.site.background._queue.clear()
    meanwhile()
    server.restart()


def test_a_server_that_is_killed_between_them_goes_on(tmp_path: Any) -> None:
    with EngineWithContainers() as engine, PracticeServer(tmp_path / "state", clock=FAST) as server:
        bench = Bench(server, engine)
        bench.runs.work, begun = doing(prepares=lambda _container: None, main=runs, finishes=finishes)
        workflow = bench.launch(makes(bench))
        bench.until(lambda: begun == [PREPARES])
        setup = next(one for one in bench.runs.several.values() if kind(one) == PREPARES)
        killed_and_started(server, lambda: prepares(setup))
        assert bench.ended(workflow)["status"] == "Complete"
        assert begun == [PREPARES, "main", FINISHES]
        assert bench.files("DONE") == ["done.txt"]


def test_what_has_lost_its_container_ends(bench: Bench) -> None:
    bench.runs.work, begun = doing(prepares=lambda _container: None)
    workflow = bench.launch(makes(bench))
    bench.until(lambda: begun == [PREPARES])
    wrapup, setup = of_kind(bench, workflow, WRAPUP), of_kind(bench, workflow, SETUP)
    assert bench.ask("DELETE", f"/xapi/containers/{bench.container(workflow)['id']}").status_code == 204
    next(one for one in bench.runs.several.values() if kind(one) == PREPARES).end()
    bench.until(lambda: bench.ask("GET", "/xapi/containers", params={"nonfinalized": "true"}).json() == [])
    statuses = [bench.ask("GET", f"/xapi/containers/{one['id']}").json()["status"] for one in (setup, wrapup)]
    assert statuses == ["Complete", "Failed (Parent)"]
