"""docker-compose.yml as it is, on a Tomcat and with a war and a database of our own making: `up`, and `down`."""

from __future__ import annotations

import io
import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import docker.errors
import pytest
import requests

from tests.compose.project import Project, compose_plugin, copied
from tests.compose.test_scripts import make_war
from tests.docker_engine import HOST, Engine, docker_engine

__all__ = ["compose_plugin", "docker_engine"]  # fixtures

pytestmark = pytest.mark.docker

SECRET = "canary-postgres"
STAND_IN = r"""
FROM {base}
RUN mkdir -p /usr/local/tomcat/bin /usr/local/tomcat/webapps \
 && printf '#!/bin/sh\necho "openjdk version \\"1.8.0_462\\"" >&2\n' >/usr/bin/java \
 && printf '#!/bin/sh\nmkdir -p /tmp/www/xapi/siteConfig && echo "{{}}" >/tmp/www/xapi/siteConfig/buildInfo\n' \
    >/usr/local/tomcat/bin/catalina.sh \
 && printf 'trap "exit 0" TERM\nhttpd -f -p 8080 -h /tmp/www & wait\n' >>/usr/local/tomcat/bin/catalina.sh \
 && chmod 755 /usr/bin/java /usr/local/tomcat/bin/catalina.sh
"""
DATABASE = """
services:
  xnat-db:
    image: {base}
    command: !override [sh, -c, "trap 'exit 0' TERM; while :; do sleep 1; done"]
    healthcheck: {{test: !override [CMD, "true"], interval: 1s}}
  xnat-web:
    healthcheck: {{interval: 1s}}
"""


@pytest.fixture
def project(compose_plugin: str, docker_engine: Engine, tmp_path: Path) -> Iterator[Project]:
    if not HOST.startswith("unix://"):
        pytest.skip("the compose file hands the engine's socket to XNAT, and this engine has none here")
    folder = copied(tmp_path)
    name = f"xnat-test-{uuid.uuid4().hex[:8]}"
    base = f"xnat-bootstrap/{name}-tomcat:1"
    client = docker_engine.client()
    client.images.build(fileobj=io.BytesIO(STAND_IN.format(base=docker_engine.base).encode()), tag=base, rm=True)
    (folder / "test.yml").write_text(DATABASE.format(base=docker_engine.base), encoding="utf-8")
    socket = HOST.removeprefix("unix://")
    made = Project(
        folder,
        name,
        ("docker-compose.yml", "test.yml"),
        {
            "POSTGRES_PASSWORD": SECRET,
            "DOCKER_GID": str(os.stat(socket).st_gid),
            "DOCKER_SOCKET": socket,
            "BASE_IMAGE": base,
            "WAR": "xnat-web-1.9.3.8.war",
            "WAR_SHA256": make_war(folder / "images/xnat-web/war/xnat-web-1.9.3.8.war", "WEB-INF/web.xml"),
            "XNAT_TAG": name,
            "XNAT_UID": "1234",
            "XNAT_GID": "1234",
            "XNAT_ARCHIVE": str(folder / "archive"),
            "XNAT_BUILD": str(folder / "build"),
            **dict.fromkeys(("XNAT_PORT", "XNAT_CALLBACK_PORT", "DICOM_PORT"), "0"),
        },
    )
    try:
        made.run("up", "--detach", "--build", "--wait", "--wait-timeout", "240")
        yield made
    finally:
        made.run("down", "--volumes", "--timeout", "1", check=False)
        for image in (f"xnat-bootstrap/xnat-web:{name}", base):
            try:
                client.images.remove(image, force=True)
            except docker.errors.ImageNotFound:
                continue
        client.close()


def _inside(project: Project, script: str) -> list[str]:
    """An engine under load loses what a short command wrote."""
    for _ in range(5):
        said = project.run("exec", "--no-TTY", "xnat-web", "sh", "-c", f"{script}; echo that-is-all").stdout.split()
        if said[-1:] == ["that-is-all"]:
            return said[:-1]
    pytest.fail(f"the engine does not give what the command wrote: {script}")


def it_answers_on_loopback_and_its_war_is_in_its_place(project: Project) -> None:
    port = project.run("port", "xnat-web", "8080").stdout.strip()
    assert port.startswith("127.0.0.1:")
    assert requests.get(f"http://{port}/xapi/siteConfig/buildInfo", timeout=30).json() == {}
    told = _inside(project, "stat -c %u:%g /usr/local/tomcat/webapps/ROOT/WEB-INF/web.xml /usr/local/tomcat/temp")
    assert told == ["1234:1234"] * 2
    assert _inside(project, "ls /opt/xnat") == ["entrypoint.sh", "healthy.sh", "prepare.sh"], "the war is in no layer"


def its_account_may_use_the_engine_and_its_folders_and_nobody_else_reads_its_password(project: Project) -> None:
    script = (
        "id -u; test -w /var/run/docker.sock && echo engine; stat -c %a $XNAT_HOME/config/xnat-conf.properties; "
        f"touch {project.folder}/archive/a {project.folder}/build/b /data/xnat/c && echo folders; "
        "grep -c host.docker.internal /etc/hosts"
    )
    assert _inside(project, script) == ["1234", "engine", "600", "folders", "1"]
    assert (project.folder / "archive" / "a").stat().st_uid == 1234
    assert (project.folder / "build" / "b").exists()


def no_layer_has_a_credential(project: Project, docker_engine: Engine) -> None:
    client = docker_engine.client()
    try:
        image = client.images.get(f"xnat-bootstrap/xnat-web:{project.name}")
        told = f"{image.history()} {image.attrs['Config']}"
    finally:
        client.close()
    assert "catalina.sh" in told
    assert SECRET not in told
    assert "PASSWORD" not in told


def what_goes_down_keeps_its_volumes(project: Project) -> None:
    _inside(project, "touch /data/xnat/home/plugins/kept.jar")
    project.run("down", "--timeout", "1")
    assert project.run("ps", "--all", "--quiet").stdout == ""
    project.run("up", "--detach", "--wait", "--wait-timeout", "240")
    assert _inside(project, "ls /data/xnat/home/plugins") == ["kept.jar"]


def test_up_and_down(project: Project, docker_engine: Engine) -> None:
    it_answers_on_loopback_and_its_war_is_in_its_place(project)
    its_account_may_use_the_engine_and_its_folders_and_nobody_else_reads_its_password(project)
    no_layer_has_a_credential(project, docker_engine)
    what_goes_down_keeps_its_volumes(project)
