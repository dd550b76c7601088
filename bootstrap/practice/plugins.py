"""The plugins that a start found. A jar that cannot be used stops the whole site, as it does there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bootstrap.errors import LocalFileError
from bootstrap.jar import DeclaredPlugin, declared_plugins


class StartFailed(Exception):
    """The site cannot start: from now on every URL answers 404."""


def load_plugins(folder: Path) -> Mapping[str, DeclaredPlugin]:
    """Plugins by id, of the jars at the top of the folder."""
    found: dict[str, DeclaredPlugin] = {}
    for jar in sorted(folder.glob("*.jar")):
        try:
            declared = declared_plugins(jar)
        except LocalFileError as error:
            raise StartFailed(error.message) from error
        for plugin in declared:
            if plugin.id in found:
                raise StartFailed(f"the plugin {plugin.id} is in {found[plugin.id].jar.name} and in {jar.name}")
            found[plugin.id] = plugin
    return found
