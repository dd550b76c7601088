"""The section `auth_providers`: files of XNAT's own that tell it who else may vouch for a user."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from pydantic import Field

from bootstrap.config.section import Model, Section
from bootstrap.config.site import Site
from bootstrap.errors import SiteFileError
from bootstrap.facts.auth_keys import METHODS, is_known_key, is_secret_key, replaced_by
from bootstrap.jar import parse_properties
from bootstrap.values import Problem, Secret, secrets_in

LOCAL = "localdb"


class AuthProvider(Model):
    template: str = Field(
        description="a Jinja2 template of the file, such as templates/auth/*.j2; relative to this file"
    )
    vars: dict[str, Any] = Field(default_factory=dict, description="names for the template, besides the site's `vars`")
    protected: bool = Field(False, description="never removed")


AUTH_PROVIDERS = Section(
    key="auth_providers",
    shape=dict[str, AuthProvider],
    doc="Authentication providers by their id: a file each in config/auth of XNAT's home, enabled after one restart.",
)


@dataclass(frozen=True)
class WantedProvider:
    """`text` is the file, and secret as a whole; of `properties` only what is secret in itself is."""

    id: str
    text: Secret
    properties: Mapping[str, Any]
    protected: bool = False

    @property
    def visible(self) -> bool:
        return str(self.properties.get("visible", "true")).lower() != "false"


@dataclass(frozen=True)
class LoadedProviders:
    providers: tuple[WantedProvider, ...] = ()
    problems: tuple[Problem, ...] = field(default_factory=tuple)


@lru_cache(maxsize=4)
def wanted_providers(site: Site) -> LoadedProviders:
    """One whose template cannot be rendered is not among them: that is a problem."""
    section: Mapping[str, AuthProvider] = site.section("auth_providers") or {}
    found: list[WantedProvider] = []
    problems: list[Problem] = []
    for name, provider in section.items():
        try:
            wanted = _wanted(site, name, provider)
        except SiteFileError as error:
            problems += error.problems
            continue
        found.append(wanted)
        problems += _problems(site, wanted)
    return LoadedProviders(tuple(found), tuple(problems))


def _wanted(site: Site, name: str, provider: AuthProvider) -> WantedProvider:
    given = {**site.raw.get("vars", {}), **provider.vars}
    names = {"id": name, **{key: _revealed(value) for key, value in given.items()}}
    text = str(site.template(provider.template, names, "auth_providers", name, "template"))
    hidden = [secret.reveal() for secret in secrets_in(given) if secret.reveal()]
    properties = parse_properties(text)
    return WantedProvider(name, Secret(text), as_fields(name, properties, hidden), provider.protected)


def _revealed(value: Any) -> Any:
    if isinstance(value, Secret):
        return value.reveal()
    if isinstance(value, Mapping):
        return {key: _revealed(inner) for key, inner in value.items()}
    return [_revealed(inner) for inner in value] if isinstance(value, list) else value


def as_fields(provider: str, properties: Mapping[str, str], hidden: list[str]) -> Mapping[str, Any]:
    """The file's lines, what must not be seen made secret."""
    return {
        key: Secret(value) if is_secret_key(provider, key) or any(text in value for text in hidden) else value
        for key, value in properties.items()
    }


def _problems(site: Site, wanted: WantedProvider) -> Iterator[Problem]:
    source = site.source("auth_providers", wanted.id, "template")

    def wrong(message: str, hint: str = "") -> Problem:
        return Problem("error", "auth-provider", f"{wanted.id}: {message}", hint, source)

    if wanted.id == LOCAL:
        yield wrong("this name is the local database's", "give it another one")
    said = wanted.properties.get("provider.id")
    if said != wanted.id:
        yield wrong(f"its file says `provider.id={said}`", "write `provider.id={{ id }}` in the template")
    method = str(wanted.properties.get("auth.method"))
    if method not in METHODS:
        yield wrong(f"XNAT leaves out a file with `auth.method={method}`", f"it is one of {', '.join(METHODS)}")
        return
    for key in wanted.properties:
        instead = replaced_by(wanted.id, key)
        if instead:
            yield wrong(f"`{key}` is not read any more", f"write `{instead}`")
        elif not is_known_key(method, wanted.id, key):
            yield wrong(f"`{key}` is no key of the method {method}", "keys are case-sensitive")
