"""An engine is there, and what an image is made of is out of its reach: deferred where the file says so, else told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bootstrap.engine.report.report import Report
from tests.live.commands import done, notes, outcomes
from tests.live.conftest import Bench
from tests.live.test_images import DIGEST, HEAD, ONE
from tests.practice.containers.fake_engine import FakeEngine


@pytest.fixture
def cut_off() -> Iterator[FakeEngine]:
    with FakeEngine() as made:
        made.reaches_registries = False
        yield made


def write(bench: Bench, engine: FakeEngine, images: str, *, required: bool = False, dockerfile: str = "") -> None:
    folder = bench.folder / "context"
    folder.mkdir(exist_ok=True)
    (folder / "Dockerfile").write_text(dockerfile or "ARG BASE=debian:12\nFROM ${BASE}\n")
    compute = f"host: '{engine.host}', build_engine: '{engine.host}', required: {str(required).lower()}"
    bench.write(f"{HEAD}compute: {{{compute}}}\nimages: {images}\n")


def deferred(report: Report) -> set[str]:
    return {line.change.ref for line in report.lines if line.change.deferred}


PROBE = "[{name: probe, build: context}]"


def test_what_cannot_be_fetched_is_deferred_with_reason_and_mend_and_the_second_run_writes_nothing(
    bench: Bench, cut_off: FakeEngine
) -> None:
    write(bench, cut_off, PROBE)
    first = done(bench.apply())
    assert deferred(first) == {"image:probe"}
    told = notes(first, "image:probe")
    assert "its base debian:12 cannot be fetched: dial tcp: lookup registry: no such host" in told
    assert "name another one as BASE" in told
    again = bench.apply()
    assert (again.exit_code, again.counts.writes, again.deferred) == (0, 0, 1)
    assert bench.plan().exit_code == 0
    assert (cut_off.built, cut_off.pulled_with) == ([], [])


def test_it_is_made_once_its_base_is_there(bench: Bench, cut_off: FakeEngine) -> None:
    write(bench, cut_off, PROBE)
    done(bench.apply())
    cut_off.add(ONE, "debian:12")
    assert outcomes(done(bench.apply()))["image:probe"] == "done"
    cut_off.asked_for.clear()
    assert bench.apply().counts.writes == 0
    assert cut_off.asked_for == [], "what is there need not be fetched"


def test_another_base_may_be_named(bench: Bench, cut_off: FakeEngine) -> None:
    cut_off.add(ONE, "local/base:1")
    write(bench, cut_off, "[{name: probe, build: context, args: {BASE: 'local/base:1'}}]")
    assert outcomes(done(bench.apply()))["image:probe"] == "done"


def test_where_an_engine_is_required_it_is_tried_and_fails(bench: Bench, cut_off: FakeEngine) -> None:
    write(bench, cut_off, PROBE, required=True)
    bench.apply()
    assert cut_off.built
    assert cut_off.asked_for == []


def test_an_image_on_one_that_cannot_be_made_is_deferred_as_well(bench: Bench, cut_off: FakeEngine) -> None:
    child = bench.folder / "child"
    child.mkdir()
    (child / "Dockerfile.j2").write_text("FROM {{ images['probe'] }}\n")
    write(bench, cut_off, "[{name: child, build: child}, {name: probe, build: context}]")
    first = done(bench.apply())
    assert deferred(first) == {"image:probe", "image:child"}
    assert "it stands on the image probe: its base debian:12 cannot be fetched" in notes(first, "image:child")
    cut_off.add(ONE, "debian:12")
    done(bench.apply())
    assert [tag.partition(":")[0] for tag in cut_off.built] == ["probe", "child"]


def test_a_digest_that_cannot_be_pulled_on_the_engine_is_deferred(bench: Bench, cut_off: FakeEngine) -> None:
    write(bench, cut_off, f"[{{name: tool, pull: 'ghcr.io/org/tool@{DIGEST}'}}]")
    first = done(bench.apply())
    assert deferred(first) == {"image:tool"}
    assert f"ghcr.io/org/tool@{DIGEST} cannot be fetched" in notes(first, "image:tool")


def test_without_an_engine_to_build_on_it_is_deferred(bench: Bench, cut_off: FakeEngine) -> None:
    write(bench, cut_off, PROBE)
    place: Path = bench.folder / "site.yaml"
    place.write_text(place.read_text().replace(f"build_engine: '{cut_off.host}'", "build_engine: 'unix:///nowhere/d'"))
    first = done(bench.apply())
    assert deferred(first) == {"image:probe"}
    assert "no Docker engine answers at unix:///nowhere/d" in notes(first, "image:probe")


def test_an_image_that_the_registry_does_not_have_is_an_error(bench: Bench, cut_off: FakeEngine) -> None:
    cut_off.reaches_registries = True
    write(bench, cut_off, PROBE)
    report = bench.apply()
    assert deferred(report) == set()
    assert cut_off.asked_for == ["debian:12"]
    assert cut_off.built
