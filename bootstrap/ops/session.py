"""What every verb with a server begins with: the site is loaded, the server found, and a session opened."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import sleep

from bootstrap.config import Site, load_site
from bootstrap.config.section import Section
from bootstrap.engine.accept import ACCEPT
from bootstrap.errors import Refused, UsageError
from bootstrap.facts.versions import fits
from bootstrap.kinds import KINDS
from bootstrap.kinds.home_section import home_of
from bootstrap.kinds.kind import Kind
from bootstrap.kinds.server import PRACTICE, SERVER, Server, server_of
from bootstrap.values import Secret, secrets_in
from bootstrap.xnat.connection import Connection, connect
from bootstrap.xnat.home import Home, NoHome
from bootstrap.xnat.redact import Redactor


@dataclass(frozen=True)
class Asked:
    """The options that every verb with a server has, as they were given."""

    overlays: tuple[Path, ...] = ()
    url: str | None = None
    username: str | None = None
    ca_file: Path | None = None
    timeout: float | None = None
    parallel: int | None = None


@dataclass(frozen=True)
class Target:
    """The server that a verb speaks to, options, site file and environment taken together."""

    url: str
    username: str
    password: Secret
    first_password: Secret | None = None
    ca_file: Path | None = None
    timeout: float = 60.0
    parallel: int = 4
    state: Path | None = None  # of a practice server
    home: Home = field(default_factory=NoHome)
    secrets: tuple[Secret, ...] = ()  # of the whole site file: none may show in a log

    @property
    def practice(self) -> bool:
        return self.url == PRACTICE


@dataclass
class Tools:
    """How a verb waits, talks and looks around; tests hand in their own."""

    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    pause: Callable[[float], None] = sleep
    tell: Callable[[str], None] = lambda _text: None
    verbosity: int = 0


def all_sections(kinds: Sequence[Kind] = KINDS) -> list[Section]:
    """Every key of the site file, in the order in which it is explained."""
    return [SERVER, *(section for kind in kinds for section in kind.sections), ACCEPT]


def load(place: Path, asked: Asked, tools: Tools, *, run_secrets: bool = True, kinds: Sequence[Kind] = KINDS) -> Site:
    return load_site(
        place, asked.overlays, sections=all_sections(kinds), environ=tools.environ, run_secrets=run_secrets
    )


def target_of(asked: Asked, tools: Tools, site: Site | None = None) -> Target:
    """An option wins over the site file, which wins over the environment."""
    server = server_of(site)
    environ = tools.environ
    url = asked.url or server.url or environ.get("XNAT_URL")
    if not url:
        raise UsageError(
            "no server is named", hint="write `server: {url: ...}` in the site file, or give --url or XNAT_URL"
        )
    password = server.password
    if password is None and "XNAT_PASSWORD" in environ:
        password = Secret(environ["XNAT_PASSWORD"], "!env XNAT_PASSWORD")
    if password is None:
        raise UsageError(
            "no password is given",
            hint="write `password: !env XNAT_PASSWORD` under `server`, or set XNAT_PASSWORD (never an option: "
            "others could see it)",
        )
    return Target(
        url=url if url == PRACTICE else url.rstrip("/"),
        username=asked.username or server.username or environ.get("XNAT_USERNAME") or "admin",
        password=password,
        first_password=server.first_password,
        ca_file=_ca_file(asked, server, site, environ),
        timeout=asked.timeout or server.timeout,
        parallel=asked.parallel or server.parallel,
        state=practice_state(site.folder if site else Path.cwd()),
        home=home_of(site),
        secrets=tuple(secrets_in(site.raw)) if site else (),
    )


def _ca_file(asked: Asked, server: Server, site: Site | None, environ: Mapping[str, str]) -> Path | None:
    if asked.ca_file:
        return asked.ca_file
    if server.ca_file and site:
        return site.path_of(server.ca_file, "server", "ca_file")
    return Path(environ["XNAT_CA_FILE"]) if environ.get("XNAT_CA_FILE") else None


def practice_state(folder: Path) -> Path:
    """`.practice` at the root of the repository that the site lies in, else beside the site."""
    here = folder.resolve()
    root = next((place for place in (here, *here.parents) if (place / ".git").exists()), here)
    return root / ".practice"


@contextmanager
def opened(target: Target, tools: Tools, allowed: frozenset[str] = frozenset()) -> Iterator[Connection]:
    """A signed-in session; a practice server is found or started, and stopped again if we started it."""
    with ExitStack() as stack:
        url = stack.enter_context(practice_url(target, tools)) if target.practice else target.url
        redactor = Redactor()
        for secret in target.secrets:
            redactor.add(secret)
        xnat = stack.enter_context(
            connect(
                url,
                username=target.username,
                password=target.password,
                first_password=target.first_password,
                ca_file=target.ca_file,
                timeout=target.timeout,
                parallel=target.parallel,
                pause=tools.pause,
                redactor=redactor,
            )
        )
        xnat.allowed, xnat.home = allowed, target.home
        yield xnat


@contextmanager
def practice_url(target: Target, tools: Tools) -> Iterator[str]:
    from bootstrap.practice.holder import find_running
    from bootstrap.practice.server import PracticeServer

    state = target.state or practice_state(Path.cwd())
    running = find_running(state)
    if running:
        tools.tell(f"using the practice XNAT at {running}")
        yield running
        return
    tools.tell(f"starting a practice XNAT with its state in {state}")
    with PracticeServer(state, initialized=False) as server:
        yield server.url


def refuse_wrong_version(site: Site, version: str | None) -> None:
    """`server.version` of the site file is checked before anything else is read."""
    wanted = server_of(site).version
    if wanted and version and not fits(version, wanted):
        raise Refused(
            f"this server is XNAT {version}, and the site file is for {wanted}",
            hint="use another site file, or change `server.version` when you have read what the new version changes",
            source=site.source("server", "version"),
        )
