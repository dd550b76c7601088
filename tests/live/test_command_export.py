"""What export writes of commands, switches, defaults and orchestrations plans empty, for whoever takes it over."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from bootstrap.ops.console import Console
from bootstrap.ops.export import export_site
from bootstrap.ops.session import Asked
from tests.live.commands import SITE, Look, done
from tests.live.conftest import Bench

ODD: dict[str, Any] = {
    "name": "odd {{ name }}",
    "version": "1",
    "image": "busy:1",
    "command-line": "echo {% raw %} {# no comment #} #a#",
    "description": 'braces {{ and }} and "quotes" and ünïcode',
    "inputs": [{"name": "a", "default-value": "{{ x }}"}],
    "command-metadata": {"a": [1, {"b": None}]},
    "limit-cpu": 1.5,
    "xnat": [
        {
            "name": "odd one",
            "contexts": ["xnat:mrSessionData"],
            "external-inputs": [{"name": "session", "type": "Session", "user-settable": False, "required": False}],
        }
    ],
}


def exported(bench: Bench, folder: Path) -> dict[str, Any]:
    bench.environ["XNAT_PASSWORD"] = "admin"
    code = export_site(bench.server.url, folder, Asked(url=bench.server.url), bench.tools, Console())
    assert code == 0

    class Loader(yaml.SafeLoader):
        pass

    Loader.add_multi_constructor("!", lambda loader, _suffix, node: loader.construct_scalar(node))
    found: dict[str, Any] = yaml.load((folder / "site.yaml").read_text(), Loader)
    return found


def taken_over(bench: Bench, folder: Path) -> Bench:
    return Bench(folder, bench.server, bench.environ)


@pytest.fixture
def applied(bench: Bench) -> Bench:
    bench.write(SITE)
    done(bench.apply())
    return bench


def test_what_was_applied_is_exported_and_plans_empty(applied: Bench, tmp_path: Path) -> None:
    site = exported(applied, tmp_path / "out")
    assert site["commands"]["greet"]["template"] == "templates/commands/greet.json.j2"
    assert site["commands"]["greet"]["enabled"] is True
    brain = next(project for project in site["projects"] if project["id"] == "BRAIN")
    assert brain["commands"]["greet/say"] == {
        "enabled": True,
        "defaults": {"words": {"value": "hey", "advanced": True}},
    }
    assert brain["orchestration"] == "both"
    assert site["orchestrations"] == [{"name": "both", "wrappers": ["greet/say", "greet/shout"]}]
    plan = taken_over(applied, tmp_path / "out").plan()
    assert (plan.exit_code, list(plan.lines)) == (0, [])


def test_a_document_that_looks_like_a_template_comes_back_as_it_is(applied: Bench, tmp_path: Path) -> None:
    look = Look.at(applied)
    look.write("POST", "/xapi/commands", json=ODD)
    site = exported(applied, tmp_path / "out")
    assert site["commands"]["odd {{ name }}"]["template"] == "templates/commands/odd-name.json.j2"
    plan = taken_over(applied, tmp_path / "out").plan()
    assert (plan.exit_code, list(plan.lines)) == (0, [])


def test_only_what_differs_from_xnats_defaults_is_written(applied: Bench, tmp_path: Path) -> None:
    exported(applied, tmp_path / "out")
    document = json.loads((tmp_path / "out" / "templates" / "commands" / "greet.json.j2").read_text())
    assert "mounts" not in document
    assert document["inputs"][0] == {"name": "words", "default-value": "hello"}
    assert document["xnat"][0]["external-inputs"] == [{"name": "session", "type": "Session"}]


def test_wrappers_that_differ_are_told_apart(applied: Bench, tmp_path: Path) -> None:
    look = Look.at(applied)
    ids = look.ids()
    look.write("DELETE", f"/xapi/orchestration/{look.orchestrations()['both']['id']}")
    look.write("PUT", f"/xapi/wrappers/{ids['shout']}/disabled")
    site = exported(applied, tmp_path / "out")
    assert site["commands"]["greet"]["enabled"] is True
    assert site["commands"]["greet"]["wrappers"]["shout"]["enabled"] is False
    assert taken_over(applied, tmp_path / "out").plan().exit_code == 0


def test_what_a_site_file_could_not_have_is_left_out_and_said(
    applied: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    look = Look.at(applied)
    for version in ("1", "2"):
        look.write("POST", "/xapi/commands", json={"name": "twin", "version": version, "image": "x:1"})
    look.write("POST", "/xapi/commands", json={"name": "a/b", "version": "1", "image": "x:1"})
    bad = {"name": "bad", "version": "1", "image": "x:1", "inputs": [{"name": "a", "default-value": "a;b"}]}
    look.write("POST", "/xapi/commands", json=bad)
    site = exported(applied, tmp_path / "out")
    assert list(site["commands"]) == ["greet"]
    told = capsys.readouterr().err
    assert "the command twin (id" in told
    assert "there are several of this name" in told
    assert "the command a/b (id" in told
    assert "the command bad (id" in told
    assert taken_over(applied, tmp_path / "out").plan().exit_code == 0
