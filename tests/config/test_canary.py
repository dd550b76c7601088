"""A secret comes out nowhere: not in problems, exceptions, reprs, renderings."""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from pydantic import field_validator, model_validator

from bootstrap.config import Model, Section, load_site, render
from bootstrap.errors import SiteFileError
from bootstrap.values import Secret, canonical_json, masked
from tests.config.sites import SECTIONS, write

CANARY = "c4nary-in-the-mine"


class Account(Model):
    """Validators that quote what they were given, as validators do."""

    identity: ClassVar[str | None] = "login"

    login: str
    password: Secret | None = None
    other: Secret | str | None = None

    @field_validator("login")
    @classmethod
    def _is_short(cls, value: str) -> str:
        if len(value) > 5:
            raise ValueError(f"`{value}` is longer than 5: {value!r}")
        return value

    @model_validator(mode="after")
    def _differ(self) -> Account:
        if self.password is not None and self.login == "same":
            raise ValueError(f"the password {self.password.reveal()} is no good for {self}")
        return self


ACCOUNTS = Section("accounts", list[Account], "Accounts.")

# Each makes a problem, with the canary in the place of a secret.
SITES = [
    "server: {password: [CANARY]}",
    "server: {password: {a: CANARY}}",
    "server: {password: 'CANARY', port: x}",
    "server: {pasword: CANARY}",
    "server: {mail: CANARY}",
    "server: {mail: {pass: CANARY}}",
    "server: {port: !secret s.txt}",
    "server: {url: !secret s.txt}",
    "server: {mode: !secret s.txt}",
    "server: {hosts: !secret s.txt}",
    "server: {hosts: [!secret s.txt]}",
    "server: {mail: !secret s.txt}",
    "server: {name: !secret s.txt}",
    "server: {until: !secret s.txt}",
    "server: {secure: !secret s.txt}",
    "server: {port: !env CANARY_NAME}",
    "server: {mode: !env CANARY_NAME}",
    "server: {name: !env CANARY_NAME}",
    "server: {until: !env CANARY_NAME}",
    "server: {hosts: !env CANARY_NAME}",
    "server: {mail: !env CANARY_NAME}",
    "server: {extra: !env CANARY_NAME}",
    "server: {bogus: !env CANARY_NAME}",
    "server: {password: *CANARY }",
    "server: {password: !CANARY }",
    "server: {password: !x!CANARY }",
    "server: {password: @CANARY }",
    "server: {password: 'CANARY}",
    "server: {password: {CANARY}",
    "server: {password: CANARY, password: CANARY}",
    "server: {password: !secret [/bin/sh, -c, 'echo CANARY; echo CANARY >&2; exit 3']}",
    "server: {password: !secret [/bin/sh, -c, 'echo CANARY; false', CANARY]}\nbogus: 1",
    "server: {password: !secret latin.txt}",
    "server: {password: !secret {a: CANARY}}",
    "server: {password: !env [CANARY-, CANARY]}",
    "server: {}\nvars: {x: !secret s.txt}",
    "server: {}\nvars: {x: CANARY}\nscript: !file fails.j2",
    "server: {}\naccounts: [{login: !env CANARY_NAME}]",
    "server: {}\naccounts: [{login: !secret s.txt}]",
    "server: {}\naccounts: [{login: same, password: CANARY}]",
    "server: {}\naccounts: [{login: same, password: !secret s.txt}]",
    "server: {}\naccounts: [{login: same, password: !env CANARY_NAME}]",
    "server: {}\naccounts: [{login: same, other: [CANARY]}]",
    "server: {}\naccounts: [{login: !env CANARY_NAME}, {login: !env CANARY_NAME}]",
    "server: {}\naccounts: !secret s.txt",
    "server: {}\naccounts: [!secret s.txt, !env CANARY_NAME]",
    "server: {password: CANARY}\nbogus: 1",
]
# Each loads.
FINE = [
    "server: {password: CANARY}",
    "server: {password: !env CANARY_NAME, extra: {a: [!env CANARY_NAME], b: !secret s.txt}}",
    "server: {password: !secret s.txt}",
    "server: {password: !secret [/bin/cat, s.txt]}",
    "server: {}\naccounts: [{login: x, password: CANARY, other: !secret s.txt}]",
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, CANARY + "\n", "s.txt")
    write(tmp_path, CANARY.encode() + b"\xff", "latin.txt")
    write(tmp_path, "{{ x.nothing }}", "fails.j2")
    return tmp_path


def texts_of(error: BaseException) -> Iterator[str]:
    yield from traceback.format_exception(error)
    yield repr(error)
    yield str(error)
    chain: BaseException | None = error
    while chain is not None:
        yield repr(chain.args)
        chain = chain.__cause__


@pytest.mark.parametrize("text", SITES)
@pytest.mark.parametrize("overlaid", [False, True], ids=["", "overlaid"])
def test_no_problem_shows_a_secret(folder: Path, text: str, overlaid: bool) -> None:
    write(folder, text.replace("CANARY_NAME", "NAME").replace("CANARY", CANARY))
    overlays = [write(folder, "server: {password: other}", "over.yaml")] if overlaid else []
    with pytest.raises(SiteFileError) as caught:
        load_site(folder, overlays, sections=[*SECTIONS, ACCOUNTS], environ={"NAME": CANARY})
    assert caught.value.problems
    for said in texts_of(caught.value):
        assert CANARY not in said
    assert CANARY not in json.dumps([problem.as_json() for problem in caught.value.problems])


@pytest.mark.parametrize("text", FINE)
def test_no_site_shows_a_secret(folder: Path, text: str) -> None:
    write(folder, text.replace("CANARY_NAME", "NAME").replace("CANARY", CANARY))
    site = load_site(folder, sections=[*SECTIONS, ACCOUNTS], environ={"NAME": CANARY})
    rendered = render(site)
    shown = [
        repr(site.raw),
        repr(site.tree),
        repr(site.section("server")),
        repr(site.section("accounts")),
        repr(site.section("server").model_dump()),
        canonical_json(masked(site.raw)),
        repr(site.warnings),
        rendered.text,
        json.dumps(rendered.as_json()),
        site.digest,
    ]
    assert [said for said in shown if CANARY in said] == []
