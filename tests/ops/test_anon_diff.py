"""`anon diff`: one file before and after."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bootstrap.dicomedit import NotDicom
from bootstrap.errors import UsageError
from bootstrap.ops.anon_diff import DiffAsked, diff
from tests.ops.dicom import write_dicom, write_image

SCRIPT = """\
version "6.6"
(0010,0010) := "first"
(0010,0010) := subject
-(0008,0060)
(0010,0020) := "new"
(0009,{ACME}01) := "private"
(0018,0050) := "1"
-(0018,0050)
"""


def asked_for(tmp_path: Path, script: str, **options: object) -> DiffAsked:
    (tmp_path / "a.das").write_text(script)
    write_dicom(tmp_path / "in.dcm")
    return DiffAsked(tmp_path / "a.das", tmp_path / "in.dcm", {"subject": "S1"}, **options)  # type: ignore[arg-type]


def test_before_and_after(tmp_path: Path) -> None:
    answer = diff(asked_for(tmp_path, SCRIPT))
    assert answer.exit_code == 0
    assert answer.text.splitlines() == [
        "(0008,0060) Modality  line 4",
        "  - MR",
        "(0009,0010)  line 6",
        "  + ACME",
        "(0009,1001)  line 6",
        "  + private",
        "(0010,0010) Patient's Name  line 2, 3",
        "  - Doe^Jane",
        "  + S1",
        "(0010,0020) Patient ID  line 5",
        "  + new",
        "",
        "5 elements changed",
    ]


def test_json(tmp_path: Path) -> None:
    document = json.loads(diff(asked_for(tmp_path, SCRIPT, format="json")).text)
    assert (document["format"], document["outcome"]) == ("xnat-bootstrap/anon-diff", "success")
    assert document["changes"][3] == {
        "path": "(0010,0010)",
        "name": "Patient's Name",
        "before": "Doe^Jane",
        "after": "S1",
        "lines": [2, 3],
    }


def test_a_script_that_fails(tmp_path: Path) -> None:
    answer = diff(asked_for(tmp_path, 'version "6.6"\n-(0008,0060)\n(0010,0020) := nobody\n'))
    assert answer.exit_code == 1
    assert answer.text.splitlines() == [
        "the script fails in line 3, and XNAT refuses the file: Unknown variable: nobody",
        "",
        "before it fails:",
        "(0008,0060) Modality  line 2",
        "  - MR",
    ]


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is a folder; anon diff looks at one file"):
        diff(DiffAsked(tmp_path / "a.das", tmp_path))


BLANKS = """\
version "6.6"
alterPixels["rectangle", "l=0, t=0, r=4, b=2", "solid", "v=0"]
alterPixels["rectangle", "l=0, t=0, r=4, b=3", "solid", "v=0"]
"""


def test_pixels_that_are_blanked(tmp_path: Path) -> None:
    asked = asked_for(tmp_path, BLANKS, format="json")
    write_image(asked.file, rows=12, columns=10)
    changes = {one["path"]: one for one in json.loads(diff(asked).text)["changes"]}
    assert changes["(7FE0,0010)"] == {
        "path": "(7FE0,0010)",
        "name": "Pixel Data",
        "before": "<240 bytes>",
        "after": "<240 bytes, 12 of 120 pixel values changed>",
        "lines": [2, 3],
    }


def test_pixels_that_were_blank_before_are_no_change(tmp_path: Path) -> None:
    asked = asked_for(tmp_path, BLANKS)
    write_image(asked.file, rows=12, columns=10, value=0)
    assert "(7FE0,0010)" not in diff(asked).text


def test_a_rejection(tmp_path: Path) -> None:
    answer = diff(asked_for(tmp_path, 'version "6.6"\nreject[]\n'))
    assert (answer.exit_code, answer.text.strip()) == (0, "the script rejects the file: XNAT does not keep it")


def test_colour_and_the_record_of_xnat(tmp_path: Path) -> None:
    text = diff(asked_for(tmp_path, SCRIPT, colour=True, record_id=3)).text
    assert "\x1b[32m+ S1" in text
    assert "(0012,0064)" not in diff(asked_for(tmp_path, SCRIPT)).text


def test_what_is_no_dicom(tmp_path: Path) -> None:
    asked = asked_for(tmp_path, SCRIPT)
    asked.file.write_text("a text, and no image")
    with pytest.raises(NotDicom, match=r"in\.dcm: this is not a DICOM file"):
        diff(asked)
