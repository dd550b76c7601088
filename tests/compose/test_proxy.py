"""compose/proxy.conf.template, with its variables put in as nginx's image does it, in front of a practice XNAT."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from bootstrap.practice.server import PracticeServer
from tests.compose.project import ROOT, free_port
from tests.docker_engine import do_without

NGINX = """
daemon off; master_process off; pid {folder}/pid; error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    {site}
}}
"""


@dataclass(frozen=True)
class Proxy:
    port: int
    plain_port: int
    certificate: Path

    def ask(self, method: str, path: str, **more: object) -> requests.Response:
        return requests.request(
            method,
            f"https://localhost:{self.port}{path}",
            verify=str(self.certificate),
            timeout=60,
            allow_redirects=False,
            **more,  # type: ignore[arg-type]
        )


def _program() -> str:
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    return program or do_without("there is no nginx here (Debian: nginx; .ci/run fetches it)")


def _site(folder: Path, behind: str, port: int, plain_port: int) -> str:
    text = (ROOT / "compose" / "proxy.conf.template").read_text(encoding="utf-8")
    values = {
        "XNAT_BEHIND": behind,
        "RESOLVER": "127.0.0.1",
        "HSTS_SECONDS": "60",
        "UPLOAD_LIMIT": "0",
        "UPLOAD_SECONDS": "3600",
    }
    values["TLS_PORT"] = str(port)
    for name, value in values.items():
        assert f"${{{name}}}" in text, f"{name} is a variable of the compose file, and not of the template"
        text = text.replace(f"${{{name}}}", value)
    assert "${" not in text
    text = text.replace("/etc/nginx/tls/", f"{folder}/")
    for inside, outside in ((8443, port), (8080, plain_port)):
        text = text.replace(f"listen {inside}", f"listen 127.0.0.1:{outside}")
    return text


def _certificate(folder: Path) -> Path:
    words = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    words += ["-keyout", "key.pem", "-out", "certificate.pem", "-addext", "subjectAltName=DNS:localhost"]
    subprocess.run(words, cwd=folder, check=True, capture_output=True, timeout=60)
    return folder / "certificate.pem"


def _await(port: int, nginx: subprocess.Popen[str]) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        assert nginx.poll() is None, nginx.communicate()[1]
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail(f"nginx does not listen on {port}")


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    program, folder = _program(), tmp_path_factory.mktemp("proxy")
    made = Proxy(free_port(), free_port(), _certificate(folder))
    with PracticeServer(tmp_path_factory.mktemp("state")) as server:
        site = _site(folder, server.url.removeprefix("http://"), made.port, made.plain_port)
        (folder / "nginx.conf").write_text(NGINX.format(folder=folder, site=site), encoding="utf-8")
        words = [program, "-p", str(folder), "-c", str(folder / "nginx.conf")]
        with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as nginx:
            try:
                _await(made.port, nginx)
                yield made
            finally:
                nginx.terminate()
                nginx.wait(timeout=30)


def test_xnat_answers_behind_it_and_browsers_are_told_to_stay_with_tls(proxy: Proxy) -> None:
    answer = proxy.ask("GET", "/xapi/siteConfig/buildInfo")
    assert answer.json()["version"] == "1.9.2.1"
    assert answer.headers["Strict-Transport-Security"] == "max-age=60"
    plain = requests.get(f"http://localhost:{proxy.plain_port}/x?y=1", timeout=60, allow_redirects=False)
    healthy = requests.get(f"http://127.0.0.1:{proxy.plain_port}/proxy-health", timeout=60, allow_redirects=False)
    assert (healthy.status_code, healthy.text) == (200, "ok\n")
    assert (plain.status_code, plain.headers["Location"]) == (308, f"https://localhost:{proxy.port}/x?y=1")


def test_what_xnat_redirects_to_and_its_cookies_stay_with_tls(proxy: Proxy) -> None:
    answer = proxy.ask("GET", "/data/JSESSION", auth=("admin", "admin"))
    assert answer.status_code == 200
    assert all(cookie.secure for cookie in answer.cookies)
    assert "JSESSIONID" in answer.cookies
    away = proxy.ask("GET", "/").headers["Location"]
    assert not away.startswith("http:"), away


def test_an_upload_of_any_size_goes_through(proxy: Proxy) -> None:
    data = b"\0" * 40_000_000
    answer = proxy.ask("PUT", "/data/projects", data=data, auth=("admin", "admin"))
    assert answer.status_code != 413
    assert answer.headers["Strict-Transport-Security"], "an error page of XNAT's or the proxy's has it, too"
