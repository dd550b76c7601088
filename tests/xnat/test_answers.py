"""Every answer that is no success is one of the named errors, and each says all there is to say."""

from __future__ import annotations

import pytest

from bootstrap.errors import (
    Denied,
    NotFound,
    NotJson,
    OutcomeUnknown,
    PartlyDone,
    Redirected,
    Rejected,
    ServerFailed,
    SignInRefused,
    Starting,
    TlsRefused,
    ToLogin,
    ToSetup,
    Unreachable,
    XnatError,
)
from bootstrap.values import Source
from bootstrap.xnat.answers import LONGEST_SAID, Asked, check, no_answer, said
from bootstrap.xnat.fake import reply
from bootstrap.xnat.redact import Redactor
from bootstrap.xnat.transport import NoAnswer, NotSent, PlainHttp, Request, Response, TlsFailure, TransportFailure

URL = "https://xnat.example.org"
TOMCAT = (
    "<!doctype html><html lang='en'><head><title>HTTP Status 401 - Unauthorized</title></head><body>"
    "<h1>HTTP Status 401 - Unauthorized</h1><p><b>Type</b> Status Report</p>"
    "<p><b>Message</b> Your login attempt failed &amp; more</p>"
    "<hr class='line'><h3>Apache Tomcat/9.0.80</h3></body></html>"
)
RESTLET = (
    "<html>\n<head>\n<title>Status page</title>\n</head>\n<body>\n<h3>No such project</h3><p>More</p></body>\n</html>"
)


def asked(method: str = "GET") -> Asked:
    return Asked("reading X", Request(method, "/xapi/x"), Redactor(), Source("site.yaml", 3, 5))


NO_MANAGER = "There was an error in the request : User ann is not a Container Manager."


def page(status: int, text: str) -> Response:
    return reply(status, text=text, content_type="text/html;charset=utf-8")


def redirect(location: str) -> Response:
    return reply(302, headers={"Location": location})


CASES: list[tuple[str, Response, type[XnatError], str]] = [
    ("GET", page(401, TOMCAT), SignInRefused, "sign-in was not accepted"),
    ("PUT", reply(401, text=NO_MANAGER), Denied, "this account may not do it"),
    ("GET", reply(403), Denied, "this account may not do it"),
    ("GET", reply(404, text="Unable to find requested file or resource: x"), NotFound, "there is no such thing"),
    ("PUT", reply(400, text="bad"), Rejected, "did not accept it"),
    ("PUT", reply(409, text="exists"), Rejected, "did not accept it"),
    ("PUT", page(415, TOMCAT), Rejected, "did not accept it"),
    ("GET", reply(500, text="There was an error in the request : null"), ServerFailed, "failed over it"),
    ("GET", reply(501), ServerFailed, "does not do that"),
    ("PUT", reply(503), ServerFailed, "failed over it"),
    ("GET", reply(502), Starting, "a proxy answers"),
    ("GET", reply(503), Starting, "a proxy answers"),
    ("GET", reply(504), Starting, "a proxy answers"),
    ("PUT", reply(202, json=["nosuch"]), PartlyDone, "only part of it"),
    ("PUT", page(200, RESTLET), NotJson, "an HTML page came"),
    ("PUT", reply(200, text="  <!-- x --> <HTML>x</HTML>"), NotJson, "an HTML page came"),
    ("PUT", redirect("/app/template/Login.vm"), ToLogin, "wants a sign-in first"),
    ("PUT", redirect(f"{URL}/xnat/app/template/Login.vm;jsessionid=1"), ToLogin, "wants a sign-in first"),
    ("PUT", redirect("/app/template/Login.vm?x=y"), ToLogin, "wants a sign-in first"),
    ("PUT", redirect("/xnat/setup/"), ToSetup, "not initialised yet"),
    ("PUT", redirect("/app/template/Unconfigured.vm"), ToSetup, "this account may not do it"),
    ("PUT", redirect("/app/template/XDATScreen_UpdateUser.vm"), Redirected, "password of this account has expired"),
    ("PUT", redirect("/app/template/InactiveAccount.vm"), Redirected, "switched off"),
    ("PUT", redirect(f"{URL}/xapi/x"), Redirected, "only speaks https: it sent us to https://xnat.example.org"),
    ("PUT", redirect("https://sso.example.org/auth?state=secret"), Redirected, "to https://sso.example.org/auth"),
    ("PUT", redirect(""), Redirected, "to nowhere"),
]


@pytest.mark.parametrize(("method", "response", "kind", "message"), CASES)
def test_an_answer_becomes_its_error(method: str, response: Response, kind: type[XnatError], message: str) -> None:
    with pytest.raises(XnatError) as caught:
        check(response, asked(method), None if method == "GET" else (200, 201, 204, 304))
    error = caught.value
    assert type(error) is kind
    assert message in error.message
    assert str(error).startswith("site.yaml:3:5: reading X: ")
    assert f"{method} /xapi/x -> {response.status}" in str(error)
    assert (error.status, error.doing) == (response.status, "reading X")


@pytest.mark.parametrize(
    "response", [reply(200), reply(201), reply(204), reply(304), reply(200, text="4", content_type="text/html")]
)
def test_a_success_is_none(response: Response) -> None:
    check(response, asked("PUT"), (200, 201, 204, 304))


def test_a_query_of_another_place_is_not_shown() -> None:
    with pytest.raises(Redirected) as caught:
        check(redirect("https://sso.example.org/auth?state=secret"), asked())
    assert "state" not in str(caught.value)


@pytest.mark.parametrize(
    ("response", "text"),
    [
        (page(401, TOMCAT), "Your login attempt failed & more"),
        (page(404, RESTLET), "No such project"),
        (page(404, "<html><h1>HTTP Status 404</h1><h3>Apache Tomcat</h3></html>"), "HTTP Status 404"),
        (page(500, "<html><h1></h1><title> Oops </title></html>"), "Oops"),
        (page(500, "<html>nothing marked</html>"), ""),
        (reply(400, text="  two\n  lines "), "two lines"),
        (reply(400, text="x" * 1000), "x" * (LONGEST_SAID - 3) + "..."),
        (reply(400, json={"password": "canary"}), '{"password": "***"}'),
        (reply(404), ""),
    ],
)
def test_what_the_server_said(response: Response, text: str) -> None:
    assert said(response, Redactor()) == text


FAILURES: list[tuple[str, TransportFailure, type[XnatError], str]] = [
    ("GET", NotSent("Connection refused"), Unreachable, f"no connection to {URL}: Connection refused"),
    ("PUT", NotSent("Connection refused"), Unreachable, f"no connection to {URL}: Connection refused"),
    ("PUT", PlainHttp("it speaks no TLS"), Unreachable, f"no safe connection to {URL}: it speaks no TLS"),
    ("PUT", TlsFailure("self-signed"), TlsRefused, f"no safe connection to {URL}: self-signed"),
    ("GET", NoAnswer("cut"), Unreachable, f"no answer from {URL}: cut"),
    ("PUT", NoAnswer("cut"), OutcomeUnknown, "it was sent, and no answer came: cut"),
    ("DELETE", NoAnswer("no answer within 60 s", True), OutcomeUnknown, "no answer within 60 s"),
]


@pytest.mark.parametrize(("method", "problem", "kind", "message"), FAILURES)
def test_no_answer_becomes_its_error(
    method: str, problem: TransportFailure, kind: type[XnatError], message: str
) -> None:
    error = no_answer(problem, asked(method), URL)
    assert type(error) is kind
    assert message in error.message
    assert error.hint
    assert f"{method} /xapi/x" in error.message
