"""How long it takes to load and check a large site file. The goal is 2 s for 10,000 resources."""

from __future__ import annotations

import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any, ClassVar, Literal

from pydantic import Field

from bootstrap.config import Model, Section, load_site
from bootstrap.values import Secret

RESOURCES = 10_000
PER_PROJECT = 4  # the project itself, two commands in it, a subscription in it
GOAL = 2.0


class Enablement(Model):
    enabled: bool | None = None
    defaults: dict[str, Any] = Field(default_factory=dict)


class Switch(Model):
    active: bool = True


class Project(Model):
    identity: ClassVar[str | None] = "id"

    id: str
    title: str | None = None
    accessibility: Literal["public", "protected", "private"] = "private"
    prearchive_code: int = Field(4, ge=0, le=5)
    commands: dict[str, Enablement] = Field(default_factory=dict)
    subscriptions: dict[str, Switch] = Field(default_factory=dict)
    token: Secret | None = None


SECTIONS = (Section("projects", list[Project], "Projects."),)
ENTRY = """\
  - id: P{number:05}
    title: Project number {number}
    accessibility: protected
    prearchive_code: {code}
    commands:
      dcm2niix-scan: {{enabled: true, defaults: {{bids: "y", compress: true}}}}
      qc-session: {{enabled: false}}
    subscriptions: {{dcm2niix-on-scan: {{active: true}}}}
"""


def generated(resources: int) -> str:
    entries = (ENTRY.format(number=number, code=number % 6) for number in range(resources // PER_PROJECT))
    return "projects:\n" + "".join(entries)


def seconds(path: Path, overlays: tuple[Path, ...] = ()) -> float:
    start = perf_counter()
    load_site(path, overlays, sections=SECTIONS, environ={})
    return perf_counter() - start


def report(runs: int = 3) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        text = generated(RESOURCES)
        path = Path(folder) / "site.yaml"
        path.write_text(text, encoding="utf-8")
        overlay = Path(folder) / "over.yaml"
        overlay.write_text("projects: [{id: P00007, token: !env [TOKEN, x]}]\n", encoding="utf-8")
        alone = min(seconds(path) for _ in range(runs))
        overlaid = min(seconds(path, (overlay,)) for _ in range(runs))
    what = f"{RESOURCES} resources in {text.count(chr(10))} lines"
    return [
        f"validate, {what}: {alone:.2f} s, {alone / GOAL:.2f} of the goal of {GOAL:g} s",
        f"validate, the same with an overlay: {overlaid:.2f} s, {overlaid / alone:.2f} of the time without",
    ]


def main() -> None:
    print("\n".join(report()))


if __name__ == "__main__":
    main()
