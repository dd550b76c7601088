"""`plugins lock` and `plugins fetch`, called as a person calls them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from bootstrap.config import Site
from bootstrap.kinds.home_section import home_of
from bootstrap.ops.session import Asked, Tools, load
from bootstrap.xnat.home import NoHome
from bootstrap.xnat.home_container import ContainerHome
from bootstrap.xnat.home_kubernetes import KubernetesHome
from bootstrap.xnat.home_path import PathHome
from tests.jars import digest, make_jar
from tests.ops.conftest import Program

SITE = """\
server: {plugin_mirror: mirror}
plugins:
  - {id: containers, version: 3.7.3}
  - {id: demo, version: "1.0", file: demo-1.0.jar}
"""
JAR = "container-service-3.7.3-fat.jar"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "site.yaml").write_text(SITE, encoding="utf-8")
    make_jar(tmp_path / "mirror" / JAR, "containers")
    make_jar(tmp_path / "demo-1.0.jar", "demo")
    return tmp_path


def test_lock_computes_what_the_site_file_does_not_say(site: Path, program: Program) -> None:
    said = program("plugins", "lock", str(site))
    assert said.code == 0, said.err
    locked = yaml.safe_load((site / "plugins.lock.yaml").read_text(encoding="utf-8"))
    assert locked == {
        "containers": {"version": "3.7.3", "sha256": digest(site / "mirror" / JAR)},
        "demo": {"version": "1.0", "sha256": digest(site / "demo-1.0.jar")},
    }
    (site / "mirror" / JAR).unlink()
    again = json.loads(program("plugins", "lock", str(site), "--format", "json").out)
    assert [row["done"] for row in again["plugins"]] == ["locked already", "locked already"]


def test_a_hash_in_the_site_file_stays_there(site: Path, program: Program) -> None:
    sha = digest(site / "demo-1.0.jar")
    (site / "site.yaml").write_text(SITE.replace("demo-1.0.jar}", f"demo-1.0.jar, sha256: {sha}}}"), encoding="utf-8")
    assert "stands in the site file" in program("plugins", "lock", str(site)).out
    assert "demo" not in (site / "plugins.lock.yaml").read_text(encoding="utf-8")


def test_a_jar_that_is_wrong_is_not_locked(site: Path, program: Program) -> None:
    make_jar(site / "mirror" / JAR, "containers", "second")
    said = program("plugins", "lock", str(site))
    assert said.code == 1
    assert "is to hold one plugin, and holds containers, second" in said.out
    assert not (site / "plugins.lock.yaml").exists()


def test_fetch_puts_the_proved_jars_into_a_folder(site: Path, program: Program) -> None:
    unproved = program("plugins", "fetch", str(site), "--to", str(site / "out"))
    assert unproved.code == 1
    assert "no hash of it is known" in unproved.out
    program("plugins", "lock", str(site))
    for done in ("is written", "is there already"):
        said = program("plugins", "fetch", str(site), "--to", str(site / "out"))
        assert (said.code, said.out.count(done)) == (0, 2)
    assert digest(site / "out" / JAR) == digest(site / "mirror" / JAR)
    assert sorted(entry.name for entry in (site / "out").iterdir()) == [JAR, "demo-1.0.jar"]


def test_a_jar_whose_name_tells_another_version_is_neither_locked_nor_fetched(site: Path, program: Program) -> None:
    sha = digest(site / "demo-1.0.jar")
    other = SITE.replace('version: "1.0", file: demo-1.0.jar', f'version: "1.2", file: demo-1.0.jar, sha256: {sha}')
    for text, words in ((SITE.replace('"1.0"', '"1.2"'), ["lock"]), (other, ["fetch", "--to", str(site / "out")])):
        (site / "site.yaml").write_text(text, encoding="utf-8")
        said = program("plugins", words[0], str(site), *words[1:])
        assert said.code == 1
        assert "XNAT would take it for version 1.0" in said.out
    assert not (site / "out" / "demo-1.0.jar").exists()


def test_what_changed_since_it_was_locked_is_not_fetched(site: Path, program: Program) -> None:
    program("plugins", "lock", str(site))
    (site / "demo-1.0.jar").write_text("<html>a page</html>")
    said = program("plugins", "fetch", str(site), "--to", str(site / "out"))
    assert said.code == 1
    assert "it is a web page" in said.out
    assert (site / "demo-1.0.jar").exists(), "what somebody gave is left alone"


@pytest.mark.parametrize("text", ["[1, 2]\n", "a: [\n"])
def test_a_lock_file_that_cannot_be_read_is_told(site: Path, program: Program, text: str) -> None:
    (site / "plugins.lock.yaml").write_text(text, encoding="utf-8")
    said = program("validate", str(site))
    assert said.code == 1
    assert "plugins.lock.yaml cannot be read" in said.out + said.err


def test_a_site_without_plugins_says_so(site: Path, program: Program) -> None:
    (site / "site.yaml").write_text("site: {siteId: X}\n", encoding="utf-8")
    assert "has none" in program("plugins", "lock", str(site)).err


HOMES = [
    ("{path: data, restart_command: [true]}", PathHome, "the folder"),
    ("{path: /data/xnat/home, log_file: /var/log/catalina.out}", PathHome, "the folder /data/xnat/home"),
    ("{container: xnat}", ContainerHome, "the container xnat"),
    ("{compose: xnat-web, project: p}", ContainerHome, "the compose service xnat-web"),
    ("{kubernetes: {workload: statefulset/xnat, namespace: n}}", KubernetesHome, "statefulset/xnat on Kubernetes"),
]
WRONG = ["{}", "{path: a, container: b}", "{container: a, restart_command: [b]}", "{kubernetes: {workload: nonsense}}"]


def _loaded(folder: Path, home: str) -> Site:
    (folder / "site.yaml").write_text(f"server: {{home: {home}}}\n", encoding="utf-8")
    return load(folder, Asked(), Tools(environ={}))


@pytest.mark.parametrize(("text", "form", "name"), HOMES)
def test_a_home_is_one_of_four(text: str, form: type, name: str, tmp_path: Path) -> None:
    home = home_of(_loaded(tmp_path, text.replace("[true]", "['true']")))
    assert isinstance(home, form)
    assert home.name.startswith(name)


def test_a_restart_command_with_a_slash_lies_beside_the_site_file(tmp_path: Path) -> None:
    for word, why in (("./restart.sh", str(tmp_path / "restart.sh")), ("no-such-program", "program no-such-program ")):
        assert why in home_of(_loaded(tmp_path, f"{{path: data, restart_command: [{word}]}}")).cannot_restart()
    (tmp_path / "restart.sh").write_text("#!/bin/sh\necho restarted >done\n")
    (tmp_path / "restart.sh").chmod(0o755)
    assert home_of(_loaded(tmp_path, "{path: data, restart_command: [./restart.sh]}")).cannot_restart() == ""


@pytest.mark.parametrize("text", WRONG)
def test_a_home_that_is_none_of_them_is_wrong(text: str, tmp_path: Path, program: Program) -> None:
    (tmp_path / "site.yaml").write_text(f"server: {{home: {text}}}\n", encoding="utf-8")
    assert program("validate", str(tmp_path)).code == 1


def test_without_a_word_of_it_there_is_no_home(site: Path) -> None:
    assert isinstance(home_of(None), NoHome)
    assert isinstance(home_of(load(site, Asked(), Tools(environ={}))), NoHome)
