"""What holds of every format, whatever stands in a report."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootstrap.engine.report import FORMATS, render
from bootstrap.engine.report.report import Report
from bootstrap.errors import UsageError

from .building import CANARY, few, reports

widths = st.integers(0, 300)
_STYLE = re.compile("\x1b\\[[0-9;]*m")


@few
@given(report=reports, form=st.sampled_from(FORMATS), width=widths)
def test_any_report_is_printable_in_every_format(report: Report, form: str, width: int) -> None:
    text = render(report, form, colour=False, width=width)
    assert text.endswith("\n")
    assert text.replace("\n", "").isprintable()


@few
@given(report=reports, width=widths)
def test_colour_changes_nothing_but_the_colour(report: Report, width: int) -> None:
    coloured = render(report, "text", colour=True, width=width)
    bare = _STYLE.sub("", coloured)
    plain = render(report, "text", colour=False, width=width)
    assert [line.rstrip() for line in bare.split("\n")] == plain.split("\n")


@few
@given(report=reports, form=st.sampled_from(FORMATS))
def test_a_secret_shows_in_no_format(report: Report, form: str) -> None:
    assert CANARY not in render(report, form, colour=False, width=100)


@few
@given(report=reports)
def test_the_same_report_gives_the_same_text(report: Report) -> None:
    first, second = (render(report, "text", colour=False, width=100) for _ in range(2))
    assert first == second


@few
@given(report=reports)
def test_json_is_the_report_itself(report: Report) -> None:
    document = json.loads(render(report, "json", colour=False, width=100))
    assert document["exit"] == report.exit_code
    assert len(document["changes"]) == len(report.lines)
    assert len(document["problems"]) == len(report.problems)


@few
@given(report=reports)
def test_junit_is_red_exactly_when_the_exit_code_is_neither_0_nor_2(report: Report) -> None:
    suite = ElementTree.fromstring(render(report, "junit", colour=False, width=100)).find("testsuite")
    assert suite is not None
    failures = suite.findall("testcase/failure")
    assert bool(failures) == (report.exit_code not in (0, 2))
    assert suite.get("failures") == str(len(failures))
    assert suite.get("tests") == str(1 + len(report.lines) + len(report.problems))
    assert suite.get("skipped") == str(sum(line.outcome == "skipped" for line in report.lines))


def test_an_unknown_format_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="no format `html`") as caught:
        render(Report("plan", 0), "html", colour=False, width=80)
    assert "junit" in caught.value.hint


def test_json_does_not_wait_for_the_library_of_the_terminal() -> None:
    program = (
        "import sys; from bootstrap.engine.report import render; from bootstrap.engine.report.report import Report; "
        "render(Report('plan', 0), 'json', colour=False, width=80); print('rich' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
