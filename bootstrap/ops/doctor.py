"""`doctor`: what this server is, what the file wants, what fits, what does not, and the mend."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from bootstrap.config import Site
from bootstrap.engine.inputs import offline_problems
from bootstrap.engine.lock import Holder, holders
from bootstrap.engine.report.report import Report
from bootstrap.engine.store import Store
from bootstrap.errors import BootstrapError
from bootstrap.facts.versions import fits
from bootstrap.kinds import KINDS
from bootstrap.kinds.kind import Finding
from bootstrap.kinds.server import server_of
from bootstrap.ops.console import Console
from bootstrap.ops.session import Asked, Target, Tools, load, opened, target_of
from bootstrap.values import Problem, Severity, errors_among
from bootstrap.xnat.connection import Connection

_MARKS = {"good": "ok  ", "warning": "note", "bad": "BAD "}


def examine(place: Path, asked: Asked, tools: Tools, console: Console) -> int:
    site = load(place, asked, tools)
    target = target_of(asked, tools, site)
    findings = list(_offline(site))
    with opened(target, tools) as xnat:
        findings += _server(site, target, xnat)
        if xnat.initialized:
            findings += _configured(site, xnat)
        about = (xnat.url, xnat.server.version, target.practice)
    if console.format in ("markdown", "junit"):
        report = _report(findings, *about)
        console.report(report)
        return report.exit_code
    bad = [finding for finding in findings if finding.state == "bad"]
    console.json_or({"exit": 1 if bad else 0, "findings": [asdict(f) for f in findings]}, _text(findings))
    return 1 if bad else 0


def _report(findings: list[Finding], url: str, version: str, practice: bool) -> Report:
    """For the formats that hosts of code and of pipelines show: what is good is not worth a line there."""
    words: dict[str, Severity] = {"bad": "error", "warning": "warning"}
    problems = [
        Problem(words[f.state], f.topic.replace(" ", "-"), f.text, f.mend) for f in findings if f.state in words
    ]
    code = 1 if errors_among(problems) else 0
    return Report("doctor", code, url, version, practice, problems=problems)


def _text(findings: list[Finding]) -> str:
    width = max(len(finding.topic) for finding in findings)
    lines = []
    for finding in findings:
        lines.append(f"{_MARKS[finding.state]}  {finding.topic:<{width}}  {finding.text}")
        if finding.mend:
            lines.append(f"{'':<{width + 6}}  -> {finding.mend}")
    return "\n".join([*lines, "", _summary(findings)])


def _summary(findings: list[Finding]) -> str:
    states = [finding.state for finding in findings]
    bad, notes = states.count("bad"), states.count("warning")
    if bad:
        return f"{bad} of {len(findings)} findings need mending."
    return (
        f"Nothing needs mending; {notes} of {len(findings)} findings are worth a look." if notes else "Everything fits."
    )


def _offline(site: Site) -> Iterator[Finding]:
    problems = [problem for problem in offline_problems(KINDS, site) if problem.severity != "note"]
    for problem in problems:
        where = f" ({problem.source})" if problem.source else ""
        yield Finding(
            "bad" if problem.severity == "error" else "warning", "site file", problem.message + where, problem.hint
        )
    if not problems:
        yield Finding("good", "site file", "it has no problems that can be seen without a server")


def _server(site: Site, target: Target, xnat: Connection) -> Iterator[Finding]:
    version, wanted = xnat.server.version, server_of(site).version
    what = "practice XNAT" if target.practice else "XNAT"
    yield Finding("good", "server", f"{what} {version} at {xnat.url}")
    if wanted and not fits(version, wanted):
        mend = "use another site file, or change `server.version`"
        yield Finding("bad", "version", f"the site file is for {wanted}, and this is {version}", mend)
    elif wanted:
        yield Finding("good", "version", f"{version} is within {wanted}")
    yield Finding("good", "account", f"`{xnat.username}` signs in and is a site administrator")
    if xnat.signed_in.used_first_password:
        yield Finding("bad", "password", "the account still has the first password", "`apply` rotates it")
    if not xnat.initialized:
        yield Finding("bad", "set-up", "this XNAT is not set up yet", "`apply` sets it up")


def _configured(site: Site, xnat: Connection) -> Iterator[Finding]:
    plugins = ", ".join(f"{plugin.id} {plugin.version}" for plugin in xnat.server.plugins.values())
    yield Finding("good", "plugins", plugins or "none")
    yield from _ours(site, xnat)
    for kind in KINDS:
        yield from kind.examine(xnat, site)


def _ours(site: Site, xnat: Connection) -> Iterator[Finding]:
    store, owner = Store(xnat.client), server_of(site).owner
    try:
        ledger = store.ledger(owner)
    except BootstrapError as error:
        yield Finding("bad", "ledger", error.message, error.hint)
    else:
        said = f"{len(ledger.entries)} things are named" if ledger.ever_applied else "nothing was applied yet"
        yield Finding("good", "ledger", f"owner `{owner}`: {said}")
        if ledger.underway:
            text = f"a run was cut: {', '.join(sorted(ledger.underway)[:5])} may or may not have been done"
            yield Finding("warning", "ledger", text, "`apply` finishes it")
    for holder in holders(store.lock_rows()):
        yield _lock(holder, datetime.now(UTC))


def _lock(holder: Holder, now: datetime) -> Finding:
    text = f"held by {holder}; {holder.state(now)}"
    if not holder.blocks(now):
        return Finding("warning", "lock", text)
    return Finding("bad", "lock", text, "wait until that run has ended; `unlock` removes it if that run is dead")
