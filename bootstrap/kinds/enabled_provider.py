"""Whether an authentication provider is offered: its id in `enabledProviders`, where `localdb` always stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bootstrap.config.site import Site
from bootstrap.kinds.auth_provider import LISTED
from bootstrap.kinds.auth_section import LOCAL, wanted_providers
from bootstrap.kinds.kind import Fields, Finding, Kind, Resource, State, ref
from bootstrap.values import Problem, Source
from bootstrap.xnat.connection import Connection

SETTING = "enabledProviders"


class EnabledProvider(Kind):
    name = "enabled_provider"
    title = "enabled authentication provider"
    written_under = "auth_providers"
    needs = ("auth_provider", "restart")
    default_is_absence = True
    removal = "gone from the file: not offered any more"

    def desired(self, site: Site) -> list[Resource]:
        return [
            Resource(
                self.name,
                wanted.id,
                {"enabled": True},
                site.source("auth_providers", wanted.id),
                needs=(ref("auth_provider", wanted.id), ref("restart", "xnat")),
                protected=wanted.protected,
                payload={"visible": wanted.visible},
            )
            for wanted in wanted_providers(site).providers
        ]

    def check(self, site: Site) -> list[Problem]:
        if not (site.section("auth_providers") and site.said("site", SETTING)):
            return []
        message = f"`{SETTING}` is made from `auth_providers`, with `{LOCAL}` in front"
        return [Problem("error", "other-owner", message, "take it out here", site.source("site", SETTING))]

    def read(self, xnat: Connection, wanted: Sequence[Resource]) -> Mapping[str, State]:
        """XNAT lists only what it has a definition of: that proves that the file was read."""
        stored = _stored(xnat)
        listed = xnat.client.read_json(LISTED, doing="listing the authentication providers")
        shown = {str(row.get("providerId")) for row in listed}
        return {
            resource.name: State(
                {"enabled": resource.name in stored and (resource.name in shown or not resource.payload.get("visible"))}
            )
            for resource in wanted
        }

    def update(self, xnat: Connection, wanted: Resource, current: State, changed: frozenset[str]) -> None:
        stored = [name for name in _stored(xnat) if name not in (wanted.name, LOCAL)]
        offered = [LOCAL, *stored, *([wanted.name] if wanted.fields["enabled"] else [])]
        self._post(xnat, wanted.name, offered, wanted.source)

    def delete(self, xnat: Connection, name: str, current: State) -> None:
        self._post(xnat, name, [LOCAL, *(one for one in _stored(xnat) if one not in (name, LOCAL))], None)

    def left_by_removal(self, name: str) -> Fields:
        return {"enabled": False}

    def is_default(self, name: str, current: State) -> bool:
        return not current.fields["enabled"]

    def _post(self, xnat: Connection, name: str, offered: Sequence[str], source: Source | None) -> None:
        doing = f"changing whether the provider {name} is offered"
        xnat.client.write("POST", "/xapi/siteConfig", doing=doing, json={SETTING: list(offered)}, source=source)

    def examine(self, xnat: Connection, site: Site) -> Iterable[Finding]:
        wanted = self.desired(site)
        for name, state in (self.read(xnat, wanted) if wanted else {}).items():
            on = state.fields["enabled"]
            yield Finding("good" if on else "bad", "sign-in", f"the provider {name} is {'' if on else 'not '}offered")


def _stored(xnat: Connection) -> list[str]:
    found = xnat.client.read_json(f"/xapi/siteConfig/values/{SETTING}", doing="reading which providers are enabled")
    return [str(name) for name in found.get(SETTING) or ()]
