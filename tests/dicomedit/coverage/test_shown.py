"""The table and the picture."""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bootstrap.dicomedit import parse
from bootstrap.dicomedit.coverage import Coverage, Proof, coverage, prove
from bootstrap.dicomedit.coverage.picture import as_html
from bootstrap.dicomedit.coverage.table import as_text

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
SCRIPT = """version "6.7"
(0008,0060) = "CT" ? - */(0010,4000)
(0010,0010) := subject
- (0040,0275)/(0010,0020)
- (0008,0060)
(0008,0060) = "US" ? alterPixels["rectangle", "l=0, t=0, r=9, b=9", "solid", "v=0"]
"""
WITHOUT_CONTENT = {"meta", "!doctype"}


def found(text: str = SCRIPT) -> Coverage:
    return coverage(parse(text))


class Page(HTMLParser):
    """Which elements there are, whether they are nested as they should be, and what is asked of the outside."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: Counter[str] = Counter()
        self.classes: Counter[str] = Counter()
        self.outside: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags[tag] += 1
        self.classes.update(given.get("class", "").split())
        self.outside += [value for name, value in given.items() if name in ("src", "href")]
        if tag not in WITHOUT_CONTENT:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def page_of(html: str) -> Page:
    page = Page()
    page.feed(html)
    page.close()
    return page


def test_the_picture_has_a_cell_for_every_attribute_and_needs_nothing_else() -> None:
    html = as_html(found(), "site.das")
    page = page_of(html)
    assert page.open == []
    assert page.classes["cell"] == 657
    assert page.classes["conditional"] == 1
    assert page.outside == []
    assert "url(" not in html
    assert "<script" not in html
    assert {"site.das", "657 of 657 attributes may come through."} <= set(page.text)


def test_the_picture_says_what_stands_in_a_cell() -> None:
    html = as_html(found(), "site.das")
    assert "(0010,0010) Patient&#x27;s Name asks Z" in html
    assert "replaced (XNAT&#x27;s subject) in line 3" in html


def test_a_title_is_no_markup() -> None:
    assert "<b>bold</b>" not in as_html(found(), "<b>bold</b>")


def test_the_picture_tells_of_gaps_options_and_proof() -> None:
    proof = prove(parse(SCRIPT))
    text = " ".join(page_of(as_html(found(), "site.das", proof)).text)
    assert "that the script does not handle" in text
    assert "only on some ways" in text
    assert "Retain UIDs" in text
    assert f"{proof.canaries} canaries, 6 of 6 objects accepted" in text


def test_a_picture_without_gaps() -> None:
    text = " ".join(page_of(as_html(found('version "6.7"\n- *\nremoveAllPrivateTags\n'), "all.das")).text)
    assert "No attribute of the profile comes through." in text
    assert "Nothing." in text


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: chromium and fonts-dejavu-core of Debian")
def test_chromium_draws_the_picture(tmp_path: Path) -> None:
    page, shot = tmp_path / "coverage.html", tmp_path / "coverage.png"
    page.write_text(as_html(found(), "site.das"), encoding="utf-8")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    ways = [f"--screenshot={shot}", "--window-size=1200,1500", page.as_uri()]
    subprocess.run([str(CHROMIUM), *flags, *ways], check=True, capture_output=True, timeout=120)
    data = shot.read_bytes()
    assert data.startswith(b"\x89PNG")
    assert (int.from_bytes(data[16:20]), int.from_bytes(data[20:24])) == (1200, 1500)
    assert len(data) > 50_000  # a blank page is a tenth of this


def test_the_table_shows_first_what_the_author_meant_to_handle() -> None:
    lines = as_text(found()).splitlines()
    assert lines[0] == "DICOM PS3.15 2026d, Basic Profile"
    first = next(number for number, line in enumerate(lines) if line.startswith("tag "))
    shown = [line.split()[0] for line in lines[first + 1 : first + 8] if line.startswith("(")]
    assert shown[:3] == ["(0010,0010)", "(0010,0020)", "(0010,4000)"]
    assert "... and 617 more" in "\n".join(lines)


def test_the_table_says_what_else_there_is() -> None:
    text = as_text(found())
    assert "line 5: (0008,0060) is not in the profile" in text
    assert 'line 6: pixels: l=0, t=0, r=9, b=9 is blacked out if (0008,0060) = "US"' in text
    assert "record: (0012,0062) is never written" in text
    assert "in (0040,0275): removed in line 4" in text


def test_the_table_with_all_rows_and_colour() -> None:
    text = as_text(found(), all_rows=True, colour=True)
    assert "... and" not in text
    assert "\x1b[" in text
    assert "\x1b[" not in as_text(found())


def test_what_holds_only_where_the_engine_can_look_inside() -> None:
    text = as_text(found('version "6.7"\n-*/(0010,0010)\n'), all_rows=True)
    assert "in some sequences only at Explicit VR" in text
    assert "younger than XNAT's dictionary stay ((0008,0063), " in text
    for script in ("-(0010,0010)", "-*/(XXX@,XXXX)"):
        assert "Explicit VR" not in as_text(found(f'version "6.7"\n{script}\n'), all_rows=True)


def test_refusals_and_notes() -> None:
    text = as_text(found('version "6.7"\n(0010,00XX) := "a"\n'))
    assert "The script refuses every file" in text
    assert "line 2: always fails here" in text


def proof_of(text: str) -> Proof:
    return prove(parse(f'version "6.7"\n{text}\n'))


def test_the_table_tells_of_the_proof() -> None:
    survived = as_text(found(), proof_of('(0008,0060) = "MR" ? - */(0010,4000)'))
    assert "proof: survives: (0000,1000) Affected SOP Instance UID" in survived
    assert "more survivors" in survived
    assert "canaries, 4 of 4 objects accepted" in survived
    failed = as_text(found(), proof_of("(0010,0010) := nobody"))
    assert "proof: with the object as it is: line 2: " in failed
    assert "proof: with an Implicit VR file: line 2: " in failed
    assert "0 of 2 objects accepted, 0 survivors" in failed
