"""Sites and servers in the situations that the table of exit codes names."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bootstrap.engine.saved import save_plan
from bootstrap.ops import jobs
from bootstrap.practice.server import PracticeServer
from tests.live.conftest import SITE, Bench, serving

PROOF = """\
event_service: {enabled: true}
subscriptions:
  - {name: said, event: session.created, projects: [VERIFY], action: logging, active: true}
projects: [{id: VERIFY}]
verify: {project: VERIFY}
"""
LEAVES = SITE + PROOF
REMOVES = LEAVES.replace(
    "    (0010,0010) := subject\n",
    "    (0010,0010) := subject\n    (0010,0020) := session\n"
    + "".join(f"    - ({tag})\n" for tag in ["0010,1000", "0010,1040", "0008,0050", "0008,0080", "0008,0081"])
    + "".join(f"    - ({tag})\n" for tag in ["0008,0090", "0008,1050", "0008,1070", "0020,0010"]),
)
BROKEN = SITE.replace("sessionTimeout", "sesionTimeout")
FLAWED = SITE.replace('version "6.6"', 'version "7.7"')
BRICKS = SITE.replace("  siteId: LIVE\n", "  siteId: LIVE\n  securityChannel: https\n")
OTHER = SITE.replace("30 minutes", "45 minutes").replace("emailPrefix: LIVE", "emailPrefix: OTHER")


@dataclass(frozen=True)
class Situation:
    site: Path
    url: str = ""
    plan: Path = Path()

    def filled(self, line: str, new: Path) -> list[str]:
        nonsense = new.with_name("nonsense.json")
        nonsense.write_text("{}", encoding="utf-8")
        words = {"site": self.site, "url": self.url, "plan": self.plan, "new": new, "nonsense": nonsense}
        return [word.format_map(words) for word in line.split()]


@dataclass
class Situations:
    """Made when they are asked for. `LASTING` ones are not changed by what is done in them, and are made once."""

    folder: Path
    _stack: ExitStack = field(default_factory=ExitStack)
    _known: dict[str, Situation] = field(default_factory=dict)
    _count: int = 0

    def of(self, name: str) -> Situation:
        if name not in CHANGING and name in self._known:
            return self._known[name]
        made = MAKERS[name](self)
        self._known[name] = made
        return made

    def close(self) -> None:
        self._stack.close()

    def bench(self, text: str = SITE, *faults: str, apply: bool = False, applied: str = SITE) -> Bench:
        self._count += 1
        place = self.folder / str(self._count)
        (place / "site").mkdir(parents=True)
        server: PracticeServer = self._stack.enter_context(serving(place / "state", faults=faults))
        bench = Bench(place / "site", server)
        bench.write(applied)
        if apply:
            assert bench.apply().exit_code == 0
        bench.write(text)
        return bench

    def site(self, text: str) -> Path:
        self._count += 1
        folder = self.folder / str(self._count)
        folder.mkdir()
        (folder / "site.yaml").write_text(text, encoding="utf-8")
        return folder


def _shared(text: str) -> Callable[[Situations], Situation]:
    """Another file for the server on which everything was applied."""

    def make(all_: Situations) -> Situation:
        return Situation(all_.site(text), all_.of("applied").url)

    return make


def _of(bench: Bench, plan: Path = Path()) -> Situation:
    return Situation(bench.folder, bench.server.url, plan)


def _drifted(all_: Situations) -> Situation:
    bench = all_.bench(OTHER, apply=True)
    bench.admin().set(sessionTimeout="1 hour")
    return _of(bench)


def _saved(bench: Bench) -> Path:
    made, _report = jobs.plan(bench.job(), bench.tools)
    save_plan(made, bench.folder / "plan.json")
    return bench.folder / "plan.json"


def _stale(all_: Situations) -> Situation:
    bench = all_.bench(OTHER, apply=True)
    place = _saved(bench)
    bench.admin().set(sessionTimeout="1 hour")
    return _of(bench, place)


def _other_files(all_: Situations) -> Situation:
    bench = all_.bench(OTHER, apply=True)
    place = _saved(bench)
    bench.write(SITE)
    return _of(bench, place)


def _nobody(all_: Situations) -> Situation:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return Situation(all_.site(LEAVES), f"http://127.0.0.1:{port}")


MAKERS: dict[str, Callable[[Situations], Situation]] = {
    "offline": lambda all_: Situation(all_.site(SITE)),
    "applied": lambda all_: _of(all_.bench(apply=True)),
    "fresh": lambda all_: _of(all_.bench()),
    "broken": _shared(BROKEN),
    "flawed": _shared(FLAWED),
    "usage": _shared(SITE),
    "refused": _shared(BRICKS),
    "locked-out": _shared(LEAVES.replace("practice-me", "wr0ng-password").replace("first_password: admin", "owner: x")),
    "drifted": _drifted,
    "nobody": _nobody,
    "verified": lambda all_: _of(all_.bench(REMOVES, apply=True, applied=REMOVES)),
    "unverified": lambda all_: _of(all_.bench(LEAVES, apply=True, applied=LEAVES)),
    "first-run": lambda all_: _of(all_.bench()),
    "half-broken": lambda all_: _of(all_.bench(SITE, "unavailable POST /xapi/notifications times=*")),
    "stale": _stale,
    "other-files": _other_files,
}
CHANGING = {"first-run", "half-broken", "stale"}
