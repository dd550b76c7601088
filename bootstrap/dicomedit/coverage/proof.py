"""Runs a script on an object full of canaries, and looks for those that survive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.coverage.canaries import Canary, caged
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

    Nothing is fetched from the network; `reject[]` counts. Conditions may still hide ways that no variant takes:
    what `coverage` says of a script holds for every way.
    """
    runs, survivors, count = list[Run](), list[Survivor](), 0
    for name, assignments in _variants(script):
        cage = caged(edition(edition_name))
        canaries = _with_values(cage.dataset, cage.canaries, assignments)
        count = max(count, len(canaries))
        environment = Environment(random_number=lambda: 1, fetch=lambda _url: "fetched")
        outcome = script.apply(cage.dataset, variables or VARIABLES, environment=environment)
        runs.append(Run(name, outcome.status, outcome.message, outcome.line))
        if outcome.dataset is not None:
            survivors += survivors_in(outcome.dataset, canaries, options, name)
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


def _with_values(dataset: Dataset, canaries: list[Canary], texts: Mapping[int, str]) -> list[Canary]:
    from bootstrap.dicomedit.dataset_item import DatasetItem
    from bootstrap.dicomedit.editing import put_text

    root = DatasetItem(dataset)
    for tag, text in texts.items():
        try:
            put_text(root, tag, text)
        except ScriptError:
            continue  # not a value of its VR: the script compares in vain
    root.finish()
    replaced = {f"({tag >> 16:04X},{tag & 0xFFFF:04X})" for tag in texts}
    return [canary for canary in canaries if canary.where not in replaced]


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
