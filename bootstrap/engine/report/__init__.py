"""What a run has to say, as one value, and its four forms: text, JSON, Markdown, JUnit."""

from __future__ import annotations

from bootstrap.engine.report.report import Report
from bootstrap.errors import UsageError

FORMATS = ("text", "json", "markdown", "junit")


def render(report: Report, format: str, *, colour: bool, width: int) -> str:
    """The report in one of `FORMATS`, ending in a newline. Only text heeds `colour` and `width`.

    Each form is loaded when it is asked for: a run that prints JSON need not wait for the terminal's library.
    """
    if format == "text":
        from bootstrap.engine.report.text import as_text

        return as_text(report, colour=colour, width=width)
    if format == "json":
        from bootstrap.engine.report.shown import json_text

        return json_text(report.as_json())
    if format == "markdown":
        from bootstrap.engine.report.markdown import as_markdown

        return as_markdown(report)
    if format == "junit":
        from bootstrap.engine.report.junit import as_junit

        return as_junit(report)
    raise UsageError(f"printing the report: there is no format `{format}`", hint=f"one of {', '.join(FORMATS)}")
