"""Which predicates can be read, and what the library says of the others."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootstrap.facts.jsonpath import FilterFault, JsonPathError, compile_predicate
from bootstrap.facts.jsonpath.cursor import MOST_NESTED
from bootstrap.facts.jsonpath.filters import compile_filter
from bootstrap.facts.jsonpath.paths import compile_path

READ = [
    '@.xsiType == "xnat:mrScanData"',
    "@.xsiType == 'xnat:mrScanData'",
    '(@.xsiType in ["xnat:mrScanData"])',
    '"DICOM" in @.resources[*].label',
    '@.resources[*].label anyof ["DICOM","NIFTI"]',
    "@.scan-type =~ /.*mpr.*/i",
    "@.scan-type =~ /a\\/b/",
    '!(@.frames > 10) && (@.label == "a" || @.missing)',
    "@['scan-type'] == 'T1'",
    "@['a', 'b']",
    "@[0]",
    "@[-1,2]",
    "@[1:]",
    "@[:2]",
    "@[ * ]",
    "@.*",
    "@..label",
    "@.resources[?(@.label == 'NOPE')]",
    "@.frames >= 1",
    "@.frames == -1.5e3",
    "@.resources.length() > 0",
    "$.label == 'x'",
    "@",
    "1==1",
    "@.a==1&&@.b==2",
    "! @.a",
    "@.a == !@.b",
    "@.a == null",
    "@.a == true || @.a == false",
    "@.a == {b: 1}",
    '@.label == "O\'Neil"',
    "@.a empty true",
    "@.a == 1)].b[?(@.c == 2",
]
REFUSED = {
    "label == 'x'": "Failed to parse filter: [?(label == 'x')], error on position: 3, char: l",
    "@.label ==": "Failed to parse filter: [?(@.label ==)], error on position: 13, char: )",
    " ": "Failed to parse filter: [?( )], error on position: 4, char: )",
    "": "Failed to parse filter: [?()], error on position: 3, char: )",
    "@.a == 1 and @.b == 2": "Expected character: )",
    "@.a == 1 or @.b == 2": "Expected character: )",
    '"@.label == 1"': "Expected path node",
    "true": "Expected path node",
    "truth": "Expected boolean literal",
    "nothing": "Expected <null> value",
    "@.a =~ /(/": "Failed to parse filter: [?(@.a =~ /(/)], error on position: 13, char: )",
    "@.a like 'b'": "Expected character: )",
    "@.a[": "Square brackets does not match in filter [?(@.a[)]",
    "@.": "Path must not end with a '.' or '..'",
    "@...a": "Character '.' on position 3 is not valid.",
    "@a": "Illegal character at position 1 expected '.' or '['",
    "@.a()x(": "Could not parse token starting at position 1. Expected ?, ', 0-9, * ",
    "'a": "Could not find matching close quote for ' when parsing : $[?('a)]",
    "@.a/b == 1": "Could not find matching close for / when parsing regex in : $[?(@.a/b == 1)]",
    "@.f(1) == 2": "Arguments to function: 'f' are not closed properly.",
    "(": "Could not parse token starting at position 1. Expected ?, ', 0-9, * ",
    "@.a == 1)] || $[?(@.b == 2": "Could not parse token starting at position 14",
    "!1": "Expected path node",
    "@['a' 'b']": (
        "Property must be separated by comma or Property must be terminated close square bracket at index 4"
    ),
    "@['a',]": "Found empty property at index 6",
    "@['a'": "Square brackets does not match in filter [?(@['a')]",
    "@[*x]": "Expected wildcard token to end with ']' on position 3",
    "@[?]": "Not enough predicates supplied for filter [?] at position 1",
    "@[x]": "Could not parse token starting at position 1. Expected ?, ', 0-9, * ",
    "@[1,x]": "Could not parse token starting at position 1. Expected ?, ', 0-9, * ",
    "@[1,,2]": "Failed to parse token in ArrayIndexOperation: ",
    "@[:]": "Failed to parse SliceOperation: :",
    "@[1, 2:3]": "Failed to parse SliceOperation: 1, 2:3",
    "@[--1:]": "Failed to parse token in SliceOperation: --1",
    "@.a == 1)": "Could not parse token starting at position 1. Expected ?, ', 0-9, * ",
    "@.a == (1)": "Failed to parse filter: [?(@.a == (1))], error on position: 10, char: (",
}


@pytest.mark.parametrize("text", READ)
def test_it_can_be_read(text: str) -> None:
    assert compile_predicate(text).text == text


@pytest.mark.parametrize(("text", "said"), REFUSED.items())
def test_it_is_refused(text: str, said: str) -> None:
    with pytest.raises(JsonPathError) as caught:
        compile_predicate(text)
    assert str(caught.value) == said


@pytest.mark.parametrize("deep", ["(" * 99 + "@.a" + ")" * 99, "!" * 99 + "(@.a)", "@.a" + "[?(@.a" * 99 + ")]" * 99])
def test_what_is_nested_too_deeply_is_refused(deep: str) -> None:
    with pytest.raises(JsonPathError, match=f"more than {MOST_NESTED} levels"):
        compile_predicate(deep)


def test_a_pattern_that_is_nested_too_deeply_is_none() -> None:
    with pytest.raises(JsonPathError, match="Failed to parse filter"):
        compile_predicate("@.a =~ /" + "(" * 3000 + "a" + ")" * 3000 + "/")


@pytest.mark.parametrize("text", ["$", "x.y", "@.a "])
def test_paths_stand_alone_too(text: str) -> None:
    assert compile_path(text).from_root is ("@" not in text)


@pytest.mark.parametrize("text", ["", "a b", "$ .a", " $.a"])
def test_not_everything_is_a_path(text: str) -> None:
    with pytest.raises(JsonPathError):
        compile_path(text)


@pytest.mark.parametrize(
    ("text", "said"),
    {
        "x": "Filter must start with '[' and end with ']'. x",
        "[x]": "Filter must start with '[?' and end with ']'. [x]",
        "[?x]": "Filter must start with '[?(' and end with ')]'. [?x]",
        "[?('a)]": "String literal does not have matching quotes. Expected ' in [?('a)]",
        "[?(/a)]": "Pattern not closed. Expected / in [?(/a)]",
        "[?([1)]": "String not closed. Expected ' in [?([1)]",
        "[?(!)]": "Failed to parse filter: [?(!)], error on position: 4, char: )",
        "[?(@.a) x()]": "Expected end of filter expression instead of: x()",
    }.items(),
)
def test_a_filter_alone_is_refused(text: str, said: str) -> None:
    with pytest.raises(JsonPathError) as caught:
        compile_filter(text, 0, compile_path)
    assert str(caught.value) == said


SIGNS = ["[?(", ")]", "(", ")", "[", "]", "!", "==", "!=", "=~", ">", "&&", "||", " ", "\\", "'", '"', "/", ","]
PATHS = ["@", "$", ".a", ".b", "..", "[0]", "[*]", "[1:]", "['a']", ".length()", ".min()"]
VALUES = ["'x'", '"y"', "/x.*/i", "1", "-2.5", "true", "null", "[1,2]", "{a:1}"]
WORDS = [" in ", "anyof", "contains", "size", "empty", "exists", "all", "type", "nin"]
PIECES = st.sampled_from([*SIGNS, *PATHS, *VALUES, *WORDS])
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab") | st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.text() | st.lists(PIECES, max_size=12).map("".join), st.dictionaries(st.sampled_from("ab"), DOCUMENTS))
def test_nothing_but_its_own_errors_comes_out(text: str, document: dict[str, object]) -> None:
    with suppress(JsonPathError, FilterFault):
        assert compile_predicate(text).holds(document) in (True, False)
