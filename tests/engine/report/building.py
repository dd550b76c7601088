"""Reports from case files, and reports of any shape for properties."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from bootstrap.engine.plan import Change, FieldChange
from bootstrap.engine.report.report import Counts, Line, Report
from bootstrap.values import Problem, Secret, Source

CASES = Path(__file__).parent / "cases"


def case_names() -> list[str]:
    return sorted(path.stem for path in CASES.glob("*.json"))


def report_of(name: str) -> Report:
    return report_from(json.loads((CASES / f"{name}.json").read_text(encoding="utf-8")))


def report_from(document: dict[str, Any]) -> Report:
    """A case has the names of `Report`; what it leaves out is as `Report` has it."""
    rest = {key: value for key, value in document.items() if key not in ("about", "lines", "problems", "counts")}
    return Report(
        lines=[line_from(line) for line in document.get("lines", ())],
        problems=[_problem_from(problem) for problem in document.get("problems", ())],
        counts=Counts(**document.get("counts", {})),
        **rest,
    )


def line_from(document: dict[str, Any]) -> Line:
    change = Change(
        kind=document["kind"],
        name=document["name"],
        action=document["action"],
        fields=tuple(FieldChange(*field) for field in document.get("fields", ())),
        needs=tuple(document.get("needs", ())),
        notes=tuple(document.get("notes", ())),
        source=_source_from(document.get("source")),
        deferred=document.get("deferred", False),
    )
    return Line(change, document.get("outcome"), document.get("error"))


def _problem_from(document: dict[str, Any]) -> Problem:
    return Problem(**{**document, "source": _source_from(document.get("source"))})


def _source_from(text: str | None) -> Source | None:
    if text is None:
        return None
    file, line, column = text.rsplit(":", 2)
    return Source(file, int(line), int(column))


# Any report

few = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
CANARY = "canary-xK93"
_nasty = st.sampled_from(
    [
        "\x1b[31m",
        "\x1b]0;t\x07",
        "a|b",
        "```",
        "`" * 7,
        "<script>",
        "]]>",
        "&amp;",
        "\x00",
        "\ud800",
        "\u202e",
        "@all",
        "#1",
    ]
)
texts = st.lists(st.one_of(st.text(max_size=12), _nasty, st.just("\n")), max_size=5).map("".join)
secrets = st.just(Secret(CANARY))
numbers = st.integers(-(10**6), 10**6) | st.floats()


def values_of(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3), max_leaves=5
    )


masked_values = values_of(st.none() | st.booleans() | numbers | texts)
values = values_of(st.none() | st.booleans() | numbers | texts | secrets)
sources = st.none() | st.builds(Source, texts, st.integers(1, 999), st.integers(1, 99))
_movers = st.sampled_from(["file", "server", "both", "new"])
_actions = st.sampled_from(["none", "create", "update", "delete", "rename", "repair", "restart", "pending"])


def fields_with(held: st.SearchStrategy[Any]) -> st.SearchStrategy[FieldChange]:
    return st.builds(FieldChange, texts, held, held, _movers)


def changes_with(held: st.SearchStrategy[Any]) -> st.SearchStrategy[Change]:
    return st.builds(
        Change,
        kind=texts,
        name=texts,
        action=_actions,
        fields=st.lists(fields_with(held), max_size=4).map(tuple),
        needs=st.lists(texts, max_size=2).map(tuple),
        notes=st.lists(texts, max_size=2).map(tuple),
        source=sources,
        level=st.integers(0, 1000),
        seen=texts,
        deferred=st.booleans(),
    )


outcomes = st.none() | st.sampled_from(["done", "failed", "skipped", "unknown"])
problems = st.builds(Problem, st.sampled_from(["error", "warning", "note"]), texts, texts, texts, sources)
_counts = st.builds(Counts, *[st.integers(0, 5000)] * 3, st.floats(0, 10_000))
reports = st.builds(
    Report,
    verb=st.sampled_from(["plan", "apply", "drift", "validate"]),
    exit_code=st.sampled_from([0, 1, 2, 3, 4, 5, 64]),
    server_url=st.none() | texts,
    server_version=st.none() | texts,
    practice=st.booleans(),
    lines=st.lists(st.builds(Line, changes_with(values), outcomes, st.none() | texts), max_size=3),
    problems=st.lists(problems, max_size=3),
    counts=_counts,
    deferred=st.integers(0, 9),
    accepted=st.integers(0, 9),
    undo=st.none() | texts,
    after_restart=st.lists(texts, max_size=2),
    talk=st.lists(texts, max_size=2),
)
