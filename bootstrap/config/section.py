"""What a kind hands to this room: a top-level key of the site file and the shape of what stands under it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """Base of everything that is written in a site file: unknown keys are errors, every field has a doc.

    `identity` names the key (or keys) by which two items of a list are the same thing, for overlays and duplicates.
    `plain_secrets` are keys whose secret everybody knows, such as a product's first password: no warning.
    `elsewhere` says of keys that are not here where they are: `{"initialized": "it is ..."}`.

    A validator's `ValueError` becomes a problem with the rule `bad-value`. One with a rule and a hint of its own is
    `PydanticCustomError("odd-site-id", "the message", {"hint": "what to do"})`: the dash makes it a rule.

    Fields: `Secret` takes what must not be seen, `FileText` a text that knows its file, and `Any` what is free; a text
    from `!env` in a free map becomes a `Secret`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, protected_namespaces=())
    identity: ClassVar[str | tuple[str, ...] | None] = None
    plain_secrets: ClassVar[frozenset[str]] = frozenset()
    elsewhere: ClassVar[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class Section:
    key: str  # "anonymization"
    shape: Any  # a Model, list[Model] or dict[str, Model]
    doc: str
    example: str = ""  # YAML, as under the key; shown by `explain` and used by `init`
    required: bool = False
