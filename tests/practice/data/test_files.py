"""Files of resources: ways to send them, to choose, list and pack them, and what is refused."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bootstrap.practice.data import unpacking
from bootstrap.practice.server import FAST, PracticeServer
from tests.practice.conftest import Asker

SESSION = "/data/projects/P/subjects/S/experiments/E"
R = f"{SESSION}/resources/R"
IN_BODY = {"inbody": "true"}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asker]:
    """A session with files everywhere; `reader` may only read."""
    with PracticeServer(tmp_path_factory.mktemp("shelf") / "state", clock=FAST) as running:
        ask = Asker(running)
        ask("PUT", "/data/projects/P", params={"accessibility": "private"})
        ask("PUT", SESSION, params={"xsiType": "xnat:mrSessionData", "ID": "X_E"})
        ask("PUT", f"{SESSION}/scans/1", params={"xsiType": "xnat:mrScanData", "type": "a b"})
        ask("PUT", f"{SESSION}/assessors/A", params={"xsiType": "xnat:qcAssessmentData", "ID": "X_A"})
        ask("PUT", f"{SESSION}/reconstructions/C")
        for path, name in (
            (f"{SESSION}/resources/R", "dir/a.txt"),
            (f"{SESSION}/scans/1/resources/R", "s.txt"),
            (f"{SESSION}/assessors/A/out/resources/R", "o.txt"),
            (f"{SESSION}/reconstructions/C/out/resources/R", "c.txt"),
            ("/data/projects/P/resources/R", "p.txt"),
            ("/data/projects/P/subjects/S/resources/R", "u.txt"),
        ):
            answer = ask("PUT", f"{path}/files/{name}", params=IN_BODY | {"format": "TXT"}, data="hello")
            assert answer.status_code == 200, answer.text
        ask.make_user("reader")
        ask.make_user("stranger")
        ask("PUT", "/data/projects/P/users/Collaborators/reader")
        yield ask


def names(shelf: Asker, path: str, **params: str) -> list[str]:
    answer = shelf("GET", path, params=params)
    assert answer.status_code == 200, answer.text
    return sorted(row["Name"] for row in answer.json()["ResultSet"]["Result"])


CHOSEN: list[tuple[str, dict[str, str], list[str]]] = [
    (f"{SESSION}/files", {}, ["a.txt"]),
    (f"{SESSION}/files", {"all": "true"}, ["a.txt", "c.txt", "o.txt", "s.txt"]),
    (f"{SESSION}/files", {"file_format": "TXT,X"}, ["a.txt"]),
    (f"{SESSION}/files", {"file_format": "NULL"}, []),
    (f"{SESSION}/files", {"file_content": "NULL"}, ["a.txt"]),
    (f"{R}/files/dir/", {}, ["a.txt"]),
    (f"{R}/files/di/", {}, []),
    (f"{R}/files/dir/*", {}, ["a.txt"]),
    ("/data/projects/P/files", {}, ["p.txt"]),
    ("/data/projects/P/subjects/S/files", {}, ["u.txt"]),
    ("/data/experiments/X_E/assessors/X_A/files", {}, ["o.txt"]),
    ("/data/experiments/X_E/assessors/X_A/in/files", {}, []),
    ("/data/experiments/X_E/reconstructions/C/files", {}, ["c.txt"]),
]


@pytest.mark.parametrize(("path", "params", "expected"), CHOSEN)
def test_which_files_are_meant(shelf: Asker, path: str, params: dict[str, str], expected: list[str]) -> None:
    assert names(shelf, path, **params) == expected


PACKED: list[tuple[str, dict[str, str], list[str]]] = [
    (f"{SESSION}/files", {"structure": "improved"}, ["R/dir/a.txt"]),
    (f"{SESSION}/files", {"structure": "legacy"}, ["E/RESOURCES/R/dir/a.txt"]),
    (f"{SESSION}/scans/1/files", {}, ["E/scans/1-a_b/resources/R/files/s.txt"]),
    (f"{SESSION}/assessors/A/files", {"structure": "legacy"}, ["E/ASSESSORS/A/R/o.txt"]),
    (f"{SESSION}/reconstructions/C/files", {}, ["E/reconstructions/C/resources/R/files/c.txt"]),
    ("/data/projects/P/files", {}, ["P/resources/R/files/p.txt"]),
    ("/data/projects/P/subjects/S/files", {"projectIncludedInPath": "true"}, ["P/S/resources/R/files/u.txt"]),
]


@pytest.mark.parametrize(("path", "params", "expected"), PACKED)
def test_how_they_are_packed(shelf: Asker, path: str, params: dict[str, str], expected: list[str]) -> None:
    packed = shelf("GET", path, params=params | {"format": "zip"}).content
    assert zipfile.ZipFile(io.BytesIO(packed)).namelist() == expected
    bundle = shelf("GET", path, params=params | {"format": "application/x-tar"}).content
    with tarfile.open(fileobj=io.BytesIO(bundle)) as opened:
        assert opened.getnames() == expected


REFUSED: list[tuple[str, str, dict[str, Any], int, str]] = [
    ("PUT", f"{R}/files/x", {}, 400, "Unable to identify any uploaded files"),
    ("PUT", f"{R}/files/x", {"data": "x", "headers": {"Content-Type": "application/json"}}, 400, ""),
    ("PUT", f"{R}/files/x", {"data": {"a": "b"}}, 500, ""),
    ("PUT", f"{R}/files/x", {"params": IN_BODY, "data": b""}, 500, ""),
    ("PUT", f"{R}/files/x", {"params": IN_BODY, "data": iter([b"x"])}, 500, ""),
    ("PUT", f"{R}/files/x", {"params": IN_BODY, "files": {"f": ("x", b"x")}}, 400, ""),
    ("PUT", f"{R}/files/{'x' * 300}", {"params": IN_BODY, "data": "x"}, 500, ""),
    ("PUT", f"{SESSION}/scans/ALL/resources/R/files/x", {"params": IN_BODY, "data": "x"}, 200, ""),
    ("PUT", f"{SESSION}/scans/9/resources/R/files/x", {"params": IN_BODY, "data": "x"}, 404, ""),
    ("PUT", f"{SESSION}/scans/9/resources/R", {}, 404, ""),
    ("PUT", "/data/projects/P/subjects/NONE/resources/R", {}, 404, "Unable to identify subject"),
    ("PUT", "/data/projects/NONE/resources/R", {}, 404, ""),
    ("PUT", f"{SESSION}/reconstructions/NONE/resources/R", {}, 404, "Unable to identify reconstruction"),
    ("PUT", f"{SESSION}/assessors/NONE/resources/R", {}, 404, "Unable to identify experiment"),
    ("PUT", f"{SESSION}/assessors/A/nonsense/resources/R", {}, 404, ""),
    ("GET", f"{R}/nonsense", {}, 400, "append '/files'"),
    ("GET", f"{R}/files/dir/a.txt", {"params": {"listContents": "true"}}, 500, ""),
    ("GET", f"{R}/files/dir/a.txt", {"headers": {"Range": "bytes=9-"}}, 416, ""),
    ("GET", f"{R}/files/dir/a.txt", {"headers": {"Range": "bytes=-3"}}, 206, "llo"),
    ("GET", f"{R}/files/dir/a.txt", {"params": {"locator": "absolutePath"}}, 200, "hello"),
    ("GET", f"{SESSION}/files", {"params": {"locator": "absolutePath"}}, 200, "/arc001/E/RESOURCES/R/dir/a.txt"),
]


@pytest.mark.parametrize(("method", "path", "more", "status", "said"), REFUSED)
def test_what_is_answered(shelf: Asker, method: str, path: str, more: dict[str, Any], status: int, said: str) -> None:
    answer = shelf(method, path, **more)
    assert (answer.status_code, said in answer.text) == (status, True), answer.text[:300]


def test_parts_of_a_form_go_by_their_own_names(shelf: Asker) -> None:
    path = "/data/projects/P/resources/FORM/files"
    several = [("a", ("one.txt", b"1")), ("b", ("dir/two.txt", b"2")), ("c", ("empty.txt", b""))]
    assert shelf("POST", path, files=several).status_code == 200
    assert shelf("PUT", f"{path}/named.txt", files={"f": ("else.txt", b"3")}).status_code == 200
    assert names(shelf, path) == ["empty.txt", "named.txt", "one.txt", "two.txt"]
    assert shelf("PUT", path, params=IN_BODY, data="x").status_code == 200
    assert "upload.unsupported" in names(shelf, path)


def test_who_may_only_read_is_not_told_that_nothing_was_stored(shelf: Asker) -> None:
    reader, stranger = ("reader", "pw-reader"), ("stranger", "pw-stranger")
    answer = shelf("PUT", f"{R}/files/r.txt", params=IN_BODY, data="x", as_user=reader)
    assert (answer.status_code, answer.text, "Content-Type" in answer.headers) == (200, "", False)
    assert "r.txt" not in names(shelf, f"{R}/files")
    for method, path, status in (("DELETE", f"{R}/files/dir", 403), ("DELETE", R, 403), ("PUT", f"{R}2", 403)):
        assert shelf(method, path, as_user=reader).status_code == status
    assert shelf("POST", f"{SESSION}/resources", as_user=reader).status_code == 403
    assert shelf("GET", f"{R}/files/dir/a.txt", as_user=stranger).status_code == 404
    for path in (f"/archive{SESSION.removeprefix('/data')}", "/archive/experiments/X_E/resources/R"):
        params = {"resource": path}
        assert shelf("POST", "/data/services/refresh/catalog", params=params, as_user=reader).status_code == 403
        assert shelf("PUT", "/xapi/archive/catalogs/refresh", json=[path], as_user=reader).status_code == 403
        assert shelf("PUT", "/xapi/archive/catalogs/refresh/All", json=[path], as_user=stranger).status_code == 404
        assert shelf("PUT", "/xapi/archive/catalogs/refresh", json=[path]).status_code == 200


def zipped(entries: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return stream.getvalue()


def extracted(shelf: Asker, name: str, body: bytes, label: str) -> tuple[int, list[str]]:
    path = f"/data/projects/P/resources/{label}/files"
    answer = shelf("PUT", f"{path}/{name}", params=IN_BODY | {"extract": "true"}, data=body)
    return answer.status_code, names(shelf, path)


def test_what_comes_out_of_archives_stays_inside(shelf: Asker) -> None:
    assert shelf.server.site
    root = shelf.server.site.folder.root
    before = {*root.rglob("*evil*"), *root.parent.iterdir()}
    body = zipped({"../evil": b"1", "/abs": b"2", "a/../../evil": b"3", "ok/b": b"4", "c\\d": b"5"})
    assert extracted(shelf, "x.zip", body, "Z") == (200, ["abs", "b", "d"])
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as bundle:
        link = tarfile.TarInfo("evil-link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        bundle.addfile(link)
        plain = tarfile.TarInfo("../evil")
        plain.size = 1
        bundle.addfile(plain, io.BytesIO(b"1"))
    assert extracted(shelf, "x.tgz", stream.getvalue(), "T") == (200, [])
    assert {*root.rglob("*evil*"), *root.parent.iterdir()} == before


def test_archives_that_are_none_give_nothing(shelf: Asker) -> None:
    assert extracted(shelf, "x.txt.gz", gzip.compress(b"text"), "G") == (200, ["x.txt"])
    assert extracted(shelf, "y.gz", gzip.compress(b"text")[:-9], "G2")[0] == 200
    assert extracted(shelf, "y.zip", zipped({"a": b"x" * 999})[:-30], "G3") == (200, [])
    secret = bytearray(zipped({"a": b"x"}))
    for at in (6, secret.index(b"PK\1\2") + 8):
        secret[at] |= 1  # says that it has a password
    assert extracted(shelf, "z.zip", bytes(secret), "G4") == (200, [])


def test_an_archive_of_too_much_is_refused_whole(shelf: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "_ALWAYS_ALLOWED", 1000)
    body = zipped({"small": b"1", "large": b"\0" * 1_000_000})
    assert extracted(shelf, "x.zip", body, "BOMB") == (400, [])


def test_files_that_are_gone_are_not_listed_after_a_refresh(shelf: Asker) -> None:
    path = "/data/projects/P/resources/GONE"
    assert shelf("PUT", f"{path}/files/g.txt", params=IN_BODY, data="x").status_code == 200
    assert shelf.server.site
    (place,) = Path(shelf.server.site.folder.data).rglob("g.txt")
    place.unlink()
    assert shelf("GET", f"{path}/files/g.txt").status_code == 404
    assert shelf("GET", f"{path}/files", params={"format": "zip"}).status_code == 200
    params = {"resource": "/archive/projects/P/resources/GONE", "options": "nonsense"}
    assert shelf("POST", "/data/services/refresh/catalog", params=params).status_code == 200
    assert names(shelf, f"{path}/files") == []
    params = {"resource": "/archive/projects/P"}
    assert shelf("POST", "/data/services/refresh/catalog", params=params).status_code == 200
