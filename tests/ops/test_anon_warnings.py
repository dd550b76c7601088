"""What `anon run` and `anon diff` say of parts of a script that the engine silently leaves out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bootstrap.ops.anon_diff import DiffAsked, diff
from bootstrap.ops.anon_run import RunAsked, run
from tests.ops.dicom import write_dicom

TWO = """\
(0010,0010) := "a"
(0008,0060) = "US" ? (0010,4000) := "y"
(0010,0020) := "b"
(0008,0060) = "US" ? (0010,4000) := "y"
(0010,0030) := "c"
"""
SILENT = {
    "a condition in DicomEdit 4": ('(0008,0060) = "US" ? (0010,4000) := "y"\n', "drops line 1, without"),
    "two of them": (TWO, "drops lines 2, 4,"),
    "all that follows": ('(0010,0010) : = "a"\n(0010,0020) := "b"\n', "drops line 1 and everything behind it"),
    "a stray character": ('version "6.6"\n(0010,0010) := "a" ^\n', "reads something else than is written in line 2"),
}


@pytest.mark.parametrize("name", SILENT)
def test_what_the_engine_leaves_out_is_told(name: str, tmp_path: Path) -> None:
    text, told = SILENT[name]
    script, source = tmp_path / "a.das", write_dicom(tmp_path / "in.dcm")
    script.write_text(text)
    ran = run(RunAsked(script, source, tmp_path / "out.dcm"))
    seen = diff(DiffAsked(script, source))
    for answer in (ran, seen):
        assert answer.exit_code == 0
        assert answer.text.count("warning: ") == 1
        assert told in answer.text.replace("\n", " ")
        assert f"`xnat-bootstrap anon lint {script}` tells why" in answer.text.replace("\n", " ")


def test_json_tells_it_too(tmp_path: Path) -> None:
    script, source = tmp_path / "a.das", write_dicom(tmp_path / "in.dcm")
    script.write_text(SILENT["two of them"][0])
    ran = json.loads(run(RunAsked(script, source, tmp_path / "out.dcm", format="json")).text)
    seen = json.loads(diff(DiffAsked(script, source, format="json")).text)
    assert [one["lines"] for one in ran["warnings"]] == [[2, 4]]
    assert seen["warnings"] == ran["warnings"]


def test_nothing_is_said_of_a_script_that_is_read_as_written(tmp_path: Path) -> None:
    script, source = tmp_path / "a.das", write_dicom(tmp_path / "in.dcm")
    script.write_text('version "6.6"\n(0010,0010) := "a" // a name\n')
    assert json.loads(diff(DiffAsked(script, source, format="json")).text)["warnings"] == []


def test_a_vr_that_dicom_does_not_have(tmp_path: Path) -> None:
    script, source = tmp_path / "a.das", write_dicom(tmp_path / "in.dcm")
    script.write_text('version "6.6"\n(0010,0020) := "a"\n')
    source.write_bytes(source.read_bytes().replace(b"\x10\0\x10\0PN", b"\x10\0\x10\0ZZ"))
    told = "(0010,0010) has the VR ZZ, which DICOM does not know"
    assert f"{source}: warning: {told}" in run(RunAsked(script, source, tmp_path / "out.dcm")).text
    assert f"warning: {source}: {told}" in diff(DiffAsked(script, source)).text
    (one,) = json.loads(run(RunAsked(script, source, tmp_path / "2.dcm", format="json")).text)["files"]
    assert one["notes"] == [told]
