"""`anon lint` and `anon fmt`: scripts as texts. `anon_run`, `anon_diff`, `anon_cases` and `anon_coverage` run them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bootstrap.dicomedit import ParseError, format_script, parse
from bootstrap.dicomedit.lint import RULES, Finding, at_least, lint
from bootstrap.engine.journal import write_whole
from bootstrap.engine.report.page import Page
from bootstrap.engine.report.shown import json_text
from bootstrap.errors import BootstrapError, UsageError
from bootstrap.facts.versions import version_numbers
from bootstrap.ops.anon_files import TEMPLATE, script_text, scripts_in, shown_name
from bootstrap.values import Severity

_STYLES: dict[Severity, str] = {"error": "bold red", "warning": "yellow", "note": "cyan"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What is printed, and the exit code."""

    text: str
    exit_code: int


# ---- lint


@dataclass(frozen=True, slots=True)
class LintAsked:
    files: tuple[Path, ...]  # scripts, templates of scripts, or folders of them
    min_severity: Severity = "note"
    xnat_version: str | None = None
    kind: Literal["site", "project"] | None = None
    site_script: Path | None = None
    template_vars: Path | None = None
    format: Literal["text", "json"] = "text"
    colour: bool = False
    width: int = 100


@dataclass(frozen=True, slots=True)
class _Unread:
    file: str
    message: str


def lint_files(asked: LintAsked) -> Answer:
    """The exit code is 1 where there is an error, whatever is shown. A file that cannot be read is one."""
    if asked.xnat_version and not version_numbers(asked.xnat_version):
        raise UsageError(f"--xnat {asked.xnat_version}: this is no version of XNAT", hint="write it as 1.9.2")
    site_script = script_text(asked.site_script, asked.template_vars) if asked.site_script else None
    files, findings, unread = list(scripts_in(asked.files)), list[Finding](), list[_Unread]()
    for path in files:
        try:
            findings += _findings(path, asked, site_script)
        except BootstrapError as error:
            unread.append(_Unread(str(path), str(error)))
    failed = bool(unread) or any(finding.severity == "error" for finding in findings)
    shown = at_least(findings, asked.min_severity)
    make = _lint_json if asked.format == "json" else _lint_text
    return Answer(make(asked, files, shown, unread, int(failed)), int(failed))


def _findings(path: Path, asked: LintAsked, site_script: str | None) -> list[Finding]:
    return lint(
        script_text(path, asked.template_vars),
        xnat_version=asked.xnat_version,
        kind=asked.kind,
        file=shown_name(path),
        site_script=site_script,
    )


def _lint_json(
    _asked: LintAsked, files: list[Path], findings: list[Finding], unread: list[_Unread], exit_code: int
) -> str:
    document: dict[str, Any] = {
        "format": "xnat-bootstrap/anon-lint",
        "version": 1,
        "exit": exit_code,
        "summary": {"files": len(files), "unreadable": len(unread), **_counts(findings)},
        "findings": [finding.as_json() for finding in findings],
        "unreadable": [{"file": one.file, "message": one.message} for one in unread],
    }
    return json_text(document)


def _counts(findings: list[Finding]) -> dict[str, int]:
    count = Counter(finding.severity for finding in findings)
    return {"errors": count["error"], "warnings": count["warning"], "notes": count["note"]}


def _lint_text(
    asked: LintAsked, files: list[Path], findings: list[Finding], unread: list[_Unread], _exit_code: int
) -> str:
    page, explained = Page(asked.width), set[str]()
    for one in unread:
        for line in one.message.split("\n"):
            page.line((line, "bold red"))
    for finding in findings:
        _finding(page, finding, explain=finding.rule not in explained)
        explained.add(finding.rule)
    page.blank()
    page.line((_lint_summary(files, findings, unread), "bold"))
    return page.rendered(asked.colour)


def _finding(page: Page, finding: Finding, *, explain: bool) -> None:
    """What happens and the mend are said with the first finding of a rule."""
    place = f"{finding.file}:{finding.line}:{finding.column}: "
    style = _STYLES[finding.severity]
    page.line((place, ""), (finding.severity, style), (f": {finding.message} [{finding.rule}]", ""))
    if explain:
        page.prose(f"at run time: {finding.what_happens}", "dim", indent=4)
        page.prose(f"-> {finding.mend}", indent=4)


def _lint_summary(files: list[Path], findings: list[Finding], unread: list[_Unread]) -> str:
    counts = [_number(number, name[:-1]) for name, number in _counts(findings).items() if number]
    if unread:
        counts.append(f"{_number(len(unread), 'file')} not read")
    return f"{_number(len(files), 'script')}: {', '.join(counts) or 'nothing to say'}"


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def explain_rule(rule: str) -> str | None:
    """What a rule is about, for `anon lint --explain L54`; None for one that does not exist."""
    found = RULES.get(rule.upper())
    if found is None:
        return None
    lines = (f"{found.id} ({found.severity}): {found.title}", f"at run time: {found.what_happens}", f"-> {found.mend}")
    return "\n".join(lines) + "\n"


# ---- fmt


def format_files(places: tuple[Path, ...], *, check: bool = False) -> Answer:
    """Lays scripts out. With `check` nothing is written, and the exit code is 1 where something would be."""
    lines, failed, changed, total = list[str](), 0, 0, 0
    for path, text, error in _laid_out(places):
        total += 1
        if error:
            failed += 1
            lines.append(error)
        elif text is not None:
            changed += 1
            if not check:
                write_whole(path, text)
            lines.append(f"{path} {'would be laid out' if check else 'is laid out'}")
    lines.append(f"{_number(total, 'script')}: {changed} {'to lay out' if check else 'laid out'}, {failed} not read")
    return Answer("\n".join(lines) + "\n", int(bool(failed or (check and changed))))


def _laid_out(places: tuple[Path, ...]) -> Iterator[tuple[Path, str | None, str]]:
    """Each script with its new text, if that is another, or with what is wrong. Templates are left alone."""
    for path in scripts_in(places):
        if path.suffix == TEMPLATE:
            continue
        try:
            text = script_text(path)
            new = format_script(parse(text))
        except ParseError as error:
            yield path, None, f"{path}:{error.line}:{error.column}: {error.reason}"
        except BootstrapError as error:
            yield path, None, str(error)
        else:
            yield path, new if new != text else None, ""
