"""Rotation: an account that still has the password of a fresh XNAT gets the one of the site file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bootstrap.config.site import Site
from bootstrap.kinds.kind import Kind, Resource, State
from bootstrap.kinds.server import server_of
from bootstrap.values import Problem, Secret
from bootstrap.xnat.connection import Connection

# XNAT takes a password of this length for a hash: it is stored with 200 and never works.
_USELESS_LENGTH = 64


class AdminPassword(Kind):
    name = "admin_password"
    title = "password of the configuring account"
    written_under = "server"
    needs = ("initialization",)
    before_lock = True
    remembered = False

    def desired(self, site: Site) -> list[Resource]:
        server = server_of(site)
        if server.first_password is None or server.password is None or server.first_password == server.password:
            return []
        settings = site.section("site")
        email = settings.said_settings().get("adminEmail") if settings else None
        return [
            Resource(
                self.name,
                server.username or "admin",
                {"password": server.password},
                site.source("server", "password"),
                payload={"email": email},
            )
        ]

    def check(self, site: Site) -> list[Problem]:
        server = server_of(site)
        if server.password is None or len(server.password.reveal()) != _USELESS_LENGTH:
            return []
        message = f"a password of {_USELESS_LENGTH} characters is stored by XNAT and never works"
        return [Problem("error", "useless-password", message, "use another length", site.source("server", "password"))]

    def read(self, xnat: Connection, wanted: Sequence[Resource]) -> Mapping[str, State]:
        """Which of the two passwords let us in is all that can be known, and all that is needed."""
        return {resource.name: State({"password": xnat.password}) for resource in wanted}

    def update(self, xnat: Connection, wanted: Resource, current: State, changed: frozenset[str]) -> None:
        password = wanted.fields["password"]
        assert isinstance(password, Secret)
        # With the password alone the first PUT after initialisation writes the account's old e-mail back. Later
        # on the account has an e-mail of its own, whatever the site's is.
        at_first = wanted.payload.get("email") if xnat.was_set_up_here else None
        email = at_first or self._email(xnat, wanted.name)
        xnat.client.write(
            "PUT",
            f"/xapi/users/{wanted.name}",
            doing=f"changing the password of `{wanted.name}`",
            json={"password": password.reveal(), "email": email},
            source=wanted.source,
        )
        xnat.use_password(password)
        xnat.client.read_text("/xapi/users/username", doing=f"signing in as `{wanted.name}` with the new password")

    def _email(self, xnat: Connection, username: str) -> str:
        profile = xnat.client.read_json(f"/xapi/users/{username}", doing=f"reading the account `{username}`")
        return str(profile["email"])
