"""An authentication provider: its file in config/auth of XNAT's home. XNAT reads it at its next start."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from bootstrap.config.site import Site
from bootstrap.errors import HomeFailed, HomeUnreachable
from bootstrap.kinds.auth_files import ENDING, AuthFile, auth_folder
from bootstrap.kinds.auth_section import AUTH_PROVIDERS, WantedProvider, as_fields, wanted_providers
from bootstrap.kinds.kind import UNREADABLE, Kind, Resource, State
from bootstrap.kinds.plugin import CHART
from bootstrap.kinds.plugin_folder import ASIDE, placed_in
from bootstrap.values import Problem, secrets_in
from bootstrap.xnat.connection import Connection
from bootstrap.xnat.home import AUTH

LISTED = "/xapi/users/authProviders"


class AuthProviderKind(Kind):
    name = "auth_provider"
    title = "authentication provider"
    sections = (AUTH_PROVIDERS,)
    needs = ("initialization", "admin_password")
    removed_in_place = True
    in_home = True
    removal = "gone from the file: its file is moved into a dated folder of XNAT's home"

    def desired(self, site: Site) -> list[Resource]:
        return [
            Resource(
                self.name,
                wanted.id,
                {"properties": wanted.properties},
                site.source("auth_providers", wanted.id),
                protected=wanted.protected,
                payload={"provider": wanted},
            )
            for wanted in wanted_providers(site).providers
        ]

    def check(self, site: Site) -> list[Problem]:
        return list(wanted_providers(site).problems)

    def read(self, xnat: Connection, wanted: Sequence[Resource]) -> Mapping[str, State]:
        states = {resource.name: _state(xnat, resource) for resource in wanted}
        going = frozenset(resource.name for resource in wanted if not resource.payload and states[resource.name])
        xnat.shared("providers going", lambda: going)
        return {name: state for name, state in states.items() if state}

    def judge(self, xnat: Connection, wanted: Resource, current: State | None) -> Iterable[Problem]:
        provider: WantedProvider | None = wanted.payload.get("provider")
        if provider is None or not xnat.initialized or auth_folder(xnat).unreached:
            return
        if not any(file.is_as(provider) for file in auth_folder(xnat).of(provider.id)):
            lost = xnat.home.lost_by_restart(AUTH)
            if lost:
                yield Problem("error", "home-not-lasting", f"{provider.id}: {lost}", CHART, wanted.source)

    def note(self, wanted: Resource, current: State | None) -> Iterable[str]:
        yield "read by XNAT at its next start"

    def create(self, xnat: Connection, wanted: Resource) -> None:
        self._put(xnat, wanted)

    def update(self, xnat: Connection, wanted: Resource, current: State, changed: frozenset[str]) -> None:
        self._put(xnat, wanted)

    def _put(self, xnat: Connection, wanted: Resource) -> None:
        folder = auth_folder(xnat)
        if folder.unreached:
            hint = f"write its file into {AUTH}/ of XNAT's home yourself, restart XNAT and run again"
            raise HomeUnreachable(f"writing the provider {wanted.name}: {folder.unreached}", hint=hint)
        provider: WantedProvider | None = wanted.payload.get("provider")
        if provider is None:
            raise HomeFailed(
                f"putting back the provider {wanted.name}: its file is not kept in a journal",
                hint=f"it lies in one of the folders {ASIDE}* of XNAT's home",
            )
        path = f"{AUTH}/{provider.id}{ENDING}"
        moved = [(file, _move_aside(xnat, file)) for file in folder.of(provider.id)]
        with tempfile.TemporaryDirectory(prefix="xnat-bootstrap-") as place:
            source = Path(place) / "properties"
            source.touch(mode=0o600)
            source.write_text(_in_latin(provider.text.reveal()), encoding="latin-1")
            try:
                xnat.home.put(source, path, private=True)
            except (HomeFailed, HomeUnreachable):
                for file, aside in moved:
                    xnat.home.move(aside, file.path)
                raise
        placed_in(xnat).add(path)

    def delete(self, xnat: Connection, name: str, current: State) -> None:
        files = auth_folder(xnat).of(name)
        if not files:
            raise HomeUnreachable(f"removing the provider {name}: its file is not in a home that can be reached")
        for file in files:
            _move_aside(xnat, file)


def _state(xnat: Connection, resource: Resource) -> State | None:
    folder = auth_folder(xnat)
    if folder.unreached:
        listed = xnat.client.read_json(LISTED, doing="listing the authentication providers")
        known = any(row.get("providerId") == resource.name for row in listed)
        return State({"properties": UNREADABLE}) if known else None
    files = folder.of(resource.name)
    if not files:
        return None
    hidden = [secret.reveal() for secret in secrets_in(resource.fields) if secret.reveal()]
    properties = as_fields(resource.name, files[0].properties, hidden)
    return State({"properties": properties}, broken=len(files) > 1)


def _move_aside(xnat: Connection, file: AuthFile) -> str:
    place = f"{ASIDE}{xnat.home.stamp}/{file.path}"
    xnat.home.move(file.path, place)
    return place


def _in_latin(text: str) -> str:
    """Java reads these files as ISO-8859-1, and everything else as an escape."""
    return "".join(letter if ord(letter) < 256 else _escape(letter) for letter in text)


def _escape(letter: str) -> str:
    pairs = letter.encode("utf-16-be")
    return "".join(f"\\u{pairs[at]:02x}{pairs[at + 1]:02x}" for at in range(0, len(pairs), 2))
