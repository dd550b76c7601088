"""Case files: `tests/kinds/<kind>/<case>.yaml`, one story each. What the keys mean stands in README.md beside this."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
PASSWORD = "c4nary-Passw0rd/+é"  # the account's, in every case: it must be seen nowhere
SERVER = "server:\n  username: admin\n  password: !env XNAT_PASSWORD\n"


@dataclass(frozen=True)
class Case:
    kind: str
    path: Path
    about: str
    site: str  # the site file without its `server`
    shows: Sequence[str] = ()  # which words of the design it shows: see ASPECTS in test_contract.py
    # The server
    answers: Mapping[str, Any] | None = None  # scripted; without it a practice XNAT is asked
    afterwards: Mapping[str, Any] = field(default_factory=dict)  # answers once something was written
    version: str = "1.9.2.1"  # of the scripted server
    fresh: bool = False  # nobody has set it up
    first_password: bool = False  # the account still has the password `admin`, and the file says so
    home: bool = False  # the practice XNAT's folder is its home, and `restart: auto`
    jars: Mapping[str, str] = field(default_factory=dict)  # file beside the site: the plugin that is in it
    engine: Mapping[str, Any] | None = None  # images (id: tags), pullable (tag: id) of an engine of our own making
    applied_before: str | None = None  # a site that was applied first
    owner_before: str = "default"
    by_hand: Sequence[Mapping[str, Any]] = ()  # what somebody did afterwards: {"PUT /path": body}
    # The call
    files: Mapping[str, str] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    prune: bool = False
    allow: Sequence[str] = ()
    # What is expected
    problems: Sequence[Mapping[str, str]] | None = None  # of the file alone: {rule: "line:column"}
    exit: int | None = None  # of `plan`; 2 where something is planned, else 0
    plan: Sequence[Mapping[str, Any]] = ()  # {"update kind:name": {field: [before, after, moved]}}
    notes: Mapping[str, Sequence[str]] = field(default_factory=dict)  # by ref: texts that stand among its notes
    says: Sequence[str] = ()  # rules among the plan's problems
    requests: Sequence[Any] | None = None  # of the apply, all, in their order; only of a scripted server
    writes: Sequence[Any] | None = None  # of the apply, in their order: "PUT /path" or {"PUT /path": body}
    budget: int = 8  # requests of a run with nothing to do
    changed: str | None = None  # the same things with other values
    free: Sequence[str] = ()  # keys under which any key may stand; NAME/*: whose keys are names of things

    @property
    def name(self) -> str:
        return f"{self.kind}/{self.path.stem}"

    def __str__(self) -> str:
        return self.name

    @property
    def scripted(self) -> bool:
        return self.answers is not None

    @property
    def refused(self) -> bool:
        return self.exit == 3

    @property
    def exit_code(self) -> int:
        return self.exit if self.exit is not None else 2 if self.plan else 0

    @property
    def environ(self) -> dict[str, str]:
        return {"XNAT_PASSWORD": PASSWORD, **self.env}

    def site_text(self, text: str | None = None, owner: str = "default") -> str:
        first = "  first_password: admin\n" if self.first_password else ""
        first += "  restart: auto\n" if self.home else ""
        return f"{SERVER}{first}  owner: {owner}\n{self.site if text is None else text}"


def _load(path: Path) -> Case:
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    unknown = set(document) - {known.name for known in fields(Case)}
    assert not unknown, f"{path}: no such keys: {sorted(unknown)}"
    return Case(kind=path.parent.name, path=path, **document)


CASES = [_load(path) for path in sorted(FOLDER.glob("*/*.yaml"))]
