"""A password that comes from the environment appears in nothing that any verb prints or writes, -vv included."""

from __future__ import annotations

import signal
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest

from bootstrap.practice.server import PracticeServer
from tests.live.conftest import SITE, serving
from tests.live.processes import Ended, SignalAt, ended, run_program, start

PASSWORD, SMTP, WRONG = "c4nary/Pass+w0rd é", "c4nary-smtp&\"word'", "c4nary-wr0ng"
CANARIES = (PASSWORD, SMTP, WRONG)
CANARY_SITE = SITE.replace("[XNAT_PASSWORD, practice-me]", "XNAT_PASSWORD").replace(
    "[SMTP_PASSWORD, canary-smtp]", "SMTP_PASSWORD"
)
VERBS = (
    *("validate {site}", "render {site}", "render {site} --format json"),
    *("wait {site}", "doctor {site}", "plan {site} -o {folder}/plan.json", "plan {site} --all --format json"),
    *("apply {folder}/plan.json", "apply {site} --format markdown", "plan {site} --all --format junit"),
    *("drift {site}", "export {site}", "export {site} -o {folder}/exported", "unlock {site}"),
)


def forms(secret: str) -> set[str]:
    """As it may stand in a text, a URL, JSON or a header."""
    return {secret, quote(secret), quote(secret, safe=""), b64encode(f"admin:{secret}".encode()).decode()}


@dataclass
class Trace:
    """Everything that came out."""

    texts: list[str] = field(default_factory=list)

    def of(self, ending: Ended) -> Ended:
        self.texts += [ending.stdout, ending.stderr]
        assert "Traceback" not in ending.stderr, ending.stderr
        return ending

    def holds_no_canary(self, folder: Path) -> None:
        files = [path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file()]
        leaks = [
            text for text in (*self.texts, *files) if any(form in text for secret in CANARIES for form in forms(secret))
        ]
        assert leaks == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "mine"
    place.mkdir()
    (place / "site.yaml").write_text(CANARY_SITE, encoding="utf-8")
    return place


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PracticeServer]:
    with serving(tmp_path / "state") as running:
        yield running


ENVIRON = {"XNAT_PASSWORD": PASSWORD, "SMTP_PASSWORD": SMTP}


def call(folder: Path, line: str, url: str | None, **environ: str) -> Ended:
    words = line.format(site=folder, folder=folder).split()
    where = [] if words[0] in ("validate", "render") or url is None else ["--url", url]
    return run_program(*words, *where, "-vv", environ={**ENVIRON, **environ})


def test_no_verb_gives_a_secret_away(folder: Path, server: PracticeServer) -> None:
    trace = Trace()
    codes = {line: trace.of(call(folder, line, server.url)).code for line in VERBS}
    assert {line: code for line, code in codes.items() if code not in (0, 2)} == {"doctor {site}": 1}
    assert "sent Authorization: ***" in "".join(trace.texts)
    assert server.site
    rows = server.site.storage.rows("SELECT contents FROM configs WHERE tool = 'xnat-bootstrap'")
    trace.texts += [str(tuple(row)) for row in rows]
    assert len(rows) > 2
    trace.holds_no_canary(folder)


def test_no_failure_gives_a_secret_away(folder: Path, server: PracticeServer) -> None:
    trace = Trace()
    assert trace.of(call(folder, "plan {site}", "http://127.0.0.1:9")).code == 4
    assert trace.of(call(folder, "plan {site} --format json", server.url + "/nowhere")).code in (1, 4)
    server.faults.add("fail-after PUT /xapi/users/admin times=1")
    server.faults.add("cut-before POST /xapi/notifications times=*")
    assert trace.of(call(folder, "apply {site}", server.url)).code == 5
    assert trace.of(call(folder, "plan {site}", server.url, XNAT_PASSWORD=WRONG)).code == 1
    assert trace.of(call(folder, "drift {site} --format junit", server.url, XNAT_PASSWORD=WRONG)).code == 1
    (folder / "site.yaml").write_text(CANARY_SITE.replace("port: 587", "port: !env SMTP_PASSWORD"), encoding="utf-8")
    assert trace.of(call(folder, "validate {site}", None)).code == 1
    (folder / "site.yaml").write_text(CANARY_SITE, encoding="utf-8")
    trace.holds_no_canary(folder)


def test_a_killed_run_gives_no_secret_away(folder: Path, server: PracticeServer) -> None:
    rule = SignalAt(signal.SIGKILL, 8)
    server.faults.rules.append(rule)
    rule.process = start("apply", str(folder), "--url", server.url, "-vv", environ=ENVIRON)
    rule.known.set()
    trace = Trace()
    assert trace.of(ended(rule.process)).code == -signal.SIGKILL
    assert list(folder.rglob("*.jsonl"))
    trace.holds_no_canary(folder)
