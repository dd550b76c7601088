"""A restart of XNAT that is waited for and looked at; where XNAT does not come back, the old jars do."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bootstrap.errors import (
    HomeFailed,
    HomeUnreachable,
    NeverReady,
    NotBack,
    ServerFailed,
    SignInRefused,
    Starting,
    Unreachable,
    XnatError,
)
from bootstrap.facts.plugins import base_version, plugin_catalogue
from bootstrap.kinds.auth_files import auth_folder
from bootstrap.kinds.plugin_folder import ASIDE, jars_aside_since, placed_in, plugin_folder, started, uptime
from bootstrap.kinds.plugins_section import WantedPlugin
from bootstrap.kinds.restart_reasons import routes_missing
from bootstrap.xnat.connection import Connection
from bootstrap.xnat.home import AUTH, PLUGINS, moment_of

LIMIT_SECONDS = 900.0
GRACE_SECONDS = 15.0  # so long may 404 on everything be a start's beginning
NOT_RESTARTED_SECONDS = 60.0
BETWEEN_LOOKS = 2.0
_DATABASE = "the database was not rolled back: what the new plugins changed in it stays"
_NOT_YET = (Unreachable, Starting, NeverReady, ServerFailed, SignInRefused)


@dataclass(frozen=True)
class Before:
    """What must be as it was, and when XNAT had been started."""

    site_url: str
    started: float


def restart(xnat: Connection, wanted: Sequence[WantedPlugin]) -> None:
    before = Before(_site_url(xnat), started(xnat))
    xnat.tell(f"restarting XNAT ({xnat.home.name})")
    try:
        _restart_and_wait(xnat)
    except _Lost as lost:
        _roll_back(xnat, before, lost)
    problems = _problems(xnat, before, wanted)
    if problems:
        raise NotBack(
            f"XNAT is back from its restart, but {'; '.join(problems)}{_log(xnat)}", hint=_after_restart_hint(problems)
        )


def _after_restart_hint(problems: Sequence[str]) -> str:
    if any("siteUrl" in problem or "set up" in problem for problem in problems):
        return "prefs-init.ini or prefs-override.ini of its home may set it at every start (docs/plugins.md)"
    return "its log says more; the jars that were replaced lie beside plugins/"


class _Lost(Exception):
    """XNAT does not come back; `why` is the last thing that was seen."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass
class _Patience:
    """Counts by the clock and by its own pauses, whichever is more."""

    pause: Callable[[float], None]
    begun: float = field(default_factory=time.monotonic)
    paused: float = 0.0
    broken_since: float | None = None

    @property
    def spent(self) -> float:
        return max(time.monotonic() - self.begun, self.paused)

    def wait(self) -> None:
        self.pause(BETWEEN_LOOKS)
        self.paused += BETWEEN_LOOKS

    def saw(self, error: XnatError) -> None:
        """Gives up at once where waiting does not mend it."""
        if not isinstance(error, NeverReady):
            self.broken_since = None
        elif self.broken_since is None:
            self.broken_since = self.spent
        elif self.spent - self.broken_since >= GRACE_SECONDS:
            raise _Lost(error.summary)
        if self.spent >= LIMIT_SECONDS:
            raise _Lost(error.summary)


def _restart_and_wait(xnat: Connection) -> None:
    xnat.client.end_session()
    called = time.time()
    xnat.home.restart()
    patience = _Patience(xnat.pause)
    while True:
        try:
            if _is_back(xnat, called):
                return
        except _NOT_YET as error:
            patience.saw(error)
        else:
            if patience.spent >= NOT_RESTARTED_SECONDS:
                raise HomeFailed(
                    f"restarting XNAT ({xnat.home.name}): it was not restarted: it goes on as it was",
                    hint="see what the restart command does",
                )
        patience.wait()


def _is_back(xnat: Connection, called: float) -> bool:
    """Not the old one that still answers: that has been up for longer than the call is ago."""
    xnat.server.forget()
    xnat.server.identify()
    xnat.sign_in_again()
    xnat.new_round()
    return not xnat.initialized or uptime(xnat) <= time.time() - called


def _problems(xnat: Connection, before: Before, wanted: Sequence[WantedPlugin]) -> list[str]:
    if not xnat.initialized:
        return ["it says that it is not set up any more"]
    found = []
    if (now := _site_url(xnat)) != before.site_url:
        found.append(f"its siteUrl was {before.site_url!r} and is {now!r}")
    for plugin in wanted:
        loaded = xnat.server.plugins.get(plugin.id)
        if loaded is None:
            found.append(f"{plugin.id} is not among its plugins")
        elif base_version(loaded.version) not in (plugin.version, "unknown"):
            found.append(f"{plugin.id} is there as {loaded.version}, and not as {plugin.version}")
        else:
            found += [f"{route} of {plugin.id} does not answer" for route in _silent_routes(xnat, plugin.id)]
    return found


def _silent_routes(xnat: Connection, plugin: str) -> list[str]:
    known = plugin_catalogue().get(plugin)
    return routes_missing(xnat, known.routes) if known else []


def _site_url(xnat: Connection) -> str:
    stored = xnat.client.read_json("/xapi/siteConfig/values/siteUrl", doing="reading the site's own address")
    return str(stored.get("siteUrl", ""))


# Where it does not come back


def _roll_back(xnat: Connection, before: Before, lost: _Lost) -> None:
    said = _log(xnat)
    message = f"XNAT did not come back from its restart: {lost.why}{said}"
    try:
        back = _put_back(xnat, before)
        if not back:
            raise NotBack(message, hint="no jar had been changed: its log says what else is wrong")
        xnat.tell(f"XNAT did not come back ({lost.why}): {', '.join(back)}; restarting it again")
        _restart_and_wait(xnat)
    except _Lost as again:
        hint = f"look into its log; what was replaced lies beside plugins/; {_DATABASE}"
        text = f"{message}\n  it did not come back with the previous plugins either: {again.why}"
        raise NotBack(text, hint=hint) from lost
    except (HomeFailed, HomeUnreachable, XnatError) as error:
        hint = f"put the jars from the folders {ASIDE}* back into plugins/ yourself and restart XNAT; {_DATABASE}"
        raise NotBack(f"{message}\n  the previous jars could not be put back: {error.message}", hint=hint) from lost
    raise NotBack(f"{message}\n  it runs again with what was there before: {', '.join(back)}", hint=_DATABASE)


def _put_back(xnat: Connection, before: Before) -> list[str]:
    """Out with what came since the last start, back with what went."""
    home = xnat.home
    xnat.new_round()
    done = []
    for jar in plugin_folder(xnat).jars:
        if jar.path in placed_in(xnat) or jar.modified > before.started:
            home.move(jar.path, f"{ASIDE}{home.stamp}/did-not-start/{jar.name}")
            done.append(f"{jar.name} was taken out")
    for file in auth_folder(xnat).files:
        if file.path in placed_in(xnat) or file.modified > before.started:
            home.move(file.path, f"{ASIDE}{home.stamp}/did-not-start/{file.path.rpartition('/')[2]}")
            done.append(f"{file.path} was taken out")
    done += _files_put_back(xnat, before)
    returned: set[str] = set()
    for jar in jars_aside_since(xnat, min(before.started, moment_of(home.stamp) or before.started)):
        if not returned & {jar.name, *jar.plugins}:  # of one plugin the jar that went first was the one that ran
            home.move(jar.path, f"{PLUGINS}/{jar.name}")
            returned |= {jar.name, *jar.plugins}
            done.append(f"{jar.name} was put back")
    return done


def _files_put_back(xnat: Connection, before: Before) -> list[str]:
    home = xnat.home
    since = min(before.started, moment_of(home.stamp) or before.started)
    done = []
    for folder in home.folders():
        if folder.startswith(ASIDE) and (moment_of(folder.removeprefix(ASIDE)) or 0.0) >= int(since):
            there = {file.name for file in home.files(AUTH) or ()}
            for file in home.files(f"{folder}/{AUTH}") or ():
                if file.name not in there:
                    home.move(file.path, f"{AUTH}/{file.name}")
                    done.append(f"{AUTH}/{file.name} was put back")
    return done


def _log(xnat: Connection) -> str:
    text = xnat.client.redactor.clean(xnat.home.logs()).strip()
    lines = "".join(f"\n    {line}" for line in text.splitlines())
    return f"\n  the end of its log:{lines}" if lines else ""
