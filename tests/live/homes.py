"""A practice XNAT with a home, and a site that wants plugins of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bootstrap.config.site import Site
from bootstrap.engine.ledger import Ledger
from bootstrap.engine.options import Options
from bootstrap.engine.report.report import Report
from bootstrap.engine.run import Talk
from bootstrap.engine.store import Store
from bootstrap.ops import jobs
from bootstrap.ops.jobs import Job
from bootstrap.ops.session import Asked, Tools, load, opened, target_of
from bootstrap.practice.server import PracticeServer
from bootstrap.xnat.home import Home
from bootstrap.xnat.home_path import PathHome
from tests.jars import digest, make_jar
from tests.live.conftest import brief_pause, serving

SERVER = "server:\n  username: admin\n  password: !env [XNAT_PASSWORD, admin]\n  restart: {restart}\n"


@dataclass
class Place:
    """A site, a server with a home, and what is asked before each restart."""

    folder: Path
    server: PracticeServer
    policy: str = "auto"
    home: Callable[[], Home] | None = None
    restarts: int = 0
    before_restart: list[Callable[[], object]] = field(default_factory=list)  # one for each restart, in their order
    plugins: list[str] = field(default_factory=list)
    bare: bool = False  # what it wants are no plugins

    def restart(self) -> None:
        self.restarts += 1
        if self.before_restart:
            self.before_restart.pop(0)()
        self.server.restart()

    def open_home(self, _site: Site | None) -> Home:
        return self.home() if self.home else PathHome(self.server.folder.root, restarting=self.restart)

    def jar(self, name: str, *ids: str) -> str:
        return make_jar(self.folder / name, *ids)

    def wants(self, *plugins: str) -> None:
        self.plugins = list(plugins)

    def has(self, plugin: str, version: str, jar: str, more: str = "") -> str:
        sha = digest(self.folder / jar)
        return f"  - {{id: {plugin}, version: '{version}', file: {jar}, sha256: {sha}{more}}}\n"

    def write(self) -> None:
        head = "" if self.bare else "plugins:\n"
        section = head + "".join(self.plugins) if self.plugins else ""
        text = SERVER.replace("{restart}", self.policy) + section
        (self.folder / "site.yaml").write_text(text, encoding="utf-8")

    def job(self, **options: object) -> Job:
        self.write()
        return Job(self.folder, Asked(url=self.server.url), Options(**options))  # type: ignore[arg-type]

    @property
    def tools(self) -> Tools:
        return Tools(environ={}, pause=brief_pause)

    def apply(self, ask: Callable[[str], bool] = lambda _question: False, **options: object) -> Report:
        return jobs.apply(self.job(**options), self.tools, Talk(ask=ask))

    def plan(self, **options: object) -> Report:
        return jobs.plan(self.job(**options), self.tools)[1]

    @property
    def ledger(self) -> Ledger:
        with opened(
            target_of(Asked(url=self.server.url), self.tools, load(self.folder, Asked(), self.tools)), self.tools
        ) as xnat:
            return Store(xnat.client).ledger("default")

    @property
    def in_folder(self) -> list[str]:
        return sorted(jar.name for jar in self.server.folder.plugins.iterdir())

    @property
    def aside(self) -> list[str]:
        return sorted("/".join(jar.parts[-2:]) for jar in self.server.folder.root.glob("replaced-*/*/*.jar"))

    @property
    def loaded(self) -> dict[str, str]:
        assert self.server.site
        return {name: plugin.version for name, plugin in self.server.site.plugins.items()}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    folder = tmp_path / "site"
    folder.mkdir()
    with serving(tmp_path / "state", initialized=True) as server:
        made = Place(folder, server)
        monkeypatch.setattr("bootstrap.ops.session.home_of", made.open_home)
        make_jar(folder / "demo-1.0.jar", "demo")
        make_jar(folder / "demo-2.0-fat.jar", "demo")
        make_jar(folder / "other-1.0.jar", "other")
        made.wants(made.has("demo", "1.0", "demo-1.0.jar"))
        yield made


def outcomes(report: Report) -> dict[str, str | None]:
    return {f"{line.change.action} {line.change.ref}": line.outcome for line in report.lines}


def error_of(report: Report, ref: str) -> str:
    return next(line.error or "" for line in report.lines if line.change.ref == ref)


def rules(report: Report, severity: str = "error") -> list[str]:
    return [problem.rule for problem in report.problems if problem.severity == severity]
