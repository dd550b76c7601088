"""Runs all rules over a script."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bootstrap.dicomedit.lint import (  # noqa: F401  each import fills the table
    rules_comparing,
    rules_coverage,
    rules_dates,
    rules_deleting,
    rules_dialect,
    rules_functions,
    rules_identity,
    rules_ignores,
    rules_leaving,
    rules_lists,
    rules_literals,
    rules_order,
    rules_paths,
    rules_pixels,
    rules_presence,
    rules_private,
    rules_statements,
    rules_strings,
    rules_tags,
    rules_uids,
    rules_variables,
    rules_version,
)
from bootstrap.dicomedit.lint.ignores import Ignores
from bootstrap.dicomedit.lint.rule import REGISTERED, SEVERITIES, Finding, Rule, Spot
from bootstrap.dicomedit.lint.subject import Kind, Subject
from bootstrap.values import Severity

RULES: Mapping[str, Rule] = MappingProxyType(dict(sorted(REGISTERED.items())))
UNREADABLE = "L00"  # only told where no other rule says what is wrong there


@dataclass(frozen=True, slots=True)
class _Found:
    rule: Rule
    spot: Spot


def lint(
    text: str,
    *,
    xnat_version: str | None = None,
    kind: Kind = None,
    file: str = "script",
    site_script: str | None = None,
) -> list[Finding]:
    """Everything that the rules have to say, in the order of the lines. Never raises, whatever the text.

    `xnat_version` decides which versions of the language the server takes. `kind` is where the script will run.
    With `site_script` a project's script is held against the site's.
    """
    subject = Subject(text, xnat_version=xnat_version, kind=kind, site_script=site_script)
    ignores = Ignores(subject)
    kept = [found for found in _found(subject) if not ignores.spare(found.rule.id, found.spot)]
    told = _without_repetition(kept)
    told += [_Found(RULES[id_], spot) for id_, spot in ignores.complaints()]
    return sorted((_finding(found, file) for found in told), key=lambda one: (one.line, one.column, one.rule))


def at_least(findings: Iterable[Finding], severity: Severity) -> list[Finding]:
    """Those that are as severe as this, or more."""
    allowed = SEVERITIES[: SEVERITIES.index(severity) + 1]
    return [finding for finding in findings if finding.severity in allowed]


def _found(subject: Subject) -> Iterator[_Found]:
    for one in RULES.values():
        if subject.dialect in one.dialects:
            yield from (_Found(one, spot) for spot in one.check(subject))


def _without_repetition(found: list[_Found]) -> list[_Found]:
    """That the script cannot be read is not said again where a rule says why."""
    explained = {one.spot.position.line for one in found if one.rule.severity == "error" and one.rule.id != UNREADABLE}
    return [one for one in found if one.rule.id != UNREADABLE or one.spot.position.line not in explained]


def _finding(found: _Found, file: str) -> Finding:
    one, spot = found.rule, found.spot
    line, column = spot.position
    return Finding(one.id, one.severity, line, column, spot.message, one.what_happens, one.mend, file)
