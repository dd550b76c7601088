"""Names of images: taken apart, and put into the one form in which an engine lists them."""

from __future__ import annotations

import re
from dataclasses import dataclass

DOCKER_HUB = "docker.io"
_HUBS = ("index.docker.io", "registry-1.docker.io", "hub.docker.com", "docker.io")
_LIBRARY = "library/"
_PART = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_HOST = r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:]+\])(?::[0-9]+)?"
_REPOSITORY = re.compile(rf"(?:{_HOST}/)?{_PART}(?:/{_PART})*")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
SHORT = 12
LONGEST = 255  # letters that XNAT keeps of a command's image


@dataclass(frozen=True)
class Reference:
    """`repository` is without `docker.io/` and `library/`, as engines list it."""

    repository: str
    tag: str = ""  # empty where none was written
    digest: str = ""

    @property
    def host(self) -> str:
        first = self.repository.partition("/")[0]
        is_host = "/" in self.repository and ("." in first or ":" in first or first == "localhost")
        return first if is_host else DOCKER_HUB

    @property
    def local_tag(self) -> str:
        """The tag that an engine has it under; one that is named by its digest is given a tag made of it."""
        return f"sha256-{self.digest.removeprefix('sha256:')[:SHORT]}" if self.digest else self.tag or "latest"

    @property
    def full(self) -> str:
        return f"{self.repository}:{self.local_tag}"

    @property
    def moves(self) -> bool:
        """Whether everybody expects another image under this name from day to day."""
        return not self.digest and self.local_tag == "latest"


def read_reference(text: str) -> Reference:
    """ValueError, with the end of a sentence, where it is no name of an image."""
    name, at, digest = text.partition("@")
    repository, tag = name, ""
    if ":" in name.rpartition("/")[2]:
        repository, _, tag = name.rpartition(":")
        if not _TAG.fullmatch(tag):
            raise ValueError(f"`{tag}` is no tag")
    if not _REPOSITORY.fullmatch(repository):
        raise ValueError(f"`{repository}` is no repository: its parts are lower case letters, digits and . _ -")
    if at and not _DIGEST.fullmatch(digest):
        raise ValueError("a digest is `sha256:` and 64 hexadecimal digits")
    found = Reference(_familiar(repository), tag, digest)
    if len(found.full) > LONGEST:
        raise ValueError(f"it is longer than the {LONGEST} letters that XNAT keeps")
    return found


def _familiar(repository: str) -> str:
    host, slash, rest = repository.partition("/")
    if slash and host in _HUBS:
        repository = rest
    return repository.removeprefix(_LIBRARY) if repository.count("/") == 1 else repository


def host_of_url(url: str) -> str:
    """The registry as it stands in names of images."""
    host = re.sub(r"^[a-z]+://", "", url.strip(), flags=re.I).partition("/")[0].lower()
    return DOCKER_HUB if host in _HUBS else host
