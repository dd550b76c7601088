"""The thin line through the whole house: planned, applied, read back, and planned again to nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bootstrap.engine.report.report import Report
from bootstrap.engine.run import Talk
from bootstrap.engine.saved import load_document, save_plan
from bootstrap.errors import BootstrapError, LocalFileError, LockHeld, Refused, StalePlan, UsageError
from bootstrap.ops import jobs
from bootstrap.ops.console import Console
from bootstrap.ops.session import Asked
from bootstrap.ops.starting import init_site
from bootstrap.xnat.connection import Connection
from tests.live.conftest import SITE, Bench

SECOND_RUN_REQUESTS = 9  # one of them each: version, sign-in, ledger, three kinds (one of them two), sign-out


def outcomes(report: object) -> dict[str, str | None]:
    return {line.change.ref: line.outcome for line in report.lines}  # type: ignore[attr-defined]


def test_a_fresh_xnat_is_set_up_and_the_second_run_writes_nothing(bench: Bench) -> None:
    first = bench.apply()
    assert first.exit_code == 0, first.problems
    assert outcomes(first)["initialization:site"] == "done"
    assert outcomes(first)["admin_password:admin"] == "done"
    before = list(bench.server.requests)
    second = bench.apply()
    assert (second.exit_code, second.counts.writes, list(second.lines)) == (0, 0, [])
    assert second.counts.requests <= SECOND_RUN_REQUESTS
    sent = list(bench.server.requests)[len(before) :]
    assert [seen for seen in sent if seen.method not in ("GET", "HEAD")] == [s for s in sent if s.method == "DELETE"]


def test_plan_exits_2_before_and_0_after_and_writes_nothing(bench: Bench) -> None:
    assert bench.plan().exit_code == 2
    assert not [seen for seen in bench.server.requests if seen.method not in ("GET", "HEAD", "DELETE")]
    assert bench.apply().exit_code == 0
    assert bench.plan().exit_code == 0


def test_a_plan_of_an_uninitialised_site_leaves_its_address_alone(bench: Bench) -> None:
    bench.plan()
    assert not [seen for seen in bench.server.requests if seen.path.rstrip("/") == "/xapi/siteConfig"]


def test_what_the_file_says_is_on_the_server(bench: Bench) -> None:
    bench.apply()
    admin = bench.admin()
    assert admin.setting("siteId") == "LIVE"
    assert admin.setting("sessionTimeout") == "30 minutes"
    row = admin.rows("anon/script")[-1]
    assert row["contents"] == 'version "6.6"\n(0010,0010) := subject'
    assert row["status"] == "enabled"


def test_a_setting_changed_by_hand_is_named_by_drift_and_put_back_by_apply(bench: Bench) -> None:
    bench.apply()
    bench.admin().set(sessionTimeout="5 minutes")
    found = bench.drift()
    assert found.exit_code == 2
    change = found.lines[0].change
    assert change.ref == "site_setting:sessionTimeout"
    assert [(f.before, f.after, f.moved) for f in change.fields] == [("30 minutes", "5 minutes", "server")]
    assert bench.apply().exit_code == 0
    assert bench.drift().exit_code == 0


def test_drift_before_any_apply_says_so(bench: Bench) -> None:
    found = bench.drift()
    assert found.exit_code == 0
    assert "never applied" in found.talk[0]


def test_a_stale_saved_plan_skips_just_the_stale_thing(bench: Bench, tmp_path: Path) -> None:
    bench.apply()
    bench.write(SITE.replace("30 minutes", "45 minutes").replace("emailPrefix: LIVE", "emailPrefix: OTHER"))
    made, _report = jobs.plan(bench.job(), bench.tools)
    place = tmp_path / "plan.json"
    save_plan(made, place)
    bench.admin().set(sessionTimeout="1 hour")
    report = jobs.apply_saved(place, load_document(place), bench.job(), bench.tools, Talk())
    assert outcomes(report) == {"site_setting:sessionTimeout": "skipped", "notification:emailPrefix": "done"}
    assert report.exit_code == 5
    assert bench.admin().setting("sessionTimeout") == "1 hour"


def saved_plan(bench: Bench, folder: Path) -> Path:
    place = folder / "plan.json"
    save_plan(jobs.plan(bench.job(), bench.tools)[0], place)
    return place


def apply_saved(bench: Bench, place: Path, **options: Any) -> Report:
    return jobs.apply_saved(place, load_document(place), bench.job(**options), bench.tools, Talk())


def test_a_saved_plan_applied_again_has_nothing_to_do(bench: Bench, tmp_path: Path) -> None:
    place = saved_plan(bench, tmp_path)
    assert apply_saved(bench, place).exit_code == 0
    again = apply_saved(bench, place)
    assert (again.exit_code, again.lines, again.counts.writes) == (0, [], 0)


def test_a_saved_plan_whose_removal_was_made_has_nothing_to_do(bench: Bench, tmp_path: Path) -> None:
    bench.apply()
    bench.write(SITE.replace("  sessionTimeout: 30 minutes\n", ""))
    place = tmp_path / "plan.json"
    save_plan(jobs.plan(bench.job(prune=True), bench.tools)[0], place)
    assert outcomes(apply_saved(bench, place)) == {"site_setting:sessionTimeout": "done"}
    assert (apply_saved(bench, place).exit_code, bench.admin().setting("sessionTimeout")) == (0, "15 minutes")


def test_a_saved_plan_does_not_pretend_to_heed_options(bench: Bench, tmp_path: Path) -> None:
    place = saved_plan(bench, tmp_path)
    for options in ({"only": ("site_setting",)}, {"prune": True}, {"allow": frozenset({"foreign"})}):
        with pytest.raises(UsageError, match="as it was made"):
            apply_saved(bench, place, **options)


@pytest.mark.parametrize(
    "edit", [('"45 minutes"', '"1 minute"'), ('"update"', '"delete"'), ('"prune": false', '"prune": true')]
)
def test_a_saved_plan_that_somebody_edited_is_refused(edit: tuple[str, str], bench: Bench, tmp_path: Path) -> None:
    bench.apply()
    bench.write(SITE.replace("30 minutes", "45 minutes"))
    place = saved_plan(bench, tmp_path)
    text = place.read_text()
    assert edit[0] in text
    place.write_text(text.replace(*edit))
    with pytest.raises(UsageError, match="was changed after `plan` wrote it"):
        apply_saved(bench, place)
    assert bench.admin().setting("sessionTimeout") == "30 minutes"
    place.write_text(json.dumps(json.loads(text)))  # the same, laid out otherwise
    assert apply_saved(bench, place).exit_code == 0


def test_a_saved_plan_of_other_files_is_refused(bench: Bench, tmp_path: Path) -> None:
    bench.apply()
    bench.write(SITE.replace("30 minutes", "45 minutes"))
    made, _report = jobs.plan(bench.job(), bench.tools)
    place = tmp_path / "plan.json"
    save_plan(made, place)
    bench.write(SITE.replace("30 minutes", "50 minutes"))
    with pytest.raises(StalePlan, match="not what they were"):
        jobs.apply_saved(place, load_document(place), bench.job(), bench.tools, Talk())


def test_undo_puts_the_before_images_back(bench: Bench) -> None:
    bench.apply()
    bench.write(SITE.replace("30 minutes", "45 minutes").replace("subject\n", "session\n"))
    report = bench.apply()
    assert report.undo
    undo = Path(report.undo)
    undone = jobs.undo(undo, load_document(undo), bench.job(), bench.tools, Talk())
    assert undone.exit_code == 0
    assert bench.admin().setting("sessionTimeout") == "30 minutes"
    assert bench.admin().rows("anon/script")[-1]["contents"].endswith(":= subject")


def test_the_undo_of_a_first_run_says_what_stays(bench: Bench) -> None:
    report = bench.apply()
    assert report.undo
    undo = Path(report.undo)
    undone = jobs.undo(undo, load_document(undo), bench.job(), bench.tools, Talk())
    assert undone.exit_code == 0
    assert {line.outcome for line in undone.lines} == {"done"}
    assert [p.message.partition(":")[0] for p in undone.problems if p.rule == "never-removed"] == [
        "admin_password",
        "initialization",
    ]
    assert bench.admin().setting("sessionTimeout") == "15 minutes"


@pytest.mark.parametrize("undoing", [False, True], ids=["apply", "undo"])
def test_ctrl_c_while_signing_out_does_not_lose_the_report(
    undoing: bool, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = bench.apply()
    assert first.undo
    bench.write(SITE.replace("30 minutes", "45 minutes"))
    monkeypatch.setattr(Connection, "close", interrupt)
    place = Path(first.undo)
    report = jobs.undo(place, load_document(place), bench.job(), bench.tools, Talk()) if undoing else bench.apply()
    assert report.exit_code == 0
    assert outcomes(report)["site_setting:sessionTimeout"] == "done"
    assert report.counts.writes


def test_ctrl_c_before_anything_was_done_is_no_report(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "gather_inputs", interrupt)
    with pytest.raises(KeyboardInterrupt):
        bench.apply()


def interrupt(*_anything: object) -> None:
    raise KeyboardInterrupt


def test_a_script_that_moved_on_both_sides_is_refused(bench: Bench) -> None:
    bench.apply()
    bench.admin().set(sitewideAnonymizationScript='version "6.6"\n(0010,0010) := project')
    bench.write(SITE.replace("subject\n", "session\n"))
    report = bench.apply()
    assert report.exit_code == 3
    assert [problem.rule for problem in report.problems if problem.severity == "error"] == ["both-moved"]
    assert bench.apply(allow=frozenset({"both-moved"})).exit_code == 0


def test_a_script_that_is_given_and_switched_off(bench: Bench) -> None:
    bench.write(SITE + "  enabled: false\n")
    assert bench.apply().exit_code == 0
    row = bench.admin().rows("anon/script")[-1]
    assert (row["status"], row["contents"]) == ("disabled", 'version "6.6"\n(0010,0010) := subject')
    assert bench.apply().counts.writes == 0


def test_copies_of_the_script_that_disagree_are_mended(bench: Bench) -> None:
    bench.apply()
    bench.admin()._send(
        "PUT", "/data/config/anon/script?inbody=true", data="// leaks", headers={"Content-Type": "text/plain"}
    )
    assert bench.plan().exit_code == 2
    assert bench.apply().exit_code == 0
    assert bench.admin().rows("anon/script")[-1]["contents"].endswith(":= subject")
    assert bench.apply().counts.writes == 0


def test_what_is_gone_from_the_file_is_put_back_only_with_prune(bench: Bench) -> None:
    bench.apply()
    bench.write(SITE.replace("  sessionTimeout: 30 minutes\n", ""))
    left = bench.apply()
    assert (left.exit_code, left.counts.writes) == (0, 0)
    assert [problem.rule for problem in left.problems if not problem.rule.startswith("L")] == ["gone-from-file"]
    assert bench.apply(prune=True).exit_code == 0
    assert bench.admin().setting("sessionTimeout") == "15 minutes"
    assert bench.apply(prune=True).counts.writes == 0


def test_null_is_the_servers_default(bench: Bench) -> None:
    bench.apply()
    bench.write(SITE.replace("sessionTimeout: 30 minutes", "sessionTimeout: null"))
    assert bench.apply().exit_code == 0
    assert bench.admin().setting("sessionTimeout") == "15 minutes"


def test_settings_that_brick_a_site_are_refused(bench: Bench) -> None:
    bench.write(SITE.replace("  siteId: LIVE\n", "  siteId: LIVE\n  securityChannel: https\n"))
    report = bench.apply()
    assert report.exit_code == 3
    assert "bricks-site" in [problem.rule for problem in report.problems]
    assert bench.plan().exit_code == 3


def test_two_owners_do_not_touch_each_others_things(bench: Bench) -> None:
    bench.apply()
    bench.write(SITE.replace("server:\n", "server:\n  owner: radiology\n").replace("30 minutes", "1 hour"))
    report = bench.apply()
    assert report.exit_code == 3
    assert {problem.rule for problem in report.problems if problem.severity == "error"} == {"foreign"}
    assert bench.apply(allow=frozenset({"foreign"})).exit_code == 0


def test_what_two_owners_name_is_removed_by_neither_while_the_other_names_it(bench: Bench) -> None:
    theirs = SITE.replace("server:\n", "server:\n  owner: radiology\n")
    bench.apply()
    bench.write(theirs.replace("30 minutes", "45 minutes"))
    assert bench.apply(allow=frozenset({"foreign"})).exit_code == 0
    bench.write(SITE.replace("  sessionTimeout: 30 minutes\n", "").replace("emailPrefix: LIVE", "emailPrefix: ONE"))
    report = bench.apply(prune=True, allow=frozenset({"foreign"}))
    assert report.exit_code == 0
    assert outcomes(report) == {"notification:emailPrefix": "done"}
    assert bench.admin().setting("sessionTimeout") == "45 minutes"
    # The claim was given up: what is theirs alone is not ours to prune, and not even mentioned.
    assert [p.message for p in bench.plan(prune=True).problems if "sessionTimeout" in p.message] == []
    bench.write(theirs.replace("  sessionTimeout: 30 minutes\n", ""))
    assert outcomes(bench.apply(prune=True, only=("site_setting",))) == {"site_setting:sessionTimeout": "done"}
    assert bench.admin().setting("sessionTimeout") == "15 minutes"


def test_a_lock_of_somebody_else_is_named(bench: Bench) -> None:
    from bootstrap.engine.lock import Lock
    from bootstrap.engine.store import Store
    from bootstrap.ops.session import load, opened, target_of

    bench.apply()
    bench.write(SITE.replace("30 minutes", "45 minutes"))
    site = load(bench.folder, bench.job().asked, bench.tools)
    target = target_of(bench.job().asked, bench.tools, site)
    with (
        opened(target, bench.tools) as xnat,
        xnat.client.writing(),
        Lock(Store(xnat.client), "other", xnat.pause),
        pytest.raises(LockHeld, match="owner `other`"),
    ):
        bench.apply()
    assert bench.apply().exit_code == 0


def test_a_ledger_that_cannot_be_read_is_begun_anew_where_nothing_else_is_to_be_done(bench: Bench) -> None:
    bench.apply()
    bench.admin().put("/data/config/xnat-bootstrap/ledger/default?inbody=true", "garbage{")
    with pytest.raises(BootstrapError, match="it is not JSON"):
        bench.drift()
    report = bench.apply(allow=frozenset({"new-ledger"}))
    assert (report.exit_code, report.counts.writes, report.problems[-1].rule) == (0, 0, "new-ledger")
    assert bench.drift().exit_code == 0
    assert bench.drift().talk == ()


def test_another_version_than_the_file_is_for_is_refused(bench: Bench) -> None:
    bench.write(SITE.replace("server:\n", 'server:\n  version: ">=1.10"\n'))
    with pytest.raises(Refused, match=r"1\.9\.2\.1"):
        bench.plan()


def test_only_writes_what_is_named_and_what_it_needs(bench: Bench) -> None:
    report = bench.apply(only=("notification:emailPrefix",))
    assert set(outcomes(report)) == {"initialization:site", "admin_password:admin", "notification:emailPrefix"}


def test_rotation_is_decided_on_its_own(bench: Bench) -> None:
    bench.write(SITE.replace("practice-me", "admin"))
    bench.apply()
    bench.write(SITE)
    report = bench.apply()
    assert outcomes(report) == {"admin_password:admin": "done"}
    assert bench.apply().counts.writes == 0


def test_the_series_filter_goes_in_one_post(bench: Bench) -> None:
    filters = "  enableSitewideSeriesImportFilter: true\n  sitewideSeriesImportFilter: SCOUT\n"
    bench.write(SITE.replace("  siteId: LIVE\n", "  siteId: LIVE\n" + filters))
    assert bench.apply().exit_code == 0
    row = bench.admin().rows("seriesImportFilter/config")[-1]
    assert row["status"] == "enabled"
    assert "SCOUT" in row["contents"]
    assert bench.apply().counts.writes == 0


def test_secrets_appear_in_nothing_that_is_left_behind(bench: Bench) -> None:
    report = bench.apply()
    files = [path for path in bench.folder.rglob("*") if path.is_file() and path.name != "site.yaml"]
    assert files
    texts = [path.read_text(encoding="utf-8") for path in files]
    texts += [str(report.as_json()), *(row["contents"] for row in bench.admin().rows("xnat-bootstrap/ledger/default"))]
    assert not [text for text in texts if "practice-me" in text or "canary-smtp" in text]


def test_a_site_made_from_a_server_comes_with_its_schema(bench: Bench, tmp_path: Path) -> None:
    bench.apply()
    bench.environ["XNAT_PASSWORD"] = "practice-me"
    folder = tmp_path / "from server"
    assert init_site(folder, bench.server.url, Asked(url=bench.server.url), bench.tools, Console()) == 0
    assert (
        (folder / "site.yaml").read_text("utf-8").startswith("# yaml-language-server: $schema=site.schema.json\n# What")
    )
    assert "site" in json.loads((folder / "site.schema.json").read_text("utf-8"))["properties"]
    with pytest.raises(LocalFileError, match="exists already"):
        init_site(folder, bench.server.url, Asked(url=bench.server.url), bench.tools, Console())
