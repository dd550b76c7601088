"""What every form of a home keeps to, and what each has of its own."""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bootstrap.errors import HomeFailed, HomeUnreachable
from bootstrap.xnat.commands import run_command
from bootstrap.xnat.home import Home, NoHome, moment_of, stamp_now
from bootstrap.xnat.home_container import PROJECT_LABEL, SERVICE_LABEL, ContainerHome
from bootstrap.xnat.home_kubernetes import KubernetesHome
from bootstrap.xnat.home_path import PathHome
from tests.docker_engine import Engine, docker_engine
from tests.xnat.kubectl import Kubectl, workload

__all__ = ["docker_engine"]  # a fixture

STAYS_UP = "trap 'exit 0' TERM; while :; do sleep 1; done"
NOBODY = "unix:///nobody-listens-here.sock"


@pytest.fixture(scope="module")
def container(docker_engine: Engine) -> Iterator[Any]:
    client = docker_engine.client()
    labels = {SERVICE_LABEL: "home-test", PROJECT_LABEL: "one"}
    made = client.containers.run(
        docker_engine.base,
        ["sh", "-c", f"mkdir -p /home/x/plugins; {STAYS_UP}"],
        detach=True,
        environment={"XNAT_HOME": "/home/x"},
        labels=labels,
        tmpfs={"/memory": "", "/small": "size=64k"},
    )
    yield made
    made.remove(force=True)
    client.close()


@pytest.fixture(params=["path", "kubernetes", pytest.param("container", marks=pytest.mark.docker)])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    """An empty home that has a plugins folder."""
    if request.param == "container":
        made: Any = request.getfixturevalue("container")
        assert made.exec_run(["sh", "-c", "rm -rf /home/x/*; mkdir /home/x/plugins"]).exit_code == 0
        return ContainerHome(made.name)
    folder = tmp_path / "home"
    (folder / "plugins").mkdir(parents=True)
    if request.param == "path":
        return PathHome(folder)
    return KubernetesHome("statefulset/xnat", folder=str(folder), program=str(Kubectl(tmp_path / "bin").program))


def _written(place: Path, content: bytes) -> Path:
    place.write_bytes(content)
    return place


def test_what_is_put_there_is_listed_and_given_back(home: Home, tmp_path: Path) -> None:
    content = bytes(range(256)) * 1000
    home.put(_written(tmp_path / "given", content), "plugins/a b-1.0.jar")
    [found] = home.files("plugins") or []
    assert (found.path, found.name, found.size) == ("plugins/a b-1.0.jar", "a b-1.0.jar", len(content))
    assert abs(found.modified - time.time()) < 600
    home.fetch("plugins/a b-1.0.jar", tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == content


def test_a_file_that_is_there_is_replaced_as_a_whole(home: Home, tmp_path: Path) -> None:
    for content in (b"a long first text", b"short"):
        home.put(_written(tmp_path / "given", content), "config/auth/ldap-provider.properties", private=True)
    assert [(file.name, file.size) for file in home.files("config/auth") or []] == [("ldap-provider.properties", 5)]


def test_what_holds_a_password_is_for_one_account_alone(home: Home, tmp_path: Path) -> None:
    home.put(_written(tmp_path / "given", b"password=x"), "config/auth/ldap-provider.properties", private=True)
    if isinstance(home, ContainerHome):
        script = 'stat -c "%a %u" "$1"'
        said = home.shell(script, f"{home.folder}/config/auth/ldap-provider.properties", doing="looking").split()
        assert said == ["600", "0"]
    else:
        place = tmp_path / "home" / "config" / "auth" / "ldap-provider.properties"
        assert place.stat().st_mode & 0o777 == 0o600
        assert place.stat().st_uid == (tmp_path / "home").stat().st_uid


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize("form", ["path", "kubernetes"])
def test_what_root_puts_there_belongs_to_whom_the_home_belongs_to(form: str, tmp_path: Path) -> None:
    folder = tmp_path / "home"
    folder.mkdir()
    os.chown(folder, 1234, 1234)
    program = str(Kubectl(tmp_path / "bin").program)
    home = PathHome(folder) if form == "path" else KubernetesHome("sts/x", folder=str(folder), program=program)
    path = "auth/a"
    home.put(_written(tmp_path / "given", b"password=x"), path, private=True)
    status = (folder / path).stat()
    assert (status.st_uid, status.st_mode & 0o777, (folder / path).parent.stat().st_uid) == (1234, 0o600, 1234)


def test_jars_are_told_by_their_content(home: Home, tmp_path: Path) -> None:
    for name in ("plugins/a b.jar", "plugins/readme.txt", "plugins-2/b.jar"):
        home.put(_written(tmp_path / "given", name.encode()), name)
    assert home.digests("plugins") == {"plugins/a b.jar": hashlib.sha256(b"plugins/a b.jar").hexdigest()}
    assert home.digests("no-such") == {}
    assert home.folders() == ["plugins", "plugins-2"]


def test_a_missing_folder_is_not_an_empty_one(home: Home) -> None:
    assert home.files("plugins") == []
    assert home.files("no-such") is None


def test_moving_makes_the_folders_and_writes_nothing_over(home: Home, tmp_path: Path) -> None:
    home.put(_written(tmp_path / "given", b"1"), "plugins/a.jar")
    home.move("plugins/a.jar", "replaced-1/plugins/a.jar")
    assert home.files("plugins") == []
    assert [file.name for file in home.files("replaced-1/plugins") or []] == ["a.jar"]
    home.put(tmp_path / "given", "plugins/a.jar")
    with pytest.raises(HomeFailed, match="such a file already"):
        home.move("plugins/a.jar", "replaced-1/plugins/a.jar")
    assert [file.name for file in home.files("plugins") or []] == ["a.jar"]


def test_what_is_not_there_cannot_be_fetched_or_moved(home: Home, tmp_path: Path) -> None:
    with pytest.raises(HomeFailed, match=r"plugins/none\.jar"):
        home.fetch("plugins/none.jar", tmp_path / "back")
    with pytest.raises(HomeFailed, match=r"plugins/none\.jar"):
        home.move("plugins/none.jar", "x/none.jar")


# A folder


def test_a_home_that_is_not_there_cannot_be_reached(tmp_path: Path) -> None:
    with pytest.raises(HomeUnreachable, match="looking into XNAT"):
        PathHome(tmp_path / "none").files("plugins")


def test_a_home_that_cannot_be_written_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "plugins").write_text("a file where a folder should be")
    with pytest.raises(HomeFailed, match="writing plugins/a") as caught:
        PathHome(tmp_path).put(_written(tmp_path / "given", b"1"), "plugins/a.jar")
    assert "disk is not full" in caught.value.hint


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is a thing of Linux")
def test_on_a_full_disk_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = PathHome(tmp_path)
    home.put(_written(tmp_path / "given", b"1"), "plugins/a.jar")

    def full(_given: object, to: Any, *_more: object) -> None:
        with Path("/dev/full").open("wb", buffering=0) as disk:
            disk.write(b"1")

    monkeypatch.setattr("bootstrap.xnat.home_path.shutil.copyfileobj", full)
    with pytest.raises(HomeFailed, match="No space left"):
        home.put(tmp_path / "given", "plugins/b.jar")
    assert [entry.name for entry in (tmp_path / "plugins").iterdir()] == ["a.jar"]


def test_the_restart_command_of_a_folder_is_run(tmp_path: Path) -> None:
    assert "restart_command" in PathHome(tmp_path).cannot_restart()
    home = PathHome(tmp_path, [sys.executable, "-c", f"open({str(tmp_path / 'done')!r}, 'w')"])
    assert home.cannot_restart() == ""
    home.restart()
    assert (tmp_path / "done").exists()


def test_a_folder_tells_the_end_of_its_newest_logs(tmp_path: Path) -> None:
    assert PathHome(tmp_path).logs() == ""
    (tmp_path / "logs").mkdir()
    for name in ("old.log", "application.log"):
        (tmp_path / "logs" / name).write_text("\n".join(f"{name} {line}" for line in range(100)))
    (tmp_path / "logs" / "empty.log").touch()
    said = PathHome(tmp_path).logs()
    assert "application.log 99" in said
    assert "application.log 1\n" not in said
    assert PathHome(tmp_path, log_file=tmp_path / "logs/old.log").logs().startswith("old.log:\nold.log 60")
    assert PathHome(tmp_path, log_file=tmp_path / "none.log").logs() == ""


COMMANDS: list[tuple[list[str], type[Exception], str]] = [
    (["no-such-program-anywhere"], HomeUnreachable, "there is no program"),
    (["sh", "-c", "echo so it is >&2; exit 3"], HomeFailed, "ended with 3: so it is"),
    (["sh", "-c", "exit 3"], HomeFailed, "without a word"),
    (["/"], HomeFailed, "restarting"),
]


@pytest.mark.parametrize(("words", "error", "said"), COMMANDS, ids=str)
def test_a_command_that_fails_says_why(words: list[str], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        run_command(words, doing="restarting XNAT")


def test_a_command_that_does_not_end_is_given_up() -> None:
    with pytest.raises(HomeFailed, match=r"did not end within 0\.1 s"):
        run_command(["sleep", "30"], doing="restarting XNAT", seconds=0.1)


# A container


@pytest.mark.docker
def test_a_compose_service_is_found_by_its_labels(container: Any) -> None:
    assert ContainerHome(service="home-test").files("plugins") is not None
    assert ContainerHome(service="home-test", project="one").files("plugins") is not None
    for project, said in (("other", "has no container of it"),):
        with pytest.raises(HomeUnreachable, match=said):
            ContainerHome(service="home-test", project=project).files("plugins")


@pytest.mark.docker
def test_of_several_compose_services_the_project_must_be_named(container: Any, docker_engine: Engine) -> None:
    labels = {SERVICE_LABEL: "home-test", PROJECT_LABEL: "two"}
    client = docker_engine.client()
    other = client.containers.create(docker_engine.base, ["true"], labels=labels)
    try:
        with pytest.raises(HomeUnreachable, match=r"there are several: .*name the project"):
            ContainerHome(service="home-test").files("plugins")
    finally:
        other.remove()
        client.close()


@pytest.mark.docker
def test_a_container_is_restarted_with_time_to_stop(container: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    home = ContainerHome(container.name)
    container.reload()
    before = container.attrs["State"]["StartedAt"]
    home.restart()
    container.reload()
    assert container.attrs["State"]["StartedAt"] > before
    container.stop(timeout=5)
    assert home.files("plugins") is not None, "it is started where it stood still"
    assert isinstance(home.logs(), str)


@pytest.mark.docker
def test_what_lies_in_memory_does_not_survive(container: Any) -> None:
    assert ContainerHome(container.name).lost_by_restart("plugins") == ""
    assert "tmpfs" in ContainerHome(container.name, folder="/memory/home").lost_by_restart("plugins")


@pytest.mark.docker
@pytest.mark.parametrize("folder", ["/small/home", "/proc/home"], ids=["full", "not-writable"])
def test_a_container_whose_home_takes_nothing_says_so_and_keeps_nothing(
    container: Any, tmp_path: Path, folder: str
) -> None:
    home = ContainerHome(container.name, folder=folder)
    with pytest.raises(HomeFailed, match=r"writing plugins/a\.jar in the container"):
        home.put(_written(tmp_path / "given", bytes(1_000_000)), "plugins/a.jar")
    assert not home.files("plugins")


@pytest.mark.docker
def test_files_are_owned_as_their_folder_is(container: Any, tmp_path: Path) -> None:
    assert container.exec_run(["chown", "1000:1000", "/home/x/plugins"]).exit_code == 0
    ContainerHome(container.name).put(_written(tmp_path / "given", b"1"), "plugins/own.jar", private=True)
    told = container.exec_run(["stat", "-c", "%u:%g %a", "/home/x/plugins/own.jar"]).output.decode().strip()
    assert told == "1000:1000 600"


@pytest.mark.docker
def test_a_container_that_is_not_there_is_said_so(docker_engine: Engine) -> None:
    with pytest.raises(HomeUnreachable, match="no such container"):
        ContainerHome("no-such-container-anywhere").files("plugins")


def test_without_an_engine_a_container_cannot_be_reached() -> None:
    home = ContainerHome("xnat", engine=NOBODY)
    with pytest.raises(HomeUnreachable, match="no Docker engine answers at unix:///nobody"):
        home.files("plugins")
    assert home.logs() == ""


# Kubernetes

VOLUMES: list[tuple[dict[str, Any], str]] = [
    ({"volume": {"persistentVolumeClaim": {"claimName": "x"}}}, ""),
    ({"volume": {"hostPath": {"path": "/srv"}}}, ""),
    ({"claimed": True}, ""),
    ({"volume": {"emptyDir": {}}}, "of the kind emptyDir"),
    ({}, "lies in no volume"),
    ({"volume": {"nfs": {}}, "read_only": True}, "read-only"),
]


@pytest.mark.parametrize(("given", "said"), VOLUMES, ids=str)
def test_whether_a_volume_outlives_its_pod(given: dict[str, Any], said: str, tmp_path: Path) -> None:
    kubectl = Kubectl(tmp_path / "bin")
    kubectl.tells(workload("/data/xnat/home", **given))
    lost = KubernetesHome("statefulset/xnat", program=str(kubectl.program)).lost_by_restart("plugins")
    assert said in lost
    assert bool(said) == bool(lost)


def test_a_pod_is_restarted_by_a_rollout_that_is_waited_for(tmp_path: Path) -> None:
    kubectl = Kubectl(tmp_path / "bin")
    home = KubernetesHome(
        "statefulset/xnat", namespace="n", context="c", container="xnat-web", program=str(kubectl.program)
    )
    home.restart()
    assert "broken" in home.logs()
    assert [line.split() for line in kubectl.said] == [
        ["--context", "c", "--namespace", "n", "rollout", "restart", "statefulset/xnat"],
        ["--context", "c", "--namespace", "n", "rollout", "status", "statefulset/xnat", "--timeout=900s"],
        ["--context", "c", "--namespace", "n", "logs", "statefulset/xnat", "--container", "xnat-web", "--tail=40"],
    ]
    assert home.cannot_restart() == ""


def test_a_kubectl_that_tells_nonsense_is_an_error(tmp_path: Path) -> None:
    kubectl = Kubectl(tmp_path / "bin")
    kubectl.tells({"spec": {}})
    with pytest.raises(HomeFailed, match="gave no workload"):
        KubernetesHome("statefulset/xnat", program=str(kubectl.program)).lost_by_restart("plugins")
    kubectl.tells(workload("/data/xnat/home", {"nfs": {}}))
    with pytest.raises(HomeFailed, match="no container other"):
        KubernetesHome("statefulset/xnat", container="other", program=str(kubectl.program)).lost_by_restart("plugins")
    failing = KubernetesHome("statefulset/xnat", program="false")
    assert failing.logs() == ""
    with pytest.raises(HomeFailed, match="ended with 1"):
        failing.files("plugins")


# None at all

ASKED: list[Callable[[Home], object]] = [
    lambda home: home.folders(),
    lambda home: home.digests("plugins"),
    lambda home: home.files("plugins"),
    lambda home: home.fetch("plugins/a.jar", Path("a.jar")),
    lambda home: home.put(Path("a.jar"), "plugins/a.jar"),
    lambda home: home.move("plugins/a.jar", "x/a.jar"),
    lambda home: home.restart(),
]


@pytest.mark.parametrize("ask", ASKED)
def test_without_a_home_the_error_says_both_ways(ask: Callable[[Home], object]) -> None:
    with pytest.raises(HomeUnreachable) as caught:
        ask(NoHome())
    assert "plugins fetch" in caught.value.hint
    assert caught.value.exit_code == 5


def test_without_a_home_nothing_is_known() -> None:
    home = NoHome()
    assert (home.lost_by_restart("plugins"), home.logs()) == ("", "")
    assert "does not say" in home.cannot_restart()


def test_a_stamp_tells_its_moment() -> None:
    moment = moment_of(stamp_now())
    assert moment is not None
    assert abs(moment - time.time()) < 5
    assert moment_of("readme") is None
