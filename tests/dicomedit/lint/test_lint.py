"""What `lint` does around the rules: order, severities, ignore comments, and that it never raises."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bootstrap.dicomedit.lint import RULES, at_least, lint
from bootstrap.dicomedit.lint.rule import rule
from bootstrap.values import Source
from tests.dicomedit.observed import recorded_cases

# What a fresh XNAT has, in our words: the same statements.
XNATS_OWN = """\
//
// the first script of a site
//
version "6.1"
project != "Unassigned" ? (0008,1030) := project
(0010,0010) := subject
(0010,0020) := session
"""
ROOT = Path(__file__).parents[3]


def rules_of(text: str) -> list[str]:
    return [finding.rule for finding in lint(text)]


@pytest.mark.parametrize("version", [None, "1.7.3", "1.8.0", "1.9.2.1", "1.10.0", "Unknown"])
def test_xnats_own_script_has_no_errors(version: str | None) -> None:
    found = lint(XNATS_OWN, xnat_version=version, kind="site", file="site.das")
    assert at_least(found, "error") == []
    assert {"L59", "L66", "L67"} <= {finding.rule for finding in found}


@pytest.mark.parametrize("path", sorted((ROOT / "anon_scripts").glob("*.das")), ids=lambda path: path.name)
def test_scripts_that_we_ship_have_no_errors(path: Path) -> None:
    assert at_least(lint(path.read_text(encoding="utf-8"), file=str(path)), "error") == []


def test_a_finding_says_everything() -> None:
    (finding,) = [one for one in lint('version "6.6"\n(0010,0010) := nobody', file="a.das") if one.severity == "error"]
    assert str(finding) == "a.das:2:16: error: nobody sets `nobody` [L41]"
    assert finding.what_happens == RULES["L41"].what_happens
    assert finding.as_json() == {
        "rule": "L41",
        "severity": "error",
        "file": "a.das",
        "line": 2,
        "column": 16,
        "message": "nobody sets `nobody`",
        "what_happens": RULES["L41"].what_happens,
        "mend": RULES["L41"].mend,
    }
    problem = finding.as_problem()
    assert (problem.severity, problem.rule, problem.source) == ("error", "L41", Source("a.das", 2, 16))
    assert problem.hint == RULES["L41"].mend


def test_findings_come_in_the_order_of_the_text() -> None:
    found = lint('version "6.6"\n(0010,0020) := b\n(0010,0010) := a\n')
    assert [(one.line, one.column) for one in found] == sorted((one.line, one.column) for one in found)


def test_severities() -> None:
    found = lint('-(0060,3000)\nversion "6.6"\n(0010,0010) := nobody\n')
    assert {one.severity for one in at_least(found, "note")} == {"error", "warning", "note"}
    assert {one.severity for one in at_least(found, "warning")} == {"error", "warning"}
    assert {one.severity for one in at_least(found, "error")} == {"error"}


def test_a_syntax_error_is_not_said_twice() -> None:
    assert "L00" not in rules_of('version "6.6"\nif ((0010,0010) = 2020) { }\n')
    assert "L00" in rules_of('version "6.6"\nif ((0010,0010) = 2020 { }\n')


def test_ignoring_the_reason_brings_the_syntax_error_back() -> None:
    text = 'version "6.6"\nif ((0010,0010) = 2020) { } // lint: ignore L15 because the number is one\n'
    assert "L15" not in rules_of(text)
    assert "L00" in rules_of(text)


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("-(0010,0010) // lint: ignore L54 because of this", {"L54"}),
        ("// lint: ignore L54 because of this\n\n// and more\n-(0010,0010)", {"L54"}),
        ("(0010,0010) := subject // lint: ignore L54, L67 because of that", {"L54", "L67"}),
        ("(0010,0010) := subject // lint: ignore L54 L67 because of that", {"L54", "L67"}),
        ("(0010,0010) := subject // lint: ignore L54", set()),
        ("(0010,0010) := subject\n// lint: ignore L54 because it is below the line", set()),
    ],
)
def test_ignored_rules(text: str, gone: set[str]) -> None:
    found = set(rules_of(f'version "6.6"\n{text}'))
    assert found & {"L54", "L67"} <= {"L54", "L67"} - gone
    assert not gone & found
    assert ("L54" in found) == ("L54" not in gone)


def test_two_rules_cannot_share_an_id() -> None:
    with pytest.raises(ValueError, match="two rules are called L01"):
        rule("L01", "note", "again", happens="", mend="")(lambda _subject: [])


# ---- it never raises, and it never hangs

PIECES = (
    'version "6.6"', "(0010,0010)", "(0019,{ACME}XX)", "*/(0010,0020)", "(0008,1140)[0]/(0008,1155)", ":=", "?=", "-",
    "=", "!=", "~", "?", ":",
    "if", "elseif", "else", "{", "}", "(", ")", "[", "]", ",", "/", '"text"', '"(0010,0010)"',
    '"\\\\d+"', '"\\d"', '"', "\\", "//", "\n", "\n", " ", "subject", "v", "v", "x", "1", "-2.5",
    "removeAllPrivateTags",
    "reject", "hashUID", "hashUIDList", "format", "isPresent", "set", "delete", "substring", "shiftDateByIncrement",
    "retainPrivateTags", "describe", "export", "echo", "new UID", ";", "\ufeff", "ä", "+", ".", "%", "and", "not",
    "&&", "// lint: ignore L54 because x", "match", "alterPixels", "getURL", "mapUID", "blankValues",
)  # fmt: skip
scripts = st.lists(st.sampled_from(PIECES), max_size=40).map(lambda pieces: " ".join(pieces))


@settings(max_examples=300, deadline=None)
@given(text=st.one_of(scripts, st.text(max_size=60)), version=st.sampled_from([None, "1.8.0", "1.9"]))
def test_any_text_gives_findings_that_point_into_it(text: str, version: str | None) -> None:
    lines = max(len(text.splitlines()), 1)
    for finding in lint(text, xnat_version=version, kind="project", site_script=text):
        assert finding.rule in RULES
        assert 1 <= finding.line <= lines + 1
        assert finding.column >= 1


STATEMENTS = (
    '(0010,{n}) := "a"', "-(0010,{n})", "v{n} := (0008,{n})", "(0010,{n}) := lowercase[v]", "*/(0010,{n}) ?= subject",
    '(0008,0060) = "{n}" ? (0010,0010) := v', 'if ((0008,{n}) ~ ".+") {{\n  v := "x"\n}} else {{\n  -(0010,0010)\n}}',
    "(0020,000D) := hashUID[concatenate[v, (0010,{n})]]", "removeTags[{{(0010,{n}), */(0008,00XX)}}]", "v := v",
    '(0008,0020) ~ ".+" ? (0008,0020) := shiftDateByIncrement[(0008,0020), 37]', "removeAllPrivateTags",
    'retainPrivateTags["(0019,{{ACME}}01)"]', "describe v hidden", '(0008,1140)[0]/(0008,{n}) := "1"',
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(STATEMENTS), max_size=25), st.integers(0, 2**16))
def test_readable_scripts_are_examined_to_the_end(statements: list[str], seed: int) -> None:
    chance = random.Random(seed)
    lines = [one.format(n=f"{chance.randrange(16**4):04x}") for one in statements]
    text = "\n".join(['version "6.7"', *lines])
    reported = lint(text)
    assert [finding.line for finding in reported] == sorted(finding.line for finding in reported)
    assert {"L59", "L68"} & {finding.rule for finding in reported} or "removeAllPrivateTags" in text


@pytest.mark.parametrize(
    "text",
    [
        "(" * 1500,
        "f[" * 1500,
        "{" * 1500,
        "a := " + "{" * 3000 + "}" * 800,
        '"' * 5001,
        "\\" * 1500,
        "a := concatenate[a, a]\nb := concatenate[a, b]\n" * 500,
        '(0010,0010) ~ "' + "[" * 5000 + '" ? -(0010,0010)\n',
        '(0010,0010) ~ "(a+)+$" ? -(0010,0010)\n',
        "a=a?v:=(0010,0010)\n" * 1500,
        "if (a = a) { v := a } elseif (b = b) { v := b }\n" * 500,
        "if (a = a) { } " + "elseif (b = b) { }\n" * 800,
        "-(0010,00XX)\n(0010,0010) := (0010,0020)\n" * 500,
        "-(0010,0010)" + "/(0010,0010)" * 800,
    ],
    ids=range(14),
)
@pytest.mark.parametrize("head", ['version "6.7"\n', ""])
def test_no_script_makes_it_hang_or_fall(head: str, text: str) -> None:
    assert all(finding.rule in RULES for finding in lint(head + text))


def test_recorded_scripts_are_examined() -> None:
    """Scripts that the engine ran with success may have warnings; what it could not load has an error."""
    for case in recorded_cases():
        if case["dialect"] == "6" and case["mode"] == "parse":
            found = lint(f'version "6.7"\n{case["script"]}')
            unknown = [one for one in found if one.rule not in ("L27", "L41")]
            assert bool(at_least(unknown, "error")) == case["expect"]["error"], case["id"]
