from __future__ import annotations

import gc
from pathlib import Path

import pytest

from bootstrap.config import Site, load_site
from bootstrap.errors import SiteFileError
from bootstrap.values import MASK, Secret, Source
from tests.config.sites import SECTIONS, load, told, write

TEXT = """\
server:
  url: practice
  mail:
  hosts: []
  extra:
    deep: {list: [a, b]}
images:
  - name: fsl
    tags: [x]
"""


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return load(tmp_path, TEXT)


def test_absent_empty_and_null_are_three_things(site: Site) -> None:
    server = site.section("server")
    assert server.model_fields_set == {"url", "mail", "hosts", "extra"}
    assert (server.mail, server.hosts) == (None, [])
    said = [site.said("server", key) for key in ("mail", "hosts", "port")]
    assert said == [True, True, False]
    assert site.raw["server"]["mail"] is None


def test_a_section_that_is_not_there_is_none(site: Site) -> None:
    assert site.section("commands") is None
    assert not site.said("commands")
    assert not site.said("commands", "a", "enabled")
    assert site.said()


SOURCES: list[tuple[tuple[str | int, ...], tuple[int, int]]] = [
    ((), (1, 1)),
    (("server",), (2, 3)),
    (("server", "url"), (2, 8)),
    (("server", "mail"), (3, 8)),
    (("server", "extra", "deep", "list", 1), (6, 22)),
    (("images", 0), (8, 5)),
    (("images", 0, "tags", 0), (9, 12)),
    (("images", 0, "origin"), (8, 5)),
    (("images", 7, "name"), (8, 3)),
    (("server", "port", "x"), (2, 3)),
    (("nothing",), (1, 1)),
]


@pytest.mark.parametrize(("path", "place"), SOURCES)
def test_every_value_knows_its_place(site: Site, path: tuple[str | int, ...], place: tuple[int, int]) -> None:
    assert site.source(*path) == Source(str(site.folder / "site.yaml"), *place)


def test_paths_start_at_the_file_that_holds_them(tmp_path: Path) -> None:
    write(tmp_path, "{template: ../c.j2}", "parts/c.yaml")
    site = load(tmp_path, "server: {}\ncommands: {a: !include parts/c.yaml, b: {template: c.j2}}\n")
    assert site.path_of("../c.j2", "commands", "a", "template") == tmp_path / "parts" / "../c.j2"
    assert site.path_of("c.j2", "commands", "b", "template") == tmp_path / "c.j2"
    assert site.path_of("/etc/x", "commands", "b") == Path("/etc/x")


def test_paths_after_a_link_start_where_the_link_leads(tmp_path: Path) -> None:
    write(tmp_path, "right", "real/text")
    write(tmp_path, "wrong", "text")
    (tmp_path / "real" / "inner").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real" / "inner")
    write(tmp_path, "server: {}\nscript: !file ../text\n", "real/inner/site.yaml")
    site = load_site(tmp_path / "link", sections=SECTIONS, environ={})
    assert site.section("script") == "right"
    assert site.path_of("../text", "script").read_text() == "right"


def test_a_file_can_be_read_for_a_key(tmp_path: Path) -> None:
    write(tmp_path, "text", "x.txt")
    site = load(tmp_path, TEXT)
    assert site.text("x.txt", "server", "url") == "text"
    assert site.files == (tmp_path / "site.yaml", tmp_path / "x.txt")
    with pytest.raises(SiteFileError, match=r"site\.yaml:2:8: error: the file \S+ does not exist"):
        site.text("none", "server", "url")


def test_a_file_in_place_of_a_folder_is_the_site(tmp_path: Path) -> None:
    path = write(tmp_path, TEXT, "prod.yml")
    site = load_site(path, sections=SECTIONS, environ={})
    assert site.folder == tmp_path
    assert site.source("server").file == str(path)


def test_the_environment_is_the_process_own_if_none_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_URL", "from outside")
    write(tmp_path, "server: {name: abc, extra: {x: !env SITE_URL}}")
    extra = load_site(tmp_path, sections=SECTIONS).section("server").extra
    assert extra["x"] == Secret("from outside")


def test_the_digest_is_of_bytes_and_places_not_of_the_machine(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "elsewhere" / "two"
    for folder in (one, two):
        write(folder, "text", "parts/x.txt")
    text = "server: {}\nscript: !file parts/x.txt\n"
    digest = load(one, text).digest
    assert load(two, text).digest == digest
    write(two, "text ", "parts/x.txt")
    assert load(two, text).digest != digest
    assert load(one, text + "# a comment\n").digest != digest


def test_the_digest_says_nothing_of_secrets(tmp_path: Path) -> None:
    write(tmp_path, "one", "s.txt")
    text = "server: {{password: {}, first_password: !secret s.txt, mail: {{password: é{}}}}}\n"
    digests = set()
    for password in ("canary", "'another, longer'", '"\\x41"'):
        write(tmp_path, password, "s.txt")
        digests.add(load(tmp_path, text.format(password, "x")).digest)
    assert len(digests) == 1
    assert load(tmp_path, text.format("canary", "x") + "# more").digest not in digests


def test_a_secret_in_the_file_is_a_warning_and_masked(tmp_path: Path) -> None:
    text = "server:\n  password: canary\n  first_password: admin\n  url: admin\n"
    assert told(tmp_path, text) == [
        "site.yaml:2:13: warning: a secret stands in the file for everybody to read "
        "(use `!env NAME`, `!secret FILE` or `!secret [COMMAND, ...]`) [plain-secret]"
    ]
    site = load(tmp_path, text)
    assert site.section("server").password.reveal() == "canary"
    assert repr(site.raw) == repr({"server": {"password": "?", "first_password": "?", "url": "admin"}}).replace(
        "'?'", MASK
    )


def test_loading_leaves_the_garbage_collector_as_it_was(tmp_path: Path) -> None:
    load(tmp_path, TEXT)
    assert gc.isenabled()
    gc.disable()
    try:
        load(tmp_path, TEXT)
        assert not gc.isenabled()
    finally:
        gc.enable()
