from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from bootstrap.errors import (
    BootstrapError,
    Denied,
    NeverReady,
    NotAnXnat,
    ServerFailed,
    SignInRefused,
    Starting,
    TlsRefused,
    Unreachable,
)
from bootstrap.values import Secret
from bootstrap.xnat.fake import Answer, FakeTransport, reply
from bootstrap.xnat.server import BUILD_INFO
from bootstrap.xnat.signin import PROBE
from bootstrap.xnat.transport import NoAnswer, NotSent, TlsFailure
from bootstrap.xnat.wait import GRACE_SECONDS, Ready, wait_until_ready

REFUSED = NotSent("Connection refused")
SILENT = NoAnswer("no answer within 5 s", timed_out=True)
INFO = reply(json={"version": "1.9.2.1"})
DEAD = reply(404, text="<html><h1>HTTP Status 404</h1></html>")
FIRST = Secret("first-password")


@dataclass
class Waited:
    """A wait with a clock that only pauses move."""

    looks: tuple[Answer, ...]
    probes: tuple[Answer, ...] = (reply(json=True, cookies={"JSESSIONID": "S"}),)
    first: Secret | None = None
    limit: float = 300
    now: float = 0.0
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.fake = (
            FakeTransport()
            .on("GET", BUILD_INFO, *self.looks)
            .on("GET", "/", DEAD)
            .on("GET", PROBE, *self.probes)
            .on("DELETE", "/data/JSESSION", reply())
        )

    def pause(self, seconds: float) -> None:
        self.now += seconds

    def run(self) -> Ready | BootstrapError:
        try:
            return wait_until_ready(
                "http://xnat",
                username="ann",
                password=Secret("password"),
                first_password=self.first,
                limit_seconds=self.limit,
                tell=self.told.append,
                clock=lambda: self.now,
                pause=self.pause,
                transport=self.fake,
            )
        except BootstrapError as error:
            return error

    @property
    def sign_ins(self) -> int:
        return self.fake.lines.count(f"GET {PROBE}")


def test_ready_at_once() -> None:
    waited = Waited(looks=(INFO,))
    assert waited.run() == Ready("1.9.2.1", initialized=True, used_first_password=False, seconds=0.0)
    assert waited.told == []
    assert waited.fake.lines == [f"GET {BUILD_INFO}", f"GET {PROBE}", "DELETE /data/JSESSION"]
    assert waited.fake.closed


def test_a_start_is_told_step_by_step_and_each_step_once() -> None:
    waited = Waited(looks=(REFUSED, REFUSED, NoAnswer("cut"), SILENT, SILENT, SILENT, reply(502), INFO))
    ready = waited.run()
    assert isinstance(ready, Ready)
    assert ready.seconds == 14.0
    assert waited.told == [
        "not up: no connection to http://xnat: Connection refused",
        "not up: no answer from http://xnat: cut",
        "starting: http://xnat takes connections, but does not answer yet: no answer within 5 s",
        "starting: a proxy answers, XNAT behind it does not",
    ]


@pytest.mark.parametrize(
    ("ready", "text"),
    [
        (Ready("1.9.2.1", True, False, 12.4), "XNAT 1.9.2.1 is ready (12 s)"),
        (Ready("1.9.2.1", False, True, 3), "XNAT 1.9.2.1 is ready, not set up yet: `apply` does that (3 s)"),
    ],
)
def test_ready_says_whether_it_is_set_up(ready: Ready, text: str) -> None:
    assert str(ready) == text


def test_a_site_that_is_not_set_up_is_ready() -> None:
    ready = Waited(looks=(INFO,), probes=(reply(json=False),)).run()
    assert isinstance(ready, Ready)
    assert ready.initialized is False


def test_the_sign_in_record_of_a_first_start_is_waited_for() -> None:
    waited = Waited(looks=(INFO,), probes=(*[reply(401)] * 5, reply(json=False)), first=FIRST)
    ready = waited.run()
    assert isinstance(ready, Ready)
    assert ready.used_first_password is True
    assert waited.sign_ins == 6


HOPELESS: list[tuple[Answer, Answer, type[BootstrapError]]] = [
    (TlsFailure("its certificate is not trusted"), reply(), TlsRefused),
    (reply(text="hello"), reply(), NotAnXnat),
    (INFO, reply(401), SignInRefused),
    (INFO, reply(403), Denied),
]


@pytest.mark.parametrize(("look", "probe", "kind"), HOPELESS)
def test_what_waiting_cannot_mend_ends_it_at_once(look: Answer, probe: Answer, kind: type[BootstrapError]) -> None:
    waited = Waited(looks=(look,), probes=(probe,))
    assert type(waited.run()) is kind
    assert waited.now == 0.0
    assert waited.fake.closed


@pytest.mark.parametrize(("answer", "kind"), [(DEAD, NeverReady), (reply(500), ServerFailed)])
def test_a_web_application_that_stays_broken_is_given_up_after_some_seconds(
    answer: Answer, kind: type[BootstrapError]
) -> None:
    waited = Waited(looks=(answer,))
    assert type(waited.run()) is kind
    assert GRACE_SECONDS <= waited.now <= GRACE_SECONDS + 2
    assert len(waited.told) == 1
    assert waited.told[0].startswith("not right yet: ")


def test_broken_for_a_moment_is_not_broken() -> None:
    waited = Waited(looks=(*[DEAD] * 6, REFUSED, *[DEAD] * 6, INFO))
    assert isinstance(waited.run(), Ready)


@pytest.mark.parametrize(
    ("look", "kind", "reason"),
    [
        (REFUSED, Unreachable, "not up: no connection to http://xnat: Connection refused"),
        (SILENT, Starting, "starting: http://xnat takes connections, but does not answer yet"),
    ],
)
def test_at_its_end_it_says_the_last_reason(look: Answer, kind: type[BootstrapError], reason: str) -> None:
    waited = Waited(looks=(look,), limit=60)
    error = waited.run()
    assert type(error) is kind
    assert f"not ready after 60 s; the last reason: {reason}" in str(error)
    assert error.exit_code == 4
    assert 56 <= waited.now <= 60


def test_hiccups_between_sign_ins_do_not_lock_the_account() -> None:
    waited = Waited(looks=(INFO,), probes=(*[reply(401), reply(401), reply(503)] * 20,), first=FIRST)
    assert type(waited.run()) is SignInRefused
    assert waited.sign_ins == 17  # twelve of them refused
