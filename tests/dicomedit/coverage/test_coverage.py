"""What a coverage says besides the rows."""

from __future__ import annotations

import json

import pytest

from bootstrap.dicomedit import parse
from bootstrap.dicomedit.coverage import Coverage, Verdict, coverage

XNATS_OWN = """version "6.1"
project != "Unassigned" ? (0008,1030) := project
(0010,0010) := subject
(0010,0020) := session
"""


def covered(text: str, *options: str) -> Coverage:
    return coverage(parse(f'version "6.7"\n{text}\n'), options=options)


def test_xnats_own_script_touches_three_attributes() -> None:
    found = coverage(parse(XNATS_OWN))
    assert [row.attribute.tag for row in found.rows if row.handled] == ["(0008,1030)", "(0010,0010)", "(0010,0020)"]
    assert len(found.gaps) == 657
    assert not found.complete


def test_an_empty_script_handles_nothing() -> None:
    found = covered("")
    assert found.accepts
    assert [row for row in found.rows if row.handled] == []


def test_tags_that_the_profile_does_not_know() -> None:
    found = covered('- (0008,0060)\n- (0010,4000)\n- */(0028,001X)\n(0012,0062) := "YES"\n- (0019,{ACME}01)')
    assert [(one.path, one.line) for one in found.unmatched] == [("(0008,0060)", 2), ("*/(0028,001X)", 4)]


def test_the_record_of_what_was_done() -> None:
    found = covered(
        '(0012,0062) := "YES"\n(0012,0064)[0]/(0008,0100) := "113100"\n(0008,0060) = "CT" ? (0028,0303) := "REMOVED"'
    )
    assert dict(found.record) == {
        "(0012,0062)": "always",
        "(0012,0063)": "never",
        "(0028,0303)": "sometimes",
        "(0012,0064)": "always",
    }


def test_pixels_and_when() -> None:
    found = covered('(0008,0060) = "US" ? alterPixels["rectangle", "l=0, t=0, r=9, b=9", "solid", "v=0"]')
    (blanking,) = found.pixels
    assert (blanking.region, blanking.line, blanking.when) == ("l=0, t=0, r=9, b=9", 2, ('(0008,0060) = "US"',))


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ('(0010,00XX) := "a"', 2, "names more than one element"),
        ("(0010,0010) := */(0010,0020)", 2, "names more than one element"),
        ('(0040,0275)/(0010,0010) := "a"', 2, "needs an item number"),
        ('(0010,1002)[0] := "a"', 2, "ends in an item"),
        ("(0010,0010) := nobody", 2, "the variable nobody has no value"),
        ('removeTags["no path"]', 2, "is no tag path"),
        ("delete[(0010,0010)]", 2, "delete wants a quoted path"),
        ('set["(0010,00XX)", "a"]', 2, "set wants a quoted path"),
        ('shiftDateTimeListByIncrement["(0008,0020)", "1", "days"]', 2, "is no list"),
        ("- (0010,0010)/+", 2, "`+` needs"),
        ('*/+/+/(0010,0010) ?= "a"', 2, "`+` needs"),
        ("hashUIDList[+/+/(0010,0010)]", 2, "`+` needs"),
        ("(0010,0010) := noSuchFunction[]", 2, "the script does not load"),
    ],
)
def test_a_statement_that_always_fails_refuses_every_file(text: str, line: int, why: str) -> None:
    found = covered(text)
    assert not found.accepts
    assert not found.complete
    assert found.refusals[0][0] == line
    assert why in found.refusals[0][1]


def test_a_version_that_no_engine_knows() -> None:
    found = coverage(parse('version "6.1"\nversion "7"\n'))
    assert found.refusals == ((2, "no engine knows the version 7"),)


def test_a_statement_that_fails_on_one_way_closes_only_this_way() -> None:
    found = covered('(0008,0060) = "CT" ? (0010,00XX) := "a"\n- */(0010,4000)')
    assert found.accepts
    assert [line for line, _ in found.refusals] == [2]
    assert next(row for row in found.rows if row.attribute.tag == "(0010,4000)").verdict is Verdict.MET


def test_everything_refused() -> None:
    found = covered("reject[]\n- */(0010,4000)")
    assert not found.accepts
    assert found.refusals == ()


def test_statements_that_only_look_on_change_nothing() -> None:
    found = covered('echo (0010,0010)\ndescribe subject "who"\nexport subject "x"\nwho := (0010,0010)')
    assert [row for row in found.rows if row.handled] == []


def test_notes_on_what_cannot_be_told() -> None:
    found = covered('blankValues[(0010,0010)]\npaths := getURL["http://localhost"]\nremoveTags[paths]\n- (0019,{A}01)')
    assert [line for line, _ in found.notes] == [2, 4, 5]
    assert found.accepts


def test_what_the_old_dialect_skips_and_drops_is_told() -> None:
    found = coverage(parse('(0010,0010) := "a";\nremoveAllPrivateTags\n- (0010,4000)\n'))
    assert [line for line, _ in found.notes] == [1, 2]
    assert "skips `;`" in found.notes[0][1]
    assert "ignores this statement and everything behind it" in found.notes[1][1]
    assert [row.attribute.tag for row in found.rows if row.handled] == ["(0010,0010)"]


def test_variables_that_somebody_else_gives() -> None:
    text = 'version "6.7"\n(0010,0010) := salt\n'
    assert coverage(parse(text), variables=["salt"]).accepts
    assert not coverage(parse(text)).accepts


def test_options_of_the_profile() -> None:
    found = covered('- */(0008,103E)\n(0008,0060) = "CT" ? - (0010,4000)')
    counted = dict(found.by_option())
    assert counted["clean_descriptors"] == {"attributes": 141, "kept": 139, "kept_sometimes": 1}
    assert counted["retain_uids"] == {"attributes": 60, "kept": 60, "kept_sometimes": 0}


def test_an_older_edition() -> None:
    found = coverage(parse(XNATS_OWN), edition_name="2023")
    assert found.edition == "2023"
    assert len(found.rows) == 610


def test_an_unknown_option() -> None:
    with pytest.raises(KeyError):
        covered("", "retain_everything")


def test_as_json() -> None:
    whole = json.loads(json.dumps(covered('(0008,0060) = "CT" ? - (0010,4000)\n- (0040,0275)/(0010,0020)').as_json()))
    assert whole["counts"] == {"met": 0, "protected": 0, "judge": 0, "gap": 657}
    (row,) = [row for row in whole["rows"] if row["tag"] == "(0010,4000)"]
    assert row["root"]["ways"] == [
        {"becomes": "kept", "line": None, "detail": "", "when": []},
        {"becomes": "removed", "line": 2, "detail": "", "when": ['(0008,0060) = "CT"']},
    ]
    (named,) = [row["named"] for row in whole["rows"] if row["tag"] == "(0010,0020)"]
    assert named["(0040,0275)"]["ways"][0]["becomes"] == "removed"


def test_treated_and_lines() -> None:
    found = covered("- */(0010,4000)\n(0010,0010) := subject")
    assert found.treated() == {"kept": 655, "removed": 1, "replaced": 1}
    assert {row.attribute.tag: row.lines for row in found.rows if row.lines} == {"(0010,0010)": [3], "(0010,4000)": [2]}
