"""docs/dicomedit-lint.md, from the table of rules. `python -m bootstrap.dicomedit.lint.reference` prints it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bootstrap.dicomedit.lint.check import RULES
from bootstrap.dicomedit.lint.rule import Rule

_HEAD = """\
# What `anon lint` finds

XNAT stores any text as an anonymisation script and answers 200. What is wrong with it shows when data arrive: files are
refused, or stored as they came in. These rules are checked before, by `anon lint`, `validate`, `plan` and `apply`;
the last two refuse a script with errors.

An **error** fails on the server, or is certainly wrong. A **warning** is likely wrong, or unsafe. A **note** is about
style, or about other servers. `--min-severity warning` leaves notes out.

A finding that is meant to be is spared with a comment on its line, or on the line above it, with a reason:

    (0010,0010) := subject  // lint: ignore L67 because our labels are pseudonyms

    // lint: ignore L54, L67 because these objects have no sequences, and labels are pseudonyms
    (0010,0020) := session

Findings about the script as a whole, such as L59, are spared by such a comment on a line of its own, anywhere. A
comment without a reason counts for nothing (L92), and one that spares nothing is told (L93). That a script cannot be
read (L00) cannot be ignored.

With `--xnat 1.8.10`, the version of the server, L04 tells which `version "6.x"` that server does not take. With
`--kind site` or `--kind project` the rules know when the script runs; with `--site-script FILE` a project's script is
held against the site's (L78).

This page is made from the rules themselves.
"""
_DIALECTS = {frozenset("6"): "DicomEdit 6", frozenset("4"): "DicomEdit 4", frozenset("46"): "DicomEdit 4 and 6"}


def as_markdown() -> str:
    return "".join([_HEAD, *_table(), *(part for rule in RULES.values() for part in _section(rule))])


def _table() -> Iterator[str]:
    yield "\n| Rule | Severity | What |\n|---|---|---|\n"
    for rule in RULES.values():
        yield f"| [{rule.id}](#{rule.id.lower()}) | {rule.severity} | {_cell(_prose(rule.title))} |\n"


def _section(rule: Rule) -> Iterator[str]:
    yield f"\n## {rule.id}\n\n**{_sentence(_prose(rule.title))}** ({rule.severity}, {_DIALECTS[rule.dialects]})\n\n"
    yield f"At run time: {_prose(rule.what_happens)}.\n\n"
    yield f"The mend: {_prose(rule.mend)}.\n"


def _prose(text: str) -> str:
    """What would be a sign of Markdown, or of HTML, is none; but in code it stands as it is."""
    parts = text.split("`")
    return "`".join(part if index % 2 else re.sub(r"([*<_])", r"\\\1", part) for index, part in enumerate(parts))


def _sentence(text: str) -> str:
    """A capital, unless it begins with code."""
    return text[:1].upper() + text[1:]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    print(as_markdown(), end="")
