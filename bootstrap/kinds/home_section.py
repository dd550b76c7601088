"""Where the files of XNAT's own lie, as the site file says it below `server`."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from bootstrap.config.section import Model
from bootstrap.config.site import Site
from bootstrap.xnat.home import Home as AnyHome
from bootstrap.xnat.home import NoHome
from bootstrap.xnat.home_container import ContainerHome
from bootstrap.xnat.home_kubernetes import KubernetesHome
from bootstrap.xnat.home_path import PathHome

FORMS = ("path", "container", "compose", "kubernetes")
# What each form knows besides its own key.
_MORE = {
    "path": {"restart_command", "log_file"},
    "container": {"folder", "engine"},
    "compose": {"project", "folder", "engine"},
    "kubernetes": {"folder"},
}


class Kubernetes(Model):
    workload: str = Field(pattern=r"^[a-z]+/[a-z0-9.-]+$", description="as kubectl names it, such as statefulset/xnat")
    namespace: str | None = Field(None, description="its namespace; kubectl's own if not said")
    context: str | None = Field(None, description="the context of kubectl's configuration; the current one if not said")
    container: str | None = Field(None, description="the container of the pod that XNAT runs in; the first if not said")


class Home(Model):
    path: str | None = Field(None, description="a folder of this machine; relative to this file")
    restart_command: list[str] = Field(
        default_factory=list,
        description="restarts XNAT whose home is `path`: a program and its arguments, no shell; "
        "a program with a slash in it is relative to this file, another one is looked for in PATH",
    )
    log_file: str | None = Field(None, description="Tomcat's own log, of which the end is shown when a start fails")
    container: str | None = Field(None, description="the name of the container that XNAT runs in")
    compose: str | None = Field(None, description="the compose service that XNAT runs in")
    project: str | None = Field(None, description="the compose project, where several have such a service")
    folder: str | None = Field(
        None, pattern=r"^/", description="the home inside the container; its XNAT_HOME, else /data/xnat/home"
    )
    engine: str | None = Field(None, description="the Docker engine, as DOCKER_HOST would name it")
    kubernetes: Kubernetes | None = Field(None, description="the workload that XNAT runs in; needs kubectl")

    @model_validator(mode="after")
    def _one_form(self) -> Home:
        given = [form for form in FORMS if getattr(self, form) is not None]
        if len(given) != 1:
            hint = {"hint": "`path: DIR`, `container: NAME`, `compose: SERVICE`, or `kubernetes: {workload: ...}`"}
            raise PydanticCustomError("one-home", "a home is exactly one of path, container, compose, kubernetes", hint)
        odd = sorted(self.model_fields_set - {given[0]} - _MORE[given[0]])
        if odd:
            raise PydanticCustomError(
                "one-home", f"`{odd[0]}` means nothing to a home that is a {given[0]}", {"hint": ""}
            )
        return self


def home_of(site: Site | None) -> AnyHome:
    """Nothing is opened or asked before it is used."""
    section = site.section("server") if site else None
    home: Home | None = section.home if section else None
    if site is None or home is None:
        return NoHome()
    if home.path:
        log = site.path_of(home.log_file, "server", "home", "log_file") if home.log_file else None
        folder = site.path_of(home.path, "server", "home", "path").absolute()
        return PathHome(folder, _restart_command(site, home.restart_command), log)
    if home.kubernetes:
        where = home.kubernetes
        return KubernetesHome(
            where.workload,
            namespace=where.namespace,
            context=where.context,
            container=where.container,
            folder=home.folder,
        )
    return ContainerHome(
        home.container, service=home.compose, project=home.project, folder=home.folder, engine=home.engine
    )


def _restart_command(site: Site, words: Sequence[str]) -> list[str]:
    if not words or "/" not in words[0]:
        return list(words)
    return [str(site.path_of(words[0], "server", "home", "restart_command", 0).absolute()), *words[1:]]
