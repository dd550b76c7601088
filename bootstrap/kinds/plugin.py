"""A plugin: its jar in plugins/ of XNAT's home. What XNAT makes of it is the restart's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bootstrap.config.site import Site
from bootstrap.errors import HomeFailed, HomeUnreachable, NotFound, Refused, ServerFailed
from bootstrap.facts.plugins import base_version, fit_of, fitting_versions, plugin_catalogue, wanted_by
from bootstrap.jar import digest_of
from bootstrap.kinds.kind import Exported, Fields, Finding, Kind, Resource, State, ref
from bootstrap.kinds.plugin_folder import ASIDE, Jar, jars_aside_since, moved_aside, placed_in, plugin_folder
from bootstrap.kinds.plugin_jars import proved_jar, wrong_with_file
from bootstrap.kinds.plugins_section import PLUGINS, WantedPlugin, wanted_plugins
from bootstrap.values import Problem
from bootstrap.xnat.connection import Connection
from bootstrap.xnat.home import PLUGINS as FOLDER

CHART = (
    "nothing that is put there now would be there after the restart; give the chart the plugins instead, in its "
    "values: `plugins: {NAME: {source: url, url: ..., sha256: ..., target: FILE.jar}}` (docs/kubernetes.md)"
)


@dataclass(frozen=True)
class PluginState(State):
    elsewhere: bool = False  # it is loaded, and its jar is not in plugins/
    unproven: str = ""  # why its hash could not be looked at


class PluginKind(Kind):
    name = "plugin"
    title = "plugin"
    sections = (PLUGINS,)
    needs = ("initialization", "admin_password")
    removed_in_place = True
    in_home = True
    removal = "gone from the file: its jar is moved into a dated folder beside plugins/"

    def desired(self, site: Site) -> list[Resource]:
        entries = site.section("plugins") or []
        every = wanted_plugins(site).plugins
        return [
            Resource(
                self.name,
                wanted.id,
                _fields(wanted),
                site.source("plugins", place),
                {key: site.source("plugins", place, key) for key in ("version", "sha256", "file")},
                protected=entries[place].protected,
                ignore=frozenset(entries[place].ignore),
                payload={"plugin": wanted, "all": every},
            )
            for place, wanted in enumerate(every)
        ]

    def check(self, site: Site) -> list[Problem]:
        return list(wanted_plugins(site).problems)

    def normalise(self, name: str, fields: Fields) -> Fields:
        version = fields.get("version")
        return {**fields, "version": base_version(str(version))} if version else fields

    def read(self, xnat: Connection, wanted: Sequence[Resource]) -> Mapping[str, State]:
        """The folder's word counts; without a home XNAT's own list does, as far as it goes."""
        states = {resource.name: _state(xnat, resource) for resource in wanted}
        going = frozenset(resource.name for resource in wanted if not resource.payload and states[resource.name])
        xnat.shared("plugins going", lambda: going)
        return {name: state for name, state in states.items() if state}

    def judge(self, xnat: Connection, wanted: Resource, current: State | None) -> Iterable[Problem]:
        if not wanted.payload:
            return  # what is put back was there before
        plugin: WantedPlugin = wanted.payload["plugin"]
        here = self.normalise(plugin.id, current.fields) if current else None
        right = here is not None and all(here.get(k) == v for k, v in self.normalise(plugin.id, wanted.fields).items())
        yield from _fit_problems(xnat.server.version, plugin, wanted, right)
        if not xnat.initialized:  # what is there cannot be seen yet: it is judged when it can
            yield from _file_problems(plugin, wanted)
            return
        if right:
            if isinstance(current, PluginState) and current.unproven:
                message = f"{plugin.id} {plugin.version}: its jar's hash was not looked at: {current.unproven}"
                yield Problem("note", "unproven", message, "", wanted.source)
            return
        yield from _source_problems(plugin, wanted)
        yield from _place_problems(xnat, plugin, wanted, current)

    def judge_removal(self, xnat: Connection, name: str, current: State) -> Iterable[Problem]:
        """Never while there are data of its types: nobody could read them any more."""
        for why in _data_left(xnat, name):
            yield Problem("error", "plugin-data", f"removing the plugin {name}: {why}", _KEEP)

    def note(self, wanted: Resource, current: State | None) -> Iterable[str]:
        yield "loaded by the next restart"

    def create(self, xnat: Connection, wanted: Resource) -> None:
        self._put(xnat, wanted)

    def update(self, xnat: Connection, wanted: Resource, current: State, changed: frozenset[str]) -> None:
        self._put(xnat, wanted)

    def _put(self, xnat: Connection, wanted: Resource) -> None:
        """Nothing is touched before every jar of the run is here and proved."""
        folder = plugin_folder(xnat)
        if not folder.known:
            hint = (
                "`plugins fetch SITE --to DIR` downloads and proves the jars; put them there yourself and restart XNAT"
            )
            raise HomeUnreachable(f"putting in the plugin {wanted.name}: {folder.unreached}", hint=hint)
        if not wanted.payload:
            _put_back(xnat, wanted, folder.of(wanted.name))
            return
        plugin: WantedPlugin = wanted.payload["plugin"]
        coming = [one for one in wanted.payload["all"] if one.id == plugin.id or not _is_there(folder.of(one.id), one)]
        proved = {one.id: proved_jar(one, xnat.tell) for one in coming}
        there = folder.of(plugin.id)
        right = next((jar for jar in there if jar.name == plugin.jar and jar.sha256 == plugin.sha256), None)
        moved = [(jar, move_aside(xnat, jar)) for jar in there if jar is not right]
        if right is None:
            try:
                xnat.home.put(proved[plugin.id], f"{FOLDER}/{plugin.jar}")
                placed_in(xnat).add(f"{FOLDER}/{plugin.jar}")
            except (HomeFailed, HomeUnreachable):
                for jar, place in moved:
                    xnat.home.move(place, jar.path)
                raise

    def delete(self, xnat: Connection, name: str, current: State) -> None:
        for problem in self.judge_removal(xnat, name, current):  # they may have come since the plan was made
            raise Refused(problem.message, hint=problem.hint)
        jars = plugin_folder(xnat).of(name)
        if not jars:
            raise HomeUnreachable(f"removing the plugin {name}: its jar is not in a home that can be reached")
        for jar in jars:
            move_aside(xnat, jar)

    def export(self, xnat: Connection) -> Exported:
        """With hashes where there is a home to read."""
        folder = plugin_folder(xnat)
        rows, notes = [], []
        for plugin in xnat.server.plugins.values():
            jars = folder.of(plugin.id)
            version = base_version(plugin.version)
            if not version[:1].isdigit():
                notes.append(f"the plugin {plugin.id} is left out: its file's name tells no version")
                continue
            row: dict[str, Any] = {"id": plugin.id, "version": version}
            rows.append({**row, "sha256": jars[0].sha256} if len(jars) == 1 else row)
        return Exported({"plugins": sorted(rows, key=lambda row: str(row["id"]))} if rows else {}, notes=tuple(notes))

    def examine(self, xnat: Connection, site: Site) -> Iterable[Finding]:
        for wanted in wanted_plugins(site).plugins:
            fit = fit_of(wanted.id, wanted.version, xnat.server.version, wanted.fits)
            text = f"{wanted.id} {wanted.version} and XNAT {xnat.server.version}: {_FIT_WORDS[fit]}"
            known = fitting_versions(wanted.id, xnat.server.version)
            mend = f"versions that fit: {known}" if fit == "unfit" and known else ""
            state: Any = {"fits": "good", "unfit": "bad", "unknown": "warning"}[fit]
            yield Finding(state, "plugin fit", text, mend)


_KEEP = "write it into the site file again, or remove the data first"
_FIT_WORDS = {"fits": "they fit", "unfit": "they do not fit", "unknown": "nothing is known of whether they fit"}


def move_aside(xnat: Connection, jar: Jar) -> str:
    """Never deleted: it is what a roll-back needs."""
    place = f"{ASIDE}{xnat.home.stamp}/{FOLDER}/{jar.name}"
    xnat.home.move(jar.path, place)
    return place


def _put_back(xnat: Connection, wanted: Resource, there: Sequence[Jar]) -> None:
    """What an earlier run moved aside lies in one of the dated folders still: the last one that fits is meant."""
    fitting = [jar for jar in jars_aside_since(xnat, 0) if _is_as(jar, wanted)]
    if not fitting:
        hint = f"look for it yourself in the folders {ASIDE}* of XNAT's home"
        raise HomeFailed(f"putting back the plugin {wanted.name}: its jar lies there no more", hint=hint)
    for jar in there:
        move_aside(xnat, jar)
    xnat.home.move(fitting[-1].path, f"{FOLDER}/{fitting[-1].name}")
    placed_in(xnat).add(f"{FOLDER}/{fitting[-1].name}")


def _is_as(jar: Jar, wanted: Resource) -> bool:
    """What was the same before and after is not among what is put back."""
    if wanted.name not in jar.plugins:
        return False
    version, sha256 = wanted.fields.get("version"), wanted.fields.get("sha256")
    return version in (None, base_version(jar.plugins[wanted.name])) and sha256 in (None, jar.sha256)


def plugin_ref(wanted: WantedPlugin) -> str:
    return ref("plugin", wanted.id)


def _fields(wanted: WantedPlugin) -> Fields:
    return {"version": wanted.version, **({"sha256": wanted.sha256} if wanted.sha256 else {})}


def _state(xnat: Connection, resource: Resource) -> State | None:
    folder = plugin_folder(xnat)
    jars = folder.of(resource.name)
    if len(jars) > 1:
        names = ", ".join(jar.name for jar in jars)
        return PluginState(_of_jar(jars[0], resource), notes=(f"of it there are {names}",), broken=True)
    if jars:
        return PluginState(_of_jar(jars[0], resource))
    return _as_loaded(xnat, resource, folder.known, folder.unreached)


def _of_jar(jar: Jar, resource: Resource) -> Fields:
    """Where the file's name tells no version, the hash decides."""
    version, sha256 = jar.plugins[resource.name], resource.fields.get("sha256")
    if version == "unknown" and sha256 == jar.sha256:
        version = str(resource.fields.get("version"))
    return {"version": version, "sha256": jar.sha256}


def _as_loaded(xnat: Connection, resource: Resource, known: bool, unreached: str) -> State | None:
    """Of a plugin whose jar is not seen. One that was moved aside is loaded still, and gone all the same."""
    loaded = xnat.server.plugins.get(resource.name)
    if loaded is None or (known and any(resource.name in jar.plugins for jar in moved_aside(xnat))):
        return None
    same = base_version(loaded.version) == resource.fields.get("version")
    fields = {"version": loaded.version, "sha256": resource.fields.get("sha256") if same else None}
    return PluginState(fields, elsewhere=known, unproven=unreached or "its jar is not in plugins/")


def _is_there(jars: Sequence[Jar], wanted: WantedPlugin) -> bool:
    if wanted.sha256:
        return len(jars) == 1 and jars[0].sha256 == wanted.sha256
    return len(jars) == 1 and base_version(jars[0].plugins[wanted.id]) == wanted.version


def _fit_problems(xnat: str, plugin: WantedPlugin, wanted: Resource, right: bool) -> Iterable[Problem]:
    fit = fit_of(plugin.id, plugin.version, xnat, plugin.fits)
    if fit == "unfit":
        fitting = fitting_versions(plugin.id, xnat)
        wants = plugin.fits or wanted_by(plugin.id, plugin.version)
        message = f"{plugin.id} {plugin.version} is for XNAT {wants}, and this is {xnat}"
        hint = f"versions that fit: {fitting}; " if fitting else ""
        hint += "`--allow plugin-fit` lets it pass, `fits:` says that you know better"
        yield Problem("warning" if right else "error", "plugin-fit", message, hint, wanted.source)
    elif fit == "unknown" and not right:
        message = f"whether {plugin.id} {plugin.version} fits XNAT {xnat} is not known"
        yield Problem("warning", "plugin-fit-unknown", message, "`fits:` says so where you know it", wanted.source)


def _source_problems(plugin: WantedPlugin, wanted: Resource) -> Iterable[Problem]:
    if plugin.sha256 is None:
        message = f"{plugin.id} {plugin.version}: no hash of its jar is known"
        yield Problem("error", "plugin-hash", message, "write `sha256:`, or run `plugins lock`", wanted.source)
    yield from _file_problems(plugin, wanted)
    if not (plugin.jar and (plugin.file or plugin.url or plugin.mirror)):
        message = f"{plugin.id} {plugin.version}: nobody says where its jar lies"
        hint = "write `url:` or `file:`; " + ("" if plugin.id in plugin_catalogue() else "it is not in the catalogue")
        yield Problem("error", "plugin-source", message, hint.removesuffix("; "), wanted.source)


def _file_problems(plugin: WantedPlugin, wanted: Resource) -> Iterable[Problem]:
    """Of a jar that lies on this machine nothing need be found out by `apply` only."""
    if plugin.file is None:
        return
    try:
        other = plugin.sha256 is not None and digest_of(plugin.file) != plugin.sha256
        wrong = wrong_with_file(plugin)
    except OSError as error:
        message = f"{plugin.id} {plugin.version}: {plugin.file} cannot be read: {error.strerror or error}"
        yield Problem("error", "plugin-source", message, "", wanted.source_of("file"))
        return
    if other:
        message = f"{plugin.id} {plugin.version}: the SHA-256 of {plugin.file} is not the one that is wanted"
        yield Problem("error", "plugin-hash", message, "", wanted.source_of("sha256"))
    elif wrong:
        yield Problem("error", "plugin-jar", wrong.message, wrong.hint, wanted.source_of("file"))


def _place_problems(
    xnat: Connection, plugin: WantedPlugin, wanted: Resource, current: State | None
) -> Iterable[Problem]:
    if not plugin_folder(xnat).known:
        return
    lost = xnat.home.lost_by_restart(FOLDER)
    if lost:
        yield Problem("error", "home-not-lasting", f"{plugin.id} {plugin.version}: {lost}", CHART, wanted.source)
    if isinstance(current, PluginState) and current.elsewhere:
        message = f"{plugin.id} is loaded from elsewhere than plugins/: two jars of one plugin stop the whole site"
        hint = "it may be part of XNAT's image or war: take it out there first"
        yield Problem("error", "plugin-elsewhere", message, hint, wanted.source)


def _data_left(xnat: Connection, name: str) -> Iterator[str]:
    bean = xnat.client.read_json(f"/xapi/plugins/{name}", doing=f"asking for the plugin {name}", absent_ok=True) or {}
    for model in bean.get("dataModelBeans") or ():
        kind = str(model.get("type", ""))
        try:
            found = xnat.client.read_json(
                "/data/experiments",
                doing=f"looking for data of the type {kind}",
                params={"xsiType": kind, "columns": "ID", "limit": "1", "format": "json"},
            )
        except NotFound:
            continue
        except ServerFailed:
            yield f"XNAT does not say whether there are data of its type {kind}"
            continue
        if found["ResultSet"]["Result"]:
            yield f"there are data of its type {kind}, which nobody could read without it"
