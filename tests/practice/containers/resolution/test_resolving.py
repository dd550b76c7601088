"""Inputs resolved on a real tree of objects; what recordings do not show."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bootstrap.practice.containers.commands import store
from bootstrap.practice.containers.resolution import failures, form
from bootstrap.practice.containers.resolution.command import Resolved, resolve
from bootstrap.practice.containers.resolution.context import Context, caller_of
from tests.practice.containers.launching.conftest import PROJECT, Bench, bench, whole_module

__all__ = ["bench", "whole_module"]  # fixtures

SESSION = {"name": "session", "type": "Session", "required": False}


def context(bench: Bench, wrapper: dict[str, Any], given: Any = None, **command: Any) -> Context:
    number = bench.wrapper(wrapper={"external-inputs": [SESSION], **wrapper}, **command)
    found = store.command_of(bench.site, number)
    values = {"session": bench.uri} if given is None else given
    return Context(bench.site, caller_of(bench.site, "admin"), found, found.wrappers[0], values, PROJECT)


def derived(kind: str, parent: str = "session", **more: Any) -> dict[str, Any]:
    return {"name": "d", "type": kind, "derived-from-wrapper-input": parent, **more}


def value(resolved: Resolved, name: str) -> str | None:
    return next(
        (one["value"] for one in resolved.document["inputs"] if one["name"] == name and one["type"] != "raw"), None
    )


@pytest.mark.parametrize(
    ("several", "shown"),
    [
        ([derived("Scan", multiple=True)], "[{0}/scans/1, {0}/scans/2]"),
        ([derived("Scan", multiple=True, **{"default-value": '["1"]'})], "{0}/scans/1"),
        ([derived("Scan", multiple=True, **{"default-value": "2"})], "{0}/scans/2"),
        ([derived("Directory"), derived("Scan") | {"name": "x", "required": False}], None),
        ([derived("Project")], "/archive/projects/P1"),
        ([derived("Subject", **{"derived-from-xnat-object-property": "label"})], "S1"),
        ([derived("string", **{"derived-from-xnat-object-property": "scans[1].integer-id"})], None),
        ([derived("string", **{"derived-from-xnat-object-property": "label", "parser": "["})], None),
        ([derived("string", **{"derived-from-xnat-object-property": "label", "parser": "X.*"})], None),
    ],
)
def test_what_is_derived(bench: Bench, several: list[dict[str, Any]], shown: str | None) -> None:
    fed = {"provides-value-for-command-input": "a"}
    optional = [one | {"required": False} | (fed if one["name"] == "d" else {}) for one in several]
    found = value(resolve(context(bench, {"derived-inputs": optional}, inputs=[{"name": "a"}]), None), "d")
    if shown is None:
        assert found is None or found.isdigit()
    else:
        assert found == shown.format(bench.uri)


def test_a_chain_from_scan_to_file_and_back(bench: Bench) -> None:
    inputs = [
        derived("Scan", **{"default-value": "1"}),
        derived("Resource", "d") | {"name": "r"},
        derived("File", "r") | {"name": "f"},
        derived("Directory", "r") | {"name": "dir"},
        derived("Scan", "r") | {"name": "back"},
        derived("Session", "back") | {"name": "session2"},
        derived("string", "f", **{"derived-from-xnat-object-property": "name"}) | {"name": "name"},
    ]
    found = resolve(context(bench, {"derived-inputs": inputs}), None)
    assert value(found, "name") == "f1.txt"
    assert value(found, "dir") == "/data/xnat/archive/P1/arc001/E1/SCANS/1/TXT"
    assert (value(found, "back"), value(found, "session2")) == (f"{bench.uri}/scans/1", bench.uri)


def test_several_values_reach_the_command_line_and_the_rest(bench: Bench) -> None:
    one = derived("Scan", multiple=True, **{"derived-from-xnat-object-property": "id"})
    inputs = [{"name": "a", "command-line-flag": "-s", "multiple-delimiter": "comma"}]
    wrapper = {"derived-inputs": [one | {"provides-value-for-command-input": "a"}]}
    line = {"command-line": "run #a#", "environment-variables": {"A": "#a#"}}
    found = resolve(context(bench, wrapper, inputs=inputs, **line), None).document
    assert (found["command-line"], found["env"]["A"]) == ("run -s 1,2", "[1, 2]")


def test_a_selection_of_many_is_a_list(bench: Bench) -> None:
    one = {"name": "a", "type": "select-many", "select-values": ["p", "q"], "default-value": '["p"]'}
    given = {"session": bench.uri, "a": '["p", "q"]'}
    found = resolve(context(bench, {}, given, inputs=[one], **{"command-line": "run #a#"}), None).document
    assert found["command-line"] == "run p q"
    given["a"] = "[no list"
    found = resolve(context(bench, {}, given, inputs=[one], **{"command-line": "run #a#"}), None).document
    assert found["command-line"] == "run [no list"


def test_sensitive_values_are_not_in_the_record(bench: Bench) -> None:
    one = {"name": "pw", "sensitive": True, "default-value": "zz"}
    found = resolve(context(bench, {}, inputs=[one], **{"command-line": "run #pw#"}), None).document
    assert [entry["value"] for entry in found["inputs"] if entry["name"] == "pw"] == ["*****"]


def test_an_object_can_be_written_as_json(bench: Bench) -> None:
    found = resolve(context(bench, {}, {"session": json.dumps({"uri": bench.uri})}), None)
    assert value(found, "session") == bench.uri
    with pytest.raises(failures.Unresolvable, match="Could not read the object"):
        resolve(context(bench, {}, {"session": "{"}), None)


def test_an_id_of_another_type_names_nothing(bench: Bench) -> None:
    for kind in ("Subject", "Resource", "Scan", "Assessor", "Resource"):
        external = [{"name": "session", "type": kind, "required": False}]
        assert resolve(context(bench, {"external-inputs": external}, {"session": bench.session}), None).roots == ()
    external = [{"name": "session", "type": "Project"}]
    assert resolve(context(bench, {"external-inputs": external}, {"session": PROJECT}), None).roots


@pytest.mark.parametrize(
    ("line", "shown"),
    [("x ^wrapper:name^", "x go"), ("x ^wrapper:no-such-key^", "x ^wrapper:no-such-key^"), ("a^b", "a^b")],
)
def test_carets_look_into_the_wrapper(bench: Bench, line: str, shown: str) -> None:
    assert resolve(context(bench, {}, **{"command-line": line}), None).document["command-line"] == shown


@pytest.mark.parametrize("line", ["^wrapper:$..name^", "^wrapper:$[^"])
def test_carets_that_lead_to_many_places_or_nowhere(bench: Bench, line: str) -> None:
    with pytest.raises(failures.Unresolvable, match="The path"):
        resolve(context(bench, {}, **{"command-line": line}), None)


HANDLER = {"name": "h", "accepts-command-output": "o", "as-a-child-of": "session", "label": "OUT"}
WRITES: dict[str, Any] = {
    "mounts": [{"name": "out", "path": "/out", "writable": True}],
    "outputs": [{"name": "o", "mount": "out"}],
}


SETUP = {"provides-files-for-command-mount": "out", "via-setup-command": "s:1"}


@pytest.mark.parametrize(
    ("wrapper", "said"),
    [
        ({"output-handlers": [HANDLER | {"via-wrapup-command": "w:1"}]}, "Could not resolve wrapup command"),
        ({"output-handlers": [HANDLER | {"via-wrapup-command": "a:1"}]}, "stored of it"),
        ({"output-handlers": [HANDLER | {"via-wrapup-command": "w:2:plain"}]}, "has type docker, but I expected"),
        ({"output-handlers": [HANDLER, HANDLER | {"name": "i", "as-a-child-of": "h"}]}, "makes nothing"),
        ({"external-inputs": [SESSION | SETUP], "output-handlers": [HANDLER]}, "Could not resolve setup command"),
    ],
)
def test_what_cannot_be_resolved(bench: Bench, wrapper: dict[str, Any], said: str) -> None:
    if "w:2:plain" in json.dumps(wrapper):
        bench.commands.make("plain", image="w:2")
    with pytest.raises(failures.Unresolvable, match=said):
        resolve(context(bench, wrapper, **WRITES), None)


def test_who_may_not_write_there_does_not_launch(bench: Bench) -> None:
    bench.ask.make_user("reader")
    bench.site.storage.change("INSERT INTO memberships VALUES ('reader', 'P1_collaborator')")
    asked = context(bench, {"output-handlers": [HANDLER]}, **WRITES)
    theirs = Context(asked.site, caller_of(bench.site, "reader"), asked.command, asked.wrapper, asked.given, PROJECT)
    with pytest.raises(failures.Unresolvable, match="may not create a Resource"):
        resolve(theirs, None)


def test_secrets_come_from_a_file_of_the_state_folder(bench: Bench) -> None:
    (bench.site.folder.config / "system.properties").write_text("# mine\nmy.key = very secret\nnothing\n")
    secret = {
        "source": {"type": "system-property", "identifier": "my.key"},
        "destination": {"type": "environment-variable", "identifier": "KEY"},
    }
    found = resolve(context(bench, {}, secrets=[secret]), None)
    assert found.secrets == {"KEY": "very secret"}
    assert "very secret" not in json.dumps(found.document)


def test_a_form_tells_of_every_session_only_what_was_asked(bench: Bench) -> None:
    from bootstrap.practice.containers import server

    asked = context(bench, {"derived-inputs": [derived("Scan"), derived("string", "d") | {"name": "e"}]})
    found_server = server.find(bench.site)
    assert found_server
    with pytest.raises(form.Unfillable) as caught:
        form.form(Context(asked.site, asked.caller, asked.command, asked.wrapper, {}), found_server)
    assert str(caught.value) == "d"
