"""What decides an image, and what does not."""

from __future__ import annotations

import os
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bootstrap.errors import LocalFileError
from bootstrap.kinds.build_context import BadContext, BuildContext, read_context


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "context"
    (made / "src").mkdir(parents=True)
    (made / "Dockerfile").write_text("FROM a\nCOPY . /app\n")
    (made / "src" / "run.sh").write_text("#!/bin/sh\n")
    (made / "notes.md").write_text("nothing\n")
    (made / "link").symlink_to("src/run.sh")
    for place in (made / "Dockerfile", made / "src" / "run.sh", made / "notes.md"):
        place.chmod(0o644)
    return made


def digest(folder: Path) -> str:
    return read_context(folder, {}).digest


def relink(folder: Path) -> None:
    (folder / "link").unlink()
    (folder / "link").symlink_to("notes.md")


CHANGES: dict[str, Callable[[Path], object]] = {
    "bytes": lambda folder: (folder / "src" / "run.sh").write_text("#!/bin/bash\n"),
    "a mode": lambda folder: (folder / "src" / "run.sh").chmod(0o755),
    "the Dockerfile": lambda folder: (folder / "Dockerfile").write_text("FROM b\n"),
    "a new file": lambda folder: (folder / "new").write_text(""),
    "a new folder": lambda folder: (folder / "empty").mkdir(),
    "a name": lambda folder: (folder / "notes.md").rename(folder / "other.md"),
    "a file less": lambda folder: (folder / "notes.md").unlink(),
    "where a link points": relink,
    ".dockerignore": lambda folder: (folder / ".dockerignore").write_text("notes.md\n"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_changes_the_image(folder: Path, change: Callable[[Path], object]) -> None:
    before = digest(folder)
    change(folder)
    assert digest(folder) != before


def test_times_owners_and_the_write_bits_of_a_umask_do_not(folder: Path) -> None:
    before = digest(folder)
    os.utime(folder / "notes.md", (1, 1))
    (folder / "notes.md").chmod(0o664)
    (folder / "src").chmod(0o775)
    assert digest(folder) == before


def test_arguments_and_platform_do(folder: Path) -> None:
    contexts = [
        read_context(folder, {}),
        read_context(folder, {"A": "1"}),
        read_context(folder, {"A": "2"}),
        read_context(folder, {}, "linux/amd64"),
        read_context(folder, {}, "linux/arm64"),
        read_context(folder, {}, None, "FROM b\n"),
    ]
    assert len({context.digest for context in contexts}) == len(contexts)
    assert read_context(folder, {"A": "1", "B": "2"}).digest == read_context(folder, {"B": "2", "A": "1"}).digest


def test_the_place_of_the_folder_does_not(folder: Path) -> None:
    before = digest(folder)
    assert digest(folder.rename(folder.parent / "elsewhere")) == before


def names(context: BuildContext) -> list[str]:
    with context.packed() as packed, tarfile.open(fileobj=packed) as tar:
        return tar.getnames()


def test_dockerignore_is_honoured(folder: Path) -> None:
    (folder / ".dockerignore").write_text("# what stays here\n\n*\n!src/run.sh\nDockerfile\n")
    assert names(read_context(folder, {})) == [".dockerignore", "Dockerfile", "src/run.sh"]
    before = digest(folder)
    (folder / "notes.md").write_text("something\n")
    assert digest(folder) == before


def test_what_is_sent_is_what_was_hashed(folder: Path) -> None:
    (folder / "src" / "run.sh").chmod(0o775)
    with read_context(folder, {}).packed() as packed, tarfile.open(fileobj=packed) as tar:
        found = {member.name: (member.mode, member.mtime, member.uid, member.linkname) for member in tar}
        inner = tar.extractfile("src/run.sh")
        assert inner
        assert inner.read() == b"#!/bin/sh\n"
    assert found["src/run.sh"] == (0o755, 0, 0, "")
    assert found["link"][3] == "src/run.sh"
    assert found["src"][0] == 0o755


def test_two_packings_are_the_same_bytes(folder: Path) -> None:
    context = read_context(folder, {})
    with context.packed() as one, context.packed() as other:
        assert one.read() == other.read()


def test_a_template_is_replaced_by_what_it_made(folder: Path) -> None:
    (folder / "Dockerfile").rename(folder / "Dockerfile.j2")
    context = read_context(folder, {}, dockerfile="FROM made\n")
    with context.packed() as packed, tarfile.open(fileobj=packed) as tar:
        assert "Dockerfile.j2" not in tar.getnames()
        made = tar.extractfile("Dockerfile")
        assert made
        assert made.read() == b"FROM made\n"


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "notes.md").write_text("later"),
        lambda folder: (folder / "notes.md").unlink(),
    ],
    ids=["changed", "gone"],
)
def test_a_file_that_changes_between_hash_and_build_is_an_error(folder: Path, change: Callable[[Path], object]) -> None:
    context = read_context(folder, {})
    change(folder)
    with pytest.raises(LocalFileError, match=r"notes\.md for a build"):
        context.packed()


def test_what_is_no_context(folder: Path) -> None:
    with pytest.raises(BadContext, match="does not exist"):
        read_context(folder / "nowhere", {})
    with pytest.raises(BadContext, match="is no folder"):
        read_context(folder / "notes.md", {})
    os.mkfifo(folder / "pipe")
    with pytest.raises(BadContext, match="`pipe` in it, which is no regular file"):
        read_context(folder, {})
    (folder / "pipe").unlink()
    (folder / ".dockerignore").write_bytes(b"\xff")
    with pytest.raises(BadContext, match="not UTF-8"):
        read_context(folder, {})
