"""Why a restart of XNAT is owed, what would keep it from coming back, and whom it would disturb. Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from bootstrap.errors import ServerFailed, XnatError
from bootstrap.facts.plugins import base_version
from bootstrap.kinds.auth_files import auth_twins
from bootstrap.kinds.auth_section import WantedProvider
from bootstrap.kinds.plugin_folder import Folder, Jar, moved_aside, plugin_folder, started
from bootstrap.kinds.plugins_section import WantedPlugin
from bootstrap.xnat.connection import Connection

_OVER = ("complete", "failed", "killed", "done")  # how the state of a container that runs no more begins


def owed(xnat: Connection, wanted: Sequence[WantedPlugin]) -> list[str]:
    """What only a restart makes true: of the file's plugins, of jars in the folder, of jars that are gone from it."""
    folder = plugin_folder(xnat)
    found = {plugin.id: why for plugin in wanted if (why := _of_wanted(xnat, plugin, folder))}
    if folder.known:
        found = {**_of_folder(xnat, folder, {plugin.id for plugin in wanted}), **found}
        found |= {f"-{plugin}": f"{plugin} is still loaded" for plugin in _leaving(xnat, folder)}
    return [found[key] for key in sorted(found)]


def _of_wanted(xnat: Connection, plugin: WantedPlugin, folder: Folder) -> str:
    loaded = xnat.server.plugins.get(plugin.id)
    if loaded is None:
        return f"{plugin.id} {plugin.version} is not loaded"
    if base_version(loaded.version) == plugin.version:
        return _another_file(plugin, folder)
    if loaded.version == "unknown" and any(jar.sha256 == plugin.sha256 for jar in folder.of(plugin.id)):
        return ""  # its file's name tells no version, and the hash decides
    return f"{plugin.id} is loaded as {loaded.version}, and {plugin.version} is wanted"


def _another_file(plugin: WantedPlugin, folder: Folder) -> str:
    """The same version, and another jar: it will be put there by the same run."""
    differs = plugin.sha256 and any(jar.sha256 != plugin.sha256 for jar in folder.of(plugin.id))
    return f"{plugin.id} {plugin.version} gets another jar" if differs else ""


def _of_folder(xnat: Connection, folder: Folder, named: set[str]) -> dict[str, str]:
    found = {}
    for jar in folder.jars:
        for plugin, version in jar.plugins.items():
            loaded = xnat.server.plugins.get(plugin)
            if loaded is None:
                found[plugin] = f"{jar.name} is not loaded"
            elif loaded.version != version and plugin not in named:
                found[plugin] = f"{jar.name} is not loaded, but {plugin} {loaded.version}"
            elif jar.modified > started(xnat):
                found[plugin] = f"{jar.name} is newer than XNAT's start"
    return found


def _leaving(xnat: Connection, folder: Folder) -> set[str]:
    """Loaded, and the jar is out of the folder or will be by this run."""
    going: frozenset[str] = xnat.shared("plugins going", frozenset)
    gone = {plugin for jar in moved_aside(xnat) for plugin in jar.plugins if not folder.of(plugin)}
    return (gone | going) & set(xnat.server.plugins)


def will_not_start(
    xnat: Connection, wanted: Sequence[WantedPlugin] = (), providers: Sequence[WantedProvider] = ()
) -> list[str]:
    """What in plugins/ would stop the whole site at a start, whoever put it there."""
    folder = plugin_folder(xnat)
    if folder.missing:
        return ["there is no folder plugins/ in its home"]
    staying = [jar for jar in folder.jars if not _replaced(xnat, jar, wanted)]
    broken = [f"plugins/{jar.name} is no jar" for jar in staying if jar.broken]
    counted = Counter(plugin for jar in staying for plugin in jar.plugins)
    twins = [f"the plugin {plugin} is in {_names(staying, plugin)}" for plugin in counted if counted[plugin] > 1]
    return [*broken, *twins, *auth_twins(xnat, providers)]


def _replaced(xnat: Connection, jar: Jar, wanted: Sequence[WantedPlugin]) -> bool:
    """Whether it goes, or is what this run puts there: of those there is one afterwards."""
    going: frozenset[str] = xnat.shared("plugins going", frozenset)
    return any(plugin.id in jar.plugins for plugin in wanted) or any(plugin in going for plugin in jar.plugins)


def _names(jars: Sequence[Jar], plugin: str) -> str:
    return " and in ".join(jar.name for jar in jars if plugin in jar.plugins)


def unlisted(xnat: Connection, wanted: Sequence[WantedPlugin]) -> list[str]:
    """The jars in plugins/ that the file does not name, and those that are no plugin's."""
    named = {plugin.id for plugin in wanted}
    folder = plugin_folder(xnat)
    return [jar.name for jar in folder.jars if not jar.broken and not named & set(jar.plugins)]


def disturbed(xnat: Connection) -> list[str]:
    """Who and what a restart would cut off, as far as XNAT tells."""
    return [*_people(xnat), *_containers(xnat), *_incoming(xnat)]


def _people(xnat: Connection) -> Iterator[str]:
    active = xnat.client.read_json("/xapi/users/active", doing="asking who is signed in", absent_ok=True) or {}
    others = sorted(name for name in active if name not in (xnat.username, "guest"))
    if others:
        yield f"signed in: {', '.join(others)}"


def _containers(xnat: Connection) -> Iterator[str]:
    if "containers" not in xnat.server.plugins:
        return
    listed = xnat.client.read_json("/xapi/containers", doing="listing the containers", absent_ok=True) or []
    running = [one for one in listed if not str(one.get("status", "")).lower().startswith(_OVER)]
    if running:
        yield f"running containers: {len(running)}"


def _incoming(xnat: Connection) -> Iterator[str]:
    try:
        told = xnat.client.read_json(
            "/data/prearchive", doing="listing the prearchive", params={"format": "json"}, absent_ok=True
        )
    except ServerFailed as error:
        if error.status == 501:  # a practice XNAT that has none
            return
        raise
    rows = ((told or {}).get("ResultSet") or {}).get("Result") or []
    receiving = [row for row in rows if str(row.get("status", "")).upper().startswith("RECEIVING")]
    if receiving:
        yield f"sessions that are being received: {len(receiving)}"


def routes_missing(xnat: Connection, routes: Sequence[str]) -> list[str]:
    """Of these routes the ones that answer 404, or not at all."""
    missing = []
    for route in routes:
        try:
            if xnat.client.read_text(route, doing=f"trying {route}", absent_ok=True) is None:
                missing.append(route)
        except ServerFailed:
            continue  # it is there, and has a trouble of its own
        except XnatError:
            missing.append(route)
    return missing
