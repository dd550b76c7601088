from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from bootstrap.errors import LocalFileError
from bootstrap.jar import declared_plugins, parse_properties, version_in_name

VERSIONS = [
    ("container-service-3.7.3.jar", "3.7.3"),
    ("container-service-3.7.3-fat.jar", "3.7.3-fat"),
    ("batch-launch-0.9.0-xpl.jar", "0.9.0-xpl"),
    ("dicom-query-retrieve-2.1-SNAPSHOT.jar", "2.1-SNAPSHOT"),
    ("renamed.jar", "unknown"),
    ("my-plugin.jar", "unknown"),
]

PROPERTIES = [
    ("a=b\nc: d\n", {"a": "b", "c": "d"}),
    ("# note\n! note\n\n  a = b c \n", {"a": "b c "}),
    ("a=one\\\n   two\n", {"a": "onetwo"}),
    ("a\\ b=\\u00e9\\t\\:\n", {"a b": "é\t:"}),
    ("alone\n", {"alone": ""}),
]


@pytest.mark.parametrize(("name", "version"), VERSIONS)
def test_the_version_is_in_the_name(name: str, version: str) -> None:
    assert version_in_name(name) == version


@pytest.mark.parametrize(("text", "pairs"), PROPERTIES)
def test_properties(text: str, pairs: dict[str, str]) -> None:
    assert parse_properties(text) == pairs


def test_a_jar_may_declare_several_plugins_and_other_files_do_not_count(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "two-1.0.jar", "w") as archive:
        archive.writestr("META-INF/xnat/a-plugin.properties", "id=a\nname=A\n")
        archive.writestr("META-INF/xnat/deep/er/b-plugin.properties", "id=b\nversion=9\n")
        archive.writestr("META-INF/xnat/c.properties", "id=c\n")
        archive.writestr("xnat/d-plugin.properties", "id=d\n")
    found = declared_plugins(tmp_path / "two-1.0.jar")
    assert [(plugin.id, plugin.version) for plugin in found] == [("a", "1.0"), ("b", "9")]


def test_what_is_no_jar_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "bad.jar").write_text("no zip")
    for path in (tmp_path / "bad.jar", tmp_path / "none.jar", tmp_path):
        with pytest.raises(LocalFileError, match="is no jar"):
            declared_plugins(path)


def test_a_jar_that_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.jar", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("META-INF/xnat/a-plugin.properties", "id=a\n" + "#" * 2_000_000)
    with pytest.raises(LocalFileError, match="too large"):
        declared_plugins(tmp_path / "bomb.jar")
