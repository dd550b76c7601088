"""The whole way with docker-compose.yml and sites/compose, the practice XNAT in the place of the real one."""

from __future__ import annotations

import os
import shutil
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from bootstrap.engine.options import Options
from bootstrap.engine.report.report import Report
from bootstrap.engine.run import Talk
from bootstrap.ops import jobs
from bootstrap.ops.console import Console
from bootstrap.ops.jobs import Job
from bootstrap.ops.session import Asked, Tools
from bootstrap.ops.waiting import wait_for_site
from bootstrap.xnat.home_container import ContainerHome
from tests.compose.project import ROOT, Project, compose_plugin, copied, free_port
from tests.docker_engine import HOST, Engine, docker_engine
from tests.jars import make_jar
from tests.practice_image import practice_image

__all__ = ["compose_plugin", "docker_engine", "practice_image"]  # fixtures

pytestmark = pytest.mark.docker

SECONDS = 120.0
COUNT = "count/count-project"
ONLY = ("plugin", "restart", "site_setting", "compute", "project:BRAIN", f"project_enablement:BRAIN/{COUNT}")
# What the test has besides: a plugin, for a restart, and a command whose container sees the archive and writes a file.
MORE = """\
plugins:
  - {{id: demo, version: "1.0", file: demo-1.0.jar, sha256: {sha256}}}
commands:
  count:
    enabled: true
    document:
      name: count
      type: docker
      image: {image}
      command-line: "sh -c 'find /in -name given.txt >/out/list.txt'"
      mounts: [{{name: in, path: /in, writable: false}}, {{name: out, path: /out, writable: true}}]
      outputs: [{{name: list, mount: out, path: list.txt, required: true}}]
      xnat:
        - name: count-project
          contexts: ["xnat:projectData"]
          external-inputs:
            - {{name: project, type: Project, required: true}}
          derived-inputs:
            - name: given
              type: Resource
              derived-from-wrapper-input: project
              matcher: "@.label == 'GIVEN'"
              provides-files-for-command-mount: in
          output-handlers:
            - {{name: list, accepts-command-output: list, as-a-child-of: project, type: Resource, label: LIST}}
projects:
  - id: BRAIN
    commands:
      count-project: {{enabled: true}}
"""


@dataclass
class Site:
    compose: Project
    folder: Path
    data: Path
    environ: dict[str, str]

    @property
    def place(self) -> Path:
        return self.folder / "sites" / "compose"

    @property
    def url(self) -> str:
        return self.environ["XNAT_URL"]

    @property
    def asked(self) -> Asked:
        return Asked((self.place / "practice.yaml", self.place / "more.yaml"))

    @property
    def tools(self) -> Tools:
        return Tools(environ=self.environ, pause=lambda seconds: time.sleep(min(seconds, 0.2)))

    def apply(self) -> Report:
        return jobs.apply(Job(self.place, self.asked, Options(only=ONLY)), self.tools, Talk())

    def ask(self, method: str, path: str, **more: Any) -> requests.Response:
        account = ("admin", self.environ["XNAT_PASSWORD"])
        return requests.request(method, self.url + path, auth=account, timeout=60, **more)


@pytest.fixture
def site(compose_plugin: str, practice_image: str, docker_engine: Engine, tmp_path: Path) -> Iterator[Site]:
    if not HOST.startswith("unix://"):
        pytest.skip("the compose file hands the engine's socket to XNAT, and this engine has none here")
    folder = copied(tmp_path)
    for name in ("sites/compose", "anon_scripts", "templates", "subscriptions", "images/dcm2niix"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(".xnat-bootstrap"))
    sha256 = make_jar(folder / "sites/compose/demo-1.0.jar", "demo")
    more = MORE.format(sha256=sha256, image=docker_engine.busy)
    (folder / "sites/compose/more.yaml").write_text(more, encoding="utf-8")
    name, socket, data = f"xnat-test-{uuid.uuid4().hex[:8]}", HOST.removeprefix("unix://"), folder / "data"
    variables = {
        "POSTGRES_PASSWORD": "none",
        "DOCKER_GID": str(os.stat(socket).st_gid),
        "DOCKER_SOCKET": socket,
        "PRACTICE_IMAGE": practice_image,
        "PRACTICE_DATA": str(data),
        "XNAT_PORT": str(free_port()),  # with 0 each restart would find another one
        **dict.fromkeys(("XNAT_CALLBACK_PORT", "DICOM_PORT"), "0"),
    }
    compose = Project(folder, name, ("docker-compose.yml", "compose/practice.yml"), variables)
    environ = {
        "XNAT_PASSWORD": "compose-me",
        "XNAT_URL": f"http://127.0.0.1:{variables['XNAT_PORT']}",
        "COMPOSE_PROJECT_NAME": name,
        "PRACTICE_DATA": str(data),
    }
    made = Site(compose, folder, data, environ)
    try:
        compose.run("up", "--detach", "--wait", "--wait-timeout", "240")
        yield made
    finally:
        compose.run("down", "--volumes", "--timeout", "5", check=False)


def waited_for_and_made_what_the_file_says_with_one_restart_by_its_labels(site: Site) -> None:
    assert wait_for_site(site.place, site.asked, site.tools, Console(), 120) == 0
    report = site.apply()
    outcomes = {line.change.ref: line.outcome for line in report.lines}
    assert report.exit_code == 0, [(line.change.ref, line.error) for line in report.lines if line.error]
    assert {"plugin:demo", "restart:xnat", "compute:server"} <= outcomes.keys()
    assert sorted(site.ask("GET", "/xapi/plugins").json()) == ["containers", "demo"]
    home = ContainerHome(service="xnat-web", project=site.compose.name)
    assert [file.name for file in home.files("plugins") or []] == ["container-service-3.7.3.jar", "demo-1.0.jar"]


def nothing_is_written_by_the_second_run(site: Site) -> None:
    report = site.apply()
    assert (report.exit_code, report.counts.writes, report.lines) == (0, 0, [])


def a_job_sees_the_archive_where_the_engine_has_it(site: Site) -> None:
    given = site.ask("PUT", "/data/projects/BRAIN/resources/GIVEN/files/given.txt?inbody=true", data=b"x")
    assert given.status_code in (200, 201), given.text
    assert list(site.data.glob("archive/BRAIN/**/given.txt")), "the archive lies in the folder of this machine"
    command = next(one for one in site.ask("GET", "/xapi/commands").json() if one["name"] == "count")
    launched = site.ask(
        "POST",
        f"/xapi/projects/BRAIN/wrappers/{command['xnat'][0]['id']}/root/project/launch",
        json={"project": "/archive/projects/BRAIN"},
    )
    assert launched.json()["status"] == "success", launched.text
    listed = _until_there(site, "/data/projects/BRAIN/resources/LIST/files/list.txt")
    assert listed.split() == ["/in/given.txt"]
    [container] = site.ask("GET", "/xapi/containers").json()
    sources = {mount["name"]: mount["container-host-path"] for mount in container["mounts"]}
    assert all(source.startswith(f"{site.data}/") for source in sources.values()), sources


def _until_there(site: Site, path: str) -> str:
    until = time.monotonic() + SECONDS
    while (answer := site.ask("GET", path)).status_code != 200:
        if time.monotonic() > until:
            pytest.fail(f"{path}: {answer.status_code}; containers: {site.ask('GET', '/xapi/containers').text[-2000:]}")
        time.sleep(0.5)
    return answer.text


def it_goes_down_and_comes_up_as_it_was(site: Site) -> None:
    site.compose.run("down", "--timeout", "30")
    site.compose.run("up", "--detach", "--wait", "--wait-timeout", "240")
    report = site.apply()
    changed = {line.change.ref for line in report.lines}
    assert (report.exit_code, changed) == (0, set()), "a volume and a folder kept all of it"


def test_the_whole_way(site: Site) -> None:
    waited_for_and_made_what_the_file_says_with_one_restart_by_its_labels(site)
    nothing_is_written_by_the_second_run(site)
    a_job_sees_the_archive_where_the_engine_has_it(site)
    it_goes_down_and_comes_up_as_it_was(site)
