"""The restart that plugins and XNAT's own files need: one for all of a run, and owed until it was made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bootstrap.config.site import Site
from bootstrap.errors import HomeFailed, Refused, RestartFailed, RestartOwed
from bootstrap.kinds.auth_files import auth_reasons
from bootstrap.kinds.auth_section import wanted_providers
from bootstrap.kinds.container_names import CONTAINER_SERVICE
from bootstrap.kinds.kind import LEFT_TO_A_PERSON, Finding, Kind, Resource, State, ref
from bootstrap.kinds.plugin import plugin_ref
from bootstrap.kinds.plugin_folder import plugin_folder
from bootstrap.kinds.plugins_section import WantedPlugin, wanted_plugins
from bootstrap.kinds.preference_files import preference_conflicts, wanted_preferences
from bootstrap.kinds.restart_reasons import disturbed, owed, unlisted, will_not_start
from bootstrap.kinds.restarting import restart
from bootstrap.kinds.server import server_of
from bootstrap.values import Problem
from bootstrap.xnat.connection import Connection

THING = "xnat"
_WHERE = {
    "never": "the site file says `restart: never`",
    "ask": "nobody at a terminal agreed to it (`server: {restart: auto}` needs nobody)",
}


@dataclass(frozen=True)
class RestartState(State):
    cannot: str = ""  # why no apply can make it
    loads_containers: bool = False  # the Container Service is there after it, and not before


class Restart(Kind):
    name = "restart"
    title = "restart"
    written_under = "server.restart"
    needs = ("plugin", "auth_provider")
    remembered = False
    removable = False
    settle_seconds = 0.0

    def desired(self, site: Site) -> list[Resource]:
        place = next(
            (path for path in (("plugins",), ("auth_providers",), ("server", "home")) if site.said(*path)), None
        )
        if place is None:
            return []
        plugins, providers = wanted_plugins(site).plugins, wanted_providers(site).providers
        payload = {
            "plugins": plugins,
            "providers": providers,
            "policy": server_of(site).restart,
            "preferences": wanted_preferences(site),
        }
        needs = (*map(plugin_ref, plugins), *(ref("auth_provider", provider.id) for provider in providers))
        return [Resource(self.name, THING, {"owed": False}, site.source(*place), needs=needs, payload=payload)]

    def read(self, xnat: Connection, wanted: Sequence[Resource]) -> Mapping[str, State]:
        return {resource.name: _state(xnat, resource) for resource in wanted}

    def hides(self, wanted: Resource, current: State | None) -> str | None:
        hidden = isinstance(current, RestartState) and current.loads_containers
        return "the Container Service is loaded by it" if hidden else None

    def judge(self, xnat: Connection, wanted: Resource, current: State | None) -> Iterable[Problem]:
        if current is None:
            return
        plugins: Sequence[WantedPlugin] = wanted.payload["plugins"]
        is_owed = bool(current.fields["owed"])
        for text in will_not_start(xnat, plugins, wanted.payload["providers"]):
            message = f"{text}: XNAT would not start, and answer 404 everywhere"
            hint = "mend it in XNAT's home first"
            yield Problem("error" if is_owed else "warning", "plugin-folder", message, hint, wanted.source)
        for name in unlisted(xnat, plugins):
            message = f"plugins/{name} is not in the site file; it is left as it is"
            yield Problem("note", "unlisted-plugin", message, "", wanted.source)
        for text in preference_conflicts(xnat, wanted.payload["preferences"]):
            hint = "take it out of that file, or write the same into the site file"
            yield Problem("warning", "preference-file", text, hint, wanted.source)
        if is_owed and wanted.payload["policy"] != "never":
            cannot = xnat.home.cannot_restart()
            if cannot and plugin_folder(xnat).known:
                yield Problem("warning", "no-restart", f"XNAT will not be restarted: {cannot}", "", wanted.source)
            elif not cannot:
                yield from _busy(xnat, wanted)

    def note(self, wanted: Resource, current: State | None) -> Iterable[str]:
        cannot = current.cannot if isinstance(current, RestartState) else ""
        if cannot or wanted.payload["policy"] == "never":
            yield f"{cannot or _WHERE['never']}: {LEFT_TO_A_PERSON}"

    def update(self, xnat: Connection, wanted: Resource, current: State, changed: frozenset[str]) -> None:
        plugins: Sequence[WantedPlugin] = wanted.payload["plugins"]
        self._refuse(xnat, wanted)
        why = _why_not(xnat, wanted.payload["policy"], current)
        if why:
            hint = "restart XNAT yourself when it suits, and run again: what needs it is looked at then"
            raise RestartOwed(f"restarting XNAT: {why}", hint=hint, source=wanted.source)
        try:
            restart(xnat, plugins)
        except HomeFailed as error:
            raise RestartFailed(f"{error.message}: it is owed still", hint=error.hint, source=wanted.source) from error

    def _refuse(self, xnat: Connection, wanted: Resource) -> None:
        """Seen once more just before it, since much may have come about after the plan."""
        wrong = will_not_start(xnat)
        busy = [problem.message for problem in _busy(xnat, wanted) if problem.severity == "error"]
        if wanted.payload["policy"] == "auto" and "busy-restart" not in xnat.allowed:
            wrong += busy
        if wrong:
            raise Refused(f"restarting XNAT: {'; '.join(wrong)}", source=wanted.source)

    def examine(self, xnat: Connection, site: Site) -> Iterable[Finding]:
        plugins = wanted_plugins(site).plugins
        folder = plugin_folder(xnat)
        if self.desired(site):
            if folder.known:
                yield Finding("good", "home", f"{xnat.home.name} can be read")
            else:
                yield Finding("warning", "home", folder.unreached, "without it no plugin can be put in")
            reasons = [*owed(xnat, plugins), *auth_reasons(xnat, wanted_providers(site).providers)]
            for reason in reasons:
                yield Finding("bad", "restart", f"owed: {reason}", _how_to_mend(xnat, server_of(site).restart))
            if not reasons:
                yield Finding("good", "restart", "none is owed")
        for text in preference_conflicts(xnat, wanted_preferences(site)):
            yield Finding(
                "bad", "preference files", text, "take it out of that file, or write the same into the site file"
            )
        if folder.known:
            for text in will_not_start(xnat):
                yield Finding("bad", "plugins folder", f"{text}: XNAT will not start again", "mend it in XNAT's home")


def _state(xnat: Connection, wanted: Resource) -> State:
    plugins: Sequence[WantedPlugin] = wanted.payload["plugins"]
    reasons = [*owed(xnat, plugins), *auth_reasons(xnat, wanted.payload["providers"])]
    declared = any(plugin.id == CONTAINER_SERVICE for plugin in plugins)
    loads = bool(reasons) and declared and CONTAINER_SERVICE not in xnat.server.plugins
    cannot = xnat.home.cannot_restart() if reasons else ""
    return RestartState(
        {"owed": bool(reasons)}, notes=tuple(reasons), restarts=True, cannot=cannot, loads_containers=loads
    )


def _how_to_mend(xnat: Connection, policy: str) -> str:
    why = xnat.home.cannot_restart() or (_WHERE["never"] if policy == "never" else "")
    return f"restart XNAT yourself: {why}" if why else "`apply` makes it, or says why it does not"


def _busy(xnat: Connection, wanted: Resource) -> Iterable[Problem]:
    """Where a person is asked, the person decides; where nobody is, a rule does."""
    auto = wanted.payload["policy"] == "auto"
    hint = "wait until they have ended; `--allow busy-restart` cuts them off" if auto else ""
    for text in disturbed(xnat):
        message = f"a restart would cut off what goes on: {text}"
        yield Problem("error" if auto else "warning", "busy-restart", message, hint, wanted.source)


def _why_not(xnat: Connection, policy: str, current: State) -> str:
    cannot = xnat.home.cannot_restart()
    if cannot or policy == "never":
        return cannot or _WHERE["never"]
    if policy == "ask":
        going_on = [*current.notes, *disturbed(xnat)]
        if not xnat.ask(f"Restart XNAT ({xnat.home.name}) now? {'; '.join(going_on)}"):
            return _WHERE["ask"]
    return ""
