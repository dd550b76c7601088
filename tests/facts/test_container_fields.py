from __future__ import annotations

from bootstrap.facts import type_ancestry
from bootstrap.facts.container_fields import fields


def test_every_kind_of_object_that_a_field_names_is_described() -> None:
    for kind, listed in fields().items():
        for field in listed:
            assert not field.of or field.of in fields(), f"{kind}.{field.name} names {field.of}"


def test_defaults_are_fresh_each_time() -> None:
    mounts = next(field for field in fields()["command"] if field.name == "mounts")
    mounts.default_value().append("x")
    assert mounts.default_value() == []


def test_a_default_text_is_a_text_and_a_missing_one_nothing() -> None:
    by_name = {field.name: field for field in fields()["command"]}
    assert by_name["type"].default_value() == "docker"
    assert by_name["label"].default_value() is None


def test_types_and_their_ancestors() -> None:
    assert type_ancestry.is_a("xnat:mrSessionData", "xnat:imageSessionData")
    assert type_ancestry.is_a("xnat:mrSessionData", "xnat:experimentData")
    assert not type_ancestry.is_a("xnat:imageSessionData", "xnat:mrSessionData")
    assert type_ancestry.is_a("no:such", "no:such")
    assert not type_ancestry.is_known("no:such")


def test_every_parent_is_known() -> None:
    assert all(type_ancestry.is_known(parent) for parent in type_ancestry.parents().values() if parent)
