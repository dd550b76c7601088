"""docker-compose.yml as `docker compose config` understands it, with every variant of .env."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from bootstrap.ops.session import Asked, Tools, load
from tests.compose.project import ROOT, Project, compose_plugin, copied

__all__ = ["compose_plugin"]  # a fixture

EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
NEEDED = {"POSTGRES_PASSWORD": "pg $ecret", "DOCKER_GID": "998"}
WEB = "services.xnat-web."
# What .env says, and where in the answer what is found.
VARIANTS: list[tuple[dict[str, str], dict[str, object]]] = [
    (
        {},
        {
            f"{WEB}build.args.BASE_IMAGE": "tomcat:9.0.108-jdk8-temurin-noble",
            f"{WEB}user": "1000:1000",
            f"{WEB}group_add": ["998"],
            f"{WEB}extra_hosts": ["host.docker.internal=host-gateway"],
            f"{WEB}environment.XNAT_DATASOURCE_PASSWORD": "pg $$ecret",
            f"{WEB}depends_on.xnat-db.condition": "service_healthy",
            f"{WEB}stop_grace_period": "2m0s",
            "services.xnat-db.environment.POSTGRES_PASSWORD": "pg $$ecret",
            "services.xnat-folders.network_mode": "none",
            "volumes.xnat-data.name": "xnat_xnat-data",
            "volumes.xnat-db.name": "xnat_xnat-db",
        },
    ),
    (
        {
            "BASE_IMAGE": "tomcat:9.0.108-jdk21-temurin-noble",
            "WAR": "xnat-web-1.10.0.war",
            "WAR_SHA256": "1fc2",
            "XNAT_TAG": "1.10.0",
        },
        {
            f"{WEB}image": "xnat-bootstrap/xnat-web:1.10.0",
            f"{WEB}build.args.BASE_IMAGE": "tomcat:9.0.108-jdk21-temurin-noble",
            f"{WEB}build.args.WAR": "xnat-web-1.10.0.war",
            f"{WEB}build.args.WAR_SHA256": "1fc2",
            "services.xnat-folders.build.args.WAR": "xnat-web-1.10.0.war",
        },
    ),
    (
        {"XNAT_UID": "1500", "XNAT_GID": "1600", "XNAT_MIN_HEAP": "2g", "XNAT_MAX_HEAP": "8g", "XNAT_MAX_UPLOAD": "5"},
        {
            f"{WEB}user": "1500:1600",
            f"{WEB}build.args.XNAT_UID": "1500",
            f"{WEB}environment.XNAT_MIN_HEAP": "2g",
            f"{WEB}environment.XNAT_MAX_HEAP": "8g",
            f"{WEB}environment.XNAT_MAX_UPLOAD": "5",
            "services.xnat-folders.command.0": "1500:1600",
        },
    ),
    (
        {"XNAT_ARCHIVE": "/srv/a", "XNAT_BUILD": "/srv/b", "DOCKER_SOCKET": "/run/other.sock"},
        {"services.xnat-folders.command": ["1000:1000", "/data/xnat", "/srv/a", "/srv/b"]},
    ),
    (
        {"XNAT_BIND": "10.0.0.1", "XNAT_PORT": "80", "DICOM_BIND": "10.0.0.2", "DICOM_PORT": "104"}
        | {"XNAT_CALLBACK_BIND": "172.17.0.1", "XNAT_CALLBACK_PORT": "9090"},
        {
            f"{WEB}ports.0.host_ip": "10.0.0.1",
            f"{WEB}ports.0.published": "80",
            f"{WEB}ports.1.host_ip": "172.17.0.1",
            f"{WEB}ports.1.published": "9090",
            f"{WEB}ports.2.host_ip": "10.0.0.2",
            f"{WEB}ports.2.published": "104",
        },
    ),
    (
        {"COMPOSE_PROFILES": "tls", "TLS_CERTIFICATE": "/etc/ssl/x.pem", "TLS_KEY": "/etc/ssl/x.key"}
        | {"TLS_BIND": "0.0.0.0", "TLS_PORT": "8443", "TLS_PLAIN_PORT": "8080", "PROXY_IMAGE": "mirror/nginx:1"}
        | {"HSTS_SECONDS": "60", "UPLOAD_LIMIT": "20g", "UPLOAD_SECONDS": "7200"},
        {
            "services.proxy.image": "mirror/nginx:1",
            "services.proxy.ports.0.host_ip": "0.0.0.0",
            "services.proxy.ports.0.published": "8443",
            "services.proxy.ports.1.published": "8080",
            "services.proxy.volumes.1.source": "/etc/ssl/x.pem",
            "services.proxy.volumes.2.source": "/etc/ssl/x.key",
            "services.proxy.volumes.2.bind": {},
            "services.proxy.environment.HSTS_SECONDS": "60",
            "services.proxy.environment.RESOLVER": "127.0.0.11",
            "services.proxy.healthcheck.test.5": "http://127.0.0.1:8080/proxy-health",
            "services.proxy.environment.UPLOAD_LIMIT": "20g",
            "services.proxy.environment.UPLOAD_SECONDS": "7200",
        },
    ),
    (
        {"POSTGRES_IMAGE": "mirror/postgres:16", "POSTGRES_CONNECTIONS": "400"},
        {
            "services.xnat-db.image": "mirror/postgres:16",
            "services.xnat-db.command": ["postgres", "-c", "max_connections=400"],
        },
    ),
]


@pytest.fixture(scope="module")
def project(compose_plugin: str, tmp_path_factory: pytest.TempPathFactory) -> Project:
    return Project(copied(tmp_path_factory.mktemp("compose")))


def _found(told: Any, path: str) -> Any:
    for step in path.split("."):
        told = told[int(step)] if isinstance(told, list) else told[step]
    return told


@pytest.mark.parametrize(("variables", "expected"), VARIANTS, ids=[",".join(said) or "plain" for said, _ in VARIANTS])
def test_a_variant_of_the_variables_is_understood(
    project: Project, variables: Mapping[str, str], expected: Mapping[str, object]
) -> None:
    project.variables = {**NEEDED, **variables}
    told = project.config()
    assert {path: _found(told, path) for path in expected} == expected


def test_every_variable_of_the_compose_file_is_told_and_tried() -> None:
    used = set(re.findall(r"\$\{([A-Z_0-9]+)", (ROOT / "docker-compose.yml").read_text(encoding="utf-8")))
    told = set(re.findall(r"^#? ?([A-Z_0-9]+)=", EXAMPLE, re.MULTILINE))
    tried = {name for variables, _expected in VARIANTS for name in variables} | NEEDED.keys()
    assert used - told == set()
    assert used - tried == set()
    assert told - used == {"XNAT_PASSWORD", "XNAT_URL", "XNAT_SITE_URL", "XNAT_PROCESSING_URL", "COMPOSE_PROFILES"} | {
        "DCM2NIIX_BASE_IMAGE"
    }


@pytest.mark.parametrize("said", [{}, {"DCM2NIIX_BASE_IMAGE": "mirror/debian:12"}], ids=["plain", "mirror"])
def test_the_tomcat_of_xnat_is_not_the_base_of_dcm2niix(said: Mapping[str, str]) -> None:
    environ = {"XNAT_PASSWORD": "x", "BASE_IMAGE": "tomcat:9.0.108-jdk21-temurin-noble", **said}
    (image,) = load(ROOT / "sites" / "compose", Asked(), Tools(environ=environ)).section("images")
    assert image.args == {"BASE_IMAGE": said.get("DCM2NIIX_BASE_IMAGE", "debian:bookworm-slim")}


@pytest.mark.parametrize("missing", NEEDED)
def test_what_has_no_default_is_asked_for(project: Project, missing: str) -> None:
    project.variables = {name: value for name, value in NEEDED.items() if name != missing}
    done = project.run("config", check=False)
    assert done.returncode != 0
    assert missing in done.stderr
    assert "set it in .env" in done.stderr


def test_nothing_listens_elsewhere_than_on_this_machine_unless_it_is_said(project: Project) -> None:
    project.variables = NEEDED | {"COMPOSE_PROFILES": "tls"}
    services = project.config()["services"]
    ports = [port for service in services.values() for port in service.get("ports", ())]
    assert [port["host_ip"] for port in ports] == ["127.0.0.1"] * 5
    assert sorted(services) == ["proxy", "xnat-db", "xnat-folders", "xnat-web"]


@pytest.mark.parametrize("variables", [{}, {"XNAT_ARCHIVE": "/srv/a", "XNAT_BUILD": "/srv/b"}], ids=["plain", "moved"])
def test_archive_and_build_are_the_same_path_inside_and_outside(project: Project, variables: Mapping[str, str]) -> None:
    project.variables = {**NEEDED, **variables}
    for service in ("xnat-web", "xnat-folders"):
        volumes = project.config()["services"][service]["volumes"]
        bound = {volume["source"]: volume["target"] for volume in volumes if volume["type"] == "bind"}
        bound.pop("/var/run/docker.sock", None)
        archive, build = (variables.get(f"XNAT_{name.upper()}", f"/data/xnat/{name}") for name in ("archive", "build"))
        assert bound == {archive: archive, build: build}


def test_no_credential_is_an_argument_of_a_build_and_there_is_no_preference_file(project: Project) -> None:
    project.variables = NEEDED
    builds = [service["build"]["args"] for service in project.config()["services"].values() if "build" in service]
    assert {name for build in builds for name in build} == {"BASE_IMAGE", "WAR", "WAR_SHA256", "XNAT_UID", "XNAT_GID"}
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "images" / "xnat-web").iterdir() if path.is_file()]
    assert not [text for text in texts if "prefs-init" in text]


def test_the_defaults_of_the_image_are_those_of_the_compose_file(project: Project) -> None:
    project.variables = NEEDED
    dockerfile = (ROOT / "images" / "xnat-web" / "Dockerfile").read_text(encoding="utf-8")
    assert project.config()["services"]["xnat-web"]["build"]["args"] == dict(
        re.findall(r"^ARG (\w+)=(.+)$", dockerfile, re.MULTILINE)
    )
