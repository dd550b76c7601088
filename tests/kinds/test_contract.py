"""The contract of every kind, proved from its case files. A new kind adds files, never a line here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bootstrap.dicomedit.lint import RULES
from bootstrap.engine.plan import Change
from bootstrap.engine.saved import plan_as_json
from bootstrap.errors import SiteFileError
from bootstrap.kinds import KINDS
from bootstrap.kinds.kind import Kind
from bootstrap.ops import jobs
from bootstrap.ops.jobs import Job
from bootstrap.ops.session import Asked, Tools, load
from bootstrap.practice.clock import FAST
from bootstrap.practice.server import PracticeServer
from bootstrap.values import Problem, canonical_json
from bootstrap.xnat.client import Client
from bootstrap.xnat.guard import WriteForbidden, is_harmless
from bootstrap.xnat.transport import Request
from tests.kinds.cases import CASES, FOLDER, PASSWORD, Case
from tests.kinds.inserting import with_unknown_keys
from tests.kinds.life import Lives, Ran, errors, refs, write_site
from tests.live.conftest import brief_pause

BY_NAME = {kind.name: kind for kind in KINDS}
# What the cases of a kind must show between them; `exempt.txt` beside them says why one of these has no meaning there.
ASPECTS = (
    "change",
    "absent",
    "empty",
    "null",
    "adopts",
    "foreign",
    "gone",
    "protected",
    "bad-value",
    "drift",
)

SERVED = [case for case in CASES if case.problems is None]
GOOD = [case for case in SERVED if not case.refused]
ROUND = [case for case in GOOD if not case.scripted]
CHANGED = [case for case in ROUND if case.changed is not None]
WITH_SECTIONS = [case for case in SERVED if any(f"{s.key}:" in case.site for s in BY_NAME[case.kind].sections)]


@pytest.fixture(scope="module")
def lives(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lives]:
    made = Lives(tmp_path_factory.mktemp("lives"))
    yield made
    made.close()


# The cases themselves


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_kind_shows_every_aspect_or_says_why_not(kind: Kind) -> None:
    shown = {aspect for case in CASES if case.kind == kind.name for aspect in case.shows}
    exempt = _exempt(kind.name)
    assert not shown - set(ASPECTS)
    assert not set(exempt) & shown, "exempt, and shown all the same"
    assert set(ASPECTS) - set(exempt) == shown
    assert all(len(reason.split()) > 3 for reason in exempt.values())


def _exempt(kind: str) -> dict[str, str]:
    place = FOLDER / kind / "exempt.txt"
    lines = place.read_text(encoding="utf-8").splitlines() if place.exists() else []
    return {aspect.strip(): reason.strip() for aspect, _, reason in (line.partition(":") for line in lines)}


def test_every_case_is_of_a_kind() -> None:
    assert {case.kind for case in CASES} == set(BY_NAME)


# Offline


@pytest.mark.parametrize("case", [case for case in CASES if case.problems is not None], ids=str)
def test_what_is_wrong_with_a_file_is_told_with_its_place(case: Case, tmp_path: Path) -> None:
    write_site(tmp_path, case, case.site_text())
    report = jobs.validate(Job(tmp_path), Tools(environ=case.environ))
    told = [{p.rule: f"{p.source.line}:{p.source.column}" if p.source else ""} for p in report.problems]
    assert told == list(case.problems or ())
    assert report.exit_code == (1 if any(p.severity == "error" for p in report.problems) else 0)
    assert all(problem.source and Path(problem.source.file).exists() for problem in report.problems)
    assert PASSWORD not in str(report.as_json())


@pytest.mark.parametrize("case", WITH_SECTIONS, ids=str)
def test_unknown_keys_are_errors_wherever_they_stand(case: Case, tmp_path: Path) -> None:
    sections = {section.key for section in BY_NAME[case.kind].sections}
    tried = 0
    for text, line in with_unknown_keys(case.site_text(), sections, case.free):
        write_site(tmp_path, case, text)
        with pytest.raises(SiteFileError) as caught:
            load(tmp_path, Asked(), Tools(environ=case.environ))
        found = [problem for problem in caught.value.problems if problem.rule == "unknown-key"]
        assert [problem.source.line for problem in found if problem.source] == [line], caught.value
        tried += 1
    assert tried


# Planning


@pytest.mark.parametrize("case", SERVED, ids=str)
def test_the_plan_is_the_expected_one(case: Case, lives: Lives) -> None:
    report = lives.of(case).planned.report
    own = [line.change for line in report.lines if line.change.action != "none"]
    assert [_as_expected(change) for change in own] == list(case.plan)
    notes = {change.ref: change.notes for change in own}
    for ref, texts in case.notes.items():
        assert [text for text in texts if not any(text in note for note in notes[ref])] == [], notes[ref]
    assert sorted(problem.rule for problem in report.problems if not _is_advice(problem)) == sorted(case.says)
    assert report.exit_code == case.exit_code


def _is_advice(problem: Problem) -> bool:
    """What lint warns of in the scripts of the cases is another story."""
    return problem.rule in RULES and problem.severity != "error"


def _as_expected(change: Change) -> dict[str, Any]:
    return {f"{change.action} {change.ref}": {f.path: [f.before, f.after, f.moved] for f in change.fields}}


@pytest.mark.parametrize("case", SERVED, ids=str)
def test_planning_cannot_write(case: Case, lives: Lives) -> None:
    assert [request.line for request in lives.of(case).planned.sent if not is_harmless(request)] == []


def test_a_write_while_planning_is_stopped_by_the_guard() -> None:
    with pytest.raises(WriteForbidden):
        Client(_Never()).write("PUT", "/xapi/anything", doing="planning")


class _Never:
    def send(self, request: Request) -> Any:
        raise AssertionError(f"{request.line} reached the wire")

    def close(self) -> None: ...


@pytest.mark.parametrize("case", SERVED, ids=str)
def test_a_plan_is_the_same_bytes_for_the_same_input(case: Case, lives: Lives) -> None:
    life = lives.of(case)
    first, second = life.planned.plan, life.planned_again.plan
    assert first
    assert second
    assert canonical_json(plan_as_json(first)) == canonical_json(plan_as_json(second))


@pytest.mark.parametrize("case", SERVED, ids=str)
def test_every_change_and_refusal_knows_where_it_is_written(case: Case, lives: Lives) -> None:
    plan = lives.of(case).planned.plan
    assert plan
    assert [change.ref for change in plan.changes if change.source is None and change.action != "delete"] == []
    # What is removed stands in no file any more.
    removed = [name for change in plan.changes if change.action == "delete" for name in (change.ref, change.kind)]
    placeless = [p.message for p in (*plan.refusals, *plan.failures) if p.source is None]
    assert [text for text in placeless if not any(name in text for name in removed)] == []


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeServer]:
    with PracticeServer(tmp_path_factory.mktemp("fresh") / "state", clock=FAST, initialized=False) as server:
        yield server


@pytest.mark.parametrize("case", ROUND, ids=str)
def test_what_cannot_be_read_yet_is_pending_and_never_empty(case: Case, fresh: PracticeServer, tmp_path: Path) -> None:
    write_site(tmp_path, case, case.site_text())
    environ = {**case.environ, "XNAT_PASSWORD": "admin"}
    _plan, report = jobs.plan(Job(tmp_path, Asked(url=fresh.url)), Tools(environ=environ, pause=brief_pause))
    others = [line.change for line in report.lines if line.change.kind != "initialization"]
    assert {change.action for change in others} <= {"pending"}
    assert [c.ref for c in others if not any("cannot be read before initialization:site" in n for n in c.notes)] == []
    wanted = {resource.ref for kind in KINDS for resource in kind.desired(load(tmp_path, Asked(), Tools(environ)))}
    assert {line.change.ref for line in report.lines} == wanted
    assert report.exit_code == 2


# Applying


@pytest.mark.parametrize("case", GOOD, ids=str)
def test_everything_that_is_planned_is_done(case: Case, lives: Lives) -> None:
    report = lives.of(case).applied.report
    assert [(line.change.ref, line.error) for line in report.lines if line.outcome not in ("done", None)] == []
    assert report.exit_code == 0


@pytest.mark.parametrize("case", [case for case in GOOD if case.writes is not None], ids=str)
def test_the_writes_are_the_expected_ones(case: Case, lives: Lives) -> None:
    sent = lives.of(case).applied.writes
    assert _like(sent, list(case.writes or ())) == list(case.writes or ())


@pytest.mark.parametrize("case", [case for case in GOOD if case.requests is not None], ids=str)
def test_the_requests_are_the_expected_ones(case: Case, lives: Lives) -> None:
    sent = lives.of(case).applied.own
    assert _like(sent, list(case.requests or ())) == list(case.requests or ())


def _like(sent: list[Request], expected: list[Any]) -> list[Any]:
    """What was sent, with its body where the case gives one."""
    with_body = [isinstance(line, dict) for line in expected] + [True] * len(sent)
    return [{r.line: _body(r)} if whole else r.line for r, whole in zip(sent, with_body, strict=False)]


def _body(request: Request) -> Any:
    text = (request.body or b"").decode()
    try:
        return json.loads(text)
    except ValueError:
        return text


@pytest.mark.parametrize("case", GOOD, ids=str)
def test_the_second_run_sends_no_write_and_keeps_its_budget(case: Case, lives: Lives) -> None:
    again = lives.of(case).applied_again
    assert again.report.exit_code == 0
    assert again.report.counts.writes == 0
    assert [request.line for request in again.sent if not is_harmless(request)] == [], "not even bookkeeping"
    assert refs(again, "create", "update", "delete", "rename", "repair", "pending") == set()
    assert len(again.sent) <= case.budget, [request.line for request in again.sent]


@pytest.mark.parametrize("case", [case for case in SERVED if case.refused], ids=str)
def test_what_is_refused_is_not_sent(case: Case, lives: Lives) -> None:
    applied = lives.of(case).applied
    assert applied.report.exit_code == 3
    assert applied.writes == []


# After it


@pytest.mark.parametrize("case", ROUND, ids=str)
def test_an_export_of_what_was_applied_plans_empty(case: Case, lives: Lives) -> None:
    exported = lives.of(case).exported
    assert [_as_expected(line.change) for line in exported.report.lines if line.change.action != "none"] == []
    assert exported.report.exit_code == 0
    named = refs(lives.of(case).applied_again, "none")
    assert named


@pytest.mark.parametrize("case", CHANGED, ids=str)
def test_another_owners_things_are_refused_unless_allowed(case: Case, lives: Lives) -> None:
    life, kind = lives.of(case), BY_NAME[case.kind]
    refused = life.planned_by_another
    own = {ref for ref in refs(refused, "update", "create") if ref.startswith(f"{kind.name}:")}
    told = _told(refused, "foreign")
    assert told >= own
    assert bool(own) == kind.remembered
    assert refused.report.exit_code == 3 or not told
    assert errors(life.allowed_to_another) == []
    assert life.allowed_to_another.report.exit_code == 2


@pytest.mark.parametrize("case", [case for case in CHANGED if not case.fresh], ids=str)
def test_gone_from_the_file_is_a_note_and_prune_removes_what_the_ledger_names(case: Case, lives: Lives) -> None:
    life, kind = lives.of(case), BY_NAME[case.kind]
    ours = {ref for ref in refs(life.applied_again, "none") if ref.startswith(f"{kind.name}:")}
    told = _told(life.gone, "gone-from-file")
    assert told >= (ours if kind.remembered else set())
    assert (life.gone.report.exit_code, life.gone.writes) == (0, [])
    removed = refs(life.pruned, "delete")
    assert removed <= told, "only what the ledger names"
    assert bool(removed & ours) == (kind.removable and kind.remembered)
    assert life.pruned.report.exit_code == 0
    assert [request.line for request in life.pruned_again.sent if not is_harmless(request)] == []
    assert life.pruned_again.report.exit_code == 0


def _told(ran: Ran, rule: str) -> set[str]:
    return {problem.message.split(" ")[0] for problem in ran.report.problems if problem.rule == rule}


@pytest.mark.parametrize("case", SERVED, ids=str)
def test_secrets_are_in_nothing_that_is_printed_logged_or_left_behind(case: Case, lives: Lives) -> None:
    life = lives.of(case)
    _everything = life.planned if case.refused else life.applied_again
    secrets = [PASSWORD, *case.env.values()]
    left = [path.read_text(encoding="utf-8") for path in life.folder.rglob("*") if _is_ours(path)]
    ledger = [] if case.scripted else _ledgers(life.server)
    assert life.logged
    for text in (*life.logged, *life.printed, *left, *ledger):
        assert not [secret for secret in secrets if secret in text], text
    assert case.refused or case.scripted or not case.plan or left


def _is_ours(path: Path) -> bool:
    return path.is_file() and "/.xnat-bootstrap/" in str(path)


def _ledgers(server: PracticeServer | None) -> list[str]:
    assert server
    assert server.site
    rows = server.site.storage.rows("SELECT * FROM configs WHERE tool = 'xnat-bootstrap'")
    return [str(tuple(row)) for row in rows]
