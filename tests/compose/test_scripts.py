"""The scripts of images/xnat-web, run as the image runs them, without an engine."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.compose.project import ROOT, copied

IMAGE = ROOT / "images" / "xnat-web"
DATABASE = {
    "XNAT_DATASOURCE_URL": "jdbc:postgresql://xnat-db/xnat",
    "XNAT_DATASOURCE_USERNAME": "xnat",
    "XNAT_DATASOURCE_PASSWORD": "back\\slash = #1",
}


def _program(place: Path, text: str) -> None:
    place.parent.mkdir(exist_ok=True)
    place.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    place.chmod(0o755)


def make_war(place: Path, *names: str) -> str:
    place.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(place, "w") as war:
        for name in names:
            war.writestr(name, "x")
    return hashlib.sha256(place.read_bytes()).hexdigest()


@pytest.fixture
def path(tmp_path: Path) -> str:
    """Where programs are looked for: a Java of our own making, and an `unzip` of Python's."""
    _program(tmp_path / "bin" / "java", "echo 'openjdk version \"1.8.0_462\"' >&2")
    _program(tmp_path / "bin" / "jar", f'exec {sys.executable} -m zipfile -e "$2" .')
    _program(
        tmp_path / "bin" / "curl", 'while [ $# -gt 1 ]; do [ "$1" = -o ] && to=$2; shift; done; cp "${1#file://}" "$to"'
    )
    return f"{tmp_path / 'bin'}:{os.environ['PATH']}"


def _install(tmp_path: Path, path: str, war: str, sha256: str) -> subprocess.CompletedProcess[str]:
    words = ["sh", "images/xnat-web/install-war.sh", war, sha256, str(tmp_path / "ROOT")]
    return subprocess.run(
        words, cwd=tmp_path, env={"PATH": path}, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("form", ["xnat-web-1.9.3.8.war", "file"])
def test_a_war_that_is_proved_is_unpacked(tmp_path: Path, path: str, form: str) -> None:
    war = copied(tmp_path) / "images/xnat-web/war/xnat-web-1.9.3.8.war"
    sha256 = make_war(war, "WEB-INF/web.xml")
    done = _install(tmp_path, path, f"file://{war}" if form == "file" else form, sha256)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "ROOT" / "WEB-INF" / "web.xml").is_file()


WRONG = [
    ("xnat-web-1.9.3.8.war", "0" * 64, "and 0000"),
    ("xnat-web-1.9.3.8.war", "", "no SHA-256 of xnat-web-1.9.3.8.war is given"),
    ("xnat-web-1.10.0.war", "1", "needs Java 21, and BASE_IMAGE has Java 8"),
    ("none.war", "1", "there is no none.war in images/xnat-web/war/"),
    ("file:///no/such.war", "1", "cannot be fetched"),
    ("page.war", None, "is no web application"),
]


@pytest.mark.parametrize(("war", "sha256", "said"), WRONG)
def test_a_war_that_is_wrong_ends_the_build(tmp_path: Path, path: str, war: str, sha256: str | None, said: str) -> None:
    folder = copied(tmp_path) / "images" / "xnat-web" / "war"
    make_war(folder / "xnat-web-1.9.3.8.war", "WEB-INF/web.xml")
    of_page = make_war(folder / "page.war", "index.html")
    done = _install(tmp_path, path, war, of_page if sha256 is None else sha256)
    assert done.returncode == 1
    assert said in done.stderr


def test_a_start_writes_what_xnat_must_know_of_its_database_for_its_account_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    environ = DATABASE | {"PATH": os.environ["PATH"], "XNAT_HOME": str(home), "XNAT_MAX_HEAP": "8g"}
    said = subprocess.run(
        ["sh", str(IMAGE / "entrypoint.sh"), "sh", "-c", 'echo "$CATALINA_OPTS ${XNAT_DATASOURCE_PASSWORD:-}"'],
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert said.stdout.split() == ["-Xms1g", "-Xmx8g", f"-Dxnat.home={home}"]
    file = home / "config" / "xnat-conf.properties"
    assert file.stat().st_mode & 0o777 == 0o600
    lines = file.read_text(encoding="utf-8").splitlines()
    assert "datasource.password=back\\\\slash = #1" in lines
    assert "spring.http.multipart.max-file-size=1073741824" in lines
    assert sorted(entry.name for entry in home.iterdir()) == ["config", "logs", "plugins", "work"]
    assert sorted(entry.name for entry in (home / "config").iterdir()) == ["auth", "xnat-conf.properties"]


@pytest.mark.parametrize("missing", ["XNAT_HOME", *DATABASE])
def test_a_start_without_its_variables_says_which(tmp_path: Path, missing: str) -> None:
    environ = DATABASE | {"PATH": os.environ["PATH"], "XNAT_HOME": str(tmp_path / "home")}
    environ.pop(missing)
    words = ["sh", str(IMAGE / "entrypoint.sh"), "true"]
    done = subprocess.run(words, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode != 0
    assert missing in done.stderr


def test_folders_are_made_and_those_that_are_right_are_left_alone(tmp_path: Path) -> None:
    log = tmp_path / "log"
    _program(tmp_path / "bin" / "chown", f'echo "$*" >>{log}')
    folders = [str(tmp_path / "a"), str(tmp_path / "b" / "c")]
    environ = {"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"}
    for owner in ("12345:12345", f"{os.getuid()}:{os.getgid()}"):
        words = ["sh", str(IMAGE / "prepare.sh"), owner, *folders]
        subprocess.run(words, env=environ, timeout=60, check=True)
    assert all(Path(folder).is_dir() for folder in folders)
    assert log.read_text(encoding="utf-8").splitlines() == [f"12345:12345 {folder}" for folder in folders]
