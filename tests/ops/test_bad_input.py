"""Bad input, each with its exit code and one clear message, and never a traceback."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
import yaml

from bootstrap.practice.server import PracticeServer
from tests.live.conftest import SITE, Bench, serving
from tests.live.test_killed import leave_a_lock_of_another_machine
from tests.ops.conftest import Program, Said
from tests.xnat.loopback import Loopback, Seen, make_certificate, write
from tests.xnat.loopback import serving as listening

FILES: dict[str, dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "bad_input.yaml").read_text("utf-8"))
LOADING = ("validate", "plan")  # the table of exit codes tries the others
NEWER = '{"format": "xnat-bootstrap/ledger", "version": 2, "tool": "9.0", "entries": {}, "salt": "x"}'


def one_message(said: Said, code: int, *texts: str) -> None:
    assert said.code == code, said
    assert said.out == ""
    assert said.err.count("xnat-bootstrap: ") == 1, said.err
    assert "Traceback" not in said.err
    assert [text for text in texts if text not in said.err] == [], said.err


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "mine"
    (place / "folder").mkdir(parents=True)
    (place / "latin.txt").write_bytes(b'version "6.6"\n// caf\xe9\n')
    return place


# Files


@pytest.mark.parametrize("verb", LOADING)
@pytest.mark.parametrize("name", FILES)
def test_a_site_file_that_cannot_be_used(name: str, verb: str, folder: Path, program: Program) -> None:
    case = FILES[name]
    content = bytes.fromhex(case["bytes"]) if "bytes" in case else case["site"].encode()
    (folder / "site.yaml").write_bytes(content)
    said = program(verb, str(folder), *([] if verb == "validate" else ["--url", "http://127.0.0.1:9"]))
    told = said.out if verb == "validate" else said.err
    assert said.code == 1
    assert "Traceback" not in said.err
    assert [text for text in case["says"] if text not in told.replace("\n", " ")] == [], told


def test_no_site_file_at_all(folder: Path, program: Program) -> None:
    one_message(program("plan", str(folder)), 1, str(folder / "site.yaml"))
    one_message(program("plan", str(folder / "nowhere.yaml")), 1, "nowhere.yaml")


def test_a_site_file_that_nobody_may_read(folder: Path, program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "site.yaml").write_text(SITE, encoding="utf-8")
    refuse_reading(monkeypatch, "site.yaml")
    one_message(program("plan", str(folder)), 1, "site.yaml", "Permission denied")


def refuse_reading(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """As for somebody without the right; the tests may run as root."""
    real = Path.read_bytes

    def read_bytes(path: Path) -> bytes:
        if path.name == name:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)


@pytest.mark.parametrize(
    ("content", "code", "text"),
    [
        ("", 64, "it is not JSON"),
        ("[]", 64, "it is no document of xnat-bootstrap"),
        ('{"format": "xnat-bootstrap/plan", "version": 2}', 64, "of version 2"),
        ('{"format": "xnat-bootstrap/plan", "version": 1}', 64, "it lacks a part of a saved plan"),
        ('{"format": "xnat-bootstrap/plan", "version": 1, "options": [], "site": {}}', 64, "it lacks a part"),
        ('{"format": "xnat-bootstrap/report", "version": 1}', 64, "it lacks a part of a saved plan"),
        ('{"format": "xnat-bootstrap/undo", "version": 1}', 64, "it lacks a part of an undo document"),
        ('{"format": "xnat-bootstrap/undo", "version": 1, "changes": [{}]}', 64, "it lacks a part"),
    ],
)
def test_a_saved_plan_that_is_none(content: str, code: int, text: str, tmp_path: Path, program: Program) -> None:
    (tmp_path / "plan.json").write_text(content, encoding="utf-8")
    one_message(program("apply", str(tmp_path / "plan.json")), code, "plan.json", text)


# What answers


@pytest.fixture
def site(folder: Path) -> Path:
    (folder / "site.yaml").write_text(SITE, encoding="utf-8")
    return folder


@pytest.fixture
def web() -> Iterator[Loopback]:
    with listening() as server:
        yield server


def page(_seen: Seen, handler: BaseHTTPRequestHandler) -> None:
    write(handler, 200, b"<!doctype html><html><title>Welcome</title></html>", (("Content-Type", "text/html"),))


def not_found(_seen: Seen, handler: BaseHTTPRequestHandler) -> None:
    write(handler, 404, b"<html><h1>HTTP Status 404 - Not Found</h1></html>", (("Content-Type", "text/html"),))


def elsewhere(_seen: Seen, handler: BaseHTTPRequestHandler) -> None:
    write(handler, 302, b"", (("Location", "https://sso.example.org/login"),))


def gateway(_seen: Seen, handler: BaseHTTPRequestHandler) -> None:
    write(handler, 503, b"<html><h1>Service Unavailable</h1></html>", (("Content-Type", "text/html"),))


@pytest.mark.parametrize(
    ("answer", "code", "texts"),
    [
        (page, 1, ("no XNAT answers here", "server.url")),
        (not_found, 4, ("404 on everything", "wait")),
        (elsewhere, 1, ("sso.example.org", "server.url")),
        (gateway, 4, ("a proxy answers", "wait")),
    ],
)
def test_something_else_than_an_xnat_answers(
    answer: Any, code: int, texts: tuple[str, ...], site: Path, web: Loopback, program: Program
) -> None:
    web.answer = answer
    one_message(program("plan", str(site), "--url", web.url), code, *texts[1:])
    assert not [seen for seen in web.seen if "Authorization" in seen.headers], "the password is for an XNAT only"


def test_a_server_that_takes_the_connection_and_says_nothing(site: Path, web: Loopback, program: Program) -> None:
    web.answer = web.silent
    said = program("plan", str(site), "--url", web.url, "--timeout", "0.2")
    one_message(said, 4, "does not answer", "wait")


def test_a_certificate_that_nobody_signed(site: Path, tmp_path: Path, program: Program) -> None:
    certificate = make_certificate(tmp_path)
    with listening(certificate.context()) as server:
        server.answer = page
        one_message(program("plan", str(site), "--url", server.url), 4, "no safe connection", "ca_file")
        trusted = program("plan", str(site), "--url", server.url, "--ca-file", str(certificate.certificate))
        one_message(trusted, 1, "server.url")


def test_a_ca_file_that_is_none(site: Path, program: Program) -> None:
    said = program("plan", str(site), "--url", "https://localhost:1", "--ca-file", str(site / "nowhere.pem"))
    one_message(said, 1, "nowhere.pem")


# A practice XNAT


@pytest.fixture(scope="module")
def applied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """An XNAT on which the site was applied; what is done to it here is undone."""
    place = tmp_path_factory.mktemp("applied")
    (place / "site").mkdir()
    with serving(place / "state") as server:
        bench = Bench(place / "site", server)
        bench.write()
        assert bench.apply().exit_code == 0
        yield bench


@pytest.fixture
def changed(applied: Bench, site: Path) -> list[str]:
    """The words after the verb, for a site that has something to write."""
    (site / "site.yaml").write_text(SITE.replace("30 minutes", "45 minutes"), encoding="utf-8")
    return [str(site), "--url", applied.server.url]


def test_a_wrong_password_costs_one_refusal(applied: Bench, site: Path, program: Program) -> None:
    text = SITE.replace("practice-me", "wr0ng-password").replace("  first_password: admin\n", "")
    (site / "site.yaml").write_text(text, encoding="utf-8")
    before = len(applied.server.requests)
    said = program("plan", str(site), "--url", applied.server.url)
    one_message(said, 1, "user name or password not accepted (1 try)")
    assert [seen.status for seen in list(applied.server.requests)[before:]].count(401) == 1
    assert "wr0ng-password" not in said.err


def test_an_account_that_is_no_site_administrator(applied: Bench, site: Path, program: Program) -> None:
    user = {"username": "guestly", "password": "guestly-pw", "firstName": "A", "lastName": "B", "email": "a@b.org"}
    applied.admin()._send("POST", "/xapi/users", json=user | {"enabled": True, "verified": True})
    text = SITE.replace("username: admin", "username: guestly").replace("practice-me", "guestly-pw")
    (site / "site.yaml").write_text(text.replace("  first_password: admin\n", ""), encoding="utf-8")
    one_message(
        program("plan", str(site), "--url", applied.server.url), 1, "no site administrator", "grant it the role"
    )


def test_an_xnat_that_is_still_starting(site: Path, tmp_path: Path, program: Program) -> None:
    with PracticeServer(tmp_path / "state", faults=["slow-start=60"]) as server:
        said = program("plan", str(site), "--url", server.url, "--timeout", "0.2")
        one_message(said, 4, "does not answer", "`xnat-bootstrap wait`")


def test_a_connection_that_is_cut_in_every_write(tmp_path: Path, site: Path, program: Program) -> None:
    with serving(tmp_path / "state", faults=["cut-before POST /xapi/notifications times=*"]) as server:
        said = program("apply", str(site), "--url", server.url)
    assert said.code == 5
    assert "no answer came" in said.out
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    "text", ["not JSON", '{"format": "other"}', NEWER, NEWER.replace("2", "1", 1).replace("{}", "[]")]
)
def test_a_ledger_that_cannot_be_used(text: str, applied: Bench, changed: list[str], program: Program) -> None:
    admin, path = applied.admin(), "/data/config/xnat-bootstrap/ledger/default?inbody=true&unversioned=true"
    before = admin.rows("xnat-bootstrap/ledger/default")[-1]["contents"]
    admin._send("PUT", path, data=text, headers={"Content-Type": "text/plain"})
    for verb in ("plan", "apply", "drift"):
        one_message(program(verb, *changed), 1, "the ledger of the owner `default`", "`apply --allow new-ledger`")
    assert program("doctor", *changed).code == 1
    assert program("plan", *changed, "--allow", "new-ledger").code == 2
    admin._send("PUT", path, data=before, headers={"Content-Type": "text/plain"})


def test_a_lock_that_somebody_else_holds(
    applied: Bench, changed: list[str], program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_a_lock_of_another_machine(applied, monkeypatch)
    one_message(program("apply", *changed), 3, "on far-away", "unlock")
    assert program("plan", *changed).code == 2
    doctor = program("doctor", *changed)
    assert (doctor.code, "held by owner `default`" in doctor.out, "Everything fits" in doctor.out) == (1, True, False)
    assert program("unlock", *changed).code == 0


# A full disk


def full(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Writing to files of these endings fails as on a full disk."""
    real = Path.open

    def opened(path: Path, mode: str = "r", *more: Any, **options: Any) -> Any:
        if mode != "r" and path.name.endswith(names):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        return real(path, mode, *more, **options)

    monkeypatch.setattr(Path, "open", opened)


def test_a_full_disk_when_the_plan_is_saved(
    changed: list[str], tmp_path: Path, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    full(monkeypatch, "plan.json.partial")
    one_message(
        program("plan", *changed, "-o", str(tmp_path / "plan.json")), 1, "plan.json: No space left", "free some"
    )
    assert list(tmp_path.glob("plan.json*")) == []


def test_a_full_disk_when_the_report_is_written(
    changed: list[str], tmp_path: Path, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    full(monkeypatch, "report.json.partial")
    said = program("plan", *changed, "--format", "json", "--output", str(tmp_path / "report.json"))
    one_message(said, 1, "report.json: No space left")


def test_a_full_disk_before_the_journal_begins_writes_nothing_to_the_server(
    applied: Bench, changed: list[str], program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    full(monkeypatch, ".jsonl")
    one_message(program("apply", *changed), 1, ".jsonl: No space left", "free some space")
    assert applied.admin().setting("sessionTimeout") == "30 minutes"


def test_a_full_disk_at_the_end_keeps_the_report(
    applied: Bench, changed: list[str], program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as while_full:
        full(while_full, ".undo.json.partial")
        said = program("apply", *changed, "--format", "json")
    report = json.loads(said.out)
    assert (said.code, report["exit"], report["summary"]["done"]) == (5, 5, 1)
    assert "No space left" in report["problems"][-1]["message"]
    applied.write()
    assert applied.apply().exit_code == 0


SEVERAL = """\
server: {url: "http://x.example.org", password: !env [XNAT_PASSWORD, b]}
site:
  concurrentMaxSessions: lots
  securityChannel: https
  sessionTimeout: 30 parsecs
projects:
  - id: A
    commands: {nope: {enabled: true}}
  - id: 7
"""


def test_a_wrong_type_does_not_hide_what_else_is_wrong(tmp_path: Path, program: Program) -> None:
    place = tmp_path / "site.yaml"
    place.write_text(SEVERAL, encoding="utf-8")
    said = program("validate", str(place), "--format", "json")
    assert said.code == 1
    assert [
        (found["rule"], found["source"].rpartition("site.yaml:")[2]) for found in json.loads(said.out)["problems"]
    ] == [
        ("wrong-type", "3:26"),
        ("wrong-type", "9:9"),
        ("bad-interval", "5:19"),
        ("bricks-site", "4:20"),
    ]


def test_a_section_that_does_not_stand_without_its_mistakes_gives_no_false_alarm(
    tmp_path: Path, program: Program
) -> None:
    place = tmp_path / "site.yaml"
    place.write_text("server: {nonsense: 1}\nsite: {siteId: X, initialized: false}\ncommands: 7\n", encoding="utf-8")
    said = program("validate", str(place), "--format", "json")
    assert [found["rule"] for found in json.loads(said.out)["problems"]] == [
        "unknown-key",
        "key-elsewhere",
        "wrong-type",
    ]
