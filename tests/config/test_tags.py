from __future__ import annotations

from pathlib import Path

import pytest

from bootstrap.config import EnvText, FileText
from bootstrap.values import Secret
from tests.config.sites import Mode, load, told, write

BAD = [
    (
        "url: !evn X",
        "7: error: an unknown tag stands here (did you mean `!env`? the tags are !env, !file, !secret, !include",
    ),
    ("url: !!str x", "7: error: an unknown tag stands here"),
    ("hosts: !list [x]", "9: error: an unknown tag stands here"),
    ("url: !env", "7: error: `!env` is written otherwise (write `!env NAME` or `!env [NAME, default]`) [bad-tag]"),
    ("url: !env my-name", "7: error: `!env` is written otherwise"),
    ("url: !env [A, b, c]", "7: error: `!env` is written otherwise"),
    ("url: !env {A: b}", "7: error: `!env` is written otherwise"),
    ("url: !env [A, !env B]", "7: error: `!env` is written otherwise"),
    ("url: !env A", "7: error: the environment variable `A` is not set (set it, or give a default: `!env [A, ...]`)"),
    ("url: !file", "7: error: `!file` is written otherwise (write `!file PATH`)"),
    ("url: !file [a]", "7: error: `!file` is written otherwise"),
    ("url: !file a.txt", "7: error: the file a.txt does not exist (relative paths start at the file that names them)"),
    ("url: !file folder", "7: error: the file folder is a folder, and a file is due here [is-a-folder]"),
    ("url: !file latin.txt", "7: error: the file latin.txt is not UTF-8: byte 0xe9 in line 1"),
    ('url: !file "a\\0b"', "7: error: the file a\\x00b is no name that a file can have"),
    ("url: !include", "7: error: `!include` is written otherwise (write `!include PATH`)"),
    ("url: !include [a]", "7: error: `!include` is written otherwise"),
    ("password: !secret", "12: error: `!secret` is written otherwise (write `!secret PATH` or"),
    ("password: !secret []", "12: error: `!secret` is written otherwise"),
    ("password: !secret [[a]]", "12: error: `!secret` is written otherwise"),
    ("password: !secret none.txt", "12: error: the secret's file none.txt does not exist"),
    ("password: !secret folder", "12: error: the secret's file folder is a folder, and a file is due here"),
    ("password: !secret latin.txt", "12: error: the secret's file latin.txt is not UTF-8 (save"),
    ("password: !secret empty.txt", "12: error: the secret's file empty.txt is empty (a secret has at least one"),
]


@pytest.mark.parametrize(("line", "message"), BAD)
def test_a_tag_that_is_no_good_is_told_once(tmp_path: Path, line: str, message: str) -> None:
    (tmp_path / "folder").mkdir()
    write(tmp_path, b"caf\xe9", "latin.txt")
    write(tmp_path, "\n", "empty.txt")
    (found,) = told(tmp_path, f"server:\n  {line}\n")
    assert found.startswith(f"site.yaml:2:{int(message.partition(':')[0]) + 1}:{message.partition(':')[2]}")


GOOD: list[tuple[str, str, object]] = [
    ("url: !env A", "url", "a"),
    ("url: !env [A, other]", "url", "a"),
    ("url: !env [B, other]", "url", "other"),
    ("url: !env [B, 25]", "url", "25"),
    ("url: !env [B, ~]", "url", None),
    ("url: !env EMPTY", "url", ""),
    ("port: !env PORT", "port", 8080),
    ("port: !env [B, 81]", "port", 81),
    ("ratio: !env [B, 0.25]", "ratio", 0.25),
    ("secure: !env [B, true]\n  port: 443", "secure", True),
    ("mode: !env [B, slow]", "mode", Mode.SLOW),
    ("access: !env [B, public]", "access", "public"),
    ("hosts: [!env A, b]", "hosts", ["a", "b"]),
    ("url: !file url.txt", "url", "line-one\r\nline-two\n"),
    ("url: !override x", "url", "x"),
    ("port: !override 81", "port", 81),
    ("url: !override '81'", "url", "81"),
    ("port: !override:env PORT", "port", 8080),
    ("hosts: !override [a]", "hosts", ["a"]),
    ("hosts: !override:include hosts.yaml", "hosts", ["h"]),
]


@pytest.mark.parametrize(("lines", "key", "value"), GOOD)
def test_a_tag_gives_its_value(tmp_path: Path, lines: str, key: str, value: object) -> None:
    write(tmp_path, "line-one\r\nline-two\n", "url.txt")
    write(tmp_path, "[h]", "hosts.yaml")
    site = load(tmp_path, f"server:\n  {lines}\n", environ={"A": "a", "PORT": "8080", "EMPTY": ""})
    assert getattr(site.section("server"), key) == value


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("port: !env A", "`server.port`: a whole number is due here, and this is the value of `!env A` [wrong-type]"),
        ("secure: !env A", "`server.secure`: `true` or `false` is due here, and this is the value of `!env A`"),
        ("mode: !env A", "`server.mode`: the value of `!env A` is not allowed here (allowed: `fast`, `slow`)"),
        ("port: !env [B, 0]", "`server.port`: the value of `!env B` has to be 1 or more [out-of-range]"),
        ("url: !env BLANK", "`server.url`: `!env BLANK` has a blank in it"),
        ("url: !secret url.txt", "`server.url`: a text is due here that everybody may see, and this is a secret"),
        ("port: !secret url.txt", "a whole number is due here that everybody may see, and this is a secret (use"),
    ],
)
def test_what_a_tag_gave_may_be_wrong(tmp_path: Path, line: str, message: str) -> None:
    write(tmp_path, "canary", "url.txt")
    (found,) = told(tmp_path, f"server:\n  {line}\n", environ={"A": "canary", "BLANK": "can ary"})
    assert message in found
    assert "canary" not in found.replace(str(tmp_path), "")


def test_a_secret_field_takes_what_it_is_given(tmp_path: Path) -> None:
    write(tmp_path, "from a file\n\n", "s.txt")
    site = load(tmp_path, "server: {password: !env P, mail: {password: !secret s.txt}}", environ={"P": "canary"})
    password, mail = site.section("server").password, site.section("server").mail.password
    assert (password.reveal(), password.origin) == ("canary", "!env P")
    assert (mail.reveal(), mail.origin) == ("from a file\n", "!secret s.txt")
    assert site.warnings == []


def test_secret_files_are_not_among_the_files(tmp_path: Path) -> None:
    write(tmp_path, "x", "s.txt")
    write(tmp_path, "y", "script.das")
    site = load(tmp_path, "server: {password: !secret s.txt}\nscript: !file script.das\n")
    assert [path.name for path in site.files] == ["site.yaml", "script.das"]


def test_the_environment_in_a_free_map_is_a_secret(tmp_path: Path) -> None:
    text = "server: {extra: {a: !env A, b: [!env A], c: plain}, hosts: [!env A]}"
    site = load(tmp_path, text, environ={"A": "canary"})
    server = site.section("server")
    assert server.extra == {"a": Secret("canary"), "b": [Secret("canary")], "c": "plain"}
    assert server.extra["a"].origin == "!env A"
    assert server.hosts == ["canary"]
    assert site.raw["server"]["extra"]["a"] == Secret("canary")
    assert "canary" not in repr(server.extra)


def test_a_file_in_a_free_map_keeps_its_path(tmp_path: Path) -> None:
    write(tmp_path, "text", "x.txt")
    extra = load(tmp_path, "server: {extra: {a: !file x.txt}}").section("server").extra
    assert isinstance(extra["a"], FileText)
    assert extra["a"].path == tmp_path / "x.txt"


def test_a_file_text_field_keeps_its_path(tmp_path: Path) -> None:
    write(tmp_path, "text", "x.txt")
    script = load(tmp_path, "server: {}\nscript: !file x.txt").section("script")
    assert isinstance(script, FileText)
    assert (script, script.path) == ("text", tmp_path / "x.txt")


def test_a_written_text_in_a_file_text_field_has_no_path(tmp_path: Path) -> None:
    script = load(tmp_path, "server: {}\nscript: written here").section("script")
    assert isinstance(script, FileText)
    assert (script, script.path) == ("written here", None)
    assert told(tmp_path, "server: {}\nscript: 5") == [
        "site.yaml:2:9: error: `script`: a text is due here, and this is the value `5` "
        '(write it in quotes: "5") [wrong-type]'
    ]


def test_an_environment_text_does_not_show_itself() -> None:
    text = EnvText("canary", "NAME")
    assert repr(text) == "<!env NAME>"
    assert text == "canary"


def test_what_an_overlay_overrides_is_neither_looked_up_nor_run(tmp_path: Path) -> None:
    base = "server: {url: !env NOT_SET, password: !secret [/bin/false], name: !file none}"
    over = "server: {url: !override u, password: !override:env P, name: !override n}"
    site = load(tmp_path, base, over, environ={"P": "p"})
    assert site.section("server").url == "u"
    assert site.section("server").password == Secret("p")


def test_an_anchored_tag_is_fetched_once(tmp_path: Path) -> None:
    command = ["/bin/sh", "-c", "echo x >> log; echo word"]
    text = f"server: {{password: &p !secret {command}, first_password: *p}}".replace("'", '"')
    server = load(tmp_path, text).section("server")
    assert server.password == server.first_password == Secret("word")
    assert (tmp_path / "log").read_text() == "x\n"
