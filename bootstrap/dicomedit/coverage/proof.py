"""Runs a script on an object full of canaries, and looks for those that survive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.coverage.canaries import Cage, Canary, caged
from bootstrap.dicomedit.coverage.fates import Kind
from bootstrap.dicomedit.coverage.verdicts import Verdict, judged_kind
from bootstrap.dicomedit.environment import Environment
from bootstrap.dicomedit.outcome import Status
from bootstrap.dicomedit.problems import ScriptError
from bootstrap.dicomedit.script import Script
from bootstrap.facts.ps315 import EDITION, edition

if TYPE_CHECKING:
    from pydicom.dataelem import DataElement
    from pydicom.dataset import Dataset

VARIABLES = {"project": "PROJECT", "subject": "SUBJECT", "session": "SESSION"}
IMPLICIT = "an Implicit VR file"
_MOST_VARIANTS = 64


@dataclass(frozen=True, slots=True)
class Survivor:
    """`allowed`: an option of the profile lets it stay."""

    canary: Canary
    found_at: str
    allowed: bool
    variant: str

    def __str__(self) -> str:
        moved = "" if self.found_at == self.canary.where else f", found at {self.found_at}"
        return f"{self.canary.where} {self.canary.attribute.name}{moved}"


@dataclass(frozen=True, slots=True)
class Run:
    """One object. `variant` says what was changed in it so that the script takes another way."""

    variant: str
    status: Status
    message: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Proof:
    runs: tuple[Run, ...]
    canaries: int
    survivors: tuple[Survivor, ...]

    @property
    def leaks(self) -> list[Survivor]:
        return [one for one in self.survivors if not one.allowed]

    @property
    def ran(self) -> bool:
        return any(run.status == "success" for run in self.runs)

    @property
    def holds(self) -> bool:
        """Nothing survived, and there was an object to survive in."""
        return self.ran and not self.leaks

    def as_json(self) -> dict[str, Any]:
        return {
            "holds": self.holds,
            "canaries": self.canaries,
            "runs": [
                {"variant": run.variant, "status": run.status, "message": run.message, "line": run.line}
                for run in self.runs
            ],
            "survivors": [
                {
                    "tag": one.canary.attribute.tag,
                    "name": one.canary.attribute.name,
                    "put_at": one.canary.where,
                    "found_at": one.found_at,
                    "allowed": one.allowed,
                    "variant": one.variant,
                }
                for one in self.survivors
            ],
        }


def prove(
    script: Script,
    variables: Mapping[str, str] | None = None,
    *,
    options: Sequence[str] = (),
    edition_name: str = EDITION,
) -> Proof:
    """Runs it once on an object as it is, and once for each text that the script compares an element with.

    Each object is one of an Explicit VR file first, and then one of an Implicit VR file. Of the second, those survivors
    are told that are new: what stood in sequences that the engine takes for bytes there.

    Nothing is fetched from the network; `reject[]` counts. Conditions may still hide ways that no variant takes:
    what `coverage` says of a script holds for every way.
    """
    runs, survivors, count = list[Run](), list[Survivor](), 0
    for name, assignments in _variants(script):
        told = set[str]()
        for implicit in (False, True):
            dataset, canaries = _with_values(_cage(edition_name, implicit), assignments)
            count = max(count, len(canaries))
            environment = Environment(random_number=lambda: 1, fetch=lambda _url: "fetched")
            outcome = script.apply(dataset, variables or VARIABLES, environment=environment)
            variant = " in ".join(filter(None, (name, IMPLICIT * implicit)))
            runs.append(Run(variant, outcome.status, outcome.message, outcome.line))
            if outcome.dataset is not None:
                found = list(survivors_in(outcome.dataset, canaries, options, variant))
                survivors += [one for one in found if one.canary.where not in told]
                told |= {one.canary.where for one in found}
    return Proof(tuple(runs), count, tuple(survivors))


def _variants(script: Script) -> Iterator[tuple[str, dict[int, str]]]:
    """An element of the root has one text after the other that the script compares it with."""
    yield "", {}
    found: dict[tuple[int, str], None] = {}
    for node in script.walk():
        if isinstance(node, nodes.Comparison):
            found |= dict.fromkeys(_compared(node))
    for tag, text in list(found)[:_MOST_VARIANTS]:
        yield f'({tag >> 16:04X},{tag & 0xFFFF:04X}) = "{text}"', {tag: text}


def _compared(node: nodes.Comparison) -> Iterator[tuple[int, str]]:
    path, text = (node.left, node.right) if isinstance(node.left, nodes.TagPath) else (node.right, node.left)
    if node.operator not in ("=", "!=") or not isinstance(path, nodes.TagPath) or not isinstance(text, nodes.Text):
        return
    step = path.steps[0]
    if path.is_singular and len(path.steps) == 1 and isinstance(step, nodes.ElementStep) and not path.is_private:
        yield int(step.tag.group + step.tag.element, 16), text.value


@lru_cache(maxsize=4)
def _cage(edition_name: str, implicit: bool) -> Cage:
    """No script changes what it is given, so one will do for all of them."""
    return caged(edition(edition_name), implicit=implicit, younger=True)


def _with_values(cage: Cage, texts: Mapping[int, str]) -> tuple[Dataset, list[Canary]]:
    from bootstrap.dicomedit.dataset_item import DatasetItem, copied
    from bootstrap.dicomedit.editing import put_text

    if not texts:
        return cage.dataset, cage.canaries
    dataset = copied(cage.dataset)
    root = DatasetItem(dataset)
    for tag, text in texts.items():
        try:
            put_text(root, tag, text)
        except ScriptError:
            continue  # not a value of its VR: the script compares in vain
    root.finish()
    replaced = {f"({tag >> 16:04X},{tag & 0xFFFF:04X})" for tag in texts}
    return dataset, [canary for canary in cage.canaries if canary.where not in replaced]


def survivors_in(
    dataset: Dataset, canaries: Sequence[Canary], options: Sequence[str] = (), variant: str = ""
) -> Iterator[Survivor]:
    """Wherever it now stands: in its own element, or in another that it was copied into."""
    from pydicom.config import disable_value_validation

    with disable_value_validation():  # what a script wrote need not be valid
        texts = list(_texts(dataset))
    places: dict[str, str] = {}
    for path, text in texts:
        places.setdefault(text, path)
    own = set(texts)
    heap = "\n".join(places)
    for canary in canaries:
        found = _found(canary, places, own, heap)
        if found is not None:
            yield Survivor(canary, found, _allowed(canary, options), variant)


def _found(canary: Canary, places: Mapping[str, str], own: set[tuple[str, str]], heap: str) -> str | None:
    if (canary.where, canary.text) in own:
        return canary.where
    if canary.exact:
        return None
    if canary.text in places:
        return places[canary.text]
    return next(path for text, path in places.items() if canary.text in text) if canary.text in heap else None


def _allowed(canary: Canary, options: Sequence[str]) -> bool:
    kind = Kind.LISTED if canary.attribute.is_private else Kind.KEPT
    return judged_kind(kind, canary.attribute, options) < Verdict.GAP


def _texts(dataset: Dataset, where: str = "") -> Iterator[tuple[str, str]]:
    meta: Iterable[DataElement] = getattr(dataset, "file_meta", None) or ()
    for element in [*meta, *dataset]:
        tag = int(element.tag)
        path = f"{where}({tag >> 16:04X},{tag & 0xFFFF:04X})"
        if element.VR == "SQ":
            for index, item in enumerate(element.value):
                yield from _texts(item, f"{path}[{index}]/")
        else:
            yield path, _text(element.value)


def _text(value: Any) -> str:
    from pydicom.multival import MultiValue

    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, MultiValue):
        return "\\".join(map(_text, value))
    return "" if value is None else str(value)
