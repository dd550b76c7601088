"""The authentication providers of config/auth that a start found. Two of one id stop the whole site, as there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from bootstrap.jar import parse_properties
from bootstrap.practice.plugins import StartFailed

# Without the plugin that knows a method its files are left out without a word.
_BRINGS = {"xnatLdapAuthPlugin": "ldap", "openIdAuthPlugin": "openid"}
LOCAL = {"providerId": "localdb", "name": "Database", "authMethod": "localdb"}


def load_providers(folder: Path, plugins: Collection[str]) -> Mapping[str, Mapping[str, str]]:
    """What /xapi/users/authProviders tells of each, by id, the invisible ones left out."""
    methods = {_BRINGS[plugin] for plugin in plugins if plugin in _BRINGS}
    seen: dict[str, Path] = {}
    found = {"localdb": LOCAL}
    for file in sorted(folder.rglob("*-provider.properties")):
        said = parse_properties(file.read_text(encoding="latin-1"))
        provider, method = said.get("provider.id", ""), said.get("auth.method", "")
        if provider in seen:
            raise StartFailed(f"the provider {provider} is in {seen[provider].name} and in {file.name}")
        seen[provider] = file
        if method in methods and said.get("visible", "true").lower() != "false":
            found[provider] = {"providerId": provider, "name": said.get("name", provider), "authMethod": method}
    return found
