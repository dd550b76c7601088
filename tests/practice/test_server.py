"""A server as a whole: start, stop, restart, what survives, who holds a folder."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import zipfile
from pathlib import Path
from typing import Any

import pytest
import requests

from bootstrap.errors import LocalFileError
from bootstrap.practice.folder import write_container_service
from bootstrap.practice.server import FAST, PracticeServer, find_running, serve
from tests.practice.conftest import ADMIN, Asker


def test_a_new_folder_is_a_site_that_is_set_up_and_survives_a_stop(tmp_path: Path) -> None:
    with PracticeServer(tmp_path / "state", clock=FAST) as server:
        ask = Asker(server)
        assert ask("GET", "/xapi/siteConfig/initialized").text == "true"
        assert ask("GET", "/xapi/siteConfig/siteUrl").text == server.url
        assert ask("GET", "/xapi/anonymize/site").text.endswith("session")
        ask("PUT", "/data/projects/P1")
    with PracticeServer(tmp_path / "state", clock=FAST, initialized=False) as server:
        ask = Asker(server)
        assert ask("GET", "/xapi/siteConfig/initialized").text == "true"
        assert "P1" in ask("GET", "/data/projects").text


def test_a_restart_keeps_the_address_and_forgets_sessions(server: PracticeServer) -> None:
    with requests.Session() as client:
        assert client.get(server.url + "/data/auth", auth=ADMIN).status_code == 200
        url = server.url
        server.restart()
        assert server.url == url
        assert client.get(server.url + "/data/auth").status_code == 401
        assert client.get(server.url + "/data/auth", auth=ADMIN).status_code == 200


def test_after_a_restart_that_fails_nobody_waits(server: PracticeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> None:
        raise LocalFileError("the disk is gone")

    monkeypatch.setattr(server, "_open_site", fails)
    with pytest.raises(LocalFileError):
        server.restart()
    assert Asker(server)("GET", "/data/auth").status_code == 404


def test_requests_are_written_down(server: PracticeServer) -> None:
    Asker(server)("GET", "/data/auth?x=1", headers={"User-Agent": "me/1"})
    seen = server.requests[-1]
    assert (seen.method, seen.path, seen.status, seen.user_agent) == ("GET", "/data/auth?x=1", 200, "me/1")


def test_find_running_finds_the_server_of_a_folder_and_no_old_one(tmp_path: Path) -> None:
    state = tmp_path / "state"
    assert find_running(state) is None
    with PracticeServer(state, clock=FAST) as server:
        assert find_running(state) == server.url
        with pytest.raises(LocalFileError, match=server.url):
            PracticeServer(state, clock=FAST).start()
        assert find_running(state) == server.url
    assert find_running(state) is None
    (state / "server.json").write_text(json.dumps({"url": "http://127.0.0.1:1", "pid": 1}))
    assert find_running(state) is None


def test_a_port_that_is_taken_is_said_so_and_nothing_is_left_behind(server: PracticeServer, tmp_path: Path) -> None:
    port = int(server.url.rpartition(":")[2])
    with pytest.raises(LocalFileError, match=f"cannot listen on 127.0.0.1:{port}"):
        PracticeServer(tmp_path / "other", port=port, clock=FAST).start()
    assert find_running(tmp_path / "other") is None


def test_a_state_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with PracticeServer(state, clock=FAST) as server:
        assert server.site
        server.site.storage.change("UPDATE rooms SET version = 99 WHERE name = 'admin'")
    with pytest.raises(LocalFileError, match="newer version"):
        PracticeServer(state, clock=FAST).start()
    assert find_running(state) is None


def test_a_folder_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LocalFileError, match="making the practice state folder"):
        PracticeServer(tmp_path / "file" / "state").start()


def test_plugins_are_seen_after_a_restart_only(server: PracticeServer) -> None:
    ask = Asker(server)
    assert list(ask("GET", "/xapi/plugins").json()) == ["containers"]
    assert ask("GET", "/xapi/jms_queues").status_code == 200
    for jar in server.folder.plugins.glob("*.jar"):
        jar.unlink()
    assert list(ask("GET", "/xapi/plugins").json()) == ["containers"]
    server.restart()
    assert ask("GET", "/xapi/plugins").json() == {}
    assert ask("GET", "/xapi/jms_queues").status_code == 404
    write_container_service(server.folder.plugins / "container-service-3.9.0-fat.jar")
    server.restart()
    assert ask("GET", "/xapi/plugins/containers").json()["version"] == "3.9.0-fat"


@pytest.mark.parametrize("name", ["second.jar", "broken.jar"])
def test_a_jar_that_cannot_be_loaded_makes_every_url_404(server: PracticeServer, name: str) -> None:
    jar = server.folder.plugins / name
    if name == "broken.jar":
        jar.write_bytes(b"no zip")
    else:
        write_container_service(jar)
    ask = Asker(server)
    server.restart()
    for path in ("/", "/xapi/siteConfig/buildInfo", "/data/JSESSION", "/app/template/Login.vm"):
        answer = ask("GET", path, as_user=None)
        assert (answer.status_code, answer.headers["Content-Type"][:9]) == (404, "text/html")
    jar.unlink()
    server.restart()
    assert ask("GET", "/data/auth").status_code == 200


def test_a_text_for_a_list_setting_is_taken_and_stops_the_next_start(server: PracticeServer) -> None:
    ask = Asker(server)
    ask.set(failMergeOn="no list")
    assert ask("GET", "/xapi/siteConfig/failMergeOn").text == "no list"
    assert ask("POST", "/xapi/siteConfig", json={"failMergeOn": ["a"]}).status_code == 500
    server.restart()
    assert ask("GET", "/data/JSESSION", as_user=None).status_code == 404


def test_a_new_folder_can_be_given_other_plugins(tmp_path: Path) -> None:
    jar = tmp_path / "my-plugin-1.2.jar"
    with zipfile.ZipFile(jar, "w") as archive:
        archive.writestr("META-INF/xnat/mine-plugin.properties", "id=mine\nname=Mine\n")
    with PracticeServer(tmp_path / "state", clock=FAST, plugins=[jar]) as server:
        assert Asker(server)("GET", "/xapi/plugins").json()["mine"]["version"] == "1.2"
    with PracticeServer(tmp_path / "none", clock=FAST, plugins=[]) as server:
        assert Asker(server)("GET", "/xapi/plugins").json() == {}


def test_while_it_restarts_requests_wait(server: PracticeServer) -> None:
    server.faults.add("slow-start=0.4")
    server.restart()
    assert not server.ready.is_set()
    assert Asker(server)("GET", "/data/auth").status_code == 200


def test_a_server_that_is_killed_has_lost_nothing_it_said(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with as_process(state) as process:
        url = address(process)
        assert requests.put(url + "/data/projects/P1", auth=ADMIN, timeout=20).status_code == 200
        process.kill()
        process.wait(20)
    assert find_running(state) is None
    with PracticeServer(state, clock=FAST) as server:
        assert "P1" in Asker(server)("GET", "/data/projects").text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_in_the_foreground_a_signal_ends_it_and_hangup_restarts_it(tmp_path: Path, number: int) -> None:
    with as_process(tmp_path / "state") as process:
        url = address(process)
        for jar in (tmp_path / "state" / "plugins").glob("*.jar"):
            jar.unlink()
        process.send_signal(signal.SIGHUP)
        assert address(process) == url
        assert requests.get(url + "/xapi/plugins", auth=ADMIN, timeout=20).json() == {}
        process.send_signal(number)
        assert process.wait(20) == 0


def test_listening_elsewhere_warns(tmp_path: Path) -> None:
    warnings: list[str] = []

    def ready(text: str) -> None:
        assert "http://127.0.0.1:" in text
        threading.Thread(target=os.kill, args=(os.getpid(), signal.SIGTERM)).start()

    assert serve(state=tmp_path / "s", port=0, host="0.0.0.0", clock=FAST, ready=ready, warn=warnings.append) == 0
    assert ["practice only" in text for text in warnings] == [True]


def test_a_host_that_is_none_is_named_and_nobody_is_warned_of_it(tmp_path: Path) -> None:
    warnings: list[str] = []
    with pytest.raises(LocalFileError, match=r"no\.such\.host\.invalid is no address of this machine"):
        serve(state=tmp_path / "s", port=0, host="no.such.host.invalid", clock=FAST, warn=warnings.append)
    assert warnings == []


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_loopback_does_not_warn(tmp_path: Path, host: str) -> None:
    warnings: list[str] = []

    def ready(_text: str) -> None:
        threading.Thread(target=os.kill, args=(os.getpid(), signal.SIGINT)).start()

    assert serve(state=tmp_path / "s", port=0, host=host, clock=FAST, ready=ready, warn=warnings.append) == 0
    assert warnings == []


def _served_once(state: Path, **options: Any) -> str:
    """What it says when it is ready; it is ended at once."""
    said: list[str] = []

    def ready(text: str) -> None:
        said.append(text)
        threading.Thread(target=os.kill, args=(os.getpid(), signal.SIGTERM)).start()

    serve(state=state, port=0, clock=FAST, ready=ready, **options)
    return said[0]


def test_it_says_what_it_found_and_who_can_sign_in(tmp_path: Path) -> None:
    state = tmp_path / "s"
    assert f"(admin/admin, not set up yet, new state in {state})" in _served_once(state, initialized=False)
    assert f"(admin/admin, not set up yet, state in {state})" in _served_once(state, initialized=False)
    with PracticeServer(state, clock=FAST) as server:
        url = server.url + "/xapi/"
        requests.post(url + "siteConfig", json={"initialized": True}, auth=ADMIN, timeout=20).raise_for_status()
        new = {"username": "admin", "password": "Changed-1"}
        requests.put(url + "users/admin", json=new, auth=ADMIN, timeout=20).raise_for_status()
    assert "(admin, with the password that it was given, set up, state in " in _served_once(state)
    with pytest.raises(LocalFileError, match="of one that is set up") as refused:
        _served_once(state, initialized=False)
    assert "--state" in refused.value.hint


def test_it_says_where_it_listens_for_dicom(tmp_path: Path) -> None:
    port = int(_served_once(tmp_path / "s", dicom_port=0).rpartition("DICOM on port ")[2])
    assert port > 0
    with socket.create_server(("127.0.0.1", port)), pytest.raises(LocalFileError, match="cannot listen for DICOM"):
        _served_once(tmp_path / "s", dicom_port=port)


def test_without_plugins_that_can_be_loaded_the_foreground_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    said: list[str] = []

    def ready(text: str) -> None:
        said.append(text)
        threading.Thread(target=os.kill, args=(os.getpid(), signal.SIGTERM)).start()

    plugins = tmp_path / "state" / "plugins"
    plugins.mkdir(parents=True)
    (plugins / "bad.jar").write_bytes(b"")
    serve(state=tmp_path / "state", port=0, clock=FAST, ready=ready)
    assert "does not start" in said[0]
    assert "bad.jar" in caplog.text


def as_process(state: Path) -> subprocess.Popen[str]:
    code = (
        "import sys; from pathlib import Path; from bootstrap.practice.server import serve; "
        "sys.exit(serve(state=Path(sys.argv[1]), port=0))"
    )
    return subprocess.Popen([sys.executable, "-c", code, str(state)], stdout=subprocess.PIPE, text=True)


def address(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    words = process.stdout.readline().split()
    return next(word for word in words if word.startswith("http://"))
