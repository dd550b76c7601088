"""Settings of tools beyond what the recordings show."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest

from bootstrap.practice.server import FAST, PracticeServer
from tests.practice.conftest import Asker

PLUGIN = (
    "id=p\nname=P\nclass=a.B\nversion=1\nopenUrls=/xapi/spawner, /xapi/totalCounts/\nlogConfiguration=p-logback.xml\n"
)


@pytest.fixture
def with_plugin(tmp_path: Path) -> PracticeServer:
    jar = tmp_path / "p-1.jar"
    with ZipFile(jar, "w") as archive:
        archive.writestr("META-INF/xnat/p-plugin.properties", PLUGIN)
    return PracticeServer(tmp_path / "state", clock=FAST, plugins=[jar])


def test_an_address_that_a_plugin_would_open_is_open_once_it_is_allowed(with_plugin: PracticeServer) -> None:
    with with_plugin as server:
        ask, settings = Asker(server), "/xapi/pluginOpenUrls/settings"
        assert ask("GET", settings).json() == {"/xapi/spawner": "false", "/xapi/totalCounts/": "false"}
        assert ask("GET", "/xapi/logs/configs").json() == {"p": "p-logback.xml"}
        assert ask("GET", "/xapi/totalCounts/x", as_user=None).status_code == 401
        assert ask("POST", settings, json={"/xapi/totalCounts/": True, "/xapi/spawner": False}).status_code == 200
        for _ in range(2):
            assert ask("GET", "/xapi/totalCounts/x", as_user=None).status_code == 404
            assert ask("GET", settings).json() == {"/xapi/spawner": "false", "/xapi/totalCounts/": "true"}
            server.restart()
        assert ask("POST", settings, json={"/xapi/totalCounts/": None}).status_code == 500


def test_pools_take_what_fits_until_something_does_not(ask: Asker) -> None:
    changed = {"corePoolSize": "11", "allowCoreThreadTimeOut": False, "maxPoolSize": "many"}
    assert ask("POST", "/xapi/asyncOps", json=changed).status_code == 500
    assert ask("GET", "/xapi/asyncOps/corePoolSize").json() == 11
    assert ask("GET", "/xapi/asyncOps/allowCoreThreadTimeOut").json() is False
    assert ask("GET", "/xapi/asyncOps/maxPoolSize").json() == 2048


def test_this_machine_may_always_do_more(ask: Asker) -> None:
    path = "/data/services/ipwhitelist"
    assert ask("PUT", path, data="192.0.2.1, 192.0.2.2\n127.0.0.1").status_code == 200
    assert ask("GET", path).text.split("\n") == ["192.0.2.1", "192.0.2.2", "127.0.0.1", "0:0:0:0:0:0:0:1"]
    assert ask("PUT", path).status_code == 412
    someone = ask.make_user("someone")
    assert ask("GET", path, as_user=someone).status_code == 403
    assert ask("PUT", path, as_user=someone, data="x").status_code == 403


def test_what_there_is_is_counted(ask: Asker) -> None:
    assert ask("PUT", "/data/projects/P").status_code == 200
    path = "/data/projects/P/subjects/S/experiments/E"
    assert ask("PUT", path, params={"xsiType": "xnat:mrSessionData"}).status_code == 201
    counted = {"xnat:projectData": 1, "xnat:subjectData": 1, "xnat:imageSessionData": 1}
    assert ask("GET", "/xapi/totalCounts/reset").json() == counted


def test_the_theme_that_is_none(ask: Asker) -> None:
    assert ask("PUT", "/xapi/themes/theme/null").status_code == 200
    assert ask("GET", "/xapi/themes/current").status_code == 404
