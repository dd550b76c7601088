from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar

import pytest
from pydantic import Field
from typing_extensions import TypeAliasType

from bootstrap.config import Model, Section
from bootstrap.config.nodes import Items, Map
from bootstrap.config.outline import Outline, element, key_of, members, models, outline_of, value
from bootstrap.values import Secret
from tests.config.sites import COMMANDS, IMAGES, SERVER, Build, Image, Pull

PLACE = ("f", 1, 1)
Words = TypeAliasType("Words", list[str])


class Renamed(Model):
    identity: ClassVar[str | None] = "siteId"

    site_id: str = Field(alias="siteId")
    other: int = Field(0, validation_alias="otherName")


def test_a_model_that_holds_itself() -> None:
    outline = outline_of(COMMANDS).values
    assert outline is not None
    inner = outline.fields["children"].values
    assert inner is not None
    assert inner.fields["children"].values is not None
    assert set(inner.fields) == {"enabled", "template", "children"}


def test_alternatives_are_laid_over_each_other() -> None:
    items = outline_of(IMAGES).items
    assert items is not None
    assert items.identity == "name"
    assert set(items.fields["origin"].fields) == {"build", "args", "pull", "via"}


def test_secrets_and_free_values_are_known() -> None:
    fields = outline_of(SERVER).fields
    assert [key for key, inner in fields.items() if inner.secret] == ["password", "first_password"]
    assert fields["mail"].fields["password"].secret
    free = fields["extra"].values
    assert free is not None
    assert free.free


def test_keys_are_as_they_are_written() -> None:
    assert [key_of(name, info) for name, info in Renamed.model_fields.items()] == ["siteId", "otherName"]
    assert list(outline_of(Section("x", Renamed, "")).fields) == ["siteId", "otherName"]


def test_what_is_inside() -> None:
    outline = outline_of(SERVER)
    assert outline.inner(Map(PLACE), "port") is outline.fields["port"]
    assert outline.inner(Map(PLACE), "bogus") is None
    assert outline.inner(Items(PLACE), 0) is None
    assert outline.fields["hosts"].inner(Items(PLACE), 3) is outline.fields["hosts"].items
    assert Outline().inner(Map(PLACE), "x") is None


SHAPES: list[tuple[Any, list[Any]]] = [
    (str | None, [str]),
    (Annotated[int | str, Field(description="x")], [int, str]),
    (Annotated[Secret, Field()] | None, [Secret]),
    (Words, [list[str]]),
    (type(None), []),
]


@pytest.mark.parametrize(("shape", "bare"), SHAPES)
def test_members(shape: Any, bare: list[Any]) -> None:
    assert members(shape) == bare


def test_elements_and_values() -> None:
    assert [element(shape) for shape in (list[str], tuple[int, ...], Sequence[bool], list)] == [str, int, bool, Any]
    assert [element(shape) for shape in (str, dict[str, int], Image)] == [None, None, None]
    assert [value(shape) for shape in (dict[str, int], dict)] == [int, Any]
    assert [value(shape) for shape in (list[str], str)] == [None, None]
    both: list[Any] = [Build, Pull]
    assert models(Build | Pull | str) == both
