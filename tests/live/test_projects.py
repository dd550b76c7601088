"""Projects and their scripts, against the practice XNAT."""

from __future__ import annotations

from tests.live.conftest import SITE, Bench

PROJECTS = """\
project_defaults: {accessibility: private}
projects:
  - id: BRAIN
    title: Brain study
    description: "a <b> & c"
    pi: {first: Ada, last: Lovelace}
    prearchive_code: 5
    anonymization:
      script: |
        version "6.6"
        (0010,0020) := subject
  - id: HEART
    accessibility: public
"""
READS_BEYOND_THE_SITE = 3  # two lists of projects, and the one script


def outcomes(report: object) -> dict[str, str | None]:
    return {line.change.ref: line.outcome for line in report.lines}  # type: ignore[attr-defined]


def test_projects_are_made_and_the_second_run_writes_nothing(bench: Bench) -> None:
    bench.apply()
    floor = bench.apply().counts.requests
    bench.write(SITE + PROJECTS)
    first = bench.apply()
    assert first.exit_code == 0, [line.error for line in first.lines]
    assert outcomes(first) == {
        "project:BRAIN": "done",
        "project:HEART": "done",
        "project_anonymization:BRAIN": "done",
    }
    second = bench.apply()
    assert (second.exit_code, second.counts.writes) == (0, 0)
    assert second.counts.requests <= floor + READS_BEYOND_THE_SITE


def test_fields_change_one_by_one_and_null_clears(bench: Bench) -> None:
    bench.write(SITE + PROJECTS)
    bench.apply()
    changed = PROJECTS.replace("Brain study", "Brain study 2").replace('"a <b> & c"', "null")
    bench.write(SITE + changed.replace("accessibility: public", "accessibility: protected"))
    report = bench.apply()
    assert report.exit_code == 0, [line.error for line in report.lines]
    fields = {(line.change.name, field.path): field.after for line in report.lines for field in line.change.fields}
    assert fields == {
        ("BRAIN", "title"): "Brain study 2",
        ("BRAIN", "description"): "",
        ("HEART", "accessibility"): "protected",
    }
    assert bench.apply().counts.writes == 0


def test_a_script_can_be_switched_off_and_on_and_taken_away(bench: Bench) -> None:
    bench.write(SITE + PROJECTS)
    bench.apply()
    off = PROJECTS.replace("    anonymization:\n", "    anonymization:\n      enabled: false\n")
    for text in (off, PROJECTS, PROJECTS.replace("script: |", "script: null #").split("\n        version")[0] + "\n"):
        bench.write(SITE + text)
        assert bench.apply().exit_code == 0
        assert bench.apply().counts.writes == 0


def test_projects_are_never_removed(bench: Bench) -> None:
    bench.write(SITE + PROJECTS)
    bench.apply()
    bench.write(SITE)
    report = bench.apply(prune=True)
    assert outcomes(report) == {"project_anonymization:BRAIN": "done"}
    hints = {problem.message.split()[0]: problem.hint for problem in report.problems}
    assert hints["project:BRAIN"] == "it is never removed"


def test_a_deleted_id_is_foreseen_and_needs_consent(bench: Bench) -> None:
    bench.write(SITE + PROJECTS)
    bench.apply()
    bench.admin()._send("DELETE", "/data/projects/HEART")
    foreseen = bench.plan()
    assert [problem.rule for problem in foreseen.problems if problem.severity == "error"] == ["reuse-id"]
    assert bench.apply().exit_code == 3
    again = bench.apply(allow=frozenset({"reuse-id"}))
    assert outcomes(again)["project:HEART"] == "done", [line.error for line in again.lines]
    assert bench.apply().counts.writes == 0


def test_a_deleted_id_of_somebody_else_is_explained(bench: Bench) -> None:
    bench.apply()
    bench.admin()._send("PUT", "/data/projects/OLD?accessibility=private")
    bench.admin()._send("DELETE", "/data/projects/OLD")
    bench.write(SITE + "projects: [{id: OLD}]\n")
    report = bench.apply()
    assert report.exit_code == 1
    assert "reuse-id" in str(report.lines[0].error)


def test_names_in_common_are_told_offline(bench: Bench) -> None:
    bench.apply()
    bench.write(SITE + "projects: [{id: A1, title: heart}, {id: HEART}]\n")
    report = bench.plan()
    assert [problem.rule for problem in report.problems if problem.severity == "error"] == ["project-name-taken"]
