"""Small models of a site, and short ways to load one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from bootstrap.config import FileText, Model, Section, Site, load_site
from bootstrap.errors import SiteFileError
from bootstrap.values import Problem, Secret


class Mode(Enum):
    FAST = "fast"
    SLOW = "slow"


class Mail(Model):
    host: str | None = Field(None, description="the mail server")
    password: Secret | None = Field(None, description="its password")


class Server(Model):
    elsewhere: ClassVar[Mapping[str, str]] = {"script": "it is `script` at the top level"}
    plain_secrets: ClassVar[frozenset[str]] = frozenset({"first_password"})

    url: str | None = Field(None, description="the address")
    port: int = Field(80, ge=1, le=65535, description="the port")
    ratio: float = Field(0.5, description="a share")
    secure: bool = Field(False, description="speak TLS")
    password: Secret | None = Field(None, description="the password")
    first_password: Secret | None = Field(None, description="what everybody knows")
    mode: Mode = Field(Mode.FAST, description="how")
    access: Literal["private", "protected", "public"] = Field("private", description="who may look")
    until: date | None = Field(None, description="the last day")
    name: str = Field("x", pattern="^[a-z]+$", max_length=8, description="a short name")
    hosts: list[str] = Field(default_factory=list, description="other names")
    mail: Mail | None = Field(None, description="mail")
    extra: dict[str, Any] = Field(default_factory=dict, description="what else there is")

    @field_validator("url")
    @classmethod
    def _has_no_blanks(cls, value: str | None) -> str | None:
        if value and " " in value:
            raise ValueError(f"`{value}` has a blank in it")
        return value

    @model_validator(mode="after")
    def _fits(self) -> Server:
        if self.secure and self.port == 80:
            raise PydanticCustomError("odd-port", "80 is not the port of TLS", {"hint": "use 443"})
        return self


class Build(Model):
    build: str = Field(description="a folder")
    args: dict[str, str] = Field(default_factory=dict, description="build arguments")


class Pull(Model):
    pull: str = Field(description="a reference")
    via: Literal["engine", "xnat"] = Field("engine", description="by whom")


class Image(Model):
    identity: ClassVar[str | None] = "name"

    name: str = Field(description="what it is called")
    origin: Build | Pull | str | None = Field(None, description="where it comes from")
    tags: list[str] = Field(default_factory=list, description="more tags")


class Command(Model):
    enabled: bool | None = Field(None, description="on or off")
    template: str | None = Field(None, description="a template")
    children: dict[str, Command] = Field(default_factory=dict, description="commands inside this one")


SERVER = Section("server", Server, "Where it is.", "url: practice\npassword: !env PASSWORD\n", required=True)
IMAGES = Section("images", list[Image], "Images.", "- name: fsl\n  origin: {pull: 'fsl:1'}\n")
COMMANDS = Section("commands", dict[str, Command], "Commands.", "dcm2niix: {enabled: true}\n")
SCRIPT = Section("script", FileText, "A script.", '|\n  version "6.6"\n')
SECTIONS = (SERVER, IMAGES, COMMANDS, SCRIPT)


def write(folder: Path, text: str | bytes, name: str = "site.yaml") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def load(
    folder: Path,
    text: str | bytes,
    *overlays: str,
    environ: Mapping[str, str] | None = None,
    sections: Sequence[Section] = SECTIONS,
    **options: Any,
) -> Site:
    write(folder, text)
    paths = [write(folder, overlay, f"over{number}.yaml") for number, overlay in enumerate(overlays, 1)]
    return load_site(folder, paths, sections=sections, environ=environ or {}, **options)


def problems(folder: Path, text: str | bytes, *overlays: str, **options: Any) -> list[Problem]:
    """What is wrong with this site; nothing if it loads without a warning."""
    try:
        return load(folder, text, *overlays, **options).warnings
    except SiteFileError as wrong:
        return wrong.problems


def told(folder: Path, text: str | bytes, *overlays: str, **options: Any) -> list[str]:
    """The same as a person reads it, with paths from the site's folder on."""
    return [str(problem).replace(f"{folder}/", "") for problem in problems(folder, text, *overlays, **options)]
