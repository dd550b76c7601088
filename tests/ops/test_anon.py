"""`anon lint` and `anon fmt` over files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bootstrap.errors import LocalFileError, SiteFileError, UsageError
from bootstrap.ops.anon import LintAsked, explain_rule, format_files, lint_files

GOOD = 'version "6.6"\n(0010,0010) := "a"\n'
BAD = 'version "6.6"\n(0010,0010) := nobody\n(0010,0020) := nobody2\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "good.das").write_text(GOOD)
    (tmp_path / "bad.das").write_text(BAD)
    return tmp_path


def test_errors_end_with_exit_code_1(folder: Path) -> None:
    answer = lint_files(LintAsked((folder / "good.das", folder / "bad.das")))
    assert answer.exit_code == 1
    assert f"{folder / 'bad.das'}:2:16: error: nobody sets `nobody` [L41]\n    at run time: " in answer.text
    assert "2 scripts: 2 errors" in answer.text
    assert lint_files(LintAsked((folder / "good.das",))).exit_code == 0


def test_a_rule_is_explained_once(folder: Path) -> None:
    text = lint_files(LintAsked((folder / "bad.das",), min_severity="error")).text
    assert text.count("[L41]") == 2
    assert text.count("Unknown variable") == 1


def test_the_least_severity_hides_and_leaves_the_exit_code(folder: Path) -> None:
    answer = lint_files(LintAsked((folder,), min_severity="error"))
    assert "warning" not in answer.text
    assert answer.exit_code == 1
    assert "warning" in lint_files(LintAsked((folder,), min_severity="warning")).text


def test_a_syntax_error_says_what_was_not_looked_at(folder: Path) -> None:
    (folder / "bad.das").write_text('version "6.6"\n(0010,0010) : = "a"\n')
    assert "; statements are not checked until this is mended [L00]" in lint_files(LintAsked((folder,))).text


def test_json(folder: Path) -> None:
    answer = lint_files(LintAsked((folder,), format="json", min_severity="error"))
    document = json.loads(answer.text)
    assert (document["format"], document["version"], document["exit"]) == ("xnat-bootstrap/anon-lint", 1, 1)
    assert document["summary"] == {"files": 2, "unreadable": 0, "errors": 2, "warnings": 0, "notes": 0}
    assert {finding["file"] for finding in document["findings"]} == {str(folder / "bad.das")}


def test_a_server_that_is_too_old(folder: Path) -> None:
    answer = lint_files(LintAsked((folder / "good.das",), xnat_version="1.8.0"))
    assert "XNAT 1.8.0 takes versions up to 6.3" in answer.text


def test_a_projects_script_beside_the_sites(folder: Path) -> None:
    asked = LintAsked((folder / "bad.das",), kind="project", site_script=folder / "good.das")
    assert "[L78]" in lint_files(asked).text


def test_what_cannot_be_read_does_not_keep_the_others(folder: Path) -> None:
    (folder / "latin.das").write_bytes(b'version "6.6" // M\xfcller\n')
    answer = lint_files(LintAsked((folder / "latin.das", folder / "none.das", folder / "good.das"), format="json"))
    document = json.loads(answer.text)
    assert answer.exit_code == 1
    assert [one["file"] for one in document["unreadable"]] == [str(folder / "latin.das"), str(folder / "none.das")]
    assert "not UTF-8" in document["unreadable"][0]["message"]
    assert document["summary"]["warnings"] > 0
    assert "1 file not read" in lint_files(LintAsked((folder / "none.das",))).text


def test_colour_is_asked_for(folder: Path) -> None:
    assert "\x1b[" in lint_files(LintAsked((folder,), colour=True)).text
    assert "\x1b[" not in lint_files(LintAsked((folder,))).text


def test_a_template_is_rendered(tmp_path: Path) -> None:
    script, names = tmp_path / "a.das.j2", tmp_path / "names.yaml"
    script.write_text('version "6.6"\n(0010,0010) := {{ value }}\n')
    names.write_text("value: nobody\n")
    text = lint_files(LintAsked((tmp_path,), template_vars=names, min_severity="error")).text
    assert f"{script} (rendered):2:16: error: nobody sets `nobody`" in text
    assert "asks for what is not there" in lint_files(LintAsked((script,))).text


@pytest.mark.parametrize("content", ["- a list", "{"])
def test_names_of_a_template_are_a_mapping(content: str, tmp_path: Path) -> None:
    (tmp_path / "names.yaml").write_text(content)
    (tmp_path / "site.das.j2").write_text("{{ a }}")
    asked = LintAsked((), site_script=tmp_path / "site.das.j2", template_vars=tmp_path / "names.yaml")
    with pytest.raises(SiteFileError, match=r"names\.yaml"):
        lint_files(asked)


def test_a_folder_without_scripts(tmp_path: Path) -> None:
    with pytest.raises(LocalFileError, match="holds no scripts"):
        lint_files(LintAsked((tmp_path,)))


def test_rules_are_explained() -> None:
    text = explain_rule("l41")
    assert text is not None
    assert text.startswith("L41 (error): a variable that nobody sets\nat run time: an Error")
    assert explain_rule("L99") is None


# ---- fmt

UNTIDY = 'version "6.6"\n(0010,0010):="a"   // why\nif((0008,0060)="MR"){\n-(0010,0020)\n}\n'
TIDY = 'version "6.6"\n(0010,0010) := "a"  // why\nif ((0008,0060) = "MR") {\n  -(0010,0020)\n}\n'


def test_scripts_are_laid_out(tmp_path: Path) -> None:
    script = tmp_path / "a.das"
    script.write_text(UNTIDY)
    first, second = format_files((script,)), format_files((tmp_path,))
    assert script.read_text() == TIDY
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.text == f"{script} is laid out\n1 script: 1 laid out, 0 not read\n"
    assert second.text == "1 script: 0 laid out, 0 not read\n"


def test_check_writes_nothing(tmp_path: Path) -> None:
    script = tmp_path / "a.das"
    script.write_text(UNTIDY)
    answer = format_files((script,), check=True)
    assert script.read_text() == UNTIDY
    assert answer.exit_code == 1
    assert answer.text == f"{script} would be laid out\n1 script: 1 to lay out, 0 not read\n"
    script.write_text(TIDY)
    assert format_files((script,), check=True).exit_code == 0


def test_what_cannot_be_read_is_left_alone(tmp_path: Path) -> None:
    script = tmp_path / "a.das"
    script.write_text('version "6.6"\n(0010,0010) : = "a"\n')
    answer = format_files((script, tmp_path / "none.das"))
    assert answer.exit_code == 1
    assert f"{script}:2:13: " in answer.text
    assert "none.das does not exist" in answer.text
    assert script.read_text() == 'version "6.6"\n(0010,0010) : = "a"\n'


def test_templates_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.das.j2").write_text("{% if a %}-(0010,0010){% endif %}")
    assert format_files((tmp_path,)).text == "0 scripts: 0 laid out, 0 not read\n"


def test_the_version_of_xnat_that_it_is_for_decides(folder: Path) -> None:
    answer = lint_files(LintAsked((folder / "good.das",), min_severity="error", xnat_version="1.8.6"))
    assert answer.exit_code == 1
    assert "[L04]" in answer.text
    with pytest.raises(UsageError, match="this is no version of XNAT"):
        lint_files(LintAsked((folder / "good.das",), xnat_version="foo"))
