"""Scripts put together by chance: what coverage calls protected does not come through."""

from __future__ import annotations

from functools import cache

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bootstrap.dicomedit import parse
from bootstrap.dicomedit.coverage import Verdict, coverage
from bootstrap.dicomedit.coverage.canaries import Cage, caged
from bootstrap.dicomedit.coverage.proof import VARIABLES, survivors_in
from bootstrap.facts.ps315 import attributes

TAGS = ["(0010,0010)", "(0010,0020)", "(0008,0020)", "(0008,0018)", "(0010,4000)", "(0010,1002)", "(0008,0060)"]
CONDITIONS = [
    '(0008,0060) = "CT"',
    '(0008,0060) != "CT"',
    "isPresent[(0010,0020)]",
    '(0010,4000) ~ ".+"',
    '(0010,0020) !~ ".+"',
    '(0010,0010) = ""',
]

tags = st.sampled_from(TAGS)
scopes = st.sampled_from(["", "*/", "+/", "./", "(5200,9229)/", "(5200,9230)/(0020,9111)/"])
values = st.one_of(
    st.sampled_from(['""', '"X"', "subject", "kept", 'lookup["a", "b"]']),
    tags,
    tags.map(lambda tag: f"hashUID[{tag}]"),
    tags.map(lambda tag: f'format["<{{0}}>", {tag}]'),
)
actions = st.one_of(
    st.builds(lambda scope, tag: f"- {scope}{tag}", scopes, tags),
    st.builds(lambda tag, value: f"{tag} := {value}", tags, values),
    st.builds(lambda scope, tag, value: f"{scope}{tag} ?= {value}", scopes, tags, values),
    st.builds(lambda scope, tag: f"hashUIDList[{scope}{tag}]", scopes, tags),
    st.builds(lambda scope, tag: f'removeTags["{scope}{tag}"]', scopes, tags),
    st.builds(lambda value: f"kept := {value}", values),
)
conditions = st.sampled_from(CONDITIONS)
statements = st.one_of(
    actions,
    actions,
    st.builds(lambda condition, action: f"{condition} ? {action}", conditions, actions),
    st.builds(lambda condition, one, other: f"{condition} ? {one} : {other}", conditions, actions, actions),
    st.builds(
        lambda condition, then, other: f"if ({condition}) {{\n{then}\n}} else {{\n{other}\n}}",
        conditions,
        st.lists(actions, max_size=3).map("\n".join),
        st.lists(actions, max_size=2).map("\n".join),
    ),
)


@cache
def cage() -> Cage:
    wanted = {*TAGS, "(0008,1155)"}
    return caged([one for one in attributes() if one.tag in wanted])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(statements, min_size=1, max_size=6))
def test_nothing_comes_through_unseen(parts: list[str]) -> None:
    script = parse("\n".join(['version "6.7"', 'kept := "K"', *parts, ""]))
    outcome = script.apply(cage().dataset, VARIABLES)
    if outcome.dataset is None:
        return
    rows = {row.attribute.tag: row for row in coverage(script).rows}
    for survivor in survivors_in(outcome.dataset, cage().canaries):
        row = rows[survivor.canary.attribute.tag]
        if survivor.found_at.startswith(survivor.canary.where):
            nested = row.nested if survivor.canary.where.startswith("(5200,") else row.root
            places = [nested, *(treatment for _, treatment in row.named)]
            assert any(place and place.verdict is Verdict.GAP for place in places), str(survivor)
        else:
            holder = next((one for one in rows.values() if one.attribute.tag in survivor.found_at), row)
            assert Verdict.GAP in (row.verdict, holder.verdict), str(survivor)
