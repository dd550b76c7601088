"""Against a real server on loopback: what `requests` does for us, and what its failures become."""

from __future__ import annotations

import socket
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Thread

import pytest

from bootstrap.errors import LocalFileError, UsageError
from bootstrap.xnat.transport import NoAnswer, NotSent, PlainHttp, ProxyFailure, Request, TlsFailure
from bootstrap.xnat.wire import USER_AGENT, RequestsTransport, checked_url
from tests.xnat.loopback import Certificate, Loopback, Seen, cut, cut_in_the_middle, serving, write


def send(url: str, request: Request, timeout: float = 60, ca_file: Path | None = None) -> object:
    transport = RequestsTransport(url, timeout=timeout, ca_file=ca_file)
    try:
        return transport.send(request)
    finally:
        transport.close()


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
        return port


def test_what_is_sent_arrives(server: Loopback) -> None:
    request = Request("PUT", "/xapi/a b", {"q": "x&y", "many": ["1", "2"]}, {"X-One": "1"}, b"\x00body")
    send(server.url + "/", request)
    seen = server.seen[0]
    assert (seen.method, seen.path, seen.body) == ("PUT", "/xapi/a%20b?q=x%26y&many=1&many=2", b"\x00body")
    assert seen.headers["User-Agent"] == USER_AGENT
    assert seen.headers["X-One"] == "1"


def test_a_context_path_is_kept(server: Loopback) -> None:
    send(server.url + "/xnat/", Request("GET", "/xapi/plugins"))
    assert server.seen[0].path == "/xnat/xapi/plugins"


def test_what_is_answered_comes_back(server: Loopback) -> None:
    def answer(_seen: Seen, handler: BaseHTTPRequestHandler) -> None:
        cookies = (
            ("Set-Cookie", "JSESSIONID=ABC; Path=/; HttpOnly; Secure"),
            ("Set-Cookie", "gone=; Max-Age=0"),
            ("Set-Cookie", "SESSION_EXPIRATION_TIME=1,2; Expires=Wed, 21 Oct 2037 07:28:00 GMT"),
            ("Set-Cookie", "not a cookie"),
            ("Set-Cookie", "a,b=1"),
        )
        write(handler, 418, b"\xe4", (*cookies, ("Content-Type", "text/plain;charset=ISO-8859-1")))

    server.answer = answer
    transport = RequestsTransport(server.url)
    response = transport.send(Request("GET", "/"))
    transport.close()
    assert (response.status, response.text) == (418, "ä")
    assert response.cookies["JSESSIONID"] == "ABC"
    assert response.cookies["gone"] == ""


def test_cookies_are_not_kept_by_the_transport(server: Loopback) -> None:
    server.answer = lambda _seen, handler: write(handler, 200, headers=(("Set-Cookie", "JSESSIONID=ABC"),))
    transport = RequestsTransport(server.url)
    transport.send(Request("GET", "/"))
    transport.send(Request("GET", "/"))
    transport.close()
    assert "Cookie" not in server.seen[1].headers


@pytest.mark.parametrize("location", ["/app/template/Login.vm", "https://[bad", "nosuch://x"])
def test_a_redirect_is_not_followed(server: Loopback, location: str) -> None:
    server.answer = lambda _seen, handler: write(handler, 302, headers=(("Location", location),))
    transport = RequestsTransport(server.url)
    response = transport.send(Request("POST", "/xapi/siteConfig"))
    transport.close()
    assert (response.status, response.headers["location"]) == (302, location)
    assert len(server.seen) == 1


def test_netrc_is_never_read(server: Loopback, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine localhost login someone password canary\n")
    monkeypatch.setenv("NETRC", str(netrc))
    send(server.url, Request("GET", "/"))
    assert "Authorization" not in server.seen[0].headers


def test_a_proxy_of_the_environment_is_used(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", server.url)
    send("http://xnat.example.org", Request("GET", "/xapi/plugins"))
    assert server.seen[0].path == "http://xnat.example.org/xapi/plugins"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_no_proxy_leads_to_this_machine(server: Loopback, monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://localhost:{free_port()}")
    send(server.url.replace("localhost", host), Request("GET", "/direct"))
    assert server.seen[0].path == "/direct"


def test_a_proxy_that_is_not_there_sends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    monkeypatch.setenv("HTTP_PROXY", f"http://someone:canary@localhost:{port}")
    with pytest.raises(ProxyFailure, match=f"the proxy http://localhost:{port} did not let it pass") as failure:
        send("http://xnat.example.org", Request("GET", "/"))
    assert "canary" not in str(failure.value)


def test_a_proxy_that_wants_a_password_is_named_without_ours(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    server.answer = lambda _seen, handler: write(handler, 407)
    monkeypatch.setenv("HTTP_PROXY", server.url.replace("//", "//someone:canary@"))
    with pytest.raises(ProxyFailure) as failure:
        send("http://xnat.example.org", Request("GET", "/"))
    assert str(failure.value) == f"the proxy {server.url} wants a user name and password (407)"


def test_a_tunnel_that_a_proxy_refuses_names_the_proxy(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", server.url)
    with pytest.raises(ProxyFailure, match=f"the proxy {server.url} did not let it pass"):
        send("https://xnat.example.org", Request("GET", "/"))


def test_connection_refused_never_left() -> None:
    with pytest.raises(NotSent, match="Connection refused"):
        send(f"http://localhost:{free_port()}", Request("PUT", "/"))


def test_no_such_host_never_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_args: object, **_kwargs: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(NotSent, match="Name or service not known"):
        send("http://nosuch.example.org", Request("PUT", "/"))


def test_no_connection_in_time_never_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_args: object, **_kwargs: object) -> None:
        raise TimeoutError("timed out")

    monkeypatch.setattr("urllib3.util.connection.create_connection", slow)
    with pytest.raises(NotSent, match="no connection within 10 s"):
        send("http://localhost", Request("PUT", "/"))


def test_silence_may_have_arrived(server: Loopback) -> None:
    server.answer = server.silent
    with pytest.raises(NoAnswer, match=r"no answer within 0\.2 s") as caught:
        send(server.url, Request("PUT", "/"), timeout=0.2)
    assert caught.value.timed_out


def test_the_time_out_of_one_request_wins(server: Loopback) -> None:
    server.answer = server.silent
    with pytest.raises(NoAnswer, match=r"no answer within 0\.1 s"):
        send(server.url, Request("GET", "/", timeout=0.1))


@pytest.mark.parametrize("answer", [cut, cut_in_the_middle])
def test_a_cut_connection_may_have_arrived(server: Loopback, answer: object) -> None:
    server.answer = answer  # type: ignore[assignment]
    with pytest.raises(NoAnswer) as caught:
        send(server.url, Request("PUT", "/"))
    assert not caught.value.timed_out
    assert str(caught.value)


def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: Certificate) -> None:
    with serving(certificate.context()) as server, pytest.raises(TlsFailure, match="self-signed certificate"):
        send(server.url, Request("GET", "/"))


def test_with_its_ca_file_it_is_accepted(certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nonexistent")
    with serving(certificate.context()) as server:
        send(server.url, Request("GET", "/ok"), ca_file=certificate.certificate)
        assert server.seen[0].path == "/ok"


def test_a_certificate_for_another_name_is_refused(certificate: Certificate) -> None:
    with serving(certificate.context()) as server:
        url = server.url.replace("localhost", "127.0.0.1")
        with pytest.raises(TlsFailure, match="not trusted"):
            send(url, Request("GET", "/"), ca_file=certificate.certificate)


def test_https_to_a_server_that_speaks_http(server: Loopback) -> None:
    with pytest.raises(PlainHttp):
        send(server.url.replace("http:", "https:"), Request("GET", "/"))


def test_a_tls_connection_that_is_cut_proves_nothing(certificate: Certificate) -> None:
    with serving(certificate.context()) as server:
        server.answer = cut
        with pytest.raises(NoAnswer):
            send(server.url, Request("PUT", "/"), ca_file=certificate.certificate)


def test_a_handshake_that_is_cut_proves_nothing() -> None:
    def hang_up(listener: socket.socket) -> None:
        connection, _address = listener.accept()
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65_536):  # until the other side goes: closing on unread bytes would be a reset
            pass
        connection.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=hang_up, args=(listener,))
        thread.start()
        with pytest.raises(NoAnswer, match="the TLS connection was cut"):
            send(f"https://127.0.0.1:{listener.getsockname()[1]}", Request("PUT", "/"))
        thread.join()


@pytest.mark.parametrize("url", ["", "xnat.example.org", "ftp://xnat.example.org", "https://", "practice"])
def test_no_url_of_an_xnat(url: str) -> None:
    with pytest.raises(UsageError, match="not the URL of an XNAT"):
        checked_url(url)


@pytest.mark.parametrize("url", ["http://xnat:port", "https://[bad"])
def test_a_url_that_cannot_be_read(url: str) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        checked_url(url)


def test_a_password_in_the_url_is_refused_unseen() -> None:
    with pytest.raises(UsageError) as caught:
        checked_url("https://admin:canary@xnat.example.org")
    assert "canary" not in str(caught.value)


def test_slash_query_and_fragment_of_the_url_go() -> None:
    assert checked_url("https://xnat.example.org/base/?a=b#c") == "https://xnat.example.org/base"


def test_the_ca_file_of_the_environment_is_used(certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CURL_CA_BUNDLE", str(certificate.certificate))
    with serving(certificate.context()) as server:
        send(server.url, Request("GET", "/ok"))
        assert server.seen[0].path == "/ok"


def test_a_ca_file_of_the_environment_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nonexistent/ca.pem")
    with pytest.raises(LocalFileError, match=r"REQUESTS_CA_BUNDLE names, /nonexistent/ca\.pem cannot be used"):
        RequestsTransport("https://xnat.example.org")


def test_plain_http_needs_no_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nonexistent/ca.pem")
    with serving() as server:
        send(server.url, Request("GET", "/ok"))
        assert server.seen[0].path == "/ok"


def test_a_folder_of_certificates_will_do(tmp_path: Path, certificate: Certificate) -> None:
    with serving(certificate.context()) as server, pytest.raises(TlsFailure, match="not trusted"):
        send(server.url, Request("GET", "/"), ca_file=tmp_path)


def test_a_ca_file_that_is_missing() -> None:
    with pytest.raises(LocalFileError, match=r"nowhere\.pem cannot be used: No such file"):
        RequestsTransport("https://xnat.example.org", ca_file="nowhere.pem")


def test_a_ca_file_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate\n")
    with pytest.raises(LocalFileError, match="cannot be used"):
        RequestsTransport("https://xnat.example.org", ca_file=tmp_path / "ca.pem")
