"""One value for each input that is resolved, or the reason why the command cannot be run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from bootstrap.practice.containers.resolution.failures import Unresolvable
from bootstrap.practice.containers.resolution.inputs import DERIVED, Input
from bootstrap.practice.containers.resolution.values import Branch
from bootstrap.practice.data.models import Model

_SEVERAL = "select-many"


@dataclass(frozen=True)
class Chosen:
    input: Input
    texts: tuple[str, ...] | None  # None: it has no value
    model: Model | None = None
    several: bool = False  # more than one, or to be written as if it were

    @property
    def is_open(self) -> bool:
        """Its key stays where it stands."""
        return self.texts is None and self.input.multiple


def chosen(branches: Sequence[Branch]) -> list[Chosen]:
    found: list[Chosen] = []
    missing: list[str] = []
    _choose(branches, found, missing)
    if missing:
        plural = "s" if len(missing) > 1 else ""
        raise Unresolvable(f"Missing values for required input{plural}: {', '.join(missing)}.")
    return found


def _choose(branches: Sequence[Branch], found: list[Chosen], missing: list[str]) -> None:
    for branch in branches:
        one, values = branch.input, branch.values
        if one.kind == DERIVED:
            _check(branch)
        elif not values and one.required:
            missing.append(one.name)
        if len(values) == 1:
            found.append(_single(one, values[0].text, values[0].model))
            _choose(values[0].below, found, missing)
        elif len(values) > 1 and one.multiple:
            _join(branch, found)
        else:
            found.extend(Chosen(each, None) for each in (one, *_all_below(one)))


def _check(branch: Branch) -> None:
    one, count = branch.input, len(branch.values)
    if not one.required or count == 1 or (count > 1 and one.multiple):
        return
    if count:
        text = f'Input "{one.name}"  does not have a unique, resolved value and multiple = true is not set in'
        raise Unresolvable(f"{text} command.json.")
    text = f'Input "{one.name}" could not be resolved for this item. You might check the JSONPath matchers in'
    raise Unresolvable(f"{text} command.json and confirm that this item has {one.type} data.")


def _single(one: Input, text: str, model: Model | None) -> Chosen:
    if one.type == _SEVERAL and text.lstrip().startswith("["):
        try:
            return Chosen(one, tuple(str(each) for each in json.loads(text)), model, several=True)
        except json.JSONDecodeError:
            return Chosen(one, (text,), model)
    return Chosen(one, (text,), model)


def _join(branch: Branch, found: list[Chosen]) -> None:
    """What hangs below has the same values if it is the command's, else none."""
    texts = tuple(value.text for value in branch.values)
    found.append(Chosen(branch.input, texts, several=True))
    for child in branch.input.below:
        if child.kind == DERIVED:
            found.extend(Chosen(each, None) for each in (child, *_all_below(child)))
        else:
            found.append(Chosen(child, texts, several=True))


def _all_below(one: Input) -> list[Input]:
    return [each for child in one.below for each in (child, *_all_below(child))]
