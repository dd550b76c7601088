"""The reference of the site file, read off the models: `explain`, `explain KIND`, `explain KIND.field`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from bootstrap.config.fetch import VARS
from bootstrap.config.outline import element, is_model, key_of, members, models, value
from bootstrap.config.problems import suggest
from bootstrap.config.section import Section
from bootstrap.config.texts import FileText
from bootstrap.errors import UsageError
from bootstrap.values import Secret, masked

_WORDS: dict[Any, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    Secret: "secret",
    FileText: "text",
    Any: "anything",
    type(None): "null",
}


@dataclass(frozen=True, slots=True)
class Topic:
    """One key of the site file."""

    name: str  # "site.siteId"
    doc: str
    type: str = ""
    required: bool = False
    default: str = ""
    allowed: tuple[str, ...] = ()
    example: str = ""
    fields: tuple[Topic, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "doc": self.doc,
            "type": self.type,
            "required": self.required,
            "default": self.default,
            "allowed": list(self.allowed),
            "example": self.example,
            "fields": [inner.as_json() for inner in self.fields],
        }

    def as_text(self) -> str:
        lines = [self.name, *_indented(self.doc)]
        lines += [f"  {word}: {text}" for word, text in self._facts()]
        if self.fields:
            width = max(len(inner.short) for inner in self.fields)
            lines += ["", *(f"  {inner.short:{width}}  {inner.summary}" for inner in self.fields)]
        if self.example:
            lines += ["", "  example:", *_indented(self.example, "    ")]
        return "\n".join(line.rstrip() for line in lines) + "\n"

    def as_markdown(self) -> str:
        lines = [f"## `{self.name}`", "", self.doc, ""]
        lines += [f"- {word}: {text}" for word, text in self._facts()]
        if self.fields:
            lines += ["", "| key | what it is |", "|---|---|"]
            lines += [f"| `{inner.short}` | {_in_table(inner.summary)} |" for inner in self.fields]
        if self.example:
            lines += ["", "```yaml", self.example.rstrip(), "```"]
        return "\n".join(lines).rstrip() + "\n"

    @property
    def short(self) -> str:
        return self.name.rpartition(".")[2]

    @property
    def summary(self) -> str:
        facts = "; ".join(f"{word}: {text}" if word != "type" else text for word, text in self._facts())
        first_line = self.doc.strip().split("\n", 1)[0]
        return f"{first_line} ({facts})" if facts else first_line

    def _facts(self) -> list[tuple[str, str]]:
        facts = [("type", self.type), ("allowed", ", ".join(self.allowed)), ("default", self.default)]
        return [(word, text) for word, text in facts if text] + ([("required", "yes")] if self.required else [])


def explain(sections: Sequence[Section], topic: str | None = None, kinds: Mapping[str, str] | None = None) -> Topic:
    """The whole file, a top-level key, or a field below it: `commands.wrappers.enabled`, without names and numbers.

    `kinds` says by which top-level key the thing of a kind is written: `{"command": "commands"}`.
    """
    if topic is None:
        doc = "The site file: what the XNAT is to be. What is not said is left alone."
        fields = tuple(_of_section(section) for section in sections)
        return Topic("site.yaml", doc, fields=(*fields, Topic(VARS, "Names for templates (`*.j2`).", "map")))
    first, *rest = topic.split(".")
    first, *rest = [*(kinds or {}).get(first, first).split("."), *rest]
    chosen = next((section for section in sections if section.key == first), None)
    if chosen is None:
        known = [section.key for section in sections] + list(kinds or {})
        raise UsageError(f"there is no key `{first}` to explain", hint=suggest(first, known))
    return _below(chosen, rest)


def _below(section: Section, rest: Sequence[str]) -> Topic:
    shape, name = section.shape, section.key
    found = _of_section(section)
    for word in rest:
        known = _fields(shape)
        if word not in known:
            raise UsageError(f"`{name}` has no key `{word}`", hint=suggest(word, known))
        name = f"{name}.{word}"
        shape = known[word].annotation
        found = _of_field(name, known[word])
    fields = tuple(_of_field(f"{name}.{key}", info) for key, info in _fields(shape).items())
    return Topic(found.name, found.doc, found.type, found.required, found.default, found.allowed, found.example, fields)


def _of_section(section: Section) -> Topic:
    return Topic(section.key, section.doc, _type(section.shape), section.required, example=section.example)


def _of_field(name: str, info: FieldInfo) -> Topic:
    examples = "\n".join(str(example) for example in info.examples or ())
    return Topic(
        name,
        info.description or "",
        _type(info.annotation),
        info.is_required(),
        _default(info),
        (*_choices(info.annotation), *_limits(info)),
        examples,
    )


def _fields(shape: Any) -> dict[str, FieldInfo]:
    """The keys under a shape; lists and maps with free keys are seen through."""
    found: dict[str, FieldInfo] = {}
    for bare in members(shape):
        inner = element(bare) if element(bare) is not None else value(bare)
        if is_model(bare):
            found |= {key_of(name, info): info for name, info in bare.model_fields.items()}
        elif inner is not None:
            found |= _fields(inner)
    return found


def _type(shape: Any) -> str:
    return " or ".join(dict.fromkeys(_word(bare) for bare in members(shape))) or "null"


def _word(bare: Any) -> str:
    if bare in _WORDS:
        return _WORDS[bare]
    if is_model(bare):
        return "map"
    if get_origin(bare) is Literal:
        return " or ".join(dict.fromkeys(_WORDS.get(type(option), "text") for option in get_args(bare)))
    inner = element(bare)
    if inner is not None:
        return "list" if inner is Any else f"list of {_plural(inner)}"
    of_values = value(bare)
    if of_values is not None:
        return "map" if of_values is Any else f"map of names to {_plural(of_values)}"
    return "text" if isinstance(bare, type) and issubclass(bare, Enum) else getattr(bare, "__name__", "value").lower()


def _plural(shape: Any) -> str:
    return "maps" if models(shape) else f"({_type(shape)})" if " " in _type(shape) else f"{_type(shape)}s"


def _choices(shape: Any) -> tuple[str, ...]:
    found: list[str] = []
    for bare in members(shape):
        if get_origin(bare) is Literal:
            found += [_shown(option) for option in get_args(bare)]
        elif isinstance(bare, type) and issubclass(bare, Enum):
            found += [_shown(option.value) for option in bare]
    return tuple(found)


_LIMITS = {
    "ge": "{} or more",
    "gt": "more than {}",
    "le": "{} or less",
    "lt": "less than {}",
    "min_length": "length {} or more",
    "max_length": "length {} or less",
    "pattern": "pattern {}",
}


def _limits(info: FieldInfo) -> list[str]:
    said = [(text, getattr(rule, name, None)) for rule in info.metadata for name, text in _LIMITS.items()]
    return [text.format(limit) for text, limit in said if limit is not None]


def _default(info: FieldInfo) -> str:
    """As it would be written; nothing where it is null, because what is not said is left alone."""
    default = info.get_default(call_default_factory=True, validated_data={})
    return "" if default is None or default is PydanticUndefined or is_model(type(default)) else _shown(default)


def _shown(default: Any) -> str:
    if isinstance(default, Enum):
        default = default.value
    return default if isinstance(default, str) and default else json.dumps(masked(default), default=str)


def _indented(text: str, margin: str = "  ") -> list[str]:
    return [f"{margin}{line}" for line in text.strip("\n").split("\n")]


def _in_table(text: str) -> str:
    return text.replace("|", "\\|")
