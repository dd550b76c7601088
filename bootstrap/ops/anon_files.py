"""Script files on the way in: found, read, and rendered where they are templates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from bootstrap.config.files import HOME_HINT, CannotRead, Files
from bootstrap.config.templates import TemplateFailed, render
from bootstrap.dicomedit import ParseError, Script, parse
from bootstrap.errors import LocalFileError, SiteFileError
from bootstrap.values import Problem, Source

TEMPLATE = ".j2"
_PATTERNS = ("*.das", "*.das.j2")


def scripts_in(places: Iterable[Path]) -> Iterator[Path]:
    """Files as they are named; of a folder all scripts below it. Raises LocalFileError for a folder without any."""
    for place in places:
        if not place.is_dir():
            yield place
            continue
        found = sorted({path for pattern in _PATTERNS for path in place.rglob(pattern)})
        if not found:
            raise LocalFileError(f"{place} holds no scripts", hint="scripts are files *.das, or templates *.das.j2")
        yield from found


def script_text(path: Path, template_vars: Path | None = None) -> str:
    """The text of a script, or what a template makes of the names in a YAML file."""
    try:
        if path.suffix != TEMPLATE:
            return Files().text(path)
        return render(path, _names(template_vars), Files())
    except CannotRead as error:
        raise not_read(path, error) from error
    except TemplateFailed as failed:
        raise SiteFileError([failed.problem]) from failed


def not_read(path: Path, error: CannotRead) -> LocalFileError:
    """A path of the command line does not start where one in a file does."""
    missing = error.rule == "file-missing" and error.hint != HOME_HINT
    return LocalFileError(f"{path} {error.why}", hint=where_paths_start() if missing else error.hint)


def where_paths_start() -> str:
    return f"relative paths start in the current folder, {Path.cwd()}"


def read_script(path: Path, template_vars: Path | None = None) -> tuple[Script, str]:
    """A script and its text. Raises LocalFileError, SiteFileError or ParseError, each with the place."""
    text = script_text(path, template_vars)
    try:
        return parse(text), text
    except ParseError as error:
        file = shown_name(path)
        raise ParseError(error.reason, error.position, expected=error.expected, hint=error.hint, file=file) from error


def shown_name(path: Path) -> str:
    """Lines and columns of a template are those of what it makes."""
    return f"{path} (rendered)" if path.suffix == TEMPLATE else str(path)


def _names(path: Path | None) -> Mapping[str, Any]:
    if path is None:
        return {}
    try:
        names = yaml.safe_load(Files().text(path))
    except CannotRead as error:
        raise not_read(path, error) from error
    except yaml.YAMLError as error:
        raise SiteFileError([Problem("error", "yaml", f"not YAML: {error}", source=Source(str(path)))]) from error
    if not isinstance(names, dict):
        raise SiteFileError([Problem("error", "yaml", "must be names and values", source=Source(str(path)))])
    return names
