"""The report as JUnit XML, for pipelines that show tests.

A pipeline that reads it shows red exactly when the exit code is neither 0 nor 2. So pending changes pass (their
text is in `system-out`), a failed or unknown outcome and a problem that is an error fail, what was skipped is
skipped. The first test case stands for the exit code itself: it is what fails where nothing else does, as when the
server cannot be reached or every change was skipped.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from bootstrap.engine.report import words
from bootstrap.engine.report.report import Line, Report
from bootstrap.engine.report.shown import visible
from bootstrap.engine.report.text import change_as_text
from bootstrap.values import Problem

_WIDTH = 120


def as_junit(report: Report) -> str:
    root = Element("testsuites")
    suite = SubElement(root, "testsuite", name=_said(f"xnat-bootstrap {report.verb}: {words.server_of(report)}"))
    _exit_code(suite, report)
    for line in report.lines:
        _change(suite, report, line)
    for problem in words.in_order(report.problems):
        _problem(suite, report, problem)
    _count(suite, report)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _is_red(report: Report) -> bool:
    return report.exit_code not in (0, 2)


def _case(suite: Element, report: Report, group: str, name: str) -> Element:
    return SubElement(suite, "testcase", classname=_said(f"xnat-bootstrap.{report.verb}.{group}"), name=_said(name))


def _exit_code(suite: Element, report: Report) -> None:
    case = _case(suite, report, "exit", f"exit code {report.exit_code}")
    case.set("time", f"{report.counts.seconds:.3f}")
    if _is_red(report):
        _failure(case, f"exit-{report.exit_code}", words.verdict(report), words.summary(report))
    _put(case, "system-out", "\n".join([words.summary(report), *words.remarks(report), *words.next_steps(report)]))


def _change(suite: Element, report: Report, line: Line) -> None:
    case = _case(suite, report, line.change.kind, f"{words.action_of(report, line.change)} {line.change.name}")
    if line.outcome == "skipped":
        SubElement(case, "skipped", message=_said(_first_line(words.error_of(line))))
    elif line.outcome in ("failed", "unknown") and _is_red(report):
        error = words.error_of(line) or line.outcome
        _failure(case, line.outcome, _first_line(error), error)
    _put(case, "system-out", change_as_text(report, line, _WIDTH))


def _problem(suite: Element, report: Report, problem: Problem) -> None:
    message, hint = words.message_of(problem)
    where = str(problem.source) if problem.source else "the run"
    case = _case(suite, report, f"problems.{problem.rule}", f"{where}: {_first_line(message)}")
    text = f"{message}\n-> {hint}" if hint else message
    if problem.severity == "error" and _is_red(report):
        _failure(case, problem.rule, _first_line(message), text)
    else:
        _put(case, "system-out", f"{problem.severity}: {text}")


def _failure(case: Element, kind: str, message: str, text: str) -> None:
    _put(case, "failure", text).attrib.update(type=_said(kind), message=_said(message))


def _put(case: Element, tag: str, text: str) -> Element:
    inner = SubElement(case, tag)
    inner.text = "\n".join(visible(line) for line in text.split("\n"))
    return inner


def _count(suite: Element, report: Report) -> None:
    cases = suite.findall("testcase")
    counts = {
        "tests": len(cases),
        "failures": sum(case.find("failure") is not None for case in cases),
        "errors": 0,
        "skipped": sum(case.find("skipped") is not None for case in cases),
    }
    suite.attrib.update({name: str(count) for name, count in counts.items()}, time=f"{report.counts.seconds:.3f}")


def _first_line(text: str) -> str:
    return text.split("\n", 1)[0]


def _said(text: str) -> str:
    return visible(text)
