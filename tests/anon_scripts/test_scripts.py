"""The shipped scripts: fresh, readable, without lint, and what they promise."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest

from bootstrap.config.templates import TemplateFailed
from bootstrap.dicomedit import apply_file, format_script, parse
from bootstrap.dicomedit.coverage import Coverage, Verdict, coverage, prove
from bootstrap.dicomedit.coverage.canaries import caged
from bootstrap.dicomedit.coverage.profile_script import refreshed
from bootstrap.dicomedit.coverage.proof import VARIABLES, survivors_in
from bootstrap.dicomedit.lint import lint
from bootstrap.facts.ps315 import attributes
from bootstrap.ops.anon_cases import read_cases, run_file
from tests.anon_scripts.rendered import FOLDER, SCRIPTS, text_of

CASES = sorted((FOLDER / "cases").glob("*.yaml"))
SWITCHES = (
    "retain_uids",
    "retain_device_identity",
    "retain_institution_identity",
    "retain_patient_characteristics",
)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_what_follows_from_the_table_is_fresh(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    told = "python -m bootstrap.dicomedit.coverage.profile_script anon_scripts/*.das anon_scripts/*.j2"
    assert refreshed(text, template=path.suffix == ".j2") == text, f"stale: run {told}"


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_header_says_what_it_does_and_for_whom(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith('version "6.')
    assert lines[2].startswith("// ")
    header = "\n".join(lines[:30])
    assert "// What it does" in header
    assert "// For whom: " in header
    assert max(map(len, lines)) <= 120


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_it_is_laid_out(path: Path) -> None:
    text = text_of(path.name)
    laid_out = format_script(parse(text))
    if path.suffix == ".j2":  # its own lines leave empty ones behind
        assert [line for line in text.splitlines() if line] == [line for line in laid_out.splitlines() if line]
    else:
        assert text == laid_out


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_lint_has_nothing_to_say(path: Path) -> None:
    found = lint(text_of(path.name), xnat_version="1.9.2", file=path.name)
    assert [f"{one.rule} {one.line}: {one.message}" for one in found] == []


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_cases(path: Path) -> None:
    results = list(run_file(path))
    assert len(results) >= 6
    assert [(result.name, result.differences) for result in results if not result.passed] == []


def test_every_script_has_cases() -> None:
    tested = {(path.parent / read_cases(path).script).resolve() for path in CASES}
    assert tested == {path.resolve() for path in SCRIPTS}


# ---- the Basic Profile


def test_the_basic_profile_is_complete_on_every_way() -> None:
    found = coverage(parse(text_of("site-basic-profile.das")))
    assert found.complete
    assert found.unmatched == ()
    assert [row for row in found.rows if row.conditional and row.attribute.tag != "(0008,1030)"] == []


def test_what_the_basic_profile_does_otherwise_than_the_standard_asks() -> None:
    """Sequences that it would have to replace or empty, and XNAT's project in the study description."""
    found = coverage(parse(text_of("site-basic-profile.das")))
    protected = [row for row in found.rows if row.verdict is Verdict.PROTECTED]
    assert {row.attribute.vr for row in protected if row.attribute.tag != "(0008,1030)"} == {"SQ"}
    assert len(protected) == 11


def test_no_canary_survives_the_basic_profile() -> None:
    proof = prove(parse(text_of("site-basic-profile.das")))
    assert [run.status for run in proof.runs] == ["success", "success"]
    assert [str(one) for one in proof.survivors] == []
    assert proof.canaries == 4339


def test_research_minimal_lets_no_name_through_in_an_implicit_file_either() -> None:
    proof = prove(parse(text_of("research-minimal.das")))
    assert proof.ran
    assert [str(one) for one in proof.leaks if one.variant or "(0010,0010)" in one.canary.where] == []


@pytest.mark.filterwarnings("ignore:VR lookup failed")  # some attributes are younger than pydicom, too
@pytest.mark.parametrize("implicit", [False, True], ids=["explicit", "implicit"])
def test_no_canary_survives_in_a_file(implicit: bool, tmp_path: Path) -> None:
    import pydicom

    cage = caged(attributes(), implicit=implicit, younger=True)
    for tag in [element.tag for element in cage.dataset if element.tag.group == 0]:
        del cage.dataset[tag]  # a command's elements are never in a file
    source, target = tmp_path / "in.dcm", tmp_path / "out.dcm"
    cage.dataset.save_as(source, enforce_file_format=True)
    before = list(survivors_in(pydicom.dcmread(source), cage.canaries))
    assert len(before) > 4200  # pydicom does not know the VR of all of them at Implicit VR
    outcome = apply_file(parse(text_of("site-basic-profile.das")), source, target, VARIABLES)
    assert outcome.status == "success"
    assert [str(one) for one in survivors_in(pydicom.dcmread(target), cage.canaries)] == []


# ---- with options


def longitudinal(**names: Any) -> Coverage:
    dates = names.get("dates", "shifted")
    options = [switch for switch in SWITCHES if names.get(switch)]
    options += {"kept": ["retain_longitudinal_full_dates"], "shifted": ["retain_longitudinal_modified_dates"]}.get(
        dates, []
    )
    options += ["retain_safe_private"] if names.get("safe_private") else []
    return coverage(parse(text_of("retain-longitudinal.das.j2", **names)), options=options)


@pytest.mark.parametrize("dates", ["shifted", "kept", "removed"])
@pytest.mark.parametrize("chosen", list(product([False, True], repeat=4)), ids=str)
def test_whatever_is_switched_on_nothing_else_stays(dates: str, chosen: tuple[bool, ...]) -> None:
    found = longitudinal(dates=dates, **dict(zip(SWITCHES, chosen, strict=True)))
    assert found.complete, [str(row) for row in found.gaps]
    times = {row.attribute.vr for row in found.rows if row.verdict is Verdict.JUDGE}
    assert times == ({"TM"} if dates == "shifted" else set())


def test_private_elements_that_are_listed_are_for_a_person_to_judge() -> None:
    found = longitudinal(safe_private=["*/(0019,{ACME}01)"])
    assert found.complete
    assert [row.attribute.tag for row in found.rows if row.root.words == "kept as listed"] == ["private"]


def test_shifted_dates_do_not_survive() -> None:
    script = parse(text_of("retain-longitudinal.das.j2"))
    proof = prove(script, options=["retain_longitudinal_modified_dates"])
    assert [str(one) for one in proof.leaks] == []
    assert {one.canary.attribute.vr for one in proof.survivors} == {"TM"}


@pytest.mark.parametrize(
    ("name", "names", "what"),
    [
        ("retain-longitudinal.das.j2", {"dates": "moved"}, "must be shifted, kept or removed"),
        ("pixel-blanking-ultrasound.das.j2", {"unknown_ultrasound": "guess"}, "must be reject or keep"),
    ],
)
def test_a_switch_of_unknown_value(name: str, names: dict[str, str], what: str) -> None:
    with pytest.raises(TemplateFailed, match=what):
        text_of(name, **names)


def test_a_quote_in_a_name_does_not_end_the_text() -> None:
    for name, names in [
        ("retain-longitudinal.das.j2", {"date_shift_salt": 'a"b\\c'}),
        ("derived-series.das.j2", {"derived_description": 'a"b\\c', "derived_like": '"\\d+"'}),
        ("series-uid-fix.das.j2", {"converted_like": '"\\d+"'}),
    ]:
        assert parse(text_of(name, **names)).dialect == "6"


def test_ultrasound_with_the_profile_is_complete() -> None:
    found = coverage(parse(text_of("pixel-blanking-ultrasound.das.j2", with_basic_profile=True)))
    assert found.complete
    assert [blanking.region for blanking in found.pixels] == ["l=0, t=0, r=4, b=1"]


def test_the_shipped_minimum_says_that_it_is_not_the_profile() -> None:
    found = coverage(parse(text_of("research-minimal.das")))
    assert not found.complete
    names = {"(0010,0010)", "(0010,0020)", "(0010,0030)", "(0010,1000)", "(0010,1040)", "(0008,0090)", "private"}
    assert names & {row.attribute.tag for row in found.gaps} == set()
