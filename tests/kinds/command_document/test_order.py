"""XNAT keeps its own order: what an update would leave in a wrong one is found, and written so that it comes right."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bootstrap.kinds.command_document import canonical, flaws_of, normal
from bootstrap.kinds.command_document.order import disordered, disordered_after, in_order, without_children
from bootstrap.practice.containers.commands import merging
from tests.kinds.command_document.test_checks import GOOD

LABELS = ["a", "b", "c", "d"]


def wrapper(inputs: list[tuple[str, str]], handlers: list[tuple[str, str]] = []) -> dict[str, Any]:  # noqa: B006
    return {
        "name": "w",
        "contexts": ["xnat:mrSessionData"],
        "external-inputs": [{"name": "root", "type": "Session"}],
        "derived-inputs": [
            {"name": name, "type": "string", "derived-from-wrapper-input": parent} for name, parent in inputs
        ],
        "output-handlers": [
            {"name": name, "accepts-command-output": "result", "as-a-child-of": target, "label": "X"}
            for name, target in handlers
        ],
    }


@st.composite
def trees(draw: st.DrawFn) -> list[tuple[str, str]]:
    """Inputs in an order that works: each one's parent is the root, or one that stands before it."""
    names = draw(st.permutations(LABELS))[: draw(st.integers(1, 4))]
    return [(name, draw(st.sampled_from(["root", *names[:place]]))) for place, name in enumerate(names)]


def merged(stored: dict[str, Any], sent: dict[str, Any]) -> dict[str, Any]:
    """As the practice XNAT, by the rules that a real one was seen to keep."""
    return merging.merged_wrapper(normal_wrapper(stored), normal_wrapper(sent))


def normal_wrapper(one: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = normal({"xnat": [one]})["xnat"][0]
    return found


@settings(max_examples=300, deadline=None)
@given(trees(), trees())
def test_what_is_foretold_is_what_happens(before: list[tuple[str, str]], after: list[tuple[str, str]]) -> None:
    stored, sent = wrapper(before), wrapper(after)
    assert bool(disordered_after(stored, sent)) == bool(disordered(merged(stored, sent)))


@settings(max_examples=300, deadline=None)
@given(trees(), trees())
def test_two_steps_reach_every_order(before: list[tuple[str, str]], after: list[tuple[str, str]]) -> None:
    stored, sent = wrapper(before), wrapper(after)
    between = without_children(normal({"xnat": [sent]}), ["w"])["xnat"][0]
    there = merged(merged(stored, between), sent)
    assert disordered(there) == []
    assert canonical({"xnat": [there]}) == canonical({"xnat": [sent]})


@given(trees())
def test_an_order_that_works_is_left_as_it_is(inputs: list[tuple[str, str]]) -> None:
    document = normal({"xnat": [wrapper(inputs)]})
    assert in_order(document) == document


@given(trees(), st.randoms(use_true_random=False))
def test_any_order_is_brought_into_one_that_works(inputs: list[tuple[str, str]], random: Any) -> None:
    mixed = list(inputs)
    random.shuffle(mixed)
    assert disordered(in_order(normal({"xnat": [wrapper(mixed)]}))["xnat"][0]) == []


def test_handlers_come_after_the_handler_that_they_store_under() -> None:
    one = wrapper([], [("below", "above"), ("above", "root")])
    assert disordered(one) == ["below"]
    assert [handler["name"] for handler in in_order({"xnat": [one]})["xnat"][0]["output-handlers"]] == [
        "above",
        "below",
    ]


def test_what_hangs_on_itself_is_left_for_the_checks() -> None:
    one = wrapper([("a", "b"), ("b", "a")])
    assert in_order({"xnat": [one]})["xnat"][0]["derived-inputs"] == one["derived-inputs"]


def test_the_step_between_is_a_document_that_xnat_takes_and_nothing_can_be_launched_with() -> None:
    between = without_children(normal(GOOD), ["convert-session"])
    assert [flaw for flaw in flaws_of(between) if flaw.severity == "error"] == []
    guard = between["xnat"][0]["external-inputs"][-1]
    assert (guard["type"], guard["required"], guard.get("default-value")) == ("string", True, None)
    assert between["xnat"][0]["derived-inputs"] == []
    assert without_children(normal(GOOD), []) == normal(GOOD)
