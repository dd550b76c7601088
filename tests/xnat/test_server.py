from __future__ import annotations

import pytest

from bootstrap.errors import (
    NeverReady,
    NotAnXnat,
    Redirected,
    ServerFailed,
    Starting,
    TlsRefused,
    ToSetup,
    Unreachable,
    XnatError,
)
from bootstrap.values import Secret
from bootstrap.xnat.client import Client
from bootstrap.xnat.fake import Answer, FakeTransport, reply
from bootstrap.xnat.server import BUILD_INFO, Plugin, Server
from bootstrap.xnat.transport import NoAnswer, NotSent, TlsFailure

PAGE = "<!doctype html><html><title>HTTP Status 404</title><h1>HTTP Status 404</h1></html>"
INFO = reply(json={"version": "1.9.2.1", "buildDate": "Mon Nov 17 20:22:39 EST 2025"})


def server_of(fake: FakeTransport) -> Server:
    client = Client(fake, url="http://xnat", pause=lambda _seconds: None)
    client.use_account("ann", Secret("pw"))
    return Server(client)


def not_found(page: str, media: str, root: Answer) -> FakeTransport:
    return FakeTransport().on("GET", BUILD_INFO, reply(404, text=page, content_type=media)).on("GET", "/", root)


def answering(answer: Answer) -> FakeTransport:
    return FakeTransport().on("GET", BUILD_INFO, answer)


def test_the_version_is_asked_once_and_without_the_account() -> None:
    fake = answering(INFO)
    server = server_of(fake)
    assert (server.version, server.version) == ("1.9.2.1", "1.9.2.1")
    assert fake.lines == [f"GET {BUILD_INFO}"]
    assert "Authorization" not in fake.asked[0].headers


@pytest.mark.parametrize(
    ("version", "than", "is_it"),
    [
        ("1.9.2.1", "1.9", True),
        ("1.9.2.1", "1.9.2.1", True),
        ("1.9.2.1", "1.10", False),
        ("1.10.0", "1.9.3", True),
        ("1.10", "1.10.0", True),
        ("1.8.11-SNAPSHOT", "1.8.11", True),
        ("Unknown", "1.8", False),
    ],
)
def test_versions_are_compared_as_numbers(version: str, than: str, is_it: bool) -> None:
    assert server_of(answering(reply(json={"version": version}))).is_at_least(than) is is_it


FIRST_LOOKS: list[tuple[FakeTransport, type[XnatError], str]] = [
    (answering(NotSent("Connection refused")), Unreachable, "no connection to http://xnat: Connection refused"),
    (answering(NoAnswer("cut")), Unreachable, "no answer from http://xnat: cut"),
    (answering(NoAnswer("no answer within 5 s", timed_out=True)), Starting, "takes connections, but does not answer"),
    (answering(TlsFailure("not trusted")), TlsRefused, "no safe connection"),
    (answering(reply(502)), Starting, "a proxy answers"),
    (answering(reply(503)), Starting, "a proxy answers"),
    (answering(reply(500)), ServerFailed, "failed over it"),
    (answering(reply(200, text="<html><h1>It works!</h1></html>")), NotAnXnat, "something that is no XNAT"),
    (answering(reply(200, text="hello")), NotAnXnat, "something that is no XNAT"),
    (answering(reply(200, json={"name": "other"})), NotAnXnat, "something that is no XNAT"),
    (answering(reply(200, json={"version": 3})), NotAnXnat, "something that is no XNAT"),
    (answering(reply(200, json=["1.9"])), NotAnXnat, "something that is no XNAT"),
    (answering(reply(401)), NotAnXnat, "this is no answer of an XNAT"),
    (answering(reply(403)), NotAnXnat, "this is no answer of an XNAT"),
    (answering(reply(204)), NotAnXnat, "this is no answer of an XNAT"),
    (answering(reply(302, headers={"Location": f"https://xnat{BUILD_INFO}"})), Redirected, "only speaks https"),
    (answering(reply(302, headers={"Location": "https://sso/auth"})), Redirected, "elsewhere, to https://sso/auth"),
    (not_found(PAGE, "text/html", reply(404)), NeverReady, "404 on everything"),
    (not_found(PAGE, "text/html", reply(200)), NotAnXnat, "a web server answers here"),
    (not_found('{"detail": "Not Found"}', "application/json", reply(404)), NotAnXnat, "a web server answers here"),
    (not_found(PAGE, "text/html", NotSent("Connection refused")), Unreachable, "no connection"),
]


@pytest.mark.parametrize(("fake", "kind", "message"), FIRST_LOOKS)
def test_what_may_answer_instead(fake: FakeTransport, kind: type[XnatError], message: str) -> None:
    with pytest.raises(kind, match=message) as caught:
        server_of(fake).identify()
    assert type(caught.value) is kind
    assert caught.value.hint
    assert str(caught.value).startswith("looking what answers at http://xnat: ")
    # The first look is never repeated: whoever wants to wait says so.
    assert fake.lines.count(f"GET {BUILD_INFO}") == 1


def test_plugins_are_asked_for_once() -> None:
    bean = {"id": "containers", "name": "XNAT Container Service", "version": "3.7.3", "entityPackages": []}
    fake = FakeTransport().on("GET", "/xapi/plugins", reply(json={"containers": bean, "bare": {}}))
    server = server_of(fake)
    assert server.plugins == {
        "containers": Plugin("containers", "XNAT Container Service", "3.7.3"),
        "bare": Plugin("bare", "bare", "unknown"),
    }
    assert "containers" in server.plugins
    assert len(fake.asked) == 1


def test_before_the_site_is_set_up_nobody_is_told_of_plugins() -> None:
    fake = FakeTransport().on("GET", "/xapi/plugins", reply(302, headers={"Location": "http://xnat/setup"}))
    with pytest.raises(ToSetup):
        _ = server_of(fake).plugins


def test_whether_it_is_set_up_is_known_or_asked() -> None:
    fake = FakeTransport().on("GET", "/xapi/siteConfig/initialized", reply(json=False))
    server = server_of(fake)
    server.initialized = True
    assert server.initialized is True
    server.forget()
    assert (server.initialized, server.initialized) == (False, False)
    assert len(fake.asked) == 1


def test_after_a_restart_everything_is_asked_anew() -> None:
    fake = answering(INFO).on("GET", "/xapi/plugins", reply(json={}), reply(json={"new": {}}))
    server = server_of(fake)
    assert (server.version, list(server.plugins)) == ("1.9.2.1", [])
    server.forget()
    assert (server.version, list(server.plugins)) == ("1.9.2.1", ["new"])
    assert len(fake.asked) == 4
