"""Mistakes that no recording shows."""

from __future__ import annotations

from typing import Any

import pytest

from bootstrap.practice.containers.commands import reading, validation
from bootstrap.practice.containers.problems import Broken, Unreadable

BASE = {"name": "c", "version": "1", "image": "a:1"}
PREFIX = 'Command "c" - '
SECRET_SOURCE = {"type": "system-property", "identifier": "p"}

CASES: list[tuple[dict[str, Any], list[str]]] = [
    ({"image": "busybox"}, [PREFIX + "image name must include version tag. e.g. image_name:tag"]),
    (
        {"type": "weird"},
        [PREFIX + 'Cannot validate command of type "weird". Known types: docker, docker-setup, docker-wrapup'],
    ),
    ({"ulimits": {"a": "1:2", "b": "5", "c": "1:2:"}}, []),
    ({"inputs": [{"name": "a", "type": "select-many", "select-values": ["x"], "default-value": "[]"}]}, []),
    (
        {"inputs": [{"name": "a", "type": "select-many", "select-values": ["x"], "default-value": "5"}]},
        [PREFIX + 'Command input "a" default value "5" is not one of the select-values "[x]"'],
    ),
    (
        {"mounts": [{"name": "m", "path": "/m"}], "outputs": [{"name": " ", "mount": "m"}]},
        [
            PREFIX + "Output name cannot be blank.",
            PREFIX + 'Command output " " name should contain only alphanumeric, _ and - characters.',
        ],
    ),
    (
        {"xnat": [{"name": "w", "external-inputs": [{"name": "a"}, {"name": "a"}, {"name": ""}]}]},
        [
            PREFIX + 'wrapper "w" - external input name "a" is not unique.',
            PREFIX + 'wrapper "w" - Command wrapper input name cannot be blank.',
        ],
    ),
    (
        {
            "mounts": [{"name": "m", "path": "/m"}],
            "outputs": [{"name": "o", "mount": "m"}],
            "xnat": [
                {
                    "name": "w",
                    "external-inputs": [{"name": "s"}],
                    "output-handlers": [
                        {"name": "", "accepts-command-output": "o", "as-a-child-of": "s", "label": "L"},
                        {"name": "h", "as-a-child-of": "s", "label": "L"},
                        {"name": "h", "accepts-command-output": "o", "as-a-child-of": "h", "label": "L"},
                    ],
                }
            ],
        },
        [
            PREFIX + 'wrapper "w" - Command wrapper output - name cannot be blank.',
            PREFIX + 'wrapper "w" - output handler refers to unknown command output "null". Known outputs: o.',
            PREFIX + 'wrapper "w" - Command wrapper output "h" - property "accepts-command-output" cannot be blank.',
            PREFIX + 'wrapper "w" - output handler name "h" is not unique.',
        ],
    ),
    (
        {
            "inputs": [{"name": "s", "type": "select-one", "select-values": ["x"]}],
            "xnat": [
                {
                    "name": "w",
                    "external-inputs": [{"name": "e"}],
                    "derived-inputs": [
                        {"name": "d", "derived-from-wrapper-input": "e", "provides-value-for-command-input": "s"}
                    ],
                }
            ],
        },
        [
            PREFIX + 'wrapper "w" - derived input "d" provides values for command input "s", which is a select type. '
            "Note that command inputs with values provided by xnat inputs shouldn't be designated as select "
            "(they'll automatically render as a select if their xnat input resolves to more than one value)."
        ],
    ),
]


@pytest.mark.parametrize(("more", "wanted"), CASES)
def test_the_mistakes(more: dict[str, Any], wanted: list[str]) -> None:
    assert list(validation.mistakes(reading.updated({**BASE, **more}))) == wanted


@pytest.mark.parametrize(
    "more",
    [
        {"inputs": [{"name": "a", "type": "select-many", "select-values": ["x"]}]},
        {"mounts": [{"name": "m", "path": "/m"}], "outputs": [{"mount": "m"}]},
        {"xnat": [{"name": "w", "output-handlers": [{}]}]},
    ],
)
def test_what_the_validation_itself_stumbles_over(more: dict[str, Any]) -> None:
    with pytest.raises(Broken):
        list(validation.mistakes(reading.updated({**BASE, **more})))


@pytest.mark.parametrize(
    "secret",
    [
        {"source": SECRET_SOURCE, "destination": {"type": "file", "identifier": "x"}},
        {"source": {"type": "vault", "identifier": "x"}, "destination": {"type": "environment-variable"}},
        {"source": {"type": "vault", "identifier": "x"}, "destination": SECRET_SOURCE},
    ],
)
def test_secrets_of_other_types_cannot_be_read(secret: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        reading.created({**BASE, "secrets": [secret]})


@pytest.mark.parametrize(
    ("image", "stored"),
    [
        ("busybox", "busybox:latest"),
        ("host:5000/x", "host:5000/x:latest"),
        ("x@sha256:00", "x@sha256:00"),
        ("a:1", "a:1"),
        ("", ""),
        (" ", " "),
    ],
)
def test_an_image_without_a_tag_gets_one(image: str, stored: str) -> None:
    assert reading.created({"name": "c", "image": image})["image"] == stored
