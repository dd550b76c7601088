"""What a kind of thing on an XNAT is: its fields in the site file, how it is read, and how it is written.

A kind sees the site file and a connection, never a plan. Everything it returns is a value; what follows from
the values (a diff, a plan, an order, a refusal) is the engine's. See docs/adding-a-kind.md.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Literal

from bootstrap.config.section import Section
from bootstrap.config.site import Site
from bootstrap.values import Problem, Source
from bootstrap.xnat.connection import Connection

Fields = Mapping[str, Any]
LEFT_TO_A_PERSON = "it stays owed until somebody makes it"  # ends a note about what no apply does


class _Unreadable:
    """A field that the server stores and never gives back, such as a registry's password."""

    def __repr__(self) -> str:
        return "UNREADABLE"


UNREADABLE = _Unreadable()


def ref(kind: str, name: str) -> str:
    return f"{kind}:{name}"


@dataclass(frozen=True)
class Resource:
    """One thing as the file wants it. A field that the file does not name is not here: it is left alone.

    `None` as a field's value is the file's `null`: the server's default. `payload` is what a write needs besides
    and what is never compared.
    """

    kind: str
    name: str
    fields: Fields
    source: Source | None = None
    sources: Mapping[str, Source] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    was: str | None = None
    protected: bool = False
    ignore: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    payload: Fields = field(default_factory=dict)
    known_id: str | None = None  # what the ledger says that the server calls it
    formerly: tuple[str, ...] = ()  # what the ledger may call it still: it was renamed along with something else

    @property
    def ref(self) -> str:
        return ref(self.kind, self.name)

    @property
    def old_refs(self) -> tuple[str, ...]:
        """By which the ledger may name it."""
        return tuple(ref(self.kind, name) for name in (self.was, *self.formerly) if name)

    def source_of(self, path: str) -> Source | None:
        return self.sources.get(path, self.source)

    def with_fields(self, fields: Fields) -> Resource:
        return replace(self, fields=fields)


@dataclass(frozen=True)
class State:
    """One thing as the server has it."""

    fields: Fields
    id: str | None = None
    notes: tuple[str, ...] = ()
    broken: bool = False  # it points to something that is not there: putting that right is a repair
    lost: str = field(default="", kw_only=True)  # what it belonged to and is gone: nobody has set it back
    restarts: bool = field(default=False, kw_only=True)  # to make it what is wanted is to restart the server


@dataclass(frozen=True)
class Exported:
    """What `export` writes of a kind: parts of the site file, and files beside it (relative path to text)."""

    section: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class TagText:
    """A value of an exported site that is written as a tag: `TagText("!env", "SMTP_PASSWORD")`."""

    tag: str
    text: str


@dataclass(frozen=True)
class Finding:
    """One line of `doctor`."""

    state: Literal["good", "warning", "bad"]
    topic: str
    text: str
    mend: str = ""


class Kind(ABC):
    name: ClassVar[str]  # singular: "site_setting"
    title: ClassVar[str]  # for people: "site setting"
    sections: ClassVar[tuple[Section, ...]] = ()  # the keys of the site file that this kind brings
    written_under: ClassVar[str] = ""  # of a kind without a section: where the file says what it is made from
    needs: ClassVar[tuple[str, ...]] = ()  # kinds that are settled before this one is read or written
    before_lock: ClassVar[bool] = False  # written before the lock can be taken: first-run things only
    removed_in_place: ClassVar[bool] = False  # removals come when the kind's turn is, not after everything else
    in_home: ClassVar[bool] = False  # it writes files of XNAT's home, not requests
    remembered: ClassVar[bool] = True  # the ledger keeps what was applied
    removable: ClassVar[bool] = True  # `--prune` may take it away, or put it back to what a fresh XNAT has
    default_is_absence: ClassVar[bool] = False  # a thing in its default state is none that could be adopted
    removal: ClassVar[str] = "gone from the file"  # what a person is told of a removal
    recreate_rule: ClassVar[str] = ""  # the rule that lets a thing be made again which the ledger made once
    internal: ClassVar[frozenset[str]] = frozenset()  # fields that no file has: not shown of what is to be made
    refuse_both_moved: ClassVar[bool] = False  # file and server both changed since the last apply: refused
    settle_seconds: ClassVar[float] = 5.0  # how long a write may take to show when it is read back

    # What the file says

    @abstractmethod
    def desired(self, site: Site) -> list[Resource]: ...

    def check(self, site: Site) -> list[Problem]:
        """What is wrong and can be known without a server."""
        return []

    # What the server has

    @abstractmethod
    def read(self, xnat: Connection, wanted: Sequence[Resource]) -> Mapping[str, State]:
        """The states of these things by name; a name that is not in the answer does not exist on the server."""

    def normalise(self, name: str, fields: Fields) -> Fields:
        """The form in which two equal values are equal. `None` becomes the server's default here."""
        return fields

    def hides(self, wanted: Resource, current: State | None) -> str | None:
        """Why what needs this kind cannot be read while this thing is in this state; None if it can."""
        return None

    def defers(self, xnat: Connection, wanted: Resource, current: State | None) -> str | None:
        """Why this thing cannot be made here and need not be: what it takes is not there, and the file says so."""
        return None

    def judge(self, xnat: Connection, wanted: Resource, current: State | None) -> Iterable[Problem]:
        """What must not be done to this server: the rule of an error is what `--allow` takes."""
        return ()

    def judge_removal(self, xnat: Connection, name: str, current: State) -> Iterable[Problem]:
        """Why a thing that is gone from the file must not be taken away from this server."""
        return ()

    def note(self, wanted: Resource, current: State | None) -> Iterable[str]:
        """What a person should know of a change that is about to be made."""
        return ()

    def bystanders(self, xnat: Connection, wanted: Sequence[Resource]) -> Iterable[Problem]:
        """What `drift` says of broken things of this kind that are none of these. They are never changed."""
        return ()

    # Writing

    def create(self, xnat: Connection, wanted: Resource) -> None:
        raise TypeError(f"a {self.title} is never created")

    @abstractmethod
    def update(self, xnat: Connection, wanted: Resource, current: State, changed: frozenset[str]) -> None: ...

    def rename(self, xnat: Connection, wanted: Resource, current: State) -> None:
        raise TypeError(f"a {self.title} cannot be renamed")

    def delete(self, xnat: Connection, name: str, current: State) -> None:
        raise TypeError(f"a {self.title} is never deleted")

    def left_by_removal(self, name: str) -> Fields:
        """What `delete` puts there, of a thing that cannot go away; nothing of one that is really gone."""
        return {}

    def is_default(self, name: str, current: State) -> bool:
        """Whether a thing that cannot go away is as a fresh server has it, which is what `delete` makes of it."""
        return False

    def export(self, xnat: Connection) -> Exported:
        return Exported()

    def examine(self, xnat: Connection, site: Site) -> Iterable[Finding]:
        """What `doctor` says of this kind on an initialised server. Reads only."""
        return ()
