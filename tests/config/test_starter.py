from __future__ import annotations

from pathlib import Path

import yaml

from bootstrap.config import Section, starter
from tests.config.sites import SECTIONS, load


def test_the_starter_site_loads(tmp_path: Path) -> None:
    site = load(tmp_path, starter(SECTIONS), environ={"PASSWORD": "x"})
    assert site.section("server").url == "practice"
    assert list(site.raw) == ["server"]


def test_with_every_key_written_out_it_loads_too(tmp_path: Path) -> None:
    site = load(tmp_path, starter(SECTIONS, [section.key for section in SECTIONS]), environ={"PASSWORD": "x"})
    assert list(site.raw) == [section.key for section in SECTIONS]
    assert site.section("commands")["dcm2niix"].enabled is True
    assert site.section("script") == 'version "6.6"\n'


def test_what_is_commented_out_is_right_once_the_marks_are_gone() -> None:
    text = starter(SECTIONS, [])
    assert yaml.safe_load(text) is None
    uncommented = text.partition("# Images.\n")[2].partition("\n\n")[0].replace("# ", "")
    assert yaml.safe_load(uncommented) == {"images": [{"name": "fsl", "origin": {"pull": "fsl:1"}}]}


def test_editors_are_told_the_schema() -> None:
    first = starter(SECTIONS, schema="../../site.schema.json").split("\n", 1)[0]
    assert first == "# yaml-language-server: $schema=../../site.schema.json"
    assert "$schema" not in starter(SECTIONS)


def test_long_docs_are_wrapped_and_missing_examples_are_no_harm() -> None:
    lines = starter([Section("x", str, "word " * 60)]).split("\n")
    assert max(map(len, lines)) <= 100
    assert "# x:" in lines
