"""What keeps an anonymisation script from the server, which stores any text with 200 and fails when data arrive."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from bootstrap.dicomedit.lint import Finding, lint
from bootstrap.kinds.kind import Resource
from bootstrap.values import Problem, Source

Runs = Literal["site", "project"]
TOO_NEW = "script-too-new"
_LARGEST = 1024 * 1024


def script_problems(script: str, source: Source, runs: Runs, site_script: str | None = None) -> list[Problem]:
    """A script of its own file is pointed into; of one inside the YAML the line is said."""
    if len(script.encode("utf-8", "surrogatepass")) > _LARGEST:
        return [Problem("error", "huge-script", f"the script is larger than {_LARGEST} bytes", "", source)]
    file = getattr(script, "path", None)
    strange = _strange_character(script, source, file)
    if strange:
        return [strange]
    return [_problem(finding, source, file) for finding in _findings(str(script), runs, site_script)]


@lru_cache(maxsize=256)
def _findings(script: str, runs: Runs, site_script: str | None = None, version: str | None = None) -> list[Finding]:
    """A run asks several times."""
    return lint(script, kind=runs, site_script=site_script, xnat_version=version)


def _problem(finding: Finding, source: Source, file: object) -> Problem:
    found = finding.as_problem()
    if file:
        place, where = Source(str(file), finding.line, finding.column), ""
    else:
        place, where = source, f"line {finding.line} of the script: "
    return Problem(found.severity, found.rule, f"{where}{found.message}", found.hint, place)


def _strange_character(script: str, source: Source, file: object) -> Problem | None:
    """Control characters, and what is left of bytes that were no text: XNAT stores them, or something else."""
    for number, line in enumerate(script.split("\n"), 1):
        for column, character in enumerate(line.rstrip("\r"), 1):
            if (
                (ord(character) < 32 and character != "\t")
                or character == "\ufffd"
                or 0xD800 <= ord(character) < 0xE000
            ):
                message = f"the character U+{ord(character):04X} has no place in a script"
                hint = "save the file as UTF-8"
                if file:
                    return Problem("error", "strange-character", message, hint, Source(str(file), number, column))
                where = f"line {number} of the script: "
                return Problem("error", "strange-character", f"{where}{message}", hint, source)
    return None


def too_new(wanted: Resource, version: str) -> Iterator[Problem]:
    """The server would take the script, and its engine would refuse it with every file."""
    script = wanted.fields.get("script")
    if not isinstance(script, str):
        return
    for finding in _findings(script, "site", version=version):
        if finding.rule == "L04":
            hint = f"{finding.mend}; `--allow {TOO_NEW}` sends it all the same"
            yield Problem(
                "error", TOO_NEW, f"{finding.message}: {finding.what_happens}", hint, wanted.source_of("script")
            )
