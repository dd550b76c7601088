"""The section `commands`: documents, who may use them, and what their inputs start with."""

from __future__ import annotations

from typing import Any

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from bootstrap.config.section import Model, Section
from bootstrap.kinds.wrapper_use import Defaults, WrapperUse


class Smoke(Model):
    """What is tried after a command was changed; where it fails, the command is put back."""

    wrapper: str = Field(description="the wrapper that is tried")
    project: str = Field(description="the project in which it is tried")
    root: str = Field(description="what it is tried on: a session's label, SESSION/scans/ID, a subject's label, or `.`")
    launch: bool = Field(False, description="whether it is really launched; else its launch form is asked for")


class CommandWrapper(WrapperUse):
    was: str | None = Field(None, description="its name before; it keeps its id, and so do all that point to it")


class Command(Model):
    template: str | None = Field(
        None, description="the document as a Jinja2 template of JSON; `vars` and `images` are known"
    )
    document: dict[str, Any] | None = Field(None, description="the document itself")
    enabled: bool | None = Field(None, description="whether its wrappers can be launched on the site; null is no")
    defaults: Defaults = Field(
        default_factory=dict,
        description="what inputs start with on the site, for all its wrappers: a text, or a map of value, "
        "user_settable and advanced; null is the command's own",
    )
    wrappers: dict[str, CommandWrapper] = Field(
        default_factory=dict, description="the wrappers for which something else holds, or that had another name"
    )
    was: str | None = Field(None, description="its name before; it keeps its id, and so do all that point to it")
    smoke: Smoke | None = Field(None, description="what is tried after a change; where it fails, the change is undone")
    protected: bool = Field(False, description="never deleted, replaced or renamed")
    ignore: list[str] = Field(
        default_factory=list, description="keys of the document that are neither compared nor written"
    )

    @model_validator(mode="after")
    def _one_document(self) -> Command:
        if (self.template is None) == (self.document is None):
            hint = {"hint": "`template: ../templates/commands/NAME.json.j2`, or the document itself under `document:`"}
            raise PydanticCustomError("one-document", "a command has either a `template` or a `document`", hint)
        return self


COMMANDS = Section(
    key="commands",
    shape=dict[str, Command],
    doc="What the Container Service can run, by name. A document is a whole: what it does not say is XNAT's default.",
    example="""\
hello-world:
  template: ../../templates/commands/hello-world.json.j2
  enabled: true
  defaults: {greeting: hello}
""",
)
