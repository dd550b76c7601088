"""Commands of the Container Service. A changed one is changed in place: event subscriptions and orchestrations hold the
ids of its wrappers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bootstrap.config.site import Site
from bootstrap.facts.container_fields import fields as known_fields
from bootstrap.kinds.command_document import canonical
from bootstrap.kinds.command_document.normal import normal_wrapper
from bootstrap.kinds.command_document.order import disordered
from bootstrap.kinds.command_examine import examine_commands
from bootstrap.kinds.command_export import export_commands
from bootstrap.kinds.command_notes import notes_of
from bootstrap.kinds.command_problems import command_problems
from bootstrap.kinds.command_uses import CommandUse, command_uses, loaded
from bootstrap.kinds.command_writing import NAMES, NOT_COMPARED, Writer, delete_command, whole_document
from bootstrap.kinds.commands_section import COMMANDS
from bootstrap.kinds.container_reading import Row, commands, has_containers, row_of
from bootstrap.kinds.kind import Exported, Finding, Kind, Resource, State
from bootstrap.kinds.template_names import image_references
from bootstrap.values import Problem
from bootstrap.xnat.connection import Connection

KEYS = tuple(field.name for field in known_fields()["command"] if field.name != "name")
COMPARED = tuple(key for key in KEYS if key not in NOT_COMPARED)


@dataclass(frozen=True)
class CommandState(State):
    obstacles: tuple[tuple[str, str, str], ...] = ()  # rule, message and hint of what keeps us from writing it


class CommandKind(Kind):
    name = "command"
    title = "command"
    sections = (COMMANDS,)
    needs = ("initialization", "admin_password", "container_manager", "compute", "registry", "image")
    removal = "gone from the file: deleted with its wrappers, their configuration and their place in orchestrations"

    def desired(self, site: Site) -> list[Resource]:
        images = {reference: f"image:{name}" for name, reference in image_references(site).items()}
        uses = command_uses(site)
        return [self._resource(use, images, uses) for use in uses]

    def _resource(self, use: CommandUse, images: Mapping[str, str], uses: Sequence[CommandUse]) -> Resource:
        ours = use.canonical
        authored = [key for key in NOT_COMPARED if key in ours]
        was = {name: wrapper.was for name, wrapper in use.command.wrappers.items() if wrapper.was}
        fields = {key: ours.get(key) for key in (*COMPARED, *authored)}
        return Resource(
            self.name,
            use.name,
            fields | ({NAMES: {new: new for new in was}} if was else {}),
            use.source(),
            needs=tuple(_needs(use, images, uses)),
            was=use.command.was,
            protected=use.command.protected,
            ignore=frozenset(use.command.ignore),
            payload={"document": use.normal, "was": was, "smoke": use.command.smoke},
        )

    def check(self, site: Site) -> list[Problem]:
        found = loaded(site)
        return [
            *found.problems,
            *(problem for use in found.uses for problem in command_problems(site, use, found.uses)),
        ]

    def read(self, xnat: Connection, wanted: Sequence[Resource]) -> Mapping[str, State]:
        rows = commands(xnat)
        found = {}
        for resource in wanted:
            for name in filter(None, (resource.name, resource.was)):
                row = chosen(rows, name, resource)
                if row is not None:
                    found[name] = _state(xnat, resource, row, rows)
        return found

    def judge(self, xnat: Connection, wanted: Resource, current: State | None) -> Iterable[Problem]:
        for rule, message, hint in current.obstacles if isinstance(current, CommandState) else ():
            yield Problem("error", rule, f"{wanted.ref}: {message}", hint, wanted.source)

    def create(self, xnat: Connection, wanted: Resource) -> None:
        Writer(xnat, wanted).create(whole_document(wanted))

    def update(self, xnat: Connection, wanted: Resource, current: State, changed: frozenset[str]) -> None:
        Writer(xnat, wanted).change(int(current.id or 0), changed)

    def rename(self, xnat: Connection, wanted: Resource, current: State) -> None:
        self.update(xnat, wanted, current, frozenset(wanted.fields))

    def delete(self, xnat: Connection, name: str, current: State) -> None:
        delete_command(xnat, name, current.id)

    def export(self, xnat: Connection) -> Exported:
        return export_commands(xnat) if has_containers(xnat) else Exported()

    def examine(self, xnat: Connection, site: Site) -> Iterable[Finding]:
        return examine_commands(xnat)


def chosen(rows: Sequence[Row], name: str, wanted: Resource) -> Row | None:
    """Ours is the one that the ledger knows, then the one of the same image and version, then the oldest."""
    known = [row for row in rows if row["name"] == name and str(row["id"]) == wanted.known_id]
    return known[0] if known else row_of(rows, name, wanted.fields.get("image"), wanted.fields.get("version"))


def _state(xnat: Connection, wanted: Resource, row: Row, rows: Sequence[Row]) -> CommandState:
    theirs = canonical(row)
    fields = {key: theirs.get(key) for key in KEYS}
    fields |= _names(fields, wanted)
    document = wanted.payload.get("document")
    differs = document is not None and any(value != fields.get(key) for key, value in wanted.fields.items())
    broken = _is_broken(row)
    notes = tuple(notes_of(xnat, wanted, row)) if document is not None and (differs or broken) else ()
    obstacles = tuple(_obstacles(wanted, row, rows)) if document is not None else ()
    return CommandState(fields, str(row["id"]), notes, broken, obstacles)


def _names(fields: Mapping[str, Any], wanted: Resource) -> dict[str, Any]:
    """Renamed wrappers under the file's names, so that a new name is one difference and not a whole wrapper."""
    names = wanted.fields.get(NAMES)
    if not isinstance(names, Mapping):
        return {}
    wrappers, found, was = dict(fields["xnat"] or {}), dict[str, str](), wanted.payload.get("was", {})
    for ours, name in names.items():
        there = next((each for each in (name, was.get(ours), ours) if each in wrappers), None)
        if there is not None:
            found[ours] = there
            wrappers[ours] = wrappers.pop(there)
    return {"xnat": wrappers or None, NAMES: found}


def _is_broken(row: Row) -> bool:
    """XNAT takes wrappers that it then cannot start: in an order that does not work, without or with one name."""
    names = [wrapper.get("name") for wrapper in row["xnat"]]
    unnamed = any(not (name or "").strip() for name in names)
    return unnamed or len(set(names)) < len(names) or any(disordered(normal_wrapper(each)) for each in row["xnat"])


def _obstacles(wanted: Resource, row: Row, rows: Sequence[Row]) -> Iterator[tuple[str, str, str]]:
    twins = [each for each in rows if each["name"] == row["name"] and each["id"] != row["id"]]
    identity = (wanted.fields.get("image"), wanted.fields.get("version"))
    ours = str(row["id"]) == wanted.known_id or (row.get("image"), row.get("version")) == identity
    if twins and not ours:
        told = ", ".join(f"{each['id']} ({each.get('image')}, version {each.get('version')})" for each in [row, *twins])
        hint = "give the file the image and version of the one that is meant, or delete the others"
        yield "command-twins", f"XNAT has several commands of this name: {told}", hint
    taken = [each for each in rows if each["id"] != row["id"] and each["name"] == wanted.name]
    for each in taken:
        if ours and (each.get("image"), each.get("version")) == identity:
            message = f"XNAT has another command of this name, image and version, with the id {each['id']}"
            yield "command-twins", message, "delete one of the two"
    if wanted.protected and row.get("type") != wanted.fields.get("type"):
        yield "protected", "it is protected, and another `type` can only be had by deleting it", ""


def _needs(use: CommandUse, images: Mapping[str, str], uses: Sequence[CommandUse]) -> Iterator[str]:
    """Its image, and the setup and wrapup commands that it names by image and name."""
    image = str(use.canonical.get("image"))
    if image in images:
        yield images[image]
    for reference in setup_references(use.normal["xnat"] if use.sound else ()):
        for other in uses:
            if other.name != use.name and other.sound and other.is_named(reference):
                yield f"command:{other.name}"


def setup_references(wrappers: Iterable[Mapping[str, Any]]) -> list[str]:
    found = []
    for wrapper in wrappers:
        inputs = [*wrapper["external-inputs"], *wrapper["derived-inputs"]]
        found += [one.get("via-setup-command") for one in inputs]
        found += [one.get("via-wrapup-command") for one in wrapper["output-handlers"]]
    return [reference for reference in dict.fromkeys(found) if reference]
