from __future__ import annotations

from pathlib import Path

import pytest

from bootstrap.config import load_site, render
from bootstrap.values import masked
from tests.config.sites import SECTIONS, load, write

TEXT = """\
server:
  url: "yes"
  port: 81
  mail: ~
  hosts: []
  password: !env P
  extra: {"a b": [1.5, {x: y}, {}, "*"], n: "1"}
script: !file s.das
commands: {}
"""


def test_every_line_says_where_it_comes_from(tmp_path: Path) -> None:
    write(tmp_path, 'version "6.6"\n\n  - (0010,0010)\n', "s.das")
    site = load(tmp_path, TEXT, "server: {name: abc}", environ={"P": "canary"})
    assert (
        render(site).text.replace(f"{tmp_path}/", "")
        == """\
server:
  url: yes  # site.yaml:2
  port: 81  # site.yaml:3
  mail: null  # site.yaml:4
  hosts: []  # site.yaml:5
  password: "***"  # site.yaml:6
  extra:
    "a b":
      - 1.5  # site.yaml:7
      -
        x: y  # site.yaml:7
      - {}  # site.yaml:7
      - "*"  # site.yaml:7
    n: "1"  # site.yaml:7
  name: abc  # over1.yaml:1
script: |  # site.yaml:8
  version "6.6"

    - (0010,0010)
commands: {}  # site.yaml:9
"""
    )


def test_values_with_their_paths(tmp_path: Path) -> None:
    write(tmp_path, "text", "s.das")
    rendered = render(load(tmp_path, TEXT, environ={"P": "canary"}))
    found = {tuple(value["path"]): (value["value"], value["source"].rpartition("/")[2]) for value in rendered.as_json()}
    assert found["server", "password"] == ("***", "site.yaml:6")
    assert found["server", "extra", "a b", 1, "x"] == ("y", "site.yaml:7")
    assert found["server", "hosts"] == ([], "site.yaml:5")
    assert found["script",] == ("text", "site.yaml:8")
    assert ("server",) not in found


TEXTS = [
    "",
    "null",
    "012",
    "99999999999999999999",
    "a: b",
    "- x",
    "# x",
    " x",
    "x ",
    "***",
    "a\n",
    "a\nb",
    "a\n\n\n",
    "\na\n",
    "\n\n",
    "  a\n b\n",
    "a\n \nb\n",
    "a\tb\n\tc\n",
    "\ta\nb",
    "a\r\nb\r\n",
    "a\x07\nb\n",
    "a\x85b\n\u2028c\ufeff",
    "😀\né\n",
    "---\na",
    "'",
    '"\\',
]


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_rendered_reads_back_the_same(tmp_path: Path, text: str) -> None:
    write(tmp_path, text, "t.txt")
    site = load(tmp_path, "server: {extra: {t: !file t.txt, l: [!file t.txt, end]}}\ncommands: {<<: {a: {}}}\n")
    again = load_site(write(tmp_path, render(site).text, "again.yaml"), sections=SECTIONS, environ={})
    assert again.raw == masked(site.raw)
    assert again.raw["server"]["extra"]["t"] == text
