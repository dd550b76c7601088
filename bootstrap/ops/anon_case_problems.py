"""What is wrong with a file of cases: the place of each, the case it is in, and what was probably meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from bootstrap.config.problems import suggest
from bootstrap.values import Problem, Source

Models = Mapping[str, type[BaseModel]]
Place = tuple[int | str, ...]
_RULE = "case"


def not_yaml(path: Path, error: yaml.YAMLError) -> Problem:
    mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
    if mark is None:
        return Problem("error", "yaml", f"not YAML: {error}", source=Source(str(path)))
    told = getattr(error, "problem", "") or str(error)
    return Problem("error", "yaml", f"not YAML: {told}", source=Source(str(path), mark.line + 1, mark.column + 1))


def case_problems(path: Path, text: str, error: ValidationError, models: Models) -> list[Problem]:
    """`models` are what a place may hold: under "" the file, "case" a case, and others under the names they go by."""
    root = yaml.compose(text, yaml.SafeLoader)
    return [_problem(path, root, found, models) for found in _told_once(error.errors())]


def _told_once(errors: Sequence[Any]) -> Iterator[Any]:
    """A value that may be of several kinds is wrong once for each of them; a key that is wrong says the most."""
    found: dict[Place, Any] = {}
    for error in sorted(errors, key=lambda one: one["type"] != "extra_forbidden"):
        found.setdefault(error["loc"][:4] if len(error["loc"]) > 4 else error["loc"], error)
    return iter(sorted(found.values(), key=lambda one: [str(part).zfill(6) for part in one["loc"]]))


def _problem(path: Path, root: yaml.Node | None, found: Any, models: Models) -> Problem:
    place: Place = found["loc"]
    message, hint = _said(found, place, models)
    name = _case_name(root, place)
    about = f"case `{name}`: " if name else ""
    line, column = _position(root, place, of_key=found["type"] == "extra_forbidden")
    return Problem("error", _RULE, about + message, hint, Source(str(path), line, column))


def _said(found: Any, place: Place, models: Models) -> tuple[str, str]:
    key = str(place[-1]) if place else ""
    match found["type"]:
        case "extra_forbidden":
            return f"unknown key `{key}`", suggest(key, _keys(_model(place, models)))
        case "missing":
            return f"`{key}` is missing", ""
        case "model_type":
            return "must be names and values", ""
        case _ if len(place) > 4:
            return f"`{place[3]}`: must be a text, a number, or what the form allows for it", ""
        case _:
            return f"`{key}`: {found['msg'].replace('Input should be', 'must be')}", ""


def _model(place: Place, models: Models) -> type[BaseModel]:
    if len(place) == 1:
        return models[""]
    return models.get(str(place[-2]).lower(), models["case"])


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


# ---- in the text


def _position(root: yaml.Node | None, place: Place, *, of_key: bool) -> tuple[int, int]:
    """Parts of a place that the text does not have are names of kinds, or what is missing."""
    node, last = root, root
    for part in place:
        key, value = _inner(node, part)
        if value is not None:
            node, last = value, key if of_key else value
    if last is None:
        return 1, 1
    return last.start_mark.line + 1, last.start_mark.column + 1


def _inner(node: yaml.Node | None, part: int | str) -> tuple[yaml.Node | None, yaml.Node | None]:
    """The key, and the value, of a part; an item of a list is both."""
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if key.value == part), (None, None))
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part]
    return None, None


def _case_name(root: yaml.Node | None, place: Place) -> str:
    if len(place) < 2:
        return ""
    node = root
    for part in (*place[:2], "name"):
        node = _inner(node, part)[1]
    return str(node.value) if isinstance(node, yaml.ScalarNode) else ""
