from __future__ import annotations

from pathlib import Path

import pytest

from bootstrap.config import load_site
from bootstrap.errors import SiteFileError
from bootstrap.kinds.server import SERVER


def _load(folder: Path, url: str) -> str | None:
    (folder / "site.yaml").write_text(f"server: {{url: '{url}'}}", encoding="utf-8")
    found: str | None = load_site(folder, sections=[SERVER]).section("server").url
    return found


@pytest.mark.parametrize("url", ["practice", "https://xnat.example.org", "http://localhost:8080/xnat/"])
def test_an_address_stays_as_it_is_written(tmp_path: Path, url: str) -> None:
    assert _load(tmp_path, url) == url


@pytest.mark.parametrize("url", ["htp://x", "xnat.example.org", "http://", "http://a b", "http://x:port", ""])
def test_a_bad_address_is_told_at_its_place(tmp_path: Path, url: str) -> None:
    with pytest.raises(SiteFileError) as raised:
        _load(tmp_path, url)
    (problem,) = raised.value.problems
    assert (problem.rule, str(problem.source)) == ("bad-url", f"{tmp_path}/site.yaml:1:15")
    assert "https://xnat.example.org" in problem.hint


def test_a_password_in_an_address_is_refused_and_not_shown(tmp_path: Path) -> None:
    with pytest.raises(SiteFileError) as raised:
        _load(tmp_path, "https://admin:canary@xnat.example.org")
    assert "user name or password" in str(raised.value)
    assert "canary" not in str(raised.value)
