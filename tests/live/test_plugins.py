"""Plugins put into the home of a practice XNAT, and the restarts that load them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import pytest

from bootstrap.engine.report import words
from bootstrap.engine.run import Talk
from bootstrap.errors import HomeFailed
from bootstrap.kinds.plugin import PluginKind
from bootstrap.ops import jobs
from bootstrap.ops.jobs import Job
from bootstrap.ops.session import Asked
from bootstrap.practice.admin import plugin_routes
from bootstrap.values import Problem
from bootstrap.xnat.home import NoHome
from bootstrap.xnat.home_kubernetes import KubernetesHome
from bootstrap.xnat.home_path import PathHome
from tests.jars import digest, make_jar
from tests.live.conftest import Admin
from tests.live.homes import Place, error_of, outcomes, place, rules
from tests.xnat.kubectl import Kubectl, workload
from tests.xnat.test_download import Web, web

__all__ = ["place", "web"]  # fixtures


def test_a_plugin_is_put_in_loaded_by_one_restart_and_then_there_is_nothing_to_do(place: Place) -> None:
    place.plugins.append(place.has("other", "1.0", "other-1.0.jar"))
    planned = place.plan()
    assert list(outcomes(planned)) == ["create plugin:demo", "create plugin:other", "restart restart:xnat"]
    assert planned.exit_code == 2
    done = place.apply()
    assert (done.exit_code, place.restarts) == (0, 1)
    assert set(outcomes(done).values()) == {"done"}
    assert ", 0 writes, 2 changes in its home, " in words.cost(done)
    assert place.loaded == {"containers": "3.7.3", "demo": "1.0", "other": "1.0"}
    again = place.apply()
    assert (again.exit_code, again.counts.writes, again.lines, place.restarts) == (0, 0, [], 1)
    assert "unlisted-plugin" in rules(again, "note"), "the Container Service is not in the file"


def test_an_upgrade_and_a_downgrade_move_the_old_jar_aside(place: Place) -> None:
    place.apply()
    for version, jar, aside in (
        ("2.0", "demo-2.0-fat.jar", "demo-1.0.jar"),
        ("1.0", "demo-1.0.jar", "demo-2.0-fat.jar"),
    ):
        place.wants(place.has("demo", version, jar))
        report = place.apply()
        assert outcomes(report) == {"update plugin:demo": "done", "restart restart:xnat": "done"}
        assert place.in_folder == ["container-service-3.7.3.jar", jar]
        assert f"plugins/{aside}" in place.aside
        assert place.loaded["demo"] == ("2.0-fat" if version == "2.0" else "1.0")
    assert place.restarts == 3
    assert place.plan().exit_code == 0


def test_another_jar_of_the_same_version_is_put_in_too(place: Place) -> None:
    place.apply()
    make_jar(place.folder / "new" / "demo-1.0.jar", "demo", says="1.0")
    place.wants(place.has("demo", "1.0", "new/demo-1.0.jar"))
    assert outcomes(place.apply()) == {"update plugin:demo": "done", "restart restart:xnat": "done"}
    assert digest(place.server.folder.plugins / "demo-1.0.jar") == digest(place.folder / "new" / "demo-1.0.jar")
    assert place.plan().exit_code == 0


def test_two_jars_of_a_plugin_become_one_before_they_stop_the_site(place: Place) -> None:
    place.apply()
    make_jar(place.server.folder.plugins / "demo-0.9.jar", "demo")
    planned = place.plan()
    assert list(outcomes(planned)) == ["repair plugin:demo", "restart restart:xnat"]
    assert place.apply().exit_code == 0
    assert place.in_folder == ["container-service-3.7.3.jar", "demo-1.0.jar"]


STOPPING = [
    ("page.jar", b"<!DOCTYPE html><html>", "page.jar is no jar"),
    ("container-service-3.7.4.jar", None, "the plugin containers is in"),
]


@pytest.mark.parametrize(("name", "content", "said"), STOPPING)
def test_what_would_stop_the_site_is_refused_whoever_put_it_there(
    place: Place, name: str, content: bytes | None, said: str
) -> None:
    bad = place.server.folder.plugins / name
    if content is None:
        make_jar(bad, "containers")
    else:
        bad.write_bytes(content)
    report = place.apply()
    assert (report.exit_code, place.restarts) == (3, 0)
    assert any(said in problem.message for problem in report.problems if problem.rule == "plugin-folder")
    assert "demo-1.0.jar" not in place.in_folder


def test_a_missing_plugins_folder_is_refused(place: Place) -> None:
    place.server.folder.plugins.rename(place.server.folder.root / "elsewhere")
    report = place.apply()
    assert report.exit_code == 3
    assert any("no folder plugins/" in problem.message for problem in report.problems)


def test_a_wrong_hash_touches_nothing(place: Place) -> None:
    place.plugins.append(f"  - {{id: other, version: '1.0', file: other-1.0.jar, sha256: {'0' * 64}}}\n")
    report = place.apply()
    assert report.exit_code == 3
    assert rules(report) == ["plugin-hash"]
    assert place.in_folder == ["container-service-3.7.3.jar"]


def test_of_several_jars_none_is_put_in_before_all_are_proved(place: Place) -> None:
    mirror = place.folder / "mirror"
    mirror.mkdir()
    (mirror / "other-1.0.jar").write_text("<html>a page</html>")
    sha = digest(mirror / "other-1.0.jar")
    place.plugins.append(
        f"  - {{id: other, version: '1.0', url: 'https://x.org/other-{{version}}.jar', sha256: {sha}}}\n"
    )
    place.policy = "auto\n  plugin_mirror: mirror"
    report = place.apply()
    assert report.exit_code == 1
    assert "other-1.0.jar is no jar" in error_of(report, "plugin:demo")
    assert outcomes(report)["restart restart:xnat"] == "skipped"
    assert place.in_folder == ["container-service-3.7.3.jar"]


def test_a_jar_that_is_another_plugin_is_refused(place: Place) -> None:
    place.wants(place.has("demo", "1.0", "other-1.0.jar"))
    for report in (place.plan(), place.apply()):
        assert (report.exit_code, rules(report)) == (3, ["plugin-jar"])
        assert "holds the plugin other" in report.problems[0].message


def test_a_jar_whose_name_tells_another_version_moves_nothing(place: Place) -> None:
    place.apply()
    place.wants(place.has("demo", "1.2", "demo-2.0-fat.jar"))
    for report in (place.plan(), place.apply()):
        assert (report.exit_code, rules(report)) == (3, ["plugin-jar"])
        assert "demo-2.0-fat.jar" in report.problems[0].message
    sha = make_jar(place.folder / "mirror" / "demo-2.0.jar", "demo")
    place.wants(f"  - {{id: demo, version: '1.2', url: 'https://x.org/demo-2.0.jar', sha256: {sha}}}\n")
    place.policy = "auto\n  plugin_mirror: mirror"
    report = place.apply()
    assert (report.exit_code, place.restarts) == (1, 1)
    assert "XNAT would take it for version 2.0" in error_of(report, "plugin:demo")
    assert (place.in_folder, place.aside) == (["container-service-3.7.3.jar", "demo-1.0.jar"], [])


def test_a_jar_whose_name_tells_no_version_is_known_by_its_hash(place: Place) -> None:
    place.jar("demo.jar", "demo")
    place.wants(place.has("demo", "1.0", "demo.jar"))
    assert outcomes(place.apply()) == {"create plugin:demo": "done", "restart restart:xnat": "done"}
    assert place.plan().exit_code == 0


WRONG_DOWNLOADS: list[tuple[dict[str, object], str]] = [
    ({"cut_after": 100}, "downloading"),
    ({"kind": "text/html"}, "a web page came"),
    ({"content": b"<!DOCTYPE html><html>a page that says it is a jar</html>"}, "it is a web page"),
    ({"status": 404}, "404"),
]


@pytest.mark.parametrize(("answer", "said"), WRONG_DOWNLOADS, ids=[said for _answer, said in WRONG_DOWNLOADS])
def test_a_download_that_goes_wrong_touches_nothing_and_the_next_run_mends_it(
    place: Place, web: Web, answer: dict[str, object], said: str
) -> None:
    content = (place.folder / "demo-1.0.jar").read_bytes()
    sha = digest(place.folder / "demo-1.0.jar")
    place.wants(f"  - {{id: demo, version: '1.0', url: '{web.url}/demo-{{version}}.jar', sha256: {sha}}}\n")
    web.content = content
    for name, value in answer.items():
        setattr(web, name, value)
    report = place.apply()
    assert (report.exit_code, place.restarts) == (1, 0)
    assert said in error_of(report, "plugin:demo")
    assert place.in_folder == ["container-service-3.7.3.jar"]
    assert (place.ledger.owns("plugin:demo"), report.undo) == (False, None)
    web.content, web.kind, web.status, web.cut_after = content, "application/java-archive", 200, None
    assert place.apply().exit_code == 0
    assert place.loaded["demo"] == "1.0"


def test_a_jar_from_a_mirror(place: Place) -> None:
    make_jar(place.folder / "mirror" / "demo-3.0.jar", "demo")
    sha = digest(place.folder / "mirror" / "demo-3.0.jar")
    place.wants(f"  - {{id: demo, version: '3.0', url: 'https://x.org/a/demo-{{version}}.jar', sha256: {sha}}}\n")
    place.policy = "auto\n  plugin_mirror: mirror"
    assert place.apply().exit_code == 0
    assert place.loaded["demo"] == "3.0"


# Restarts


def test_never_leaves_the_restart_owed(place: Place) -> None:
    place.policy = "never"
    report = place.apply()
    assert (report.exit_code, place.restarts) == (5, 0)
    assert outcomes(report) == {"create plugin:demo": "done", "restart restart:xnat": "skipped"}
    assert "restart XNAT when it suits" in words.next_steps(report)[0]
    planned, again = place.plan(), place.apply()
    assert (planned.exit_code, again.exit_code, again.undo) == (2, 5, None)
    assert words.next_steps(planned) == ["next: restart XNAT when it suits; no apply does it"]
    place.server.restart()
    assert place.plan().exit_code == 0


def test_ask_asks_and_without_a_terminal_is_never(place: Place) -> None:
    place.policy = "ask"
    assert place.apply().exit_code == 5
    asked: list[str] = []

    def yes(question: str) -> bool:
        asked.append(question)
        return True

    assert place.apply(ask=yes).exit_code == 0
    assert place.restarts == 1
    assert "demo 1.0 is not loaded" in asked[0]


def test_who_would_be_cut_off_is_shown_and_refused_unless_it_is_allowed(place: Place) -> None:
    import requests

    admin = Admin(place.server.url, "admin")
    ann = {"username": "ann", "password": "pw-ann", "firstName": "A", "lastName": "B", "email": "a@b.org"}
    admin._send("POST", "/xapi/users", json=ann)
    with requests.Session() as session:
        assert session.get(f"{place.server.url}/data/JSESSION", auth=("ann", "pw-ann"), timeout=30).ok
        report = place.apply()
        assert (report.exit_code, place.restarts) == (3, 0)
        assert rules(report) == ["busy-restart"]
        assert any("signed in: ann" in problem.message for problem in report.problems)
        assert place.apply(allow=frozenset({"busy-restart"})).exit_code == 0


def test_an_xnat_that_does_not_come_back_gets_its_old_jars(place: Place) -> None:
    place.apply()
    place.wants(place.has("demo", "2.0", "demo-2.0-fat.jar"), place.has("other", "1.0", "other-1.0.jar"))
    broken = place.server.folder.plugins / "demo-2.0-fat.jar"
    logs = place.server.folder.root / "logs"
    logs.mkdir()
    (logs / "application.log").write_text("java.lang.NoSuchMethodError: password=admin\n")
    place.before_restart = [lambda: broken.write_text("it broke as it was started")]
    report = place.apply()
    error = error_of(report, "restart:xnat")
    assert report.exit_code == 5
    assert "demo-1.0.jar was put back" in error
    assert "NoSuchMethodError" in error
    assert "the database was not rolled back" in error
    assert (place.restarts, place.loaded) == (3, {"containers": "3.7.3", "demo": "1.0"})
    assert place.in_folder == ["container-service-3.7.3.jar", "demo-1.0.jar"]


def test_a_server_that_never_returns_is_said_so(place: Place) -> None:
    page = place.server.folder.plugins / "page.jar"
    place.before_restart = [lambda: page.write_text("x")] * 2
    report = place.apply()
    assert report.exit_code == 5
    assert "did not come back with the previous plugins either" in error_of(report, "restart:xnat")


def test_a_restart_that_restarts_nothing_is_seen(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bootstrap.kinds.restarting.NOT_RESTARTED_SECONDS", 2.0)
    place.home = lambda: PathHome(place.server.folder.root, ["true"])
    report = place.apply()
    assert "it was not restarted" in error_of(report, "restart:xnat")
    assert "demo-1.0.jar" in place.in_folder


def test_a_restart_that_fails_is_owed_still(place: Place) -> None:
    for command, outcome in ((["no-such-program-here"], "skipped"), (["false"], "failed")):
        place.home = partial(PathHome, place.server.folder.root, command)
        planned = place.plan()
        assert (planned.exit_code, "no-restart" in rules(planned, "warning")) == (2, outcome == "skipped")
        report = place.apply()
        assert (report.exit_code, outcomes(report)["restart restart:xnat"]) == (5, outcome)
    assert place.plan().exit_code == 2


def test_a_site_that_forgets_its_address_is_told(place: Place) -> None:
    ini = place.server.folder.root / "config" / "prefs-override.ini"
    place.before_restart = [lambda: ini.write_text("[siteConfig]\nsiteUrl=http://other.example.org\n")]
    report = place.apply()
    assert report.exit_code == 5
    assert "siteUrl was" in error_of(report, "restart:xnat")


# Homes


def test_without_a_home_the_plan_tells_and_apply_says_how(place: Place) -> None:
    place.home = NoHome
    assert place.plan().exit_code == 2
    report = place.apply()
    assert report.exit_code == 5
    assert "plugins fetch" in error_of(report, "plugin:demo")
    place.wants("  - {id: containers, version: 3.7.3}\n")
    right = place.plan()
    assert right.exit_code == 0
    assert "unproven" in rules(right, "note")


def test_a_home_that_cannot_be_written_changes_nothing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.apply()
    place.wants(place.has("demo", "2.0", "demo-2.0-fat.jar"))

    def full(*_arguments: object, **_more: object) -> None:
        raise HomeFailed("writing plugins/demo-2.0-fat.jar: No space left on device")

    monkeypatch.setattr(PathHome, "put", full)
    report = place.apply()
    assert (report.exit_code, place.restarts) == (1, 1)
    assert "No space left" in error_of(report, "plugin:demo")
    assert (place.ledger.underway, report.undo) == (frozenset(), None)
    assert place.in_folder == ["container-service-3.7.3.jar", "demo-1.0.jar"]


def test_a_home_on_kubernetes(place: Place, tmp_path: Path) -> None:
    kubectl, root = Kubectl(tmp_path / "bin"), place.server.folder.root
    place.home = lambda: KubernetesHome("statefulset/xnat", folder=str(root), program=str(kubectl.program))
    kubectl.tells(workload(str(root), {"emptyDir": {}}))
    refused = place.apply()
    assert (refused.exit_code, rules(refused)) == (3, ["home-not-lasting"])
    assert "plugins: {NAME:" in next(p.hint for p in refused.problems if p.rule == "home-not-lasting")
    assert place.in_folder == ["container-service-3.7.3.jar"]
    kubectl.tells(workload(str(root), {"persistentVolumeClaim": {"claimName": "plugins"}}))
    place.policy = "never"
    assert place.apply().exit_code == 5
    assert place.in_folder == ["container-service-3.7.3.jar", "demo-1.0.jar"]


class Rolling(KubernetesHome):
    """The scripted kubectl rolls out nothing: the practice XNAT is restarted beside it."""

    restarting: Callable[[], None]

    def restart(self) -> None:
        super().restart()
        self.restarting()


def test_the_life_of_a_plugin_on_kubernetes(place: Place, tmp_path: Path) -> None:
    kubectl, root = Kubectl(tmp_path / "bin"), place.server.folder.root

    def rolling() -> KubernetesHome:
        home = Rolling("statefulset/xnat", folder=str(root), program=str(kubectl.program))
        home.restarting = place.restart
        return home

    place.home = rolling
    kubectl.tells(workload(str(root), {"persistentVolumeClaim": {"claimName": "home"}}))
    for version, jar in (("1.0", "demo-1.0.jar"), ("2.0", "demo-2.0-fat.jar"), ("1.0", "demo-1.0.jar")):
        place.wants(place.has("demo", version, jar))
        assert place.apply().exit_code == 0
        assert place.in_folder == ["container-service-3.7.3.jar", jar]
        assert place.apply().lines == []
    assert place.restarts == sum("rollout restart statefulset/xnat" in line for line in kubectl.said) == 3


# Removing


def test_prune_moves_a_jar_aside_with_one_restart(place: Place) -> None:
    place.plugins.append(place.has("other", "1.0", "other-1.0.jar"))
    place.apply()
    place.wants(place.has("demo", "2.0", "demo-2.0-fat.jar"))
    assert "other-1.0.jar" in place.in_folder
    report = place.apply(prune=True)
    assert (report.exit_code, place.restarts) == (0, 2)
    assert outcomes(report)["delete plugin:other"] == "done"
    assert place.loaded == {"containers": "3.7.3", "demo": "2.0-fat"}
    assert "plugins/other-1.0.jar" in place.aside


def test_a_plugin_whose_types_have_data_is_not_removed_and_the_plan_says_so(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.plugins.append(place.has("other", "1.0", "other-1.0.jar"))
    place.apply()
    plain = plugin_routes._bean
    kinds = [{"type": "x:unknownData"}, {"type": "xnat:mrSessionData"}]  # over the first one XNAT fails
    monkeypatch.setattr(plugin_routes, "_bean", lambda plugin: plain(plugin) | {"dataModelBeans": kinds})
    admin = Admin(place.server.url, "admin")
    session = "/data/projects/P/subjects/S/experiments/E"
    for path in ("/data/projects/P", "/data/projects/P/subjects/S", f"{session}?xsiType=xnat:mrSessionData"):
        admin.put(path, "")
    place.wants(place.has("demo", "1.0", "demo-1.0.jar"))
    for report in (place.plan(prune=True), place.apply(prune=True)):
        assert (report.exit_code, rules(report)) == (3, ["plugin-data"] * 2)
    assert "other-1.0.jar" in place.in_folder
    kinds.pop(0)
    admin._send("DELETE", f"{session}?removeFiles=true")
    assert place.plan(prune=True).exit_code == 2
    come = _once_too_late(PluginKind.judge_removal, lambda: admin.put(f"{session}?xsiType=xnat:mrSessionData", ""))
    monkeypatch.setattr(PluginKind, "judge_removal", come)
    late = place.apply(prune=True)
    assert "there are data of its type xnat:mrSessionData" in error_of(late, "plugin:other")
    assert "other-1.0.jar" in place.in_folder


def _once_too_late(judge: Callable[..., Iterable[Problem]], come: Callable[[], None]) -> Callable[..., list[Problem]]:
    """Somebody sends data just after the plan was made."""

    def judged(*arguments: object) -> list[Problem]:
        found = list(judge(*arguments))
        if not found:
            come()
        return found

    return judged


def test_an_undo_puts_the_old_jar_back(place: Place) -> None:
    place.apply()
    place.wants(place.has("demo", "2.0", "demo-2.0-fat.jar"))
    report = place.apply()
    assert report.undo
    undone = jobs.apply_document(Job(Path(report.undo), Asked(url=place.server.url)), place.tools, Talk())
    assert outcomes(undone) == {"update plugin:demo": "done"}, error_of(undone, "plugin:demo")
    assert place.in_folder == ["container-service-3.7.3.jar", "demo-1.0.jar"]
    assert place.plan().exit_code == 2


def test_what_does_not_fit_is_refused_and_may_be_allowed(place: Place) -> None:
    make_jar(place.folder / "container-service-3.9.0.jar", "containers")
    place.wants(place.has("containers", "3.9.0", "container-service-3.9.0.jar"))
    refused = place.apply()
    assert (refused.exit_code, rules(refused)) == (3, ["plugin-fit"])
    assert place.apply(allow=frozenset({"plugin-fit"})).exit_code == 0
    assert place.loaded == {"containers": "3.9.0"}
    assert "plugin-fit" in rules(place.plan(), "warning")
