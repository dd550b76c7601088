"""A file from the web: goes on where an earlier try was cut, shows how far it is, takes no web page for a file."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import requests

from bootstrap.errors import DownloadFailed
from bootstrap.xnat.home import PART
from bootstrap.xnat.wire import USER_AGENT, as_it_is, is_loopback, trusted

LARGEST = 1_000_000_000
_CHUNK = 1 << 18
_STEP = 10  # per cent
_SECONDS = (10.0, 60.0)  # to connect, and of silence


def download(
    url: str,
    to: Path,
    *,
    ca_file: str | Path | None = None,
    tell: Callable[[str], None] = lambda _text: None,
    largest: int = LARGEST,
) -> None:
    """What came is put under the file's name once it is whole; until then it lies beside it, to be gone on with."""
    part = to.with_name(to.name + PART)
    doing = f"downloading {url}"
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        with _session(url) as session:
            _fetch(session, url, part, trusted(ca_file, url), doing, tell, largest)
        os.replace(part, to)
    except requests.RequestException as error:
        hint = "run it again: it goes on where it was cut" if part.exists() else "see that the address can be reached"
        raise DownloadFailed(f"{doing}: {error}", hint=hint) from error
    except OSError as error:
        raise DownloadFailed(f"{doing}: writing {part}: {error.strerror or error}") from error


def _session(url: str) -> requests.Session:
    session = requests.Session()
    session.auth = as_it_is
    session.trust_env = not is_loopback(urlsplit(url).hostname or "")
    session.headers.update({"User-Agent": USER_AGENT, "Accept-Encoding": "identity"})
    return session


def _fetch(
    session: requests.Session,
    url: str,
    part: Path,
    verify: str | bool,
    doing: str,
    tell: Callable[[str], None],
    largest: int,
) -> None:
    there = part.stat().st_size if part.exists() else 0
    headers = {"Range": f"bytes={there}-"} if there else {}
    with session.get(url, headers=headers, stream=True, timeout=_SECONDS, verify=verify) as answer:
        if there and answer.status_code == 416:  # what lies there is no beginning of it
            part.unlink()
            return _fetch(session, url, part, verify, doing, tell, largest)
        if answer.status_code not in (200, 206):
            hint = "see that the address is right; `server.plugin_mirror` names a place of your own"
            raise DownloadFailed(f"{doing}: {answer.status_code} {answer.reason}", hint=hint)
        if "html" in answer.headers.get("Content-Type", ""):
            hint = "it is the address of a page about the file; take the one behind its download button"
            raise DownloadFailed(f"{doing}: a web page came, and no file", hint=hint)
        begin = there if answer.status_code == 206 else 0
        return _write(answer, part, begin, doing, tell, largest)


def _write(
    answer: requests.Response, part: Path, begin: int, doing: str, tell: Callable[[str], None], largest: int
) -> None:
    length = answer.headers.get("Content-Length", "")
    total = begin + int(length) if length.isdecimal() else 0
    done, told = begin, -1
    with part.open("ab" if begin else "wb") as file:
        for chunk in answer.iter_content(_CHUNK):
            done += len(chunk)
            if max(done, total) > largest:
                part.unlink()
                raise DownloadFailed(f"{doing}: it is larger than {largest / 1e6:g} MB, which no plugin is")
            file.write(chunk)
            share = 100 * done // total // _STEP * _STEP if total else told
            if share != told:
                told = share
                tell(f"{doing}: {share} % of {total / 1e6:.1f} MB")
    if total and done != total:
        raise DownloadFailed(f"{doing}: cut after {done} of {total} bytes", hint="run it again: it goes on from there")
