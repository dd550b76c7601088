"""Texts that remember where they came from: the environment, or another file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticKnownError, core_schema

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema


class EnvText(str):
    """What `!env NAME` gave. Where a secret is due it becomes one, where a number is due it is read as one."""

    __slots__ = ("given", "name")
    name: str
    given: bool

    def __new__(cls, text: str, name: str, given: bool = True) -> EnvText:
        made = super().__new__(cls, text)
        made.name = name
        made.given = given  # by the environment; else it is the default that the file shows
        return made

    @property
    def origin(self) -> str:
        return f"!env {self.name}"

    def __repr__(self) -> str:
        return f"<{self.origin}>"  # what it holds may be a secret


class FileText(str):
    """What `!file` gave, exactly as it stands (or as its template made it), and the file it came from.

    A model's field of this type keeps `path`; a field of type `str` gets the text alone.
    """

    __slots__ = ("path",)
    path: Path | None

    def __new__(cls, text: str, path: Path | None = None) -> FileText:
        made = super().__new__(cls, text)
        made.path = path  # None where the text stands in the site file itself
        return made

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls._accept, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, _schema: CoreSchema, _handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string"}

    @classmethod
    def _accept(cls, value: Any) -> FileText:
        if isinstance(value, FileText):
            return value
        if isinstance(value, str):
            return cls(value)
        raise PydanticKnownError("string_type")
