"""Two documents that mean the same have one canonical form; what XNAT gives back has the form of what was sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bootstrap.kinds.command_document import canonical, normal
from bootstrap.kinds.command_document.order import in_order
from bootstrap.practice.containers.commands import merging, normal_form, reading
from tests.kinds.command_document.documents import commands

RECORDED = Path(__file__).parents[2] / "conformance" / "scenarios" / "container-service"


def got_back(body: dict[str, Any]) -> dict[str, Any]:
    """What a GET gives after this was posted, by the practice XNAT, which holds to recordings of a real one."""
    stored = normal_form.as_stored(reading.created(body))
    wrappers = [
        normal_form.printed_wrapper(wrapper, number=number) for number, wrapper in enumerate(stored.pop("xnat"), 1)
    ]
    return normal_form.printed(stored, number=7, wrappers=wrappers)


@settings(max_examples=150, deadline=None)
@given(commands())
def test_it_is_its_own_canonical_form(body: dict[str, Any]) -> None:
    once = canonical(body)
    assert canonical(once) == once
    assert canonical(json.loads(json.dumps(once, sort_keys=True))) == once


@settings(max_examples=150, deadline=None)
@given(commands())
def test_what_xnat_gives_back_has_the_form_of_what_was_sent(body: dict[str, Any]) -> None:
    assert canonical(got_back(body)) == canonical(body)


@settings(max_examples=100, deadline=None)
@given(commands())
def test_what_we_send_reads_back_as_what_the_file_has(body: dict[str, Any]) -> None:
    sent = in_order(normal(body))
    assert canonical(got_back(sent)) == canonical(body)
    updated = reading.updated(sent)
    assert canonical(normal_form.as_stored(updated)) == canonical(body)


@settings(max_examples=100, deadline=None)
@given(commands(), st.randoms(use_true_random=False))
def test_the_order_of_named_things_and_bags_does_not_matter(body: dict[str, Any], random: Any) -> None:
    shuffled = json.loads(json.dumps(body))
    if names_are_unique(body):
        for part in ("mounts", "inputs", "outputs", "xnat"):
            random.shuffle(shuffled.get(part) or [])
    for wrapper in shuffled.get("xnat") or ():
        random.shuffle(wrapper.get("contexts") or [])
    assert canonical(shuffled) == canonical(body)


def names_are_unique(body: dict[str, Any]) -> bool:
    parts = [[one["name"] for one in body.get(part) or ()] for part in ("mounts", "inputs", "outputs", "xnat")]
    return all(len(set(names)) == len(names) for names in parts)


@given(
    st.dictionaries(
        st.sampled_from(["name", "image", "inputs", "mounts", "xnat", "ports", "secrets", "type", "version"]),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.text(max_size=3),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
        ),
    )
)
def test_no_document_is_so_odd_that_it_could_not_be_compared(body: dict[str, Any]) -> None:
    once = canonical(body)
    assert str(canonical(once)) == str(once)  # NaN is not itself


def recorded() -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """What a real XNAT was sent, and what it gave back at the next look."""
    for path in sorted(RECORDED.glob("*.yaml")):
        sent = None
        for step in yaml.safe_load(path.read_text())["steps"]:
            request, body = step["request"], step["response"].get("body")
            if request["path"] == "/xapi/commands" and request["method"] == "POST":
                good = step["response"]["status"] == 201 and not request.get("query")
                sent = request.get("json") if good else None
            elif request["method"] != "GET":
                sent = None
            elif isinstance(body, dict) and "xnat" in body and sent:
                yield f"{path.stem}: {step['name']}", sent, body
                sent = None


RECORDINGS = list(recorded())


def test_there_are_recordings() -> None:
    assert len(RECORDINGS) >= 5


@pytest.mark.parametrize(("name", "sent", "got"), RECORDINGS, ids=[name for name, _sent, _got in RECORDINGS])
def test_a_real_xnat_gave_back_the_form_of_what_was_sent(name: str, sent: dict[str, Any], got: dict[str, Any]) -> None:
    shown = json.loads(json.dumps(got).replace("cs_${run}", "${name}"))
    asked = json.loads(json.dumps(sent).replace("${image}", "conformance/busy:1"))
    assert canonical(shown) == canonical(asked)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"image": "x"}, {"image": "x:latest"}),
        ({"image": "host:5000/x"}, {"image": "host:5000/x:latest"}),
        ({"ipcMode": "host"}, {"ipc-mode": "host"}),
        ({"visibility": None}, {"visibility": "public"}),
        ({"override-entrypoint": False}, {}),
        ({"mounts": []}, {}),
        ({"reserve-memory": "100"}, {"reserve-memory": 100}),
        ({"limit-cpu": 2}, {"limit-cpu": "2.0"}),
        ({"ports": {"80": 8080}}, {"ports": {"80": "8080"}}),
        ({"inputs": [{"name": "a", "type": "File"}]}, {"inputs": [{"name": "a", "type": "file", "required": False}]}),
        ({"inputs": [{"name": "a", "default-value": 5}]}, {"inputs": [{"name": "a", "default-value": "5"}]}),
        ({"id": 5, "hash": None, "$schema": "x"}, {}),
        ({"type": "docker-setup", "network": "host", "hash": "x"}, {"type": "docker-setup"}),
    ],
)
def test_these_mean_the_same(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"command-line": ""}, {}),
        ({"image": "x@sha256:0123"}, {"image": "x:latest"}),
        ({"limit-memory": 0}, {}),
        ({"version": "1.0"}, {"version": "1"}),
        # What is absent may be set by who launches; false may not.
        (
            {"xnat": [{"name": "w", "external-inputs": [{"name": "a", "user-settable": False}]}]},
            {"xnat": [{"name": "w", "external-inputs": [{"name": "a"}]}]},
        ),
        ({"inputs": [{"name": "a", "default-value": ""}]}, {"inputs": [{"name": "a"}]}),
    ],
)
def test_these_do_not(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert canonical(one) != canonical(other)


def test_two_of_one_name_which_only_a_broken_command_has_are_both_there() -> None:
    found = canonical({"xnat": [{"name": "a"}, {"name": "a", "label": "x"}, {}]})["xnat"]
    assert {name: one.get("label") for name, one in found.items()} == {"a": None, "a (2)": "x", "": None}


def test_merging_by_name_is_what_makes_lists_maps() -> None:
    sent = [{"name": "new"}, {"name": "old", "label": "x"}]
    kept = merging.in_old_order([{"name": "old"}], sent)
    assert canonical({"inputs": kept}) == canonical({"inputs": sent})
