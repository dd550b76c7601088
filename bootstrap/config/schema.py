"""The JSON Schema of the site file, for editors: made of the kinds' models, and open to our tags.

An editor shows a tag's value to the schema without the tag: `!env NAME` is the text `NAME`, `!env [NAME, x]` a list.
So each value that takes something else may also be such a text or list. Draft-07 is what editors know best.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter

from bootstrap.config.fetch import VARS
from bootstrap.config.section import Section

DRAFT = "http://json-schema.org/draft-07/schema#"
ID = "urn:xnat-bootstrap:schema:site:1"
PLACE = "#/definitions/"
Schema = dict[str, Any]

TAG_WORDS, TAG_NAME, TAG_PATH, TAG_LITERAL = "tag-words", "tag-name", "tag-path", "tag-literal"
TAGS: dict[str, Schema] = {
    TAG_WORDS: {
        "description": "`!env [NAME, default]` or `!secret [COMMAND, ARGUMENT, ...]`",
        "type": "array",
        "items": {"type": ["string", "number", "boolean", "null"]},
        "minItems": 1,
    },
    TAG_NAME: {"description": "`!env NAME`, in capitals", "type": "string", "pattern": "^[A-Z_][A-Z0-9_]*$"},
    TAG_PATH: {"description": "`!include PATH`", "type": "string", "pattern": r"\.ya?ml$"},
    # `!override 25` is the text `25` to an editor. So it takes `"25"` too, which we do not.
    TAG_LITERAL: {"description": "`!override 25`", "type": "string", "pattern": "^(true|false|-?[0-9.]+)$"},
}
_LIMITS = frozenset({"enum", "const", "pattern", "minLength", "maxLength"})
_ABOUT = ("title", "description", "default", "examples", "deprecated")  # says of a value what it is, not what it may be


def site_schema(sections: Sequence[Section]) -> Schema:
    inputs = [(section.key, "validation", TypeAdapter(section.shape)) for section in sections]
    made, shared = TypeAdapter.json_schemas(inputs, by_alias=True, ref_template=PLACE + "{model}")  # type: ignore[arg-type]
    definitions: Schema = shared.get("$defs", {})
    opened = _Opener(definitions)
    properties: Schema = {}
    for section in sections:
        properties[section.key] = {"description": section.doc, **opened.value(made[section.key, "validation"])}
    properties[VARS] = {"description": "names for templates (`*.j2`)", "type": "object"}
    return {
        "$schema": DRAFT,
        "$id": ID,
        "title": "The site file of xnat-bootstrap",
        "type": "object",
        "properties": properties,
        "required": [section.key for section in sections if section.required],
        "additionalProperties": False,
        "definitions": {**{name: opened.inside(body) for name, body in definitions.items()}, **TAGS},
    }


class _Opener:
    """Lets tags stand where values stand."""

    def __init__(self, definitions: Schema) -> None:
        self.definitions = definitions

    def value(self, schema: Schema) -> Schema:
        about = {key: schema[key] for key in _ABOUT if key in schema and key != "title"}
        rest = self.inside({key: inner for key, inner in schema.items() if key not in _ABOUT})
        tags = [{"$ref": PLACE + tag} for tag in self._tags(rest)]
        if not tags:
            return {**about, **rest}
        choices = rest["anyOf"] if set(rest) == {"anyOf"} else [rest]
        return {**about, "anyOf": [*choices, *tags]}

    def inside(self, schema: Schema) -> Schema:
        """The same with every value that stands in it opened."""
        made = {key: inner for key, inner in schema.items() if key != "title"}
        if "properties" in made:
            made["properties"] = {key: self.value(inner) for key, inner in made["properties"].items()}
        for key in ("items", "additionalProperties"):
            if isinstance(made.get(key), dict):
                made[key] = self.value(made[key])
        for key in ("anyOf", "oneOf", "allOf"):
            if key in made:
                made[key] = [self.inside(inner) for inner in made[key]]
        if "prefixItems" in made:  # draft-07 says it otherwise
            made["items"] = [self.value(inner) for inner in made.pop("prefixItems")]
        return made

    def _tags(self, schema: Schema) -> list[str]:
        plain = self._alternatives(schema)
        if any(not set(inner) & {"type", "enum", "const"} for inner in plain):
            return []  # anything goes as it is
        types = {inner.get("type", "string") for inner in plain}
        free_text = any(inner.get("type") == "string" and not set(inner) & _LIMITS for inner in plain)
        if types & {"object", "array"}:
            return [] if free_text else [TAG_PATH]
        literal = [TAG_LITERAL] if types & {"integer", "number", "boolean"} and not free_text else []
        return [TAG_WORDS] if free_text else [TAG_NAME, TAG_WORDS, *literal]

    def _alternatives(self, schema: Schema) -> list[Schema]:
        if "$ref" in schema:
            return self._alternatives(self.definitions.get(schema["$ref"].removeprefix(PLACE), {}))
        inner = [*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())]
        if not inner:
            return [schema]
        return [plain for alternative in inner for plain in self._alternatives(alternative)]
