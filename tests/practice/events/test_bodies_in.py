"""Whatever JSON comes: a subscription, or XNAT's refusal, and nothing else."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootstrap.practice.events import bodies_in, page_request
from bootstrap.practice.events.subscriptions import EventFilter, Subscription
from bootstrap.practice.http.call import Refusal

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4)
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
)


def members(*names: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={name: SCALARS | ANYTHING for name in names})


FILTERS = members(
    *("event-type", "status", "project-ids", "payload-filter", "schedule", "schedule-description", "name"),
    "filter-nodes",
)
BODIES = ANYTHING | st.builds(
    lambda outer, inner: {**outer, "event-filter": inner},
    members("name", "active", "action-key", "attributes", "act-as-event-user", "custom-listener-id"),
    FILTERS | ANYTHING,
)
OLD = Subscription("old", "k:1", EventFilter("E", "S", ("P",)), "me", attributes={"a": "b"})


def is_text(value: Any) -> bool:
    return value is None or isinstance(value, str)


@given(BODIES)
def test_creation(body: Any) -> None:
    for read in (bodies_in.for_site, bodies_in.for_project):
        with suppress(Refusal):
            found = read(body, "me").subscription
            assert isinstance(found.action_key, str)
            assert found.owner == "me"
            assert is_text(found.name)
            assert all(isinstance(text, str) for text in [*found.attributes.values(), *found.filter.projects])


@given(BODIES)
def test_change(body: Any) -> None:
    with suppress(Refusal):
        found = bodies_in.merged(body, OLD).subscription
        assert (found.owner, found.id, found.created) == ("me", 0, 0.0)
        assert isinstance(found.active, bool)
        assert is_text(found.filter.status)


PAGE = members("page", "size", "sort_col", "sort_dir", "filters")
ONE_FILTER = st.fixed_dictionaries(
    {"backend": st.just("hibernate")},
    optional={
        "operator": st.sampled_from(["eq", "like", "in", "between", "nope"]) | ANYTHING,
        **{name: ANYTHING for name in ("value", "values", "lo", "hi", "not", "andFilters")},
    },
)


@given(ANYTHING | PAGE | st.builds(lambda one: {"filters": {"user": one, "other": one}}, ONE_FILTER))
def test_pages(body: Any) -> None:
    with suppress(Refusal):
        found = page_request.read(body)
        assert found.limit >= 0
        assert found.offset >= 0
        assert all(sql.count("?") == len(values) for sql, values in found.conditions)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ([], "SubscriptionCreator` from Array value"),
        ({}, "Null actionKey"),
        ({"action-key": "k"}, '"creator" is null'),
        ({"action-key": "k", "event-filter": {}}, "Null eventType"),
        ({"action-key": "k", "event-filter": []}, "EventFilterCreator` from Array value"),
        ({"action-key": "k", "event-filter": {"event-type": "E", "project-ids": "P"}}, "from String value"),
        ({"action-key": "k", "event-filter": {"event-type": "E"}, "attributes": []}, "LinkedHashMap"),
        ({"action-key": "k", "event-filter": {"event-type": "E"}, "attributes": {"a": {}}}, "`java.lang.String`"),
        ({"action-key": "k", "event-filter": {"event-type": "E"}, "active": {}}, "`java.lang.Boolean`"),
        ({"action-key": ["k"]}, "`java.lang.String` from Array value"),
    ],
)
def test_what_is_refused_for_the_site(body: Any, said: str) -> None:
    with pytest.raises(Refusal) as caught:
        bodies_in.for_site(body, "me")
    assert caught.value.answer.status == 500
    assert isinstance(caught.value.answer.body, bytes)
    assert said in caught.value.answer.body.decode()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"action-key": "k"}, "Null eventFilter"),
        ({"action-key": "k", "event-filter": {"event-type": "E"}}, "Null projectIds"),
    ],
)
def test_what_is_refused_for_a_project(body: Any, said: str) -> None:
    with pytest.raises(Refusal) as caught:
        bodies_in.for_project(body, "me")
    assert isinstance(caught.value.answer.body, bytes)
    assert said in caught.value.answer.body.decode()
