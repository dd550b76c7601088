"""Files in the state folder's config/ that give settings at a start."""

from __future__ import annotations

from pathlib import Path

import pytest

from bootstrap.errors import LocalFileError
from bootstrap.practice.server import FAST, PracticeServer
from tests.practice.conftest import Asker

COMPLETE = "[siteConfig]\nsiteUrl=http://x.example.org\nconfUnknown = v : 1\n[notifications]\nsmtpHostname=mail\n"


def started(state: Path, **files: str) -> PracticeServer:
    (state / "config").mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (state / "config" / f"prefs-{name}.ini").write_text(text, "utf-8")
    return PracticeServer(state, clock=FAST, initialized=False)


def test_a_complete_file_sets_a_new_site_up(tmp_path: Path) -> None:
    with started(tmp_path, init=COMPLETE + "[system]\ndefaultAdminPassword=s3\n[nosuch]\na=b\n") as server:
        ask = Asker(server)
        assert ask("GET", "/data/auth").status_code == 401
        values = ask("GET", "/xapi/siteConfig", as_user=("admin", "s3")).json()
        assert (values["siteUrl"], values["confUnknown"], values["initialized"]) == (
            "http://x.example.org",
            "v : 1",
            True,
        )
        assert ask("GET", "/xapi/notifications", as_user=("admin", "s3")).json()["smtpHostname"] == "mail"


def test_an_incomplete_file_closes_the_site_at_each_start(tmp_path: Path) -> None:
    with started(tmp_path, init="[siteConfig]\nadminEmail=a@b.org\n") as server:
        ask = Asker(server)
        ask.set(initialized=True)
        assert ask("GET", "/xapi/users/username").status_code == 200
        server.restart()
        assert ask("GET", "/xapi/users/username").status_code == 302
        ask.set(siteUrl=server.url, initialized=True)
        server.restart()
        assert ask("GET", "/xapi/users/username").status_code == 200


def test_the_first_file_is_for_what_is_not_stored_and_the_other_for_each_start(tmp_path: Path) -> None:
    with started(tmp_path, init=COMPLETE, override="[siteConfig]\nsiteId=FORCED\n") as server:
        ask = Asker(server)
        ask.set(siteId="OTHER", siteUrl="http://y.example.org")
        assert ask("GET", "/xapi/siteConfig/siteId").text == "OTHER"
        server.restart()
        assert ask("GET", "/xapi/siteConfig/siteId").text == "FORCED"
        assert ask("GET", "/xapi/siteConfig/siteUrl").text == "http://y.example.org"


def test_the_other_file_mends_a_site_that_does_not_start(tmp_path: Path) -> None:
    with PracticeServer(tmp_path, clock=FAST) as server:
        ask = Asker(server)
        ask.set(failMergeOn="no list", securityChannel="https")
        server.restart()
        assert ask("GET", "/data/auth").status_code == 404
    mended = "[siteConfig]\nfailMergeOn=[]\nsecurityChannel=any\n"
    with started(tmp_path, override=mended) as server:
        assert Asker(server)("GET", "/data/auth").status_code == 200


def test_a_file_that_cannot_be_read_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(LocalFileError, match=r"prefs-init\.ini"):
        started(tmp_path, init="no section\n").start()
