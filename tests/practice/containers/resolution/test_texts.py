"""Values and command lines as texts, case by case."""

from __future__ import annotations

from typing import Any

import pytest

from bootstrap.practice.containers.launching import command_lines, docker_backend
from bootstrap.practice.containers.problems import BadRequest, Problem
from bootstrap.practice.containers.resolution import constraints, templates
from bootstrap.practice.containers.resolution.values import ILLEGAL
from bootstrap.practice.containers.server import Server

FLAG = {"command-line-flag": "-f"}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", []),
        ("  a   b ", ["a", "b"]),
        ("a 'b c' \"d e\" f\\ g '' $V *", ["a", "b c", "d e", "f g", "$V", "*"]),
        ('\'a\\b\' "c\\"d"', ["a\\b", 'c"d']),
        ("x'y'z", ["xyz"]),
        ("sh -c 'echo \"a b\"'", ["sh", "-c", 'echo "a b"']),
    ],
)
def test_a_command_line_is_cut_into_arguments(line: str, words: list[str]) -> None:
    assert command_lines.split(line) == words
    assert command_lines.arguments(line, by_shell=True) == ["/bin/sh", "-c", line]


@pytest.mark.parametrize(
    ("one", "texts", "several", "shown"),
    [
        ({}, ["a b"], False, "a b"),
        ({}, [" "], False, ""),
        (FLAG, [""], False, ""),
        (FLAG, ["a"], False, "-f a"),
        (FLAG | {"command-line-separator": "="}, ["a"], False, "-f=a"),
        (FLAG | {"command-line-separator": ""}, ["a"], False, "-fa"),
        ({}, ["a", "b"], True, "a b"),
        (FLAG, ["a", "b"], True, "-f a b"),
        (FLAG | {"multiple-delimiter": "comma"}, ["a", "b"], True, "-f a,b"),
        (FLAG | {"multiple-delimiter": "quoted-space"}, ["a", "b"], True, "-f 'a b'"),
        (FLAG | {"multiple-delimiter": "flag"}, ["a", "b"], True, "-f a -f b"),
        (FLAG | {"multiple-delimiter": "flag", "command-line-separator": "="}, ["a", "b"], True, "-f=a -f=b"),
    ],
)
def test_values_in_a_command_line(one: dict[str, Any], texts: list[str], several: bool, shown: str) -> None:
    assert templates.in_command_line(one, texts, several=several) == shown


def test_values_elsewhere() -> None:
    assert templates.elsewhere(["a", "b"], several=True) == "[a, b]"
    assert templates.elsewhere([], several=False) == ""
    assert templates.replaced("  ", {" ": "x"}) == "  "
    assert templates.replaced("#a##a#[B]", {"#a#": "1", "[B]": "2"}) == "112"
    assert "&" not in ILLEGAL


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (None, None),
        ("0001-01-01T00:00:00Z", None),
        ("1970-01-01T00:00:01Z", 1.0),
        ("1970-01-01T00:00:01.5Z", 1.5),
        ("1970-01-01T00:00:01.123456789Z", 1.123456),
    ],
)
def test_time_stamps_of_the_engine(text: str | None, seconds: float | None) -> None:
    assert docker_backend.moment(text) == seconds


@pytest.mark.parametrize(("inner", "outer"), [("", "1"), ("1", " ")])
def test_a_port_without_another_side_is_refused(inner: str, outer: str) -> None:
    with pytest.raises(BadRequest, match="must be set"):
        docker_backend._binding(inner, outer)


def test_a_kubernetes_cluster_is_not_there() -> None:
    from bootstrap.practice.containers.launching import running

    with pytest.raises(Problem, match="Kubernetes"):
        running.backend_of(Server(1, {"backend": "kubernetes"}))


NODE = {"attribute": "node.labels.type", "comparator": "==", "values": ["gpu", "cpu"]}


@pytest.mark.parametrize(
    ("settable", "given", "chosen"),
    [
        (False, "", ["node.labels.type==gpu"]),
        (False, '[{"attribute":"node.labels.type","value":"cpu"}]', ["node.labels.type==gpu"]),
        (True, "", ["node.labels.type==gpu"]),
        (True, '[{"attribute":"node.labels.type","value":"cpu"}]', ["node.labels.type==cpu"]),
        (True, '[{"attribute":"node.labels.type","value":"tpu"}]', []),
        (True, "no list", ["node.labels.type==gpu"]),
        (True, "5", ["node.labels.type==gpu"]),
    ],
)
def test_constraints_of_a_swarm(settable: bool, given: str, chosen: list[str]) -> None:
    server = Server(1, {"backend": "swarm", "swarm-constraints": [NODE | {"user-settable": settable}]})
    assert constraints.chosen(server, {constraints.GIVEN: given}) == chosen
    assert constraints.offered(server) == ([NODE] if settable else [])
    assert constraints.chosen(None, {}) == []
