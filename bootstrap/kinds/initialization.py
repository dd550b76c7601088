"""First run: an XNAT that nobody has set up is initialised, with what has to travel in the same call.

Until then every other address redirects to the set-up page, so everything else waits for this.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bootstrap.config.site import Site
from bootstrap.errors import NotStored, Redirected, SignInRefused
from bootstrap.kinds.kind import Kind, Resource, State
from bootstrap.xnat.connection import Connection

# What the archive is built from in the moment of initialisation; the other settings follow one by one.
_TRAVELS = (
    *("siteId", "siteUrl", "adminEmail", "requireLogin", "userRegistration", "enableCsrfToken"),
    *("archivePath", "prearchivePath", "cachePath", "buildPath", "ftpPath", "pipelinePath", "inboxPath"),
)
_READY_TRIES, _READY_PAUSE = 60, 0.5


class Initialization(Kind):
    name = "initialization"
    title = "initialisation of the site"
    written_under = "server"
    before_lock = True
    remembered = False

    def desired(self, site: Site) -> list[Resource]:
        payload = self._payload(site)
        notes = (f"with {', '.join(sorted(payload))}",) if payload else ()
        return [Resource(self.name, "site", {"initialized": True}, site.source("server"), notes=notes, payload=payload)]

    def _payload(self, site: Site) -> dict[str, Any]:
        settings = site.section("site")
        said = settings.said_settings() if settings else {}
        payload = {name: said[name] for name in _TRAVELS if said.get(name) is not None}
        anonymization = site.section("anonymization")
        # The switch is on by default, so a script that comes later would leave a gap in which the default one runs.
        if anonymization and anonymization.script is not None:
            payload["sitewideAnonymizationScript"] = anonymization.script.strip()
        return payload

    def read(self, xnat: Connection, wanted: Sequence[Resource]) -> Mapping[str, State]:
        return {"site": State({"initialized": xnat.initialized})}

    def hides(self, wanted: Resource, current: State | None) -> str | None:
        return None if current and current.fields["initialized"] else "XNAT is not set up yet"

    def update(self, xnat: Connection, wanted: Resource, current: State, changed: frozenset[str]) -> None:
        body = {"siteUrl": xnat.url, **wanted.payload, "initialized": True}
        xnat.client.write("POST", "/xapi/siteConfig", doing="initialising the site", json=body, source=wanted.source)
        self._wait(xnat)
        xnat.set_initialized()

    def _wait(self, xnat: Connection) -> None:
        for _ in range(_READY_TRIES):
            try:
                xnat.client.read_text("/xapi/users/username", doing="waiting for the initialised site")
            except (Redirected, SignInRefused):
                xnat.pause(_READY_PAUSE)
            else:
                return
        raise NotStored(
            f"the server took the settings, but still redirects to the set-up page after "
            f"{_READY_TRIES * _READY_PAUSE:.0f} seconds",
            doing="initialising the site",
            hint="look at xnat.log; running again is safe",
        )
