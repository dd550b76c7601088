"""Names of images."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootstrap.kinds.image_reference import DOCKER_HUB, Reference, host_of_url, read_reference

DIGEST = "sha256:" + "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("text", "full", "host"),
    [
        ("tool", "tool:latest", DOCKER_HUB),
        ("tool:1.2", "tool:1.2", DOCKER_HUB),
        ("docker.io/library/tool:1", "tool:1", DOCKER_HUB),
        ("library/tool:1", "tool:1", DOCKER_HUB),
        ("index.docker.io/org/tool:1", "org/tool:1", DOCKER_HUB),
        ("org/tool:1_a-B.c", "org/tool:1_a-B.c", DOCKER_HUB),
        ("library/org/tool:1", "library/org/tool:1", DOCKER_HUB),
        ("ghcr.io/org/sub/tool:1", "ghcr.io/org/sub/tool:1", "ghcr.io"),
        ("localhost:5000/tool", "localhost:5000/tool:latest", "localhost:5000"),
        ("localhost/tool:1", "localhost/tool:1", "localhost"),
        (f"org/tool@{DIGEST}", "org/tool:sha256-0123456789ab", DOCKER_HUB),
        (f"org/tool:1@{DIGEST}", "org/tool:sha256-0123456789ab", DOCKER_HUB),
    ],
)
def test_what_a_name_means(text: str, full: str, host: str) -> None:
    found = read_reference(text)
    assert (found.full, found.host) == (full, host)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Tool:1", "no repository"),
        ("", "no repository"),
        ("a//b", "no repository"),
        ("tool:", "no tag"),
        ("tool:a b", "no tag"),
        ("tool:-a", "no tag"),
        ("tool@sha256:12", "64 hexadecimal digits"),
        ("tool@md5:" + "0" * 64, "64 hexadecimal digits"),
        ("a" * 251 + ":1234", "longer than the 255"),
    ],
)
def test_what_is_no_name(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_reference(text)


PART = st.from_regex(r"[a-z0-9]+(?:[._-][a-z0-9]+)?", fullmatch=True).filter(lambda part: len(part) < 20)
TAG = st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,10}", fullmatch=True)


@given(st.lists(PART, min_size=1, max_size=3), TAG)
def test_the_full_form_reads_back_as_itself(parts: list[str], tag: str) -> None:
    full = read_reference(f"{'/'.join(parts)}:{tag}").full
    assert read_reference(full).full == full


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://index.docker.io/v1/", DOCKER_HUB),
        ("https://ghcr.io", "ghcr.io"),
        ("HTTPS://GHCR.io/", "ghcr.io"),
        ("ghcr.io", "ghcr.io"),
        ("http://localhost:5000/v2", "localhost:5000"),
    ],
)
def test_the_registry_of_an_address(url: str, host: str) -> None:
    assert host_of_url(url) == host


def test_only_a_bare_latest_moves() -> None:
    assert Reference("tool").moves
    assert Reference("tool", "latest").moves
    assert not Reference("tool", "1").moves
    assert not Reference("tool", "", DIGEST).moves
