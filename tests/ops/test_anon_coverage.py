"""`anon coverage`: answers, exit codes, and what is said of files that cannot be used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bootstrap.dicomedit import ParseError
from bootstrap.errors import LocalFileError, SiteFileError, UsageError
from bootstrap.ops.anon_coverage import CoverageAsked, cover, required_options

WHOLE = 'version "6.7"\n- *\nremoveAllPrivateTags\n'
HALF = 'version "6.7"\n(0010,0010) := subject\n'
FAILING = 'version "6.7"\n(0010,00XX) := "a"\n'


def written(folder: Path, text: str, name: str = "site.das") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "require", "exit_code"),
    [(WHOLE, "basic", 0), (HALF, "basic", 1), (HALF, None, 0), (FAILING, "basic", 1)],
    ids=["whole", "half", "half, nothing required", "refuses every file"],
)
def test_a_requirement_decides_the_exit_code(tmp_path: Path, text: str, require: str | None, exit_code: int) -> None:
    answer = cover(CoverageAsked(written(tmp_path, text), require=require))
    assert answer.exit_code == exit_code
    assert answer.proof is None


def test_the_text_names_the_script_and_the_profile(tmp_path: Path) -> None:
    script = written(tmp_path, HALF)
    text = cover(CoverageAsked(script, require="basic, retain-uids")).text
    assert text.startswith(f"{script}\nDICOM PS3.15 2026d, Basic Profile + Retain UIDs\n")
    assert "597 of 657 attributes may come through." in text


def test_options_let_stay_what_they_name(tmp_path: Path) -> None:
    script = written(tmp_path, HALF)
    without = len(cover(CoverageAsked(script)).coverage.gaps)
    assert len(cover(CoverageAsked(script, require="basic,retain-uids")).coverage.gaps) == without - 60


def test_the_proof_decides_too(tmp_path: Path) -> None:
    half = cover(CoverageAsked(written(tmp_path, HALF), prove=True))
    assert half.exit_code == 1
    assert half.proof is not None
    assert "survivors" in half.text
    refusing = cover(CoverageAsked(written(tmp_path, FAILING), prove=True))
    assert refusing.exit_code == 1


def test_variables_are_given_to_the_proof(tmp_path: Path) -> None:
    script = written(tmp_path, HALF)
    answer = cover(CoverageAsked(script, prove=True, variables={"subject": "CNRY-is-no-canary"}, format="json"))
    told = json.loads(answer.text)
    assert told["proof"]["runs"][0]["status"] == "success"


def test_json(tmp_path: Path) -> None:
    script = written(tmp_path, HALF)
    told = json.loads(cover(CoverageAsked(script, format="json", edition="2023")).text)
    assert (told["format"], told["version"], told["exit"]) == ("xnat-bootstrap/anon-coverage", 1, 0)
    assert {key for counts in told["by_option"].values() for key in counts} == {"attributes", "kept", "kept_sometimes"}
    assert told["script"] == str(script)
    assert told["edition"] == "2023"
    assert told["proof"] is None
    assert len(told["rows"]) == 610


def test_the_picture_is_written(tmp_path: Path) -> None:
    picture = tmp_path / "coverage.html"
    cover(CoverageAsked(written(tmp_path, HALF), html=picture))
    assert "<h1>site.das</h1>" in picture.read_text(encoding="utf-8")


def test_a_picture_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(LocalFileError, match=r"coverage\.html"):
        cover(CoverageAsked(written(tmp_path, HALF), html=tmp_path / "missing" / "coverage.html"))


def test_a_template_and_its_names(tmp_path: Path) -> None:
    script = written(tmp_path, 'version "6.7"\n{{ statement }}\n', "site.das.j2")
    names = written(tmp_path, "statement: '- */(0010,4000)'\n", "vars.yaml")
    found = cover(CoverageAsked(script, template_vars=names)).coverage
    assert [row.attribute.tag for row in found.rows if row.handled] == ["(0010,4000)"]
    with pytest.raises(SiteFileError, match="statement"):
        cover(CoverageAsked(script))


def test_a_script_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(LocalFileError, match="does not exist"):
        cover(CoverageAsked(tmp_path / "none.das"))
    broken = written(tmp_path, 'version "6.7"\n- (0019,1001)\n')
    with pytest.raises(ParseError, match=r"site\.das:2:"):
        cover(CoverageAsked(broken))
    template = written(tmp_path, 'version "6.7"\n- (0019,1001)\n', "site.das.j2")
    with pytest.raises(ParseError, match=r"site\.das\.j2 \(rendered\):2:"):
        cover(CoverageAsked(template))


def test_an_unknown_edition(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no edition 1999"):
        cover(CoverageAsked(written(tmp_path, HALF), edition="1999"))


def test_requirements_in_words() -> None:
    assert required_options("basic") == ()
    assert required_options("Basic, retain-uids,clean_graphics") == ("retain_uids", "clean_graphics")
    for wrong in ("advanced", "retain-uids", "basic,retain-everything", ""):
        with pytest.raises(UsageError, match="not a profile"):
            required_options(wrong)
