"""Files that cannot be used: one clear message each."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bootstrap.config import files as files_module
from bootstrap.config import load_site
from bootstrap.errors import SiteFileError
from tests.config.sites import SECTIONS, load, told, write

BAD: list[tuple[str | bytes, str]] = [
    ("", "site.yaml:1:1: error: the site file says nothing (write at least one key) [empty-file]"),
    ("# only this\n", "site.yaml:1:1: error: the site file says nothing (write at least one key) [empty-file]"),
    ("- a\n", "site.yaml:1:1: error: the site file is a list, and a map (`key: value`) is due [not-a-map]"),
    ("\nhello\n", "site.yaml:2:1: error: the site file is a single value, and a map (`key: value`) is due [not-a-map]"),
    (
        b"server: {}\nscript: caf\xe9\n",
        "site.yaml:2:1: error: the site file site.yaml is not UTF-8: byte 0xe9 in line 2 (save it as UTF-8) [not-utf8]",
    ),
    (
        "server: {}\n".encode("utf-16"),
        "site.yaml:1:1: error: the site file site.yaml is not UTF-8: byte 0xff in line 1 (save it as UTF-8) [not-utf8]",
    ),
]


@pytest.mark.parametrize(("text", "message"), BAD)
def test_a_file_that_is_no_site(tmp_path: Path, text: str | bytes, message: str) -> None:
    assert told(tmp_path, text) == [message]


def of(place: Path, folder: Path, *overlays: Path) -> list[str]:
    with pytest.raises(SiteFileError) as caught:
        load_site(place, overlays, sections=SECTIONS, environ={})
    assert caught.value.exit_code == 1
    return [str(problem).replace(f"{folder}/", "") for problem in caught.value.problems]


def test_a_folder_without_a_site_file(tmp_path: Path) -> None:
    message = (
        "site.yaml:1:1: error: the site file site.yaml does not exist (`xnat-bootstrap init` makes one) [no-site-file]"
    )
    assert of(tmp_path, tmp_path) == [message]


def test_a_site_file_that_does_not_exist(tmp_path: Path) -> None:
    assert "the site file prod.yaml does not exist" in of(tmp_path / "prod.yaml", tmp_path)[0]


def test_a_folder_where_a_file_is_due(tmp_path: Path) -> None:
    (tmp_path / "site.yaml").mkdir()
    (found,) = of(tmp_path, tmp_path)
    assert "the site file site.yaml is a folder, and a file is due here" in found


def test_a_folder_as_an_overlay(tmp_path: Path) -> None:
    write(tmp_path, "server: {}")
    (tmp_path / "over").mkdir()
    (found,) = of(tmp_path, tmp_path, tmp_path / "over")
    assert found == "over:1:1: error: the overlay over is a folder, and a file is due here [is-a-folder]"


def test_something_that_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "site.yaml")
    assert "is not a regular file" in of(tmp_path, tmp_path)[0]


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "server: {}")

    def refuse(_path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert "the site file site.yaml cannot be read: Permission denied" in of(tmp_path, tmp_path)[0]


def test_a_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files_module, "MAX_BYTES", 1024 * 1024)
    write(tmp_path, "#" * (1024 * 1024 + 1))
    assert "is larger than 1 MiB" in of(tmp_path, tmp_path)[0]


def test_a_byte_order_mark_is_no_harm(tmp_path: Path) -> None:
    site = load(tmp_path, "\ufeffserver: {port: 81}")
    assert site.section("server").port == 81
    assert site.source("server", "port").column == 16


def test_one_broken_file_does_not_silence_the_others(tmp_path: Path) -> None:
    found = told(tmp_path, "server: {", "server: {prot: 1}")
    assert [line.rpartition("[")[2] for line in found] == ["yaml-syntax]", "unknown-key]"]


def test_what_a_broken_file_may_have_said_is_not_missing(tmp_path: Path) -> None:
    found = told(tmp_path, "script: x\n", "server: {")
    assert [line.rpartition("[")[2] for line in found] == ["yaml-syntax]"]


def test_includes_are_read_where_they_stand(tmp_path: Path) -> None:
    write(tmp_path, "{name: fsl, tags: !include tags.yaml}", "parts/fsl.yaml")
    write(tmp_path, "[a, !env B]", "parts/tags.yaml")
    site = load(tmp_path, "server: {}\nimages:\n  - !include parts/fsl.yaml\n", environ={"B": "b"})
    (image,) = site.section("images")
    assert (image.name, image.tags) == ("fsl", ["a", "b"])
    assert str(site.source("images", 0, "tags", 1)) == f"{tmp_path}/parts/tags.yaml:1:5"
    assert [path.name for path in site.files] == ["site.yaml", "fsl.yaml", "tags.yaml"]


def test_one_file_may_be_included_twice(tmp_path: Path) -> None:
    write(tmp_path, "{enabled: true}", "on.yaml")
    site = load(tmp_path, "server: {}\ncommands: {a: !include on.yaml, b: !include on.yaml}")
    assert [command.enabled for command in site.section("commands").values()] == [True, True]
    assert len(site.files) == 2


def test_includes_that_go_in_a_circle_are_named(tmp_path: Path) -> None:
    write(tmp_path, "b: {children: !include two.yaml}", "one.yaml")
    write(tmp_path, "c: {children: !include one.yaml}", "two.yaml")
    (found,) = told(tmp_path, "server: {}\ncommands: !include one.yaml\n")
    assert found == (
        "two.yaml:1:15: error: the includes go round in a circle: one.yaml -> two.yaml -> one.yaml [include-cycle]"
    )


def test_includes_end_somewhere(tmp_path: Path) -> None:
    for number in range(30):
        write(tmp_path, f"children: {{x: !include {number + 1}.yaml}}", f"{number}.yaml")
    (found,) = told(tmp_path, "server: {}\ncommands: {x: !include 0.yaml}\n")
    assert "more than 20 includes, one inside the other [include-depth]" in found


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("none.yaml", None, "site.yaml:2:11: error: the included file none.yaml does not exist"),
        ("x.yaml", "", "x.yaml:1:1: error: the included file says nothing"),
        ("x.yaml", "a: {", "x.yaml:"),
    ],
)
def test_an_include_that_is_no_good(tmp_path: Path, name: str, text: str | None, message: str) -> None:
    if text is not None:
        write(tmp_path, text, name)
    (found,) = told(tmp_path, f"server: {{}}\ncommands: !include {name}\n")
    assert found.startswith(message)
