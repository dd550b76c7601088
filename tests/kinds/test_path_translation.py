"""What `doctor` says of the paths under which the engine is asked for XNAT's folders."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bootstrap.kinds.compute_section import Compute
from bootstrap.kinds.kind import Finding
from bootstrap.kinds.path_translation import examine_paths, translated
from bootstrap.xnat.fake import reply
from tests.practice.containers.fake_engine import FakeEngine
from tests.xnat.test_connection import connected, xnat

PATHS = {"archivePath": "/data/xnat/archive", "buildPath": "/data/xnat/build"}
PREFIXES = {"path-translation-xnat-prefix": "/data/xnat", "path-translation-docker-prefix": "/srv/xnat"}


@pytest.fixture
def engine() -> Iterator[FakeEngine]:
    with FakeEngine() as made:
        made.containers = [
            {
                "Names": ["/xnat-web"],
                "Mounts": [
                    {"Source": "/srv/xnat", "Destination": "/data/xnat"},
                    {"Source": "/", "Destination": "/"},
                    {"Destination": "/data"},
                ],
            }
        ]
        yield made


def found(document: dict[str, Any] | None, build_engine: str = "unix:///nowhere") -> list[Finding]:
    server = reply(404) if document is None else reply(json={"backend": "docker", "ping": True, **document})
    fake = xnat(200).on("GET", "/xapi/docker/server", server)
    fake.on("GET", "/xapi/siteConfig/values/archivePath,buildPath", reply(json=PATHS))
    with connected(fake) as connection:
        return list(examine_paths(connection, Compute(build_engine=build_engine)))


def states(findings: list[Finding]) -> list[str]:
    return [finding.state for finding in findings]


@pytest.mark.parametrize(
    ("path", "prefixes", "expected"),
    [
        ("/data/xnat/archive", ("/data/xnat", "/srv"), "/srv/archive"),
        ("/a/data/a", ("/a", "/b"), "/b/data/b"),
        ("/data/xnat/archive", ("/other", "/srv"), "/data/xnat/archive"),
        ("/data/xnat/archive", ("/data", ""), "/xnat/archive"),
        ("/data/xnat/archive", ("/data", None), "/data/xnat/archive"),
        ("/data/xnat/archive", (None, "/srv"), "/data/xnat/archive"),
    ],
)
def test_paths_are_translated_as_xnat_does_it(path: str, prefixes: tuple[Any, Any], expected: str) -> None:
    document = dict(zip(PREFIXES, prefixes, strict=True))
    assert translated(path, document) == expected


def test_a_translation_that_meets_what_a_container_has_is_good(engine: FakeEngine) -> None:
    findings = found(PREFIXES, engine.host)
    assert states(findings) == ["good", "good"]
    assert "asked of the engine as /srv/xnat/archive, where the container xnat-web has it too" in findings[0].text


def test_one_that_does_not_says_the_right_prefixes(engine: FakeEngine) -> None:
    findings = found({}, engine.host)
    assert states(findings) == ["warning", "warning"]
    assert "the container xnat-web on" in findings[0].text
    assert "has it from /srv/xnat/archive" in findings[0].text
    assert "path-translation-xnat-prefix: /data/xnat" in findings[0].mend
    assert "path-translation-docker-prefix: /srv/xnat" in findings[0].mend


def test_without_such_a_container_the_paths_must_be_the_same(engine: FakeEngine) -> None:
    engine.containers = []
    findings = found({}, engine.host)
    assert states(findings) == ["good", "good"]
    assert "must be the same folder on the engine's machine" in findings[1].text


def test_an_engine_that_cannot_be_asked_is_said() -> None:
    findings = found(PREFIXES)
    assert states(findings) == ["warning", "good", "good"]
    assert "is not compared" in findings[0].text
    assert "build_engine" in findings[0].mend


def test_half_a_translation_is_none(engine: FakeEngine) -> None:
    findings = found({"path-translation-xnat-prefix": "/data"}, engine.host)
    assert findings[0].state == "bad"
    assert "no path is translated" in findings[0].text


def test_of_a_server_that_is_not_there_nothing_is_said() -> None:
    assert found(None) == []


def test_a_cluster_has_volume_claims() -> None:
    document = {"backend": "kubernetes", "combined-pvc-name": "c", "combined-path-translation": "/data/xnat"}
    findings = found(document)
    assert [(finding.state, finding.text) for finding in findings] == [
        ("good", "archive: pods mount the volume claim c at archive"),
        ("good", "build: pods mount the volume claim c at build"),
    ]


def test_a_cluster_without_them_needs_the_same_paths_on_every_node() -> None:
    findings = found({"backend": "kubernetes", "archive-pvc-name": "a"})
    assert [finding.state for finding in findings] == ["good", "warning"]
    assert "at its top" in findings[0].text
    assert "every node must have it there" in findings[1].text


def test_a_translation_that_does_not_fit_a_claim_is_bad() -> None:
    findings = found({"backend": "kubernetes", "combined-pvc-name": "c", "combined-path-translation": "/mnt"})
    assert states(findings) == ["bad", "bad"]
    assert "does not begin with /mnt" in findings[0].text
