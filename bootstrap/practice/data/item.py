"""Items: what is stored of an object of XNAT's. A tree of fields and children; what is said of it is merged in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from bootstrap.practice.data import schema
from bootstrap.practice.data.type_parts import Type

CLEAR = "NULL"  # the value that takes a field away
_Step = tuple[str, str | None]  # a name, and what stands in brackets behind it
_STEP = re.compile(r"([^/\[\]]+)(?:\[([^\]]*)\])?")


@dataclass
class Item:
    type: str
    fields: dict[str, str] = field(default_factory=dict)  # by path, in the order in which they came
    children: dict[str, list[Item]] = field(default_factory=dict)
    number: int = 0  # of its row
    event: int = 0  # that changed it last
    changed: float = 0.0

    @property
    def kind(self) -> Type:
        return schema.TYPES[self.type]

    def put(self, path: str, value: str) -> bool:
        """At a path such as aliases/alias[0]/alias; False if there is no such place."""
        return self._put(_steps(path), value)

    def text(self, path: str) -> str:
        """What is at a path; of several the first."""
        return next(self.texts(path), "")

    def texts(self, path: str) -> Iterator[str]:
        if path in self.fields:
            yield self.fields[path]
        steps = _steps(path)
        for place, children in self.children.items():
            depth = place.count("/") + 1
            if "/".join(name for name, _ in steps[:depth]) != place:
                continue
            for number, child in enumerate(children):
                if child.meets(steps[depth - 1][1], number):
                    yield from child.texts(_joined(steps[depth:]))

    def meets(self, condition: str | None, number: int) -> bool:
        """Whether the condition of a path, as in field[name=note], is about this one, the so-manieth of several."""
        if not condition:
            return True
        name, equals, value = condition.partition("=")
        if name == "@xsi:type":
            return value == self.type
        return self.fields.get(name) == value if equals else condition == str(number)

    def faults(self) -> list[str]:
        """What makes it impossible to store this, in it and below it."""
        kind = self.kind
        found = [(name, kind.fields[name].fault(value)) for name, value in self.fields.items() if value != CLEAR]
        found += [(name, "Required Field") for name in kind.required if not self.fields.get(name)]
        texts = [_sentence(kind.declared.get(name, self.type), name, said) for name, said in found if said]
        return texts + [text for child in self._below() for text in child.faults()]

    def merge(self, said: Item, event: int, now: float, next_number: Callable[[str], int]) -> None:
        """Fields that are said replace those that are there, CLEAR takes them away; children are found by their key."""
        before = dict(self.fields)
        kept = {name: said.kind.fields[name].kept(value) for name, value in said.fields.items()}
        self.fields = {name: value for name, value in (self.fields | kept).items() if value != CLEAR}
        for place, children in said.children.items():
            for child in children:
                self._own(place, child, next_number).merge(child, event, now, next_number)
            self.children[place] = [child for child in self.children[place] if child.fields or child.children]
        self.children = {place: children for place, children in self.children.items() if children}
        if self.fields != before or not self.event:
            self.event, self.changed = event, now

    def as_document(self) -> dict[str, Any]:
        """For the database."""
        children = {place: [child.as_document() for child in several] for place, several in self.children.items()}
        return vars(self) | {"children": children}

    @classmethod
    def of_document(cls, document: dict[str, Any]) -> Item:
        below = document.get("children", {})
        children = {place: [cls.of_document(child) for child in several] for place, several in below.items()}
        return cls(**document | {"children": children})

    def _put(self, steps: list[_Step], value: str) -> bool:
        names = [name for name, _ in steps]
        if "/".join(names) in self.kind.fields:
            self.fields["/".join(names)] = value
            return True
        for count in range(1, len(steps)):
            place = "/".join(names[:count])
            if place in self.kind.children:
                return self._put_below(place, steps[count - 1][1], steps[count:], value)
        return False

    def _put_below(self, place: str, condition: str | None, rest: list[_Step], value: str) -> bool:
        there = self.children.get(place, [])
        found = next((child for number, child in enumerate(there) if child.meets(condition, number)), None)
        child = found or _made_to_meet(self.kind.children[place].type, condition)
        if child is None or not child._put(rest, value):
            return False
        if not found:
            self.children.setdefault(place, []).append(child)
        return True

    def _own(self, place: str, said: Item, next_number: Callable[[str], int]) -> Item:
        """The child that is meant, or a new one."""
        there = self.children.setdefault(place, [])
        key = said.kind.key
        for child in there:
            if not self.kind.children[place].many or (key and child.fields.get(key) == said.fields.get(key)):
                return child
        there.append(Item(said.type, number=next_number(said.type)))
        return there[-1]

    def _below(self) -> Iterator[Item]:
        for children in self.children.values():
            yield from children


def _made_to_meet(type_name: str, condition: str | None) -> Item | None:
    made = Item(type_name)
    name, equals, value = (condition or "").partition("=")
    if name == "@xsi:type":
        return Item(value) if value in schema.TYPES else None
    if equals:
        return made if made.put(name, value) else None
    return made


def _steps(path: str) -> list[_Step]:
    return [(found[1], found[2]) for found in _STEP.finditer(path)]


def _joined(steps: list[_Step]) -> str:
    return "/".join(name + (f"[{condition}]" if condition else "") for name, condition in steps)


def _sentence(type_name: str, name: str, said: str) -> str:
    place = f'{{"http://nrg.wustl.edu/xnat":{name}}}'
    return f"The content of element '{type_name}' is not complete. '{place}' {said}"
