"""What an engine says while it works."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from bootstrap.errors import EngineRefused
from bootstrap.xnat.engine_talk import Talk


def told(*said: Mapping[str, Any]) -> list[str]:
    lines: list[str] = []
    Talk("building x:1", lines.append).listen(said)
    return lines


def test_a_build_is_told_line_by_line() -> None:
    assert told({"stream": "Step 1/2 : FROM a\n"}, {"stream": "\n"}, {"stream": " ---> 12\nnext"}, {"aux": {}}) == [
        "building x:1: Step 1/2 : FROM a",
        "building x:1: ---> 12",
        "building x:1: next",
    ]


def test_colours_of_a_build_are_left_out() -> None:
    assert told({"stream": "\x1b[91mapt-get: not found\n\x1b[0m"}) == ["building x:1: apt-get: not found"]


def test_a_transfer_is_told_in_steps_over_all_its_layers() -> None:
    layers = [("a", 0), ("a", 40), ("a", 41), ("b", 0), ("b", 100), ("a", 100)]
    said: list[dict[str, object]] = [
        {"id": name, "progressDetail": {"current": done, "total": 100}} for name, done in layers
    ]
    assert [line.rpartition(": ")[2].partition(" ")[0] for line in told(*said)] == ["0", "40", "20", "70", "100"]


def test_a_layer_without_a_size_is_not_counted() -> None:
    assert told({"id": "a", "status": "Waiting", "progressDetail": {}}, {"status": "Digest: sha256:1"}) == []


def test_a_failure_shows_the_last_lines_before_it() -> None:
    said: list[dict[str, object]] = [{"stream": f"line {n}\n"} for n in range(20)]
    said.append({"error": "exit code 7\n"})
    with pytest.raises(EngineRefused) as caught:
        told(*said)
    text = caught.value.message
    assert text.startswith("building x:1: exit code 7\n  its last lines:\n    line 8\n")
    assert text.endswith("line 19")


def test_a_failure_at_once_has_no_lines_to_show() -> None:
    with pytest.raises(EngineRefused, match=r"^building x:1: no such image$"):
        told({"error": "no such image"})
