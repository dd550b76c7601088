"""The section `orchestrations`."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from bootstrap.config.section import Model, Section


class Orchestration(Model):
    identity: ClassVar[str | None] = "name"

    name: str = Field(min_length=1, max_length=255, description="its name")
    wrappers: list[str] = Field(
        min_length=2,
        description="which wrappers run one after the other, by name; COMMAND/WRAPPER where that is not unique",
    )
    halt_on_failure: bool = Field(True, description="whether a failure ends the sequence")
    enabled: bool = Field(True, description="whether it runs; switched off, no project can choose it")
    protected: bool = Field(False, description="never deleted")


ORCHESTRATIONS = Section(
    key="orchestrations",
    shape=list[Orchestration],
    doc="Sequences of wrappers: launching the first one in a project that chose it starts the others after it.",
    example="""\
- name: convert and check
  wrappers: [dcm2niix-session, qc-session]
  halt_on_failure: true
""",
)
