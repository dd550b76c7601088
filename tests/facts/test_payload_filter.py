"""The event service's own rules around predicates."""

from __future__ import annotations

import pytest

from bootstrap.facts.jsonpath import FilterFault, JsonPathError
from bootstrap.facts.payload_filter import compile_payload_filter, passes


@pytest.mark.parametrize("text", ["$.label == 'x'", "$[?(@.label == 'x')]", "@.a == '$[?'"])
def test_whole_paths_are_refused(text: str) -> None:
    with pytest.raises(JsonPathError, match="Filter string should include only predicate path"):
        compile_payload_filter(text)


def test_predicates_are_taken() -> None:
    assert compile_payload_filter("@.label == 'x'").holds({"label": "x"})


def test_apostrophes_become_quotes_at_an_event() -> None:
    assert passes("@.label == 'x'", {"label": "x"})
    assert not passes("@.label == 'x'", {"label": "y"})
    compile_payload_filter('@.label == "O\'Neil"')
    with pytest.raises(FilterFault):
        passes('@.label == "O\'Neil"', {"label": "O'Neil"})
