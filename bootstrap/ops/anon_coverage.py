"""`anon coverage`: what a script covers of DICOM PS3.15, and whether that is enough."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from bootstrap.dicomedit import Script
from bootstrap.dicomedit.coverage import Coverage, Proof, coverage, prove
from bootstrap.engine.journal import write_whole
from bootstrap.engine.report.shown import json_text
from bootstrap.errors import UsageError
from bootstrap.facts.ps315 import EDITION, OPTIONS, editions
from bootstrap.ops.anon_files import read_script, shown_name


@dataclass(frozen=True, slots=True)
class CoverageAsked:
    """`require` is "basic", or "basic" and options of the profile with commas between them."""

    script: Path
    require: str | None = None
    prove: bool = False
    html: Path | None = None
    format: Literal["text", "json"] = "text"
    edition: str = EDITION
    all_rows: bool = False
    colour: bool = False
    template_vars: Path | None = None  # YAML: the names that a template asks for
    variables: Mapping[str, str] = field(default_factory=dict)  # for the proof: what XNAT would give


@dataclass(frozen=True, slots=True)
class CoverageAnswer:
    coverage: Coverage
    proof: Proof | None
    text: str
    exit_code: int


def cover(asked: CoverageAsked) -> CoverageAnswer:
    """Reads the script, judges it, writes the picture if one is wanted. The exit code is 1 where a requirement or the
    proof fails."""
    options = required_options(asked.require)
    if asked.edition not in editions():
        raise UsageError(f"there is no edition {asked.edition}", hint=f"editions: {', '.join(editions())}")
    script = read_script(asked.script, asked.template_vars)[0]
    found = coverage(script, options=options, edition_name=asked.edition)
    proof = _proof(script, asked, options) if asked.prove else None
    if asked.html is not None:
        _write_picture(asked.html, found, proof, asked.script)
    failed = (asked.require is not None and not found.complete) or (proof is not None and not proof.holds)
    return CoverageAnswer(found, proof, _text(asked, found, proof, int(failed)), int(failed))


def required_options(require: str | None) -> tuple[str, ...]:
    """The options behind "basic". Raises UsageError."""
    if require is None:
        return ()
    first, *rest = (part.strip().lower().replace("-", "_") for part in require.split(","))
    wrong = [part for part in rest if part not in OPTIONS]
    if first != "basic" or wrong:
        known = ", ".join(option.replace("_", "-") for option in OPTIONS)
        raise UsageError(f"--require {require}: not a profile", hint=f"basic, or basic and options: {known}")
    return tuple(rest)


def _proof(script: Script, asked: CoverageAsked, options: tuple[str, ...]) -> Proof:
    return prove(script, asked.variables or None, options=options, edition_name=asked.edition)


def _write_picture(path: Path, found: Coverage, proof: Proof | None, script: Path) -> None:
    from bootstrap.dicomedit.coverage.picture import as_html

    write_whole(path, as_html(found, script.name, proof))


def _as_json(asked: CoverageAsked, found: Coverage, proof: Proof | None, exit_code: int) -> str:
    return json_text(
        {
            "format": "xnat-bootstrap/anon-coverage",
            "version": 1,
            "exit": exit_code,
            "script": shown_name(asked.script),
            **found.as_json(),
            "proof": proof.as_json() if proof else None,
        }
    )


def _text(asked: CoverageAsked, found: Coverage, proof: Proof | None, exit_code: int) -> str:
    if asked.format == "json":
        return _as_json(asked, found, proof, exit_code)
    from bootstrap.dicomedit.coverage.table import as_text

    return f"{asked.script}\n" + as_text(found, proof, all_rows=asked.all_rows, colour=asked.colour)
