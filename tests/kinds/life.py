"""The life of a case: everything that the tool does to a server with it, once, so that many tests can look at it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from unittest.mock import patch

import requests
from requests.auth import HTTPBasicAuth

from bootstrap.config.site import Site
from bootstrap.engine.options import Options
from bootstrap.engine.plan import Plan
from bootstrap.engine.report import render
from bootstrap.engine.report.report import Report
from bootstrap.engine.run import Talk
from bootstrap.engine.saved import plan_as_json
from bootstrap.ops import jobs
from bootstrap.ops.console import Console
from bootstrap.ops.export import export_site
from bootstrap.ops.jobs import Job
from bootstrap.ops.session import Asked, Tools
from bootstrap.practice.clock import FAST
from bootstrap.practice.server import PracticeServer
from bootstrap.xnat.guard import is_harmless
from bootstrap.xnat.home import Home, NoHome
from bootstrap.xnat.home_path import PathHome
from bootstrap.xnat.recorder import Recorder
from bootstrap.xnat.transport import Request
from bootstrap.xnat.wire import RequestsTransport
from tests.jars import make_jar
from tests.kinds.cases import PASSWORD, Case
from tests.kinds.scripted import Scripted
from tests.live.conftest import brief_pause
from tests.practice.containers.fake_engine import FakeEngine

FORMATS = ("text", "json", "markdown", "junit")


@dataclass
class Ran:
    """One call of a verb, and what it sent."""

    report: Report
    sent: list[Request]
    plan: Plan | None = None

    @property
    def own(self) -> list[Request]:
        """Without sign-in, sign-out, and the tool's own ledger and lock."""
        return [r for r in self.sent if not r.bookkeeping and "/xnat-bootstrap" not in r.path and r.path != _VERSION]

    @property
    def writes(self) -> list[Request]:
        return [request for request in self.own if not is_harmless(request)]


_VERSION = "/xapi/siteConfig/buildInfo"


@dataclass
class Life:
    """Its steps happen when they are first asked for, in the order in which they stand here."""

    case: Case
    folder: Path
    server: PracticeServer | None = None
    engine: FakeEngine | None = None
    logged: list[str] = field(default_factory=list)  # of a run with -vv
    printed: list[str] = field(default_factory=list)  # reports in every format, saved plans, talk

    def __post_init__(self) -> None:
        self.transport: Scripted | None = Scripted(self.case) if self.case.scripted else None
        self.password = "admin" if self.case.fresh else PASSWORD

    # Before

    @cached_property
    def _prepared(self) -> bool:
        if self.server:
            self._prepare()
        return True

    def _prepare(self) -> None:
        if not self.case.fresh:
            self.by_hand("PUT", "/xapi/users/admin", {"password": PASSWORD, "email": "a@b.org"}, password="admin")
        if self.engine:
            self.by_hand("POST", "/xapi/docker/server", {"name": "Engine", "host": self.engine.host})
        if self.case.applied_before is not None:
            done = self._apply(self.case.site_text(self.case.applied_before, self.case.owner_before), Options())
            assert done.report.exit_code == 0, [*done.report.problems, *(line.error for line in done.report.lines)]
            self.password = PASSWORD
        for step in self.case.by_hand:
            for line, body in step.items():
                method, _, path = line.partition(" ")
                if method == "JAR":
                    self._swap_jars(path, body)
                    continue
                self.by_hand(method, path, self._at_the_engine(body))
        if self.case.first_password:
            self.by_hand("PUT", "/xapi/users/admin", {"password": "admin", "email": "a@b.org"})

    def _at_the_engine(self, body: Any) -> Any:
        """A server's document names the engine of the case as `host: ENGINE`."""
        is_its = self.engine and isinstance(body, dict) and body.get("host") == "ENGINE"
        return {**body, "host": self.engine.host} if self.engine and is_its else body

    def _swap_jars(self, path: str, instead_of: str | None) -> None:
        """Somebody puts a jar of the case into plugins/, in place of another one, and restarts XNAT."""
        assert self.server
        if instead_of:
            (self.server.folder.plugins / instead_of).unlink()
        make_jar(self.server.folder.plugins / path, self.case.jars[path])
        self.server.restart()

    def by_hand(self, method: str, path: str, body: Any, password: str | None = None) -> None:
        assert self.server
        kind = {"data": body.encode(), "headers": {"Content-Type": "text/plain"}} if isinstance(body, str) else {}
        more: dict[str, Any] = kind or ({"json": body} if body is not None else {})
        account = HTTPBasicAuth(b"admin", (password or self.password).encode())  # UTF-8, as XNAT reads it
        answer = requests.request(method, self.server.url + path, auth=account, timeout=30, **more)
        assert answer.status_code < 300, f"{method} {path}: {answer.status_code} {answer.text[:200]}"
        assert self.server.site
        self.server.site.background.settle()

    # The steps

    @cached_property
    def planned(self) -> Ran:
        assert self._prepared
        return self._plan(self.case.site_text(), self._options)

    @cached_property
    def planned_again(self) -> Ran:
        _first = self.planned
        return self._plan(self.case.site_text(), self._options)

    @cached_property
    def applied(self) -> Ran:
        _before = self.planned_again
        return self._apply(self.case.site_text(), self._options)

    @cached_property
    def applied_again(self) -> Ran:
        _before = self.applied
        return self._apply(self.case.site_text(), self._options)

    @cached_property
    def exported(self) -> Ran:
        """A plan of what `export` wrote after the apply."""
        _before = self.applied_again
        place = self.folder / "exported"
        with self._recorded():
            code = export_site(str(self.folder), place, self._asked, self._tools, Console(quiet=True))
        assert code == 0
        return self._plan(None, Options(), place)

    @cached_property
    def planned_by_another(self) -> Ran:
        """Another owner's file with the same things and other values."""
        _before = self.exported
        return self._plan(self._changed("another"), Options())

    @cached_property
    def allowed_to_another(self) -> Ran:
        _before = self.planned_by_another
        return self._plan(self._changed("another"), Options(allow=frozenset({"foreign"})))

    @cached_property
    def gone(self) -> Ran:
        """An apply of a file in which the kind's sections do not stand any more."""
        _before = self.exported
        return self._apply(self.case.site_text(""), Options())

    @cached_property
    def pruned(self) -> Ran:
        _before = self.gone
        return self._apply(self.case.site_text(""), self._pruning)

    @cached_property
    def pruned_again(self) -> Ran:
        _before = self.pruned
        return self._apply(self.case.site_text(""), self._pruning)

    def _changed(self, owner: str) -> str:
        assert self.case.changed is not None
        return self.case.site_text(self.case.changed, owner)

    @property
    def _pruning(self) -> Options:
        return Options(prune=True, allow=frozenset({"prune-bound"}))

    # How they are done

    @property
    def _options(self) -> Options:
        return Options(prune=self.case.prune, allow=frozenset(self.case.allow))

    @property
    def _asked(self) -> Asked:
        return Asked(url=self.server.url if self.server else "http://localhost:1")

    @property
    def _tools(self) -> Tools:
        return Tools(environ=self.case.environ, pause=brief_pause, tell=self.printed.append, verbosity=2)

    def _home(self, _site: Site | None) -> Home:
        if self.case.home and self.server:
            return PathHome(self.server.folder.root, restarting=self.server.restart)
        return NoHome()

    def _plan(self, text: str | None, options: Options, folder: Path | None = None) -> Ran:
        job = self._job(text, options, folder)
        with self._recorded() as sent:
            plan, report = jobs.plan(job, self._tools)
        self.printed.append(json.dumps(plan_as_json(plan)))
        return self._ran(Ran(report, sent, plan))

    def _apply(self, text: str, options: Options) -> Ran:
        job = self._job(text, options)
        with self._recorded() as sent:
            report = jobs.apply(job, self._tools, Talk(self.printed.append))
        return self._ran(Ran(report, sent))

    def _ran(self, ran: Ran) -> Ran:
        self.printed += [render(ran.report, form, colour=False, width=100) for form in FORMATS]
        return ran

    def _job(self, text: str | None, options: Options, folder: Path | None = None) -> Job:
        if text is not None:
            write_site(self.folder, self.case, text)
        return Job(folder or self.folder, self._asked, options, include_none=True)

    @contextmanager
    def _recorded(self) -> Iterator[list[Request]]:
        recorders: list[Recorder] = []

        def made(url: str, **options: Any) -> Recorder:
            recorders.append(Recorder(self.transport or RequestsTransport(url, **options)))
            return recorders[-1]

        sent: list[Request] = []
        transport = patch("bootstrap.xnat.connection.RequestsTransport", made)
        home = patch("bootstrap.ops.session.home_of", self._home)
        with transport, home, listening(self.logged.append):
            yield sent
        sent += [exchange.request for recorder in recorders for exchange in recorder.exchanges]


def write_site(folder: Path, case: Case, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "site.yaml").write_text(text, encoding="utf-8")
    for name, plugin in case.jars.items():
        make_jar(folder / name, plugin)
    for name, content in case.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")


@contextmanager
def listening(take: Callable[[str], None]) -> Iterator[None]:
    """What the tool logs with -vv."""

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            take(record.getMessage())

    logger, handler = logging.getLogger("bootstrap"), Handler()
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        logger.setLevel(level)
        logger.removeHandler(handler)


class Lives:
    """The life of one case at a time: conftest.py brings the tests of a case together."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stack = ExitStack()
        self._life: Life | None = None
        self._count = 0

    def of(self, case: Case) -> Life:
        if self._life is None or self._life.case is not case:
            self.close()
            self._life = self._begun(case)
        return self._life

    def _begun(self, case: Case) -> Life:
        self._count += 1
        folder = self._folder / f"{self._count}-{case.path.stem}"
        made = PracticeServer(folder / "state", clock=FAST, initialized=not case.fresh)
        server = None if case.scripted else self._stack.enter_context(made)
        engine = None if case.engine is None else self._stack.enter_context(_engine(case.engine))
        return Life(case, folder / "site", server, engine)

    def close(self) -> None:
        self._life = None
        self._stack.close()


def _engine(wanted: Mapping[str, Any]) -> FakeEngine:
    made = FakeEngine()
    for number, tags in wanted.get("images", {}).items():
        made.add(number, *tags)
    for tag, number in wanted.get("pullable", {}).items():
        made.pullable[tag] = {"Id": number, "RepoTags": [tag], "Labels": None}
    return made


def refs(ran: Ran, *actions: str) -> set[str]:
    return {line.change.ref for line in ran.report.lines if line.change.action in actions and not line.change.deferred}


def errors(ran: Ran) -> Sequence[str]:
    return [problem.rule for problem in ran.report.problems if problem.severity == "error"]
