"""`export` keeps what the site file says of its server, and shows no secret."""

from __future__ import annotations

from pathlib import Path

from bootstrap.kinds import KINDS
from bootstrap.kinds.server import server_of
from bootstrap.ops.export import _as_written, _chosen, _said
from bootstrap.ops.session import Asked, Tools, load
from bootstrap.values import Secret

SITE = """\
server:
  url: https://x.example.org
  password: !env XNAT_PASSWORD
  first_password: !env [FIRST, admin]
  owner: imaging
  version: ">=1.9"
"""


def test_what_the_file_says_of_its_server_is_kept(tmp_path: Path) -> None:
    (tmp_path / "site.yaml").write_text(SITE, encoding="utf-8")
    site = load(tmp_path, Asked(), Tools(environ={"XNAT_PASSWORD": "x", "FIRST": "y"}))
    said = _said(site)
    assert server_of(site).owner == said.pop("owner") == "imaging"
    assert (said["first_password"].tag, said["first_password"].text) == ("!env", "FIRST")
    assert {key: value for key, value in said.items() if key != "first_password"} == {"version": ">=1.9"}


def test_a_first_password_is_written_as_the_file_has_it() -> None:
    assert _as_written(Secret("admin")) == "admin"
    hidden = _as_written(Secret("canary", "!secret first.txt"))
    assert (hidden.tag, hidden.text) == ("!env", "FIRST_PASSWORD")


def test_only_some_kinds_and_what_they_need() -> None:
    names = {kind.name for kind in _chosen(("subscription",))}
    assert names >= {"subscription", "event_service", "project", "command", "project_enablement"}
    assert "notification" not in names
    assert _chosen(()) == list(KINDS)
