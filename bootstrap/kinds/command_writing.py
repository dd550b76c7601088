"""How a command is changed so that it and its wrappers keep their ids.

XNAT finds a wrapper, an input, a handler by its name: what has the same name is changed in place, what has another one
is new and comes last. So wrappers are renamed by their id first; and what would come before the thing that it hangs on
is taken out and written again, behind it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from bootstrap.errors import SmokeFailed, XnatError
from bootstrap.kinds.command_document import canonical, flaws_of, normal
from bootstrap.kinds.command_document.normal import Document, normal_wrapper
from bootstrap.kinds.command_document.order import disordered_after, in_order, without_children
from bootstrap.kinds.commands_section import Smoke
from bootstrap.kinds.container_reading import wrapper_id
from bootstrap.kinds.kind import Resource
from bootstrap.kinds.smoke import CannotTry, SmokeTest
from bootstrap.xnat.connection import Connection

Row = Mapping[str, Any]
NOT_COMPARED = ("hash", "index")  # what an image's label brought along is left alone
NAMES = "wrapper-names"  # new to old ones, where the file says that a wrapper had another name


def whole_document(wanted: Resource) -> Document:
    """As the file has it; of a before-image, from its fields."""
    document = wanted.payload.get("document")
    if document is None:
        names = wanted.fields.get(NAMES) or {}
        wrappers = {names.get(name, name): one for name, one in (wanted.fields.get("xnat") or {}).items()}
        document = normal({**wanted.fields, "xnat": wrappers, "name": wanted.name})
    return in_order({**document, "name": wanted.name})


def old_names(wanted: Resource) -> Mapping[str, str]:
    """New names of wrappers and the ones before. To go back is to rename the other way."""
    names = wanted.fields.get(NAMES) or {}
    backwards = {old: new for new, old in names.items() if old != new}
    found: Mapping[str, str] = wanted.payload.get("was", backwards)
    return found


def target(wanted: Resource, row: Row, changed: frozenset[str]) -> Document:
    """What is to be written over this row: what may not be changed stays as it is."""
    document, stored = whole_document(wanted), normal(row)
    if "document" not in wanted.payload and "xnat" not in wanted.fields:
        # A before-image of names alone: the wrappers themselves stay as they are.
        names = wanted.fields.get(NAMES) or {}
        document["xnat"] = [{**one, "name": names.get(one["name"], one["name"])} for one in stored["xnat"]]
    left = _left_alone(wanted, document, row, {*changed, "xnat"} if NAMES in changed else changed)
    kept = {key: value for key, value in document.items() if key not in left}
    return {**kept, **{key: stored[key] for key in left if key in stored}}


def _left_alone(wanted: Resource, document: Document, row: Row, changed: Collection[str]) -> set[str]:
    if "document" not in wanted.payload:
        return {*document, *normal(row)} - {*changed, "name"}  # a before-image has just what was changed
    ours, theirs = canonical(document), canonical(row)
    left = {key for key in wanted.fields if key not in changed and ours.get(key) != theirs.get(key)}
    return left | {key for key in NOT_COMPARED if key not in wanted.fields}


@dataclass(frozen=True)
class Change:
    """From one row to one document. `was`: new names of wrappers, and the old ones."""

    row: Row
    document: Document
    was: Mapping[str, str]

    @property
    def renamed(self) -> list[tuple[Row, str]]:
        """Wrappers that get a new name, which none has yet."""
        wrappers = {str(wrapper.get("name")): wrapper for wrapper in self.row["xnat"]}
        wanted = self.wanted_names
        found = [(wrappers.get(old), new) for new, old in self.was.items() if new in wanted and old not in wanted]
        return [(wrapper, new) for wrapper, new in found if wrapper is not None and new not in wrappers]

    @property
    def wanted_names(self) -> list[str]:
        return [wrapper["name"] for wrapper in self.document["xnat"]]

    @property
    def after_renaming(self) -> list[Row]:
        """The wrappers of the row by their new names."""
        names = {wrapper["id"]: new for wrapper, new in self.renamed}
        return [{**wrapper, "name": names.get(wrapper["id"], wrapper.get("name"))} for wrapper in self.row["xnat"]]

    @property
    def leaving(self) -> list[Row]:
        """What the document does not have, and a second one of a name."""
        seen: set[Any] = set()
        found = []
        for wrapper in self.after_renaming:
            name = wrapper["name"]
            found += [wrapper] if name in seen or name not in self.wanted_names else []
            seen.add(name)
        return found

    @property
    def staying(self) -> list[Row]:
        gone = [wrapper["id"] for wrapper in self.leaving]
        return [wrapper for wrapper in self.after_renaming if wrapper["id"] not in gone]

    @property
    def reordered(self) -> Mapping[str, list[str]]:
        """Wrappers in which something would come too early, and what."""
        stored = {wrapper["name"]: normal_wrapper(wrapper) for wrapper in self.staying}
        found = {
            wrapper["name"]: disordered_after(stored[wrapper["name"]], wrapper)
            for wrapper in self.document["xnat"]
            if wrapper["name"] in stored
        }
        return {name: early for name, early in found.items() if early}

    @property
    def anew(self) -> bool:
        """XNAT keeps the type of a command for ever."""
        return bool(normal(self.row)["type"] != self.document["type"])


@dataclass(frozen=True)
class Writer:
    xnat: Connection
    wanted: Resource

    @property
    def doing(self) -> str:
        return f"changing the command {self.wanted.name}"

    def create(self, document: Document) -> None:
        doing = f"making the command {self.wanted.name}"
        answer = self._send("/xapi/commands", document, doing=doing, creates=True)
        smoke = self._smoke()
        if smoke is not None:
            row = self._row(int(answer.json()))
            reason = self._smoke_failure(smoke, row)
            if reason:
                hint = "there was nothing to go back to: the command stays, and is on nowhere"
                raise SmokeFailed(f"its smoke test failed: {reason}", doing=doing, hint=hint, source=self.wanted.source)

    def change(self, number: int, changed: frozenset[str]) -> None:
        row = self._row(number)
        change = Change(row, target(self.wanted, row, changed), old_names(self.wanted))
        if change.anew:
            self._remove(number)
            self.create(change.document)
            return
        self._rename_wrappers(change)
        last = self._write(change)
        smoke = self._smoke()
        reason = self._smoke_failure(smoke, self._row(number)) if smoke else None
        if reason:
            self._put_back(row, change)
            raise SmokeFailed(
                f"its smoke test failed, so the document before it is there again: {reason}",
                doing=self.doing,
                hint="mend the command or its image, and run again",
                source=self.wanted.source,
            )
        self._delete_wrappers(last)

    def _row(self, number: int) -> Row:
        row: Row = self.xnat.client.read_json(f"/xapi/commands/{number}", doing=self.doing)
        return row

    def _rename_wrappers(self, change: Change) -> None:
        number = change.row["id"]
        for wrapper, new in change.renamed:
            path = f"/xapi/commands/{number}/wrappers/{wrapper['id']}"
            body = {**normal_wrapper(wrapper), "name": new}
            self.xnat.client.write(
                "POST", path, doing=f"renaming a wrapper to {new}", json=body, source=self.wanted.source
            )

    def _write(self, change: Change) -> Sequence[Row]:
        """Writes the document, and gives back the wrappers that are still to be deleted.

        They go last, so that they keep their ids if the change is put back. A document that they do not fit into
        cannot have them a moment longer.
        """
        path, document = f"/xapi/commands/{change.row['id']}", change.document
        leaving = change.leaving
        together = {**document, "xnat": [*document["xnat"], *(normal_wrapper(wrapper) for wrapper in leaving)]}
        if leaving and any(flaw.severity == "error" for flaw in flaws_of(together)):
            self._delete_wrappers(leaving)
            leaving = []
        elif leaving:
            document = together
        if change.reordered:
            self._send_in_two_steps(path, document, change)
        else:
            self._send(path, document)
        return leaving

    def _send_in_two_steps(self, path: str, document: Document, change: Change) -> None:
        try:
            self._send(path, without_children(document, change.reordered))
            self._send(path, document)
        except XnatError:
            with suppress(XnatError):  # what is in between can be launched by nobody: rather what was there
                self._send(
                    path, in_order({**normal(change.row), "xnat": [*map(normal_wrapper, change.after_renaming)]})
                )
            raise

    def _send(self, path: str, document: Document, *, doing: str = "", creates: bool = False) -> Any:
        return self.xnat.client.write(
            "POST",
            path,
            doing=doing or self.doing,
            json=document,
            creates=creates,
            answers=creates,
            source=self.wanted.source,
        )

    def _delete_wrappers(self, wrappers: Iterable[Row]) -> None:
        """Not left to the update, which would leave a row behind that nothing can delete any more."""
        for wrapper in wrappers:
            doing = f"deleting the wrapper {wrapper.get('name')}"
            self.xnat.client.write("DELETE", f"/xapi/wrappers/{wrapper['id']}", doing=doing, source=self.wanted.source)

    def _remove(self, number: int) -> None:
        doing = f"deleting the command {self.wanted.name}, to make it again as another type"
        self.xnat.client.write("DELETE", f"/xapi/commands/{number}", doing=doing, source=self.wanted.source)

    def _put_back(self, before: Row, change: Change) -> None:
        now = self._row(before["id"])
        back = Change(now, normal(before), {str(old["name"]): new for old, new in change.renamed})
        try:
            self._rename_wrappers(back)
            self._delete_wrappers(self._write(back))
        except XnatError as error:
            raise SmokeFailed(
                f"its smoke test failed, and the document before it could not be put back: {error.message}",
                doing=self.doing,
                hint="the command is as the file has it: put it right by hand, or mend the file and run again",
                source=self.wanted.source,
            ) from error

    def _smoke(self) -> Smoke | None:
        smoke: Smoke | None = self.wanted.payload.get("smoke")
        return smoke

    def _smoke_failure(self, smoke: Smoke, row: Row) -> str | None:
        wrapper = next((each for each in row["xnat"] if each["name"] == smoke.wrapper), None)
        number = wrapper_id(row, smoke.wrapper)
        if wrapper is None or number is None:
            return f"it has no wrapper `{smoke.wrapper}`"
        try:
            return SmokeTest(self.xnat, smoke, wrapper, number).failure()
        except CannotTry:
            return None  # said in the plan


def delete_command(xnat: Connection, name: str, number: str | None) -> None:
    xnat.client.write("DELETE", f"/xapi/commands/{number}", doing=f"deleting the command {name}")
