from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from bootstrap.config import Section, site_schema
from bootstrap.config.tags import TAGS
from tests.config.sites import SECTIONS

SETTINGS = Path(__file__).parents[2] / ".vscode" / "settings.json"


@pytest.fixture(scope="module")
def validator() -> Draft7Validator:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        schema = site_schema(SECTIONS)
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema)


class _AsEditors(yaml.SafeLoader):
    """Shows tags as an editor does: the value alone."""


def _untagged(loader: yaml.SafeLoader, _suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    assert isinstance(node, yaml.MappingNode)
    return loader.construct_mapping(node, deep=True)


_AsEditors.add_multi_constructor("!", _untagged)

GOOD = [
    "server: {url: x, port: 81, mode: fast, access: public, hosts: [a], until: '2027-01-31'}",
    "server: {mail: ~, password: text, extra: {a: [1, {b: c}]}}",
    "server: {url: !env URL, port: !env PORT, mode: !env MODE, secure: !env SECURE, password: !env [P, x]}",
    "server: {port: !env [PORT, 81], access: !env [A, public], until: !env [U, ~], name: !env N}",
    "server: {password: !secret [pass, show, xnat], mail: !include mail.yaml, hosts: !include hosts.yml}",
    "server: {port: !override 81, hosts: !override [a]}",
    "server: {}\nscript: !file a.das\nvars: {x: [1]}",
    "server: {}\nimages: [{name: a, origin: {pull: x}}, {name: b, origin: {build: y}}, !include d.yaml]",
    "server: {}\ncommands: {a: {enabled: true, children: {b: {enabled: !env ON}}}}",
]
BAD = [
    "{}",
    "server: {prot: 81}",
    "servr: {}\nserver: {}",
    "server: {port: x}",
    "server: {port: 0}",
    "server: {mode: fats}",
    "server: {secure: 'yes'}",
    "server: {hosts: text}",
    "server: {hosts: [1]}",
    "server: {mail: text}",
    "server: {}\nimages: [{origin: x}]",
    "server: {}\nimages: [{name: a, origin: {pul: x}}]",
    "server: {}\ncommands: {a: {children: {b: {enabled: 5}}}}",
]


def loaded(text: str) -> Any:
    return yaml.load(text, _AsEditors)


@pytest.mark.parametrize("text", GOOD)
def test_an_editor_accepts_what_is_right(validator: Draft7Validator, text: str) -> None:
    assert [error.message for error in validator.iter_errors(loaded(text))] == []


@pytest.mark.parametrize("text", BAD)
def test_an_editor_marks_what_is_wrong(validator: Draft7Validator, text: str) -> None:
    assert list(validator.iter_errors(loaded(text))) != []


def test_the_schema_has_a_name_docs_and_defaults(validator: Draft7Validator) -> None:
    schema: Any = validator.schema
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert schema["$id"] == "urn:xnat-bootstrap:schema:site:1"
    assert schema["required"] == ["server"]
    port = schema["definitions"]["Server"]["properties"]["port"]
    assert (port["description"], port["default"]) == ("the port", 80)
    assert schema["properties"]["images"]["description"] == "Images."


def test_tuples_are_said_as_editors_know_them() -> None:
    schema = site_schema([Section("pair", tuple[str, int], "Two.")])
    assert list(Draft7Validator(schema).iter_errors({"pair": ["a", 1]})) == []
    assert list(Draft7Validator(schema).iter_errors({"pair": [1, 1]})) != []


def test_the_schema_is_the_same_every_time() -> None:
    assert json.dumps(site_schema(SECTIONS)) == json.dumps(site_schema(SECTIONS))


def test_the_editors_settings_know_all_tags() -> None:
    known = json.loads(SETTINGS.read_text(encoding="utf-8"))["yaml.customTags"]
    for tag in TAGS:
        assert f"{tag} scalar" in known
    assert {"!env sequence", "!secret sequence", "!override mapping", "!override sequence"} <= set(known)
    assert {f"!override:{tag[1:]} scalar" for tag in TAGS if tag != "!override"} <= set(known)
