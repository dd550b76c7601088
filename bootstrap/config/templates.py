"""Jinja2 for `*.j2`: every name must be known, and a mistake is told with the template's own file and line."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bootstrap.config.files import CannotRead, Files, shown
from bootstrap.config.problems import listed
from bootstrap.values import Problem, Source

# What an expression in a template may raise, besides Jinja2's own errors.
_MISTAKES = (jinja2.TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError)


class TemplateFailed(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def render(path: Path, names: Mapping[str, Any], files: Files) -> str:
    """The template's text with these names. `{% include %}` finds files in the template's folder."""
    environment = ImmutableSandboxedEnvironment(
        loader=_Loader(path.parent, files),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,
    )
    files.text(path)  # said in the site file's own words if it cannot be read
    try:
        return environment.get_template(path.name).render(names)
    except _MISTAKES as wrong:
        raise TemplateFailed(_problem(wrong, path, names, files)) from None


class _Loader(jinja2.BaseLoader):
    def __init__(self, folder: Path, files: Files) -> None:
        self.folder, self.files = folder, files

    def get_source(
        self, _environment: jinja2.Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        path = self.folder / template
        try:
            return self.files.text(path), shown(path), None
        except CannotRead as cannot:
            raise jinja2.TemplateNotFound(template, f"{shown(path)} {cannot.why}") from None


def _problem(wrong: BaseException, path: Path, names: Mapping[str, Any], files: Files) -> Problem:
    if isinstance(wrong, jinja2.TemplateSyntaxError):
        where = Source(wrong.filename or shown(path), wrong.lineno)
        return Problem("error", "template", f"the template is wrong here: {wrong.message}", "", where)
    where = _line(wrong, path, files)
    if isinstance(wrong, jinja2.UndefinedError):
        none = "no names are given: the site has no `vars`, or `anon` no `--vars FILE`"
        hint = f"the names are {listed(sorted(names))}" if names else none
        return Problem("error", "template", f"the template asks for what is not there: {wrong.message}", hint, where)
    if isinstance(wrong, jinja2.TemplateError):
        return Problem("error", "template", f"the template fails here: {wrong.message}", "", where)
    return Problem("error", "template", f"the template fails here: {type(wrong).__name__}", "", where)


def _line(wrong: BaseException, path: Path, files: Files) -> Source:
    """The innermost line of a template that was being rendered; Jinja2 puts these into the traceback."""
    names = set(files.names)
    steps = [step for step in traceback.extract_tb(wrong.__traceback__) if step.filename in names]
    return Source(steps[-1].filename, steps[-1].lineno or 1) if steps else Source(shown(path))
