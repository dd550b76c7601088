"""Plugins of a practice XNAT that runs in a container of a real engine: its home is the container's."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import LogMessageWaitStrategy

from bootstrap.engine.report.report import Report
from bootstrap.engine.run import Talk
from bootstrap.ops import jobs
from bootstrap.ops.console import Console
from bootstrap.ops.jobs import Job
from bootstrap.ops.session import Asked, Tools
from bootstrap.ops.waiting import wait_for_site
from bootstrap.xnat.home_container import ContainerHome
from tests.compose.project import free_port
from tests.docker_engine import Engine, docker_engine
from tests.jars import digest, make_jar
from tests.live.conftest import Admin
from tests.live.homes import outcomes
from tests.practice_image import practice_image

__all__ = ["docker_engine", "practice_image"]  # fixtures

pytestmark = pytest.mark.docker

SECONDS = 120
READY = re.compile(r"the practice XNAT is ready at (\S+) ")
SITE = """\
server:
  username: admin
  password: admin
  restart: auto
  home: {{container: {container}, folder: /state, engine: "{engine}"}}
plugins:
"""
SHIPPED = "container-service-3.7.3.jar"


@dataclass
class Inside:
    folder: Path
    container: DockerContainer
    engine: str
    url: str

    @property
    def name(self) -> str:
        return str(self.container.get_wrapped_container().name)

    @property
    def tools(self) -> Tools:
        return Tools(environ={}, pause=lambda seconds: time.sleep(min(seconds, 0.2)))

    def wants(self, version: str) -> None:
        sha256 = digest(self.folder / f"demo-{version}.jar")
        row = f"  - {{id: demo, version: '{version}', file: demo-{version}.jar, sha256: {sha256}}}\n"
        text = SITE.format(container=self.name, engine=self.engine)
        (self.folder / "site.yaml").write_text(text + row, encoding="utf-8")

    def apply(self) -> Report:
        return jobs.apply(Job(self.folder, Asked(url=self.url)), self.tools, Talk())

    @property
    def home(self) -> ContainerHome:
        return ContainerHome(self.name, folder="/state", engine=self.engine)

    def names(self, folder: str = "plugins") -> list[str]:
        return [file.name for file in self.home.files(folder) or []]

    @property
    def aside(self) -> list[str]:
        folders = [folder for folder in self.home.folders() if folder.startswith("replaced-")]
        return [name for folder in folders for name in self.names(f"{folder}/plugins")]

    def started(self) -> str:
        made = self.container.get_wrapped_container()
        made.reload()
        return str(made.attrs["State"]["StartedAt"])

    @property
    def loaded(self) -> dict[str, str]:
        listed = Admin(self.url, "admin")._send("GET", "/xapi/plugins").json()
        return {name: plugin["version"] for name, plugin in listed.items()}


@pytest.fixture
def inside(practice_image: str, docker_engine: Engine, tmp_path: Path) -> Iterator[Inside]:
    folder = tmp_path
    for version in ("1.0", "2.0"):
        make_jar(folder / f"demo-{version}.jar", "demo")
    asked = ["practice", "--port", str(free_port()), "--state", "/state"]  # the same port after each restart
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TESTCONTAINERS_RYUK_DISABLED", "true")
        container = DockerContainer(practice_image).with_command(asked).with_kwargs(network_mode="host")
        with container.waiting_for(LogMessageWaitStrategy(READY).with_startup_timeout(SECONDS)) as started:
            found = READY.search(b"".join(started.get_logs()).decode())
            assert found
            yield Inside(folder, started, docker_engine.host, found[1])


def a_plugin_is_put_in_and_loaded_by_one_restart_and_the_second_run_does_nothing(inside: Inside) -> None:
    inside.wants("1.0")
    before = inside.started()
    assert outcomes(inside.apply()) == {"create plugin:demo": "done", "restart restart:xnat": "done"}
    assert inside.loaded == {"containers": "3.7.3", "demo": "1.0"}
    restarted = inside.started()
    assert restarted > before
    again = inside.apply()
    assert (again.exit_code, again.lines, again.counts.writes, inside.started()) == (0, [], 0, restarted)


def another_version_moves_the_old_jar_aside(inside: Inside, version: str, aside: str) -> None:
    inside.wants(version)
    assert outcomes(inside.apply()) == {"update plugin:demo": "done", "restart restart:xnat": "done"}
    assert inside.loaded["demo"] == version
    assert inside.names() == [SHIPPED, f"demo-{version}.jar"]
    assert aside in inside.aside


def a_duplicate_that_somebody_put_there_goes_before_it_stops_the_site(inside: Inside) -> None:
    inside.home.put(inside.folder / "demo-1.0.jar", "plugins/demo-0.9.jar")
    report = inside.apply()
    assert outcomes(report)["repair plugin:demo"] == "done"
    assert inside.names() == [SHIPPED, "demo-1.0.jar"]
    inside.home.restart()
    assert wait_for_site(inside.folder, Asked(url=inside.url), inside.tools, Console(), SECONDS) == 0
    assert inside.loaded["demo"] == "1.0"


def test_the_life_of_a_plugin_in_a_container(inside: Inside) -> None:
    a_plugin_is_put_in_and_loaded_by_one_restart_and_the_second_run_does_nothing(inside)
    another_version_moves_the_old_jar_aside(inside, "2.0", "demo-1.0.jar")
    another_version_moves_the_old_jar_aside(inside, "1.0", "demo-2.0.jar")
    a_duplicate_that_somebody_put_there_goes_before_it_stops_the_site(inside)
