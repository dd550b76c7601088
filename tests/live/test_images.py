"""Images on the engine of an XNAT: built, pulled, tagged, looked after."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest

from bootstrap.engine.report.report import Report
from bootstrap.engine.run import Talk
from bootstrap.engine.saved import load_document, save_plan
from bootstrap.errors import StalePlan
from bootstrap.ops import jobs
from tests.docker_engine import Engine, docker_engine
from tests.live.conftest import Bench
from tests.practice.containers.fake_engine import FakeEngine

__all__ = ["docker_engine"]

DIGEST = "sha256:" + "d" * 64
ONE, OTHER = "sha256:" + "1" * 64, "sha256:" + "e" * 64
HEAD = """\
server: {username: admin, password: !env [XNAT_PASSWORD, practice-me], first_password: admin}
site: {siteId: LIVE, siteUrl: "http://localhost:8080", adminEmail: xnat@example.org}
"""


@pytest.fixture
def engine() -> Iterator[FakeEngine]:
    with FakeEngine() as made:
        yield made


def at(engine: FakeEngine | Engine, rest: str, compute: str = "") -> str:
    return f"{HEAD}compute: {{host: '{engine.host}', build_engine: '{engine.host}'{compute}}}\n{rest}"


def context(bench: Bench, base: str = "scratch", text: str = "one\n") -> None:
    folder = bench.folder / "context"
    folder.mkdir(exist_ok=True)
    (folder / "Dockerfile").write_text(f"FROM {base}\nCOPY hello /hello\n")
    (folder / "hello").write_text(text)


def outcomes(report: Report) -> dict[str, tuple[str, str | None]]:
    return {line.change.ref: (line.change.action, line.outcome) for line in report.lines}


def done(bench: Bench) -> Report:
    report = bench.apply()
    assert report.exit_code == 0, [line.error for line in report.lines] + [p.message for p in report.problems]
    return report


def fields(report: Report, ref: str) -> dict[str, tuple[object, object, str]]:
    change = next(line.change for line in report.lines if line.change.ref == ref)
    return {field.path: (field.before, field.after, field.moved) for field in change.fields}


BUILD = "images: [{name: probe, build: context}]\n"


@pytest.mark.docker
def test_an_unchanged_context_is_never_built_again_and_a_changed_one_always_is(
    bench: Bench, docker_engine: Engine
) -> None:
    context(bench, docker_engine.base)
    bench.write(at(docker_engine, BUILD))
    done(bench)
    client = docker_engine.client()
    try:
        first = bench.plan(only=("image",)).lines
        assert first == []
        again = bench.apply()
        assert (again.exit_code, again.counts.writes, list(again.lines)) == (0, 0, [])
        context(bench, docker_engine.base, "two\n")
        planned = fields(bench.plan(), "image:probe")["image"]
        assert planned[2] == "file"
        assert outcomes(done(bench))["image:probe"] == ("update", "done")
        images = [client.images.get(str(reference)) for reference in planned[:2]]
        assert images[0].id != images[1].id
        made = client.containers.run(str(planned[1]), ["cat", "/hello"], remove=True)
        assert made == b"two\n"
        assert bench.plan().exit_code == 0
    finally:
        for tag in {tag for image in client.images.list("probe") for tag in image.tags}:
            client.images.remove(tag)
        client.close()


@pytest.mark.docker
def test_a_build_that_fails_shows_what_the_engine_said_and_hurts_nothing_else(
    bench: Bench, docker_engine: Engine
) -> None:
    context(bench, docker_engine.base)
    (bench.folder / "context" / "Dockerfile").write_text(f"FROM {docker_engine.base}\nRUN echo reason && false\n")
    bench.write(at(docker_engine, BUILD + f"registries: [{{name: a, url: '{docker_engine.host}'}}]\n"))
    report = bench.apply()
    assert report.exit_code == 5
    assert outcomes(report)["registry:a"] == ("create", "done")
    error = next(line.error for line in report.lines if line.change.ref == "image:probe")
    assert "reason" in str(error)


def test_what_is_there_with_the_same_hash_is_not_built_again(bench: Bench, engine: FakeEngine) -> None:
    context(bench)
    bench.write(at(engine, BUILD))
    done(bench)
    built = engine.built[0]
    for image in engine.images.values():
        image["RepoTags"] = ["elsewhere:1"]
    done(bench)
    assert engine.built == [built, built], "the tag was gone"
    done(bench)
    assert len(engine.built) == 2


def test_a_tag_that_somebody_moved_is_drift_and_is_put_right(bench: Bench, engine: FakeEngine) -> None:
    context(bench)
    bench.write(at(engine, BUILD))
    done(bench)
    tag = engine.built[0]
    engine.images = {}
    engine.add(OTHER, tag)
    drift = bench.drift()
    assert fields(drift, "image:probe") == {"content": ("as applied", f"another image, {OTHER}", "server")}
    assert fields(bench.plan(), "image:probe") == {"content": (f"another image, {OTHER}", "as applied", "server")}
    engine.images = {}
    done(bench)
    assert bench.drift().exit_code == 0


@pytest.mark.parametrize("form", ["present", "pull"])
def test_a_moved_tag_of_others_is_told_once_and_then_taken(bench: Bench, engine: FakeEngine, form: str) -> None:
    engine.add(ONE, "tool:1")
    engine.pullable["tool:1"] = {"Id": OTHER, "RepoTags": ["tool:1"], "Labels": None}
    bench.write(at(engine, f"images: [{{name: tool, {form}: 'tool:1'}}]\n"))
    done(bench)
    engine.images = {}
    engine.add(OTHER, "tool:1")
    assert bench.drift().exit_code == 2
    report = done(bench)
    assert outcomes(report)["image:tool"] == ("update", "done")
    assert bench.plan().exit_code == 0
    assert bench.drift().exit_code == 0


def test_a_digest_is_pulled_on_the_engine_and_tagged(bench: Bench, engine: FakeEngine) -> None:
    engine.pullable[f"ghcr.io/org/tool:{DIGEST}"] = {
        "Id": ONE, "RepoTags": [], "RepoDigests": [f"ghcr.io/org/tool@{DIGEST}"], "Labels": None
    }  # fmt: skip
    registries = "registries: [{name: ghcr, url: 'https://ghcr.io', username: robot, password: !env [P, c4nary]}]\n"
    bench.write(at(engine, f"images: [{{name: tool, pull: 'ghcr.io/org/tool@{DIGEST}'}}]\n{registries}"))
    done(bench)
    assert engine.images[ONE]["RepoTags"] == [f"ghcr.io/org/tool:sha256-{'d' * 12}"]
    assert json.loads(urlsafe_b64decode(engine.pulled_with[0] or ""))["password"] == "c4nary"
    assert bench.apply().counts.writes == 0


def test_an_image_is_pushed_and_pulled_by_an_xnat_with_another_engine(bench: Bench, engine: FakeEngine) -> None:
    context(bench)
    registries = "registries: [{name: ours, url: 'https://registry.example.org', username: u, password: !env [P, p]}]\n"
    with FakeEngine() as builder:
        text = at(engine, BUILD.replace("build:", "push: ours, build:") + registries)
        bench.write(text.replace(f"build_engine: '{engine.host}'", f"build_engine: '{builder.host}'"))

        report = bench.apply()
        assert "there is no such image" in str([line.error for line in report.lines])
        (tag,) = builder.built
        assert tag.startswith("registry.example.org/probe:")
        engine.pullable[tag] = {"Id": ONE, "RepoTags": [tag], "Labels": builder.find(tag)["Labels"]}  # type: ignore[index]
        done(bench)
        assert set(builder.pushed) == {tag}
        assert len(builder.built) == 1


def test_a_build_on_another_engine_than_xnats_is_told(bench: Bench, engine: FakeEngine) -> None:
    context(bench)
    with FakeEngine() as builder:
        text = at(engine, BUILD)
        bench.write(text.replace(f"build_engine: '{engine.host}'", f"build_engine: '{builder.host}'"))
        report = bench.apply()
    assert report.exit_code == 5
    error = str(next(line.error for line in report.lines if line.change.ref == "image:probe"))
    assert builder.host in error
    assert engine.host in error
    assert "that is another engine" in error


def test_an_image_that_must_be_there_and_is_not_fails_alone(bench: Bench, engine: FakeEngine) -> None:
    engine.add(ONE, "there:1")
    bench.write(at(engine, "images: [{name: a, present: 'there:1'}, {name: b, present: 'missing:1'}]\n"))
    report = bench.apply()
    assert report.exit_code == 5
    assert "`present` does not bring it" in str(next(x.error for x in report.lines if x.change.ref == "image:b"))
    again = bench.apply()
    assert (outcomes(again), again.exit_code) == ({"image:b": ("create", "failed")}, 1)
    bench.write(at(engine, "images: [{name: a, present: 'there:1'}]\n"))
    left = bench.apply()
    assert (left.exit_code, [problem.message for problem in left.problems]) == (0, [])


def test_a_pull_is_tried_three_times_with_pauses(bench: Bench, engine: FakeEngine) -> None:
    engine.pullable["tool:1"] = {"error": "the registry is slow"}
    bench.write(at(engine, "images: [{name: tool, pull: 'tool:1'}]\n"))
    paused: list[float] = []
    tools = bench.tools
    tools.pause = paused.append
    told: list[str] = []
    report = jobs.apply(bench.job(), tools, Talk(told.append))
    assert len(engine.pulled_with) == 3
    assert paused.count(5.0) == 2
    assert [f"letting XNAT pull tool:1 (try {n} of 3)" for n in (1, 2, 3)] == [t for t in told if "try" in t]
    assert "the registry is slow" in str(next(x.error for x in report.lines if x.change.ref == "image:tool"))


def test_a_dockerfile_template_may_stand_on_another_image_of_the_file(bench: Bench, engine: FakeEngine) -> None:
    context(bench)
    child = bench.folder / "child"
    child.mkdir()
    (child / "Dockerfile.j2").write_text("FROM {{ images['probe'] }}\nLABEL site={{ name }}\n")
    bench.write(
        at(engine, "vars: {name: LIVE}\nimages: [{name: child, build: child}, {name: probe, build: context}]\n")
    )
    done(bench)
    assert [tag.partition(":")[0] for tag in engine.built] == ["probe", "child"]
    context(bench, text="two\n")
    assert set(outcomes(done(bench))) == {"image:probe", "image:child"}


def test_images_that_stand_on_each_other_are_an_error(bench: Bench, engine: FakeEngine) -> None:
    for name, other in (("a", "b"), ("b", "a")):
        (bench.folder / name).mkdir()
        (bench.folder / name / "Dockerfile.j2").write_text(f"FROM {{{{ images['{other}'] }}}}\n")
    bench.write(at(engine, "images: [{name: a, build: a}, {name: b, build: b}]\n"))
    report = jobs.validate(bench.job(), bench.tools)
    assert report.exit_code == 1
    assert any("stands on itself" in problem.message for problem in report.problems)


# Without an engine


NOWHERE = "unix:///nowhere/docker.sock"
WITHOUT = f"""\
{HEAD}compute: {{host: '{NOWHERE}', required: false, build_engine: '{NOWHERE}'}}
images: [{{name: probe, build: context}}]
registries: [{{name: a, url: "https://a.example.org"}}]
"""


def test_without_an_engine_the_rest_is_configured_and_the_exit_code_is_0(bench: Bench) -> None:
    context(bench)
    bench.write(WITHOUT)
    report = bench.apply()
    assert report.exit_code == 0, [line.error for line in report.lines]
    assert outcomes(report)["registry:a"] == ("create", "done")
    assert outcomes(report)["compute:server"] == ("update", "done")
    deferred = {line.change.ref for line in report.lines if line.change.deferred}
    assert deferred == {"container_engine:server", "image:probe"}
    assert report.deferred == 2
    again = bench.apply()
    assert (again.exit_code, again.counts.writes, again.deferred) == (0, 0, 2)
    assert bench.plan().exit_code == 0


def test_where_an_engine_is_required_the_run_is_incomplete_and_says_so(bench: Bench) -> None:
    context(bench)
    bench.write(WITHOUT.replace("required: false, ", ""))
    for _run in range(2):
        report = bench.apply()
        assert report.exit_code == 5
        assert outcomes(report)["container_engine:server"] == ("update", "failed")
        assert outcomes(report)["image:probe"][1] == "skipped"
        error = str(next(line.error for line in report.lines if line.change.ref == "container_engine:server"))
        assert "required: false" in error


def test_an_engine_that_comes_later_gets_what_was_deferred(bench: Bench, engine: FakeEngine) -> None:
    context(bench)
    bench.write(WITHOUT)
    done(bench)
    bench.write(WITHOUT.replace(NOWHERE, engine.host))
    report = done(bench)
    assert outcomes(report)["image:probe"] == ("create", "done")
    assert bench.plan().exit_code == 0


def test_an_engine_that_goes_away_leaves_what_is_applied_alone(bench: Bench) -> None:
    context(bench)
    with FakeEngine() as engine:
        bench.write(at(engine, BUILD, ", required: false"))
        done(bench)
    report = bench.plan()
    assert {line.change.ref for line in report.lines} == {"container_engine:server"}
    assert (report.exit_code, report.deferred) == (0, 1)


def test_without_a_host_in_the_file_a_hidden_document_is_not_overwritten(bench: Bench) -> None:
    bench.write(WITHOUT)
    context(bench)
    done(bench)
    bench.write(f"{HEAD}compute: {{auto-cleanup: false}}\n")
    report = bench.apply()
    assert report.exit_code == 5
    assert "give `host`" in str(next(x.error for x in report.lines if x.change.ref == "compute:server"))
    bench.write(f"{HEAD}compute: {{auto-cleanup: false, required: false}}\n")
    report = bench.apply()
    assert (report.exit_code, report.deferred) == (0, 2)


# Saved plans and undo


def test_a_saved_plan_of_another_context_is_refused(bench: Bench, engine: FakeEngine, tmp_path: Path) -> None:
    context(bench)
    bench.write(at(engine, BUILD))
    done(bench)
    context(bench, text="two\n")
    made, _report = jobs.plan(bench.job(), bench.tools)
    place = tmp_path / "plan.json"
    save_plan(made, place)
    context(bench, text="three\n")
    with pytest.raises(StalePlan, match="not what they were"):
        jobs.apply_saved(place, load_document(place), bench.job(), bench.tools, Talk())
    context(bench, text="two\n")
    report = jobs.apply_saved(place, load_document(place), bench.job(), bench.tools, Talk())
    assert outcomes(report)["image:probe"] == ("update", "done")


def test_undo_leaves_images_and_puts_the_rest_back(bench: Bench, engine: FakeEngine) -> None:
    bench.write(HEAD)
    done(bench)
    context(bench)
    bench.write(at(engine, BUILD + "registries: [{name: a, url: 'https://a.example.org'}]\n"))
    report = done(bench)
    assert report.undo
    undo = Path(report.undo)
    undone = jobs.undo(undo, load_document(undo), bench.job(), bench.tools, Talk())
    assert undone.exit_code == 0, [line.error for line in undone.lines]
    assert outcomes(undone)["registry:a"] == ("delete", "done")
    assert [problem.rule for problem in undone.problems] == ["never-removed"]
    assert engine.built[0] in [tag for image in engine.images.values() for tag in image["RepoTags"]]


def test_for_a_cluster_an_image_is_built_and_pushed_once(bench: Bench, engine: FakeEngine) -> None:
    context(bench)
    bench.write(
        f"{HEAD}compute: {{backend: kubernetes, required: false, build_engine: '{engine.host}'}}\n"
        "registries: [{name: ours, url: 'https://registry.example.org'}]\n"
        "images: [{name: probe, build: context, push: ours}, {name: tool, pull: 'tool:1'}]\n"
    )
    done(bench)
    assert list(engine.pushed) == engine.built
    assert (bench.apply().counts.writes, len(engine.built)) == (0, 1)
    context(bench, text="two\n")
    assert outcomes(done(bench))["image:probe"] == ("update", "done")
    assert len(engine.pushed) == 2
