from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bootstrap.errors import DownloadFailed
from bootstrap.xnat.download import download

CONTENT = bytes(range(256)) * 4000


@dataclass
class Web:
    """Serves one file at /a.jar as it is told to; remembers from where it was asked for it."""

    url: str = ""
    kind: str = "application/java-archive"
    status: int = 200
    ranges: bool = True
    cut_after: int | None = None
    content: bytes = CONTENT
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def web() -> Iterator[Web]:
    told = Web()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers.get("Range", "")
            told.asked.append(f"{self.path} {wanted}".strip())
            if self.path == "/moved.jar":
                self.send_response(302)
                self.send_header("Location", "/a.jar")
                self.end_headers()
                return
            begin = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted and told.ranges else 0
            if begin >= len(told.content):
                self.send_error(416)
                return
            self.send_response(206 if begin else told.status)
            self.send_header("Content-Type", told.kind)
            self.send_header("Content-Length", str(len(told.content) - begin))
            self.end_headers()
            self.wfile.write(told.content[begin:][: told.cut_after])

        def log_message(self, *_words: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    serving = threading.Thread(target=server.serve_forever, daemon=True, kwargs={"poll_interval": 0.01})
    serving.start()
    told.url = f"http://127.0.0.1:{server.server_port}"
    yield told
    server.shutdown()
    server.server_close()
    serving.join()


def test_a_file_comes_whole_and_says_how_far_it_is(web: Web, tmp_path: Path) -> None:
    said: list[str] = []
    download(f"{web.url}/moved.jar", tmp_path / "new" / "a.jar", tell=said.append)
    assert (tmp_path / "new" / "a.jar").read_bytes() == CONTENT
    assert said[-1].endswith("100 % of 1.0 MB")
    assert [entry.name for entry in (tmp_path / "new").iterdir()] == ["a.jar"]


def test_what_was_cut_is_gone_on_with(web: Web, tmp_path: Path) -> None:
    web.cut_after = 600_000
    with pytest.raises(DownloadFailed, match="downloading") as caught:
        download(f"{web.url}/a.jar", tmp_path / "a.jar")
    assert "goes on" in caught.value.hint
    assert not (tmp_path / "a.jar").exists()
    web.cut_after = None
    download(f"{web.url}/a.jar", tmp_path / "a.jar")
    assert (tmp_path / "a.jar").read_bytes() == CONTENT
    assert web.asked == ["/a.jar", "/a.jar bytes=524288-"]


@pytest.mark.parametrize(("there", "ranges"), [(1000, False), (len(CONTENT) + 5, True)])
def test_where_it_cannot_be_gone_on_with_it_begins_anew(web: Web, tmp_path: Path, there: int, ranges: bool) -> None:
    web.ranges = ranges
    (tmp_path / "a.jar.part").write_bytes(b"x" * there)
    download(f"{web.url}/a.jar", tmp_path / "a.jar")
    assert (tmp_path / "a.jar").read_bytes() == CONTENT


def test_a_web_page_is_no_file(web: Web, tmp_path: Path) -> None:
    web.kind = "text/html; charset=utf-8"
    with pytest.raises(DownloadFailed, match="a web page came"):
        download(f"{web.url}/a.jar", tmp_path / "a.jar")
    assert list(tmp_path.iterdir()) == []


def test_an_answer_that_is_none_is_told(web: Web, tmp_path: Path) -> None:
    web.status = 404
    with pytest.raises(DownloadFailed, match="404"):
        download(f"{web.url}/a.jar", tmp_path / "a.jar")


def test_what_is_too_large_is_not_taken(web: Web, tmp_path: Path) -> None:
    with pytest.raises(DownloadFailed, match=r"larger than 0\.001 MB"):
        download(f"{web.url}/a.jar", tmp_path / "a.jar", largest=1000)
    assert list(tmp_path.iterdir()) == []


def test_nobody_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(DownloadFailed, match="downloading http") as caught:
        download("http://127.0.0.1:1/a.jar", tmp_path / "a.jar")
    assert "can be reached" in caught.value.hint


def test_a_folder_that_cannot_be_written_is_told(web: Web, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(DownloadFailed, match="writing"):
        download(f"{web.url}/a.jar", tmp_path / "file" / "a.jar")
