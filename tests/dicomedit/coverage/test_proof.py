"""Canaries: each can be seen, and none is missed wherever it goes."""

from __future__ import annotations

from collections import Counter

import pytest

from bootstrap.dicomedit import parse
from bootstrap.dicomedit.coverage import Proof, prove
from bootstrap.dicomedit.coverage.canaries import caged
from bootstrap.dicomedit.coverage.proof import IMPLICIT, survivors_in
from bootstrap.facts.ps315 import attributes, edition


def proved(text: str, *options: str) -> Proof:
    return prove(parse(f'version "6.7"\n{text}\n'), options=options)


def test_every_canary_can_be_seen() -> None:
    cage = caged(attributes())
    seen = Counter(survivor.canary.where for survivor in survivors_in(cage.dataset, cage.canaries))
    assert seen == Counter(canary.where for canary in cage.canaries)
    assert {canary.attribute.tag for canary in cage.canaries} == {one.tag for one in attributes()}


def test_each_attribute_is_at_the_root_and_in_sequences_at_two_depths() -> None:
    cage = caged(edition("2026c"))
    places = [canary.where for canary in cage.canaries if canary.attribute.tag == "(0010,0010)"]
    assert places == [
        "(0010,0010)",
        "(5200,9229)[0]/(0010,0010)",
        "(5200,9229)[1]/(0010,0010)",
        "(5200,9230)[0]/(0020,9111)[0]/(0010,0010)",
    ]


def test_canaries_have_values_of_their_own() -> None:
    cage = caged(attributes())
    texts = Counter(canary.text for canary in cage.canaries if not canary.exact)
    assert [text for text, count in texts.items() if count > 1] == []


def test_a_script_that_does_nothing_lets_all_through() -> None:
    proof = proved("")
    assert len(proof.leaks) == proof.canaries
    assert not proof.holds


def test_nested_copies_survive_a_delete_at_the_root() -> None:
    proof = proved("- (0010,4000)")
    assert [one.canary.where for one in proof.leaks if one.canary.attribute.tag == "(0010,4000)"] == [
        "(5200,9229)[0]/(0010,4000)",
        "(5200,9229)[1]/(0010,4000)",
        "(5200,9230)[0]/(0020,9111)[0]/(0010,4000)",
    ]


@pytest.mark.parametrize(
    ("text", "found_at"),
    [
        ("(0008,0070) := (0010,4000)\n- */(0010,4000)", "(0008,0070)"),
        ('(0008,0070) := concatenate["by ", (0010,4000)]\n- */(0010,4000)', "(0008,0070)"),
        ("(0019,{ACME}01) := (0010,4000)\n- */(0010,4000)", "(0019,1101)"),
        ("(0008,0096)[1]/(0008,0070) := (0010,4000)\n- */(0010,4000)", "(0008,0096)[1]/(0008,0070)"),
    ],
)
def test_a_canary_that_was_carried_elsewhere_is_found(text: str, found_at: str) -> None:
    moved = [one for one in proved(text).leaks if one.canary.where == "(0010,4000)"]
    assert [one.found_at for one in moved] == [found_at]
    assert str(moved[0]).endswith(f"found at {found_at}")


def test_names_of_persons_are_seen() -> None:
    assert "(0010,0010)" in {one.canary.where for one in proved("- *").leaks} | {
        one.canary.where for one in proved("- (0010,4000)").leaks
    }


def test_an_object_for_each_text_that_the_script_compares_with() -> None:
    proof = proved('(0008,0060) = "MR" ? - */(0010,4000)\n"US" != (0008,0060) ? - */(0010,2154)')
    variants = ["", '(0008,0060) = "MR"', '(0008,0060) = "US"']
    assert [run.variant for run in proof.runs if not run.variant.endswith(IMPLICIT)] == variants
    assert [run.variant for run in proof.runs if run.variant.endswith(f" in {IMPLICIT}")] == [
        f"{variant} in {IMPLICIT}" for variant in variants[1:]
    ]
    passed = {one.variant for one in proof.leaks if one.canary.attribute.tag == "(0010,4000)" and not one.canary.exact}
    assert passed == {"", '(0008,0060) = "US"'}


def test_a_text_that_its_element_cannot_hold_makes_no_difference() -> None:
    proof = proved('(0028,0010) = "many" ? - */(0010,4000)')
    assert [run.status for run in proof.runs] == ["success"] * 4


def test_a_canary_that_a_variant_replaces_is_not_missed() -> None:
    proof = proved('(0010,0010) = "Doe" ? - */(0010,4000)')
    places = {one.canary.where for one in proof.leaks if one.variant}
    assert "(0010,0010)" not in places
    assert "(5200,9229)[0]/(0010,0010)" in places


def test_a_script_that_refuses_all_proves_nothing() -> None:
    proof = proved("reject[]")
    assert (proof.leaks, proof.ran, proof.holds) == ([], False, False)
    assert proof.runs[0].status == "rejected"


def test_an_error_is_told_with_its_line() -> None:
    proof = proved("(0010,0010) := nobody")
    assert [(run.variant, run.status, run.line) for run in proof.runs] == [("", "error", 2), (IMPLICIT, "error", 2)]
    assert "nobody" in proof.runs[0].message


def test_what_an_option_lets_stay_is_no_leak() -> None:
    proof = proved("", "retain_uids")
    allowed = {one.canary.attribute.basic for one in proof.survivors if one.allowed}
    assert "U" in allowed
    assert "Z" not in allowed
    assert "(0008,0018)" not in {one.canary.where for one in proof.leaks}


def test_as_json() -> None:
    told = proved("- */(0010,4000)").as_json()
    assert told["holds"] is False
    assert told["runs"] == [
        {"variant": variant, "status": "success", "message": "", "line": None} for variant in ("", IMPLICIT)
    ]
    assert {"tag", "name", "put_at", "found_at", "allowed", "variant"} == told["survivors"][0].keys()


def test_variables_are_the_callers() -> None:
    proof = prove(parse('version "6.7"\n(0010,0010) := salt\n'), {"salt": "pepper"})
    assert proof.ran
