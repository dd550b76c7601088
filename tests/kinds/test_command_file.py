"""Commands in a site file: templates and inline documents, what is wrong with them, and where."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bootstrap.config import Site
from bootstrap.engine.gather import desired_resources
from bootstrap.errors import SiteFileError
from bootstrap.kinds import KINDS
from bootstrap.kinds.command import CommandKind
from bootstrap.kinds.command_uses import command_uses, template_lines
from bootstrap.ops import jobs
from bootstrap.ops.jobs import Job
from bootstrap.ops.session import Asked, Tools, load
from bootstrap.values import Problem

ROOT = Path(__file__).parents[2]
WRAPPER = '{name: w, contexts: ["xnat:mrSessionData"], external-inputs: [{name: session, type: Session}]}'
GOOD = f"""\
commands:
  greet:
    document:
      version: "1"
      image: busy:1
      command-line: "echo #words#"
      inputs: [{{name: words, default-value: hello}}, {{name: pick, type: select-one, select-values: [a, b]}}]
      xnat: [{WRAPPER}]
"""


def site(folder: Path, text: str, **files: str) -> Site:
    (folder / "site.yaml").write_text(text, encoding="utf-8")
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_text(content, encoding="utf-8")
    return load(folder, Asked(), Tools(environ={}))


def problems(folder: Path, text: str, **files: str) -> list[Problem]:
    found = site(folder, text, **files)
    return [problem for kind in KINDS for problem in kind.check(found)]


def rules(folder: Path, text: str, **files: str) -> list[str]:
    return [problem.rule for problem in problems(folder, text, **files)]


def test_a_good_file_has_no_problems_and_its_document_has_the_files_name(tmp_path: Path) -> None:
    found = site(tmp_path, GOOD)
    assert [problem for kind in KINDS for problem in kind.check(found)] == []
    assert command_uses(found)[0].document["name"] == "greet"


def test_a_flaw_of_an_inline_document_is_told_at_its_line(tmp_path: Path) -> None:
    found = problems(tmp_path, GOOD.replace("default-value: hello", "default-value: 'a;b'"))
    assert [problem.rule for problem in found] == ["command-illegal-default"]
    assert found[0].source is not None
    assert (found[0].source.file.endswith("site.yaml"), found[0].source.line) == (True, 7)
    assert found[0].message.startswith("greet: ")


TEMPLATE = """\
{# a comment
   of two lines #}
{
  "name": "greet",
  "version": "{{ version }}",
  "image": "busy:1",
  "command-line": "echo",
  "xnat": [
{% for level in ["scan", "session"] %}
    {"name": "{{ level }}", "contexts": ["xnat:mrSessionData"],
     "external-inputs": [{"name": "session", "type": "Session"}]}{% if not loop.last %},{% endif %}

{% endfor %}
  ],
  "worng": true
}
"""
BY_TEMPLATE = 'vars: {version: "1.0"}\ncommands: {greet: {template: greet.json.j2}}\n'


def test_a_flaw_of_a_template_is_told_at_the_templates_own_line(tmp_path: Path) -> None:
    found = problems(tmp_path, BY_TEMPLATE, **{"greet__json__j2": TEMPLATE})
    assert [problem.rule for problem in found] == ["command-unknown-key"]
    assert found[0].source is not None
    assert found[0].source.file.endswith("greet.json.j2")
    assert (found[0].source.line, found[0].source.column) == (15, 3)


def test_what_is_no_json_ends_the_loading_with_its_place(tmp_path: Path) -> None:
    broken = TEMPLATE.replace('  "image": "busy:1",', '  "image": "busy:1"')
    found = site(tmp_path, BY_TEMPLATE, **{"greet__json__j2": broken})
    assert [problem.rule for problem in CommandKind().check(found)] == ["command-json"]
    with pytest.raises(SiteFileError) as wrong:
        CommandKind().desired(found)
    assert "greet.json.j2:7:" in str(wrong.value)
    report = jobs.validate(Job(tmp_path), Tools(environ={}))
    assert (report.exit_code, [problem.rule for problem in report.problems]) == (1, ["command-json"])


def test_a_name_that_a_template_asks_for_and_is_not_there_is_told(tmp_path: Path) -> None:
    text = BY_TEMPLATE.replace("version", "other")
    found = problems(tmp_path, text, **{"greet__json__j2": TEMPLATE})
    assert [problem.rule for problem in found] == ["template"]
    assert "version" in found[0].message


def test_all_documents_that_cannot_be_loaded_are_told_at_once(tmp_path: Path) -> None:
    text = "commands: {a: {template: a.j2}, b: {template: b.j2}, c: {template: nowhere.j2}}\n"
    found = problems(tmp_path, text, a__j2="[1", b__j2="{{ x }}")
    assert len(found) == 3
    assert {problem.rule for problem in found} >= {"command-json", "template"}


def test_a_secret_has_no_place_in_a_document(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("canary")
    text = GOOD.replace("default-value: hello", "default-value: !secret secret.txt")
    found = problems(tmp_path, text)
    assert [problem.rule for problem in found] == ["command-secret"]
    assert "canary" not in str(found)


CASES: dict[str, tuple[str, str]] = {
    "command-name-differs": ('      version: "1"\n', '      version: "1"\n      name: other\n'),
    "unknown-wrapper": ("    document:", "    wrappers: {v: {enabled: true}}\n    document:"),
    "unknown-input": ("    document:", "    defaults: {wrods: x}\n    document:"),
    "command-illegal-default": ("    document:", "    defaults: {words: 'a (b)'}\n    document:"),
    "command-select-default": ("    document:", "    defaults: {pick: c}\n    document:"),
    "unknown-key": ("    document:", "    ignore: [imgae]\n    document:"),
    "smoke-not-allowed": (
        "    document:",
        "    smoke: {wrapper: w, project: P, root: R, launch: true}\n    document:",
    ),
    "rename-clash": ("    document:", "    was: greet\n    document:"),
    "smoke-without-root": (
        f"xnat: [{WRAPPER}]\n",
        'xnat: [{name: v, contexts: ["xnat:mrSessionData"]}]\n    smoke: {wrapper: v, project: P, root: R}\n',
    ),
}


@pytest.mark.parametrize("rule", CASES)
def test_what_does_not_meet_is_told(tmp_path: Path, rule: str) -> None:
    found = problems(tmp_path, GOOD.replace(*CASES[rule], 1))
    assert rule in [problem.rule for problem in found if problem.severity == "error"]
    assert all(problem.source and problem.source.file.endswith("site.yaml") for problem in found)


def test_a_smoke_test_may_launch_where_the_project_allows_it(tmp_path: Path) -> None:
    text = GOOD.replace("    document:", "    smoke: {wrapper: w, project: P, root: R, launch: true}\n    document:")
    assert rules(tmp_path, text + "projects: [{id: P, allow_smoke: true}]\n") == []
    assert rules(tmp_path, text + "project_defaults: {allow_smoke: true}\nprojects: [{id: P}]\n") == []
    assert rules(tmp_path, text.replace("wrapper: w", "wrapper: v"))[0] == "unknown-wrapper"


def test_a_default_of_an_input_that_is_fed_never_counts(tmp_path: Path) -> None:
    fed = GOOD.replace("type: Session}", "type: Session, provides-value-for-command-input: words}")
    text = fed.replace("    document:", "    defaults: {words: x}\n    document:")
    assert rules(tmp_path, text) == ["default-of-fed-input"]


@pytest.mark.parametrize("document", ["", "template: x.j2, document: {}"])
def test_a_command_has_one_document(tmp_path: Path, document: str) -> None:
    with pytest.raises(SiteFileError) as wrong:
        site(tmp_path, f"commands: {{a: {{{document}}}}}\n")
    assert [problem.rule for problem in wrong.value.problems] == ["one-document"]


PROJECTS = {
    "unknown-wrapper": "projects: [{id: P, commands: {v: {enabled: true}}}]\n",
    "wrapper-twice": "projects: [{id: P, commands: {w: {enabled: true}, greet/w: {enabled: true}}}]\n",
    "unknown-input": "projects: [{id: P, commands: {w: {defaults: {x: y}}}}]\n",
    "command-select-default": "project_defaults: {commands: {w: {defaults: {pick: z}}}}\nprojects: [{id: P}]\n",
}


@pytest.mark.parametrize("rule", PROJECTS)
def test_what_a_project_says_of_wrappers_is_checked(tmp_path: Path, rule: str) -> None:
    assert rules(tmp_path, GOOD + PROJECTS[rule]) == [rule]


def test_a_name_that_two_commands_have_must_be_told_in_full(tmp_path: Path) -> None:
    other = GOOD.removeprefix("commands:\n").replace("greet:", "salute:")
    use = "projects: [{id: P, commands: {NAME: {enabled: true}}}]\n"
    found = problems(tmp_path, GOOD + other + use.replace("NAME", "w"))
    assert [problem.rule for problem in found] == ["wrapper-not-unique"]
    assert found[0].hint == "write `greet/w` or `salute/w`"
    assert rules(tmp_path, GOOD + other + use.replace("NAME", "salute/w")) == []
    assert rules(tmp_path, GOOD + other + use.replace("NAME", "salute/v")) == ["unknown-wrapper"]


def test_a_command_with_an_error_of_its_own_is_not_told_to_be_absent(tmp_path: Path) -> None:
    use = "projects: [{id: P, commands: {w: {enabled: true}}}]\n"
    wrong = GOOD.replace('version: "1"', "version: [1]")
    assert "unknown-wrapper" in rules(tmp_path, wrong + use.replace("w:", "v:"))
    found = rules(tmp_path, wrong + use)
    assert found
    assert "unknown-wrapper" not in found


SETUP = """\
  prep: {document: {version: "1", image: "prep:1", type: docker-setup, command-line: "true"}}
"""


def test_setup_commands_are_looked_for_in_the_file_and_come_first(tmp_path: Path) -> None:
    mount = "mounts: [{name: in, path: /in}]\n      "
    via = "type: Session, provides-files-for-command-mount: in, via-setup-command: 'prep:1'}"
    text = GOOD.replace("xnat: [", mount + "xnat: [").replace("type: Session}", via)
    assert rules(tmp_path, text) == ["command-unknown-setup"]
    assert rules(tmp_path, text + SETUP.replace("docker-setup", "docker")) == ["command-unknown-setup"]
    assert rules(tmp_path, text + SETUP) == []
    wanted = {each.name: each for each in CommandKind().desired(site(tmp_path, text + SETUP))}
    assert wanted["greet"].needs == ("command:prep",)
    assert wanted["prep"].needs == ()
    no_wrappers = SETUP.replace("{document", "{enabled: true, document")
    assert rules(tmp_path, text + no_wrappers) == ["no-wrappers"]


def test_a_document_with_flaws_still_lets_the_rest_be_read(tmp_path: Path) -> None:
    text = GOOD.replace("image: busy:1", "image: 5") + "projects: [{id: P, commands: {greet/w: {enabled: true}}}]\n"
    found = problems(tmp_path, text)
    assert [problem.rule for problem in found] == ["command-wrong-type"]
    assert desired_resources(KINDS, site(tmp_path, text))


@pytest.mark.parametrize(
    ("template", "rendered", "lines"),
    [
        ("a\nb\nc\n", "a\nb\nc\n", [1, 2, 3, 3]),
        ("a {{ x }}\nb\n", "a 5\nb\n", [1, 2, 2]),
        ("{# x #}\na\nb", "\na\nb", [1, 2, 3, 3]),
        ("a\n{% for %}\nx\n{% end %}\nb\n", "a\nx\nx\nx\nb\n", [1, 3, 3, 3, 5, 5]),
        ("", "", [1, 1]),
        ("a\n", "", [1, 1]),
        ("{{ all }}", "a\nb\nc", [1, 1, 1, 1]),
    ],
)
def test_the_line_of_the_template_is_found(template: str, rendered: str, lines: list[int]) -> None:
    found = template_lines(template, rendered)
    assert len(found) >= len(rendered.splitlines())
    assert all(1 <= line <= max(1, len(template.splitlines())) for line in found)
    assert [abs(ours - theirs) <= 1 for ours, theirs in zip(found, lines, strict=False)].count(False) == 0


SHIPPED = """\
commands:
  hello-world: {template: ROOT/templates/commands/hello-world.json.j2, enabled: true}
  project-ls: {template: ROOT/templates/commands/project-ls.json.j2}
  dcm2niix:
    template: ROOT/templates/commands/dcm2niix.json.j2
    enabled: true
    defaults: {bids: "y", compress: {value: "n", user_settable: false, advanced: true}, filename: "%p_%s"}
orchestrations: []
"""


def test_the_shipped_templates_are_without_flaws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names: dict[str, Any] = {"images": {"dcm2niix": "xnat-bootstrap/dcm2niix:0123456789ab"}}
    monkeypatch.setattr("bootstrap.kinds.command_uses.template_names", lambda _site: names)
    text = SHIPPED.replace("ROOT", str(ROOT))
    assert problems(tmp_path, text) == []
    uses = {use.name: use for use in command_uses(site(tmp_path, text))}
    assert list(uses["dcm2niix"].wrappers) == ["dcm2niix-scan", "dcm2niix-session"]
    assert {one["name"] for one in uses["dcm2niix"].normal["inputs"]} == {"bids", "compress", "filename"}
    assert uses["dcm2niix"].normal["image"] == "xnat-bootstrap/dcm2niix:0123456789ab"
