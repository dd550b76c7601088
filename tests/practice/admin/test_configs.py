"""The config service, where the recordings do not show it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bootstrap.practice.admin import configs
from tests.practice.conftest import Asker

PLACE = "/data/config/tool/path"
TEXT = {"Content-Type": "text/plain"}


def versions(ask: Asker, place: str = PLACE) -> list[tuple[str, str, str]]:
    rows = ask("GET", place, params={"action": "getHistory"}).json()["ResultSet"]["Result"]
    return [(row["version"], row["contents"], row["status"]) for row in rows]


PUTS: list[tuple[str, dict[str, Any], list[tuple[str, str, str]]]] = [
    ("the same again", {"data": "one"}, [("1", "one", "enabled")]),
    ("the same, and the word for it", {"data": "one", "params": {"status": "enabled"}}, [("1", "one", "enabled")]),
    (
        "the same, in another word",
        {"data": "one", "params": {"status": "true"}},
        [("1", "one", "enabled"), ("2", "one", "enabled")],
    ),
    (
        "the same, but off",
        {"data": "one", "params": {"status": "disabled"}},
        [("1", "one", "enabled"), ("2", "one", "enabled"), ("3", "one", "disabled")],
    ),
    ("another", {"data": "two"}, [("1", "one", "enabled"), ("2", "two", "enabled")]),
    ("on, which it is", {"params": {"status": "true"}}, [("1", "one", "enabled")]),
    ("off", {"params": {"status": "false"}}, [("1", "one", "enabled"), ("2", "one", "disabled")]),
]


@pytest.mark.parametrize(("_why", "sent", "wanted"), PUTS)
def test_versions(ask: Asker, _why: str, sent: dict[str, Any], wanted: list[tuple[str, str, str]]) -> None:
    assert ask("PUT", PLACE, data="one", headers=TEXT).status_code == 201
    assert ask("PUT", PLACE, headers=TEXT, **sent).status_code == 200
    assert versions(ask) == wanted


def test_one_that_is_unversioned_stays_so_until_it_is_said_otherwise(ask: Asker) -> None:
    for text, unversioned in (("a", "true"), ("b", "true"), ("c", "false")):
        ask("PUT", PLACE, data=text, headers=TEXT, params={"unversioned": unversioned})
    ask("DELETE", PLACE)
    assert [text for _, text, _ in versions(ask)] == ["b", "c", "c"]


BODIES: list[tuple[dict[str, Any], int]] = [
    ({"data": "x", "headers": {"Content-Type": "application/octet-stream"}}, 201),
    ({"data": "x", "headers": {"Content-Type": "image/png"}}, 500),
    ({"data": "x", "headers": {"Content-Type": "image/png"}, "params": {"inbody": "true"}}, 201),
    ({"data": "x"}, 500),
    ({"data": "{bad", "headers": {"Content-Type": "application/json"}}, 500),
    ({"data": "[" * 50_000, "headers": {"Content-Type": "application/json"}}, 500),
    ({"json": ["contents"]}, 500),
    ({"json": {"contents": 5}}, 500),
    ({"json": {"contents": "x", "status": "off"}}, 400),
    ({"json": {"contents": "x", "status": "disabled"}}, 201),
    ({"files": {"file": ("a.txt", "x")}}, 201),
    ({"files": {"file": ("a.txt", "")}}, 500),
    ({"params": {"status": "maybe"}}, 400),
    ({}, 400),
]


@pytest.mark.parametrize(("sent", "status"), BODIES)
def test_bodies(ask: Asker, sent: dict[str, Any], status: int) -> None:
    assert ask("PUT", PLACE, **sent).status_code == status


def test_a_body_in_chunks_counts_as_none(ask: Asker) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"text"

    assert ask("PUT", PLACE, data=pieces(), headers=TEXT).status_code == 400


def test_a_form_with_fields_and_no_file_is_no_body(ask: Asker) -> None:
    fields = '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n'
    answer = ask("PUT", PLACE, data=fields, headers={"Content-Type": "multipart/form-data; boundary=x"})
    assert answer.status_code == 400


def test_what_is_written_for_a_project_that_does_not_exist_waits_for_it(ask: Asker) -> None:
    place = "/data/projects/LATER/config/tool/path"
    assert ask("PUT", place, data="x", headers=TEXT).status_code == 201
    assert ask("GET", place).status_code == 404
    ask("PUT", "/data/projects/LATER")
    assert ask("GET", place, params={"contents": "true"}).text == "x"


def test_the_script_of_a_project_is_found_with_and_without_the_slash_but_not_by_delete(ask: Asker) -> None:
    ask("PUT", "/data/projects/P1")
    ask("PUT", "/xapi/anonymize/projects/P1", data="x", headers=TEXT)
    place = "/data/projects/P1/config/anon/projects/P1"
    assert ask("GET", place).status_code == 200
    assert ask("PUT", place, params={"status": "disabled"}).status_code == 200
    assert ask("DELETE", place).status_code == 500
    assert ask("GET", "/xapi/anonymize/projects/P1/enabled").text == "false"


def test_who_may_read_and_write(ask: Asker) -> None:
    stranger, owner = ask.make_user("stranger"), ask.make_user("owner")
    for level, status in (("private", 404), ("protected", 403), ("public", 200)):
        place = f"/data/projects/{level}/config/tool/path"
        ask("PUT", f"/data/projects/{level}", params={"accessibility": level})
        ask("PUT", f"/xapi/users/owner/groups/{level}_owner")
        assert ask("PUT", place, as_user=owner, data="x", headers=TEXT).status_code == 201
        assert ask("GET", place, as_user=stranger).status_code == status
        assert ask("PUT", place, as_user=stranger, data="x", headers=TEXT).status_code == 403
    assert ask("GET", "/data/config", as_user=stranger).status_code == 200
    assert ask("GET", "/data/projects/NO/config").status_code == 404
    assert ask("GET", "/data/projects/public/config/other").status_code == 404
    answer = ask("GET", "/data/projects/public/config/other/x", params={"accept-not-found": "true"})
    assert (answer.status_code, answer.text) == (204, "")


def test_versions_by_number(ask: Asker) -> None:
    for text in ("one", "two"):
        ask("PUT", PLACE, data=text, headers=TEXT)
    for asked, contents in (("1", "one"), ("x", "two")):
        rows = ask("GET", PLACE, params={"version": asked}).json()["ResultSet"]["Result"]
        assert [row["contents"] for row in rows] == [contents]
    assert ask("GET", PLACE, params={"version": "9"}).status_code == 404


def test_a_later_version_is_later_also_when_the_clock_stands_still(ask: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    site = ask.server.site
    assert site
    monkeypatch.setattr(site.clock, "now", lambda: 1000.0)
    for text in ("a", "b", "c"):
        configs.replace(site, "admin", "tool", "still", text)
    newest = configs.newest(site, "tool", "still")
    assert newest
    assert newest["contents"] == "c"
