"""The program in this process, without its pauses, as somebody with an empty environment calls it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import pytest

from bootstrap.cli import run
from bootstrap.ops import session
from tests.live.conftest import brief_pause


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str


Program = Callable[..., Said]


@pytest.fixture(autouse=True)
def _nobodys_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XNAT_URL", "XNAT_USERNAME", "XNAT_PASSWORD", "XNAT_CA_FILE", "SMTP_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(session, "Tools", partial(session.Tools, pause=brief_pause))


@pytest.fixture
def program(capsys: pytest.CaptureFixture[str]) -> Iterator[Program]:
    logger, root = logging.getLogger("bootstrap"), logging.getLogger()
    before = (logger.level, root.level, list(root.handlers))

    def call(*arguments: str) -> Said:
        capsys.readouterr()
        code = run(list(arguments))
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    yield call
    logger.setLevel(before[0])
    root.setLevel(before[1])
    root.handlers[:] = before[2]
