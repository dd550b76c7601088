"""The section `images`: a name, and one of three ways to come by an image."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from bootstrap.config.section import Model, Section

FORMS = ("build", "pull", "present")


class Image(Model):
    identity: ClassVar[str | None] = "name"

    name: str = Field(
        pattern=r"^[a-z0-9]+(?:[._-]+[a-z0-9]+)*$",
        max_length=100,
        description="what templates know it by, as images['NAME'], and the repository of one that is built",
    )
    build: str | None = Field(None, description="a folder with a Dockerfile or a Dockerfile.j2; relative to this file")
    args: dict[str, str] = Field(default_factory=dict, description="build arguments; everybody can read them later")
    platform: str | None = Field(
        None, pattern=r"^[a-z0-9]+/[a-z0-9]+(/[a-z0-9]+)?$", description="such as linux/amd64; the engine's own if not"
    )
    push: str | None = Field(None, description="the registry, by its name in `registries`, that it is pushed to")
    repository: str | None = Field(
        None, description="where a built image lies, without a tag; its name if not said, below the registry's host"
    )
    pull: str | None = Field(None, description="REPOSITORY:TAG or REPOSITORY@sha256:DIGEST")
    via: Literal["xnat", "engine"] | None = Field(
        None, description="who pulls: XNAT (for a tag, if not said), or this tool on the engine (for a digest)"
    )
    present: str | None = Field(None, description="REPOSITORY:TAG that somebody else puts there")
    ignore: list[str] = Field(default_factory=list, description="fields that are neither compared nor written")

    @model_validator(mode="after")
    def _one_form(self) -> Image:
        given = [form for form in FORMS if getattr(self, form) is not None]
        if len(given) != 1:
            hint = {"hint": "`build: FOLDER`, `pull: NAME:TAG`, or `present: NAME:TAG`"}
            raise PydanticCustomError("one-form", "an image has exactly one of `build`, `pull` and `present`", hint)
        return self

    @property
    def puller(self) -> str:
        return self.via or ("engine" if "@" in (self.pull or "") else "xnat")


IMAGES = Section(
    key="images",
    shape=list[Image],
    doc="The images that commands run, each with one way to come by it. Templates know them as images['NAME'].",
    example="""\
- name: dcm2niix
  build: ../../images/dcm2niix
- name: tool
  present: tool:1.2
""",
)
