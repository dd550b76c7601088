"""A comment that its host accepts, and that nothing in a report can break out of."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootstrap.engine.plan import Change, FieldChange
from bootstrap.engine.report.markdown import LIMIT, as_markdown
from bootstrap.engine.report.markdown_text import Share, code, escaped, fenced, prose
from bootstrap.engine.report.report import Line, Report
from bootstrap.values import Problem, Source

from .building import few, report_of, reports, texts

OWN_HTML = re.compile(r"</?(details|summary|code)( open)?>|<br>|<!-- -->")


def outside_of_fences(markdown: str) -> list[str]:
    """The lines that Markdown looks into, found as CommonMark finds them."""
    found, fence = [], ""
    for line in markdown.split("\n"):
        opening = re.match("(`{3,})", line)
        if not fence and opening:
            fence = opening.group(1)
        elif fence and line == fence:
            fence = ""
        elif not fence:
            found.append(line)
    assert not fence, "a fence is left open"
    return found


@few
@given(reports)
def test_fences_close_and_no_foreign_tag_is_open(report: Report) -> None:
    for line in outside_of_fences(as_markdown(report)):
        bare = OWN_HTML.sub("", re.sub("`[^`]*`", "", line))
        assert "<" not in bare
        assert "`" not in bare


@few
@given(reports)
def test_each_row_of_the_table_has_as_many_cells_as_its_head(report: Report) -> None:
    rows = [line for line in outside_of_fences(as_markdown(report)) if line.startswith("|")]
    assert len(rows) == (len(report.lines) + 2 if report.lines else 0)
    assert len({row.count("|") for row in rows}) <= 1


@few
@given(st.lists(texts, max_size=5))
def test_a_fence_is_longer_than_what_it_holds(lines: list[str]) -> None:
    parts = [part for text in lines for part in text.split("\n")]
    block = fenced(parts).split("\n")
    assert block[0] == block[-1]
    assert block[0] not in block[1:-1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("site_setting", "site_setting"),
        ("_em_ **b**", "&#95;em&#95; &#42;&#42;b&#42;&#42;"),
        ("a|b<c>", "a&#124;b&#60;c&#62;"),
        ("[a](b)", "&#91;a&#93;(b)"),
        ("@all #12", "@<!-- -->all #<!-- -->12"),
        ("- item", "&#45; item"),
        ("12. item", "12&#46; item"),
        ("\x1b[0m", "&#92;x1b&#91;0m"),
    ],
)
def test_markup_is_left_as_text(text: str, expected: str) -> None:
    assert escaped(text, 100) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a_b*", "`a_b*`"), ("a|b", "<code>a&#124;b</code>"), ("a`b", "<code>a&#96;b</code>"), ("", "<code></code>")],
)
def test_code_is_in_backticks_where_these_hold(text: str, expected: str) -> None:
    assert code(text, 100) == expected


def test_backticks_of_a_sentence_are_code() -> None:
    assert prose("`--prune` removes it, `so", 100) == "`--prune` removes it, &#96;so"


def test_what_does_not_fit_is_counted() -> None:
    found = Share(6, "rows", "\n").of(["a", "b", "c"], lambda letter: letter * 4)
    assert found == "aaaa\n\n*2 more rows did not fit into this comment: `--format text` shows all.*"
    assert Share(2, "rows", "\n").of(["aaaa"], str).startswith("*1 more rows")


def huge(character: str) -> Report:
    text = "\n".join([character * 200] * 300)
    fields = tuple(FieldChange(character * 300, f"{text}\n{number}", text, "both") for number in range(5))
    change = Change("kind", character * 900, "update", fields, (), (character * 5000,) * 4, Source(character * 900))
    problem = Problem("error", character * 500, text, text, Source(character * 900))
    return replace(
        report_of("apply-partly"),
        verb=character * 3000,
        server_url=character * 3000,
        server_version=character * 3000,
        lines=[Line(change, "failed", text)] * 40,
        problems=[problem] * 40,
        undo=character * 3000,
        after_restart=[character * 3000] * 10,
        talk=[character * 3000] * 10,
    )


@pytest.mark.parametrize("character", ["a", "@", "|", "`", "\\", "\x1b"])
def test_a_huge_report_stays_a_comment_and_says_what_it_left_out(character: str) -> None:
    comment = as_markdown(huge(character))
    assert len(comment) < LIMIT
    for noun in ("changes", "problems", "diffs", "remarks"):
        assert re.search(rf"\*\d+ more {noun} did not fit", comment), noun
    assert outside_of_fences(comment)


def test_what_went_wrong_stands_first_and_unfolded() -> None:
    markdown = as_markdown(report_of("apply-partly"))
    assert markdown.index("<details open>") < markdown.index("<details>")
