"""Places where an attribute may stand: what becomes of these stands for all of its kind.

Each attribute is watched at the root, and in sequences that no script names, at depths one to three. Sequences that the
script itself names are watched besides, so that what is handled only there can be told.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.matching import compile_pattern
from bootstrap.facts.ps315 import Attribute

_A, _B = 0x0040FFF0, 0x5200FFF0  # sequences that DICOM does not have, in groups that are often nested
_NESTED = (((_A, 0),), ((_A, 1),), ((_B, 0), (_A, 0)), ((_B, 0), (_A, 0), (_B, 2)))
_GROUPS = range(0x00, 0x20, 2)  # the repeating groups are 5000 to 501E and 6000 to 601E
_CURVE_ELEMENTS = (0x0005, 0x0103, 0x2500, 0x3000)
_FILE_LEVEL = ("0000", "0002")  # groups that are never in a sequence
_DIGITS = {"x": "[0-9A-F]", "X": "[0-9A-F]", "#": "[13579BDF]", "@": "[02468ACE]"}

Chain = tuple[tuple[int, int], ...]  # sequence, item, sequence, item


@dataclass(frozen=True, slots=True)
class Probe:
    attribute: Attribute
    tag: int
    chain: Chain = ()
    named: bool = False  # in sequences that the script names
    path: str = field(init=False)  # as the engine writes it

    def __post_init__(self) -> None:
        steps = [f"{tag:08x}[{item}]/" for tag, item in self.chain]
        object.__setattr__(self, "path", "".join(steps) + f"{self.tag:08x}")

    @property
    def place(self) -> str:
        """The sequences alone, for a reader."""
        return "/".join(f"({tag >> 16:04X},{tag & 0xFFFF:04X})" for tag, _ in self.chain)


class Probes:
    """Never changes once it is made."""

    def __init__(self, attributes: tuple[Attribute, ...], chains: tuple[tuple[Chain, str], ...] = ()) -> None:
        self.attributes = attributes
        self.all: list[Probe] = []
        self.by_path: dict[str, int] = {}
        self.by_attribute: dict[str, list[int]] = defaultdict(list)
        self._root: dict[int, list[int]] = defaultdict(list)
        self._anywhere: dict[int, list[int]] = defaultdict(list)
        self._below: dict[int, list[int]] = defaultdict(list)
        self._below_root: dict[int, list[int]] = defaultdict(list)
        for attribute in self.attributes:
            for probe in (*_watched(attribute), *_named(attribute, chains)):
                self._index(probe)

    def _index(self, probe: Probe) -> None:
        number = len(self.all)
        self.all.append(probe)
        self.by_path[probe.path] = number
        self.by_attribute[probe.attribute.tag].append(number)
        self._anywhere[probe.tag].append(number)
        if not probe.chain:
            self._root[probe.tag].append(number)
            return
        self._below_root[probe.chain[0][0]].append(number)
        for tag in {tag for tag, _ in probe.chain}:
            self._below[tag].append(number)

    def root(self, tag: int) -> int | None:
        return next(iter(self._root.get(tag, ())), None)

    def matched(self, path: nodes.TagPath, *, below: bool = False) -> list[int]:
        """Probes that the path means; with `below`, also what stands in a sequence that it means.

        Raises ScriptError for a path that the engine cannot use."""
        pattern = compile_pattern(path)
        if pattern.scope == "path" or pattern.tag < 0:
            test = pattern.below if below else pattern.expression
            return [number for number, probe in enumerate(self.all) if test(probe.path)]
        if pattern.creator is not None:
            return []
        if pattern.scope == "root":
            return self._root.get(pattern.tag, []) + (self._below_root.get(pattern.tag, []) if below else [])
        return self._anywhere.get(pattern.tag, []) + (self._below.get(pattern.tag, []) if below else [])

    def numbered(self, group: str, element: str) -> list[int]:
        """DicomEdit 4: at the root, by digits; the wildcards are X, @ and #. What is below goes with a sequence."""
        test = re.compile(digits_expression(group + element)).fullmatch
        return [
            number
            for number, probe in enumerate(self.all)
            if test(f"{probe.chain[0][0] if probe.chain else probe.tag:08X}")
        ]


def digits_expression(digits: str) -> str:
    return "".join(_DIGITS.get(digit, digit.upper()) for digit in digits)


def sample_tags(attribute: Attribute) -> list[int]:
    """Every tag of a repeating attribute that counts; for the others, its own."""
    digits = attribute.digits
    if not attribute.repeats:
        return [int(digits, 16)] if digits else []
    elements = _CURVE_ELEMENTS if digits.endswith("xxxx") else (int(digits[4:], 16),)
    first = int(digits[:2] + "00", 16)
    return [first + group << 16 | element for group in _GROUPS for element in elements]


def probes_of(attributes: tuple[Attribute, ...], paths: Iterable[nodes.TagPath]) -> Probes:
    """For a script that acts on these paths."""
    return _probes(attributes, tuple(sorted(set(filter(None, map(chain_of, paths))))))


@lru_cache(maxsize=8)
def _probes(attributes: tuple[Attribute, ...], chains: tuple[tuple[Chain, str], ...]) -> Probes:
    return Probes(attributes, chains)


def _watched(attribute: Attribute) -> tuple[Probe, ...]:
    nested = () if attribute.digits.startswith(_FILE_LEVEL) else _NESTED
    return tuple(Probe(attribute, tag, chain) for tag in sample_tags(attribute) for chain in ((), *nested))


def _named(attribute: Attribute, chains: tuple[tuple[Chain, str], ...]) -> Iterator[Probe]:
    for chain, expression in chains:
        for tag in sample_tags(attribute):
            if re.fullmatch(expression, f"{tag:08X}"):
                yield Probe(attribute, tag, chain, named=True)


def chain_of(path: nodes.TagPath) -> tuple[Chain, str] | None:
    """The sequences that a path names, and which tags it means in them."""
    steps = [step for step in path.steps if isinstance(step, nodes.ElementStep)]
    if len(steps) < 2 or not isinstance(path.steps[-1], nodes.ElementStep):
        return None
    if any(not isinstance(step.tag, nodes.PublicTag) for step in steps):
        return None
    chain = []
    for step in steps[:-1]:
        digits = step.tag.group + step.tag.element
        if re.fullmatch("[0-9a-fA-F]{8}", digits) is None:
            return None
        chain.append((int(digits, 16), int(step.item) if step.item and step.item.isdigit() else 0))
    return tuple(chain), digits_expression(steps[-1].tag.group + steps[-1].tag.element)
