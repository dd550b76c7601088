"""The ledger document: what it names, what it may not hold, and what cannot be read."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootstrap.engine.ledger import Entry, Ledger, LedgerUnreadable, read_ledger

refs = st.text(min_size=1, max_size=12)
entries = st.builds(
    Entry,
    st.dictionaries(refs, refs, max_size=3),
    st.none() | refs,
    st.booleans(),
)
ledgers = st.builds(
    Ledger,
    owner=refs,
    entries=st.dictionaries(refs, entries, max_size=3),
    underway=st.frozensets(refs, max_size=3),
    salt=refs,
    ever_applied=st.just(True),
)


@given(ledgers)
def test_what_was_written_is_read(ledger: Ledger) -> None:
    assert read_ledger(ledger.owner, ledger.text()) == ledger


@given(ledgers)
def test_equal_ledgers_are_equal_texts(ledger: Ledger) -> None:
    assert read_ledger(ledger.owner, ledger.text()).text() == ledger.text()


def test_none_is_an_empty_one_that_never_was_applied() -> None:
    assert read_ledger("default", None) == Ledger()
    assert not Ledger().ever_applied


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not JSON"),
        ("[]", "not of the format"),
        ('{"format": "other"}', "not of the format"),
        ('{"format": "xnat-bootstrap/ledger", "version": 2, "tool": "9.9"}', "version 2.*xnat-bootstrap 9.9"),
        ('{"format": "xnat-bootstrap/ledger", "version": 1}', "lacks a part.*entries"),
        ('{"format": "xnat-bootstrap/ledger", "version": 1, "entries": []}', "lacks a part"),
        ('{"format": "xnat-bootstrap/ledger", "version": 1, "entries": {"a:b": 1}, "salt": "x"}', "lacks a part"),
        ('{"format": "xnat-bootstrap/ledger", "version": 1, "entries": {"a:b": {"fields": 1}}}', "lacks a part"),
    ],
)
def test_one_that_cannot_be_used_says_why(text: str, why: str) -> None:
    with pytest.raises(LedgerUnreadable, match=why):
        read_ledger("default", text)


def test_a_salt_is_made_once() -> None:
    salted = Ledger().salted()
    assert len(salted.salt) == 32
    assert salted.salted() is salted
    assert Ledger().salted().salt != salted.salt


def test_it_owns_what_was_applied_and_what_was_announced() -> None:
    ledger = Ledger(entries={"a:1": Entry({})}).announcing(["a:2"])
    assert [ledger.owns(ref) for ref in ("a:1", "a:2", "a:3")] == [True, True, False]
    assert sorted(ledger.refs_of("a")) == ["a:1", "a:2"]
    assert ledger.refs_of("b") == []


def test_entries_change_and_go() -> None:
    ledger = Ledger(entries={"a:1": Entry({"x": "1"}), "a:2": Entry({})})
    changed = ledger.with_entries({"a:1": Entry({"x": "2"}), "a:3": Entry({})}, gone=["a:2"])
    assert {ref: dict(entry.tokens) for ref, entry in changed.entries.items()} == {"a:1": {"x": "2"}, "a:3": {}}


def test_what_has_no_id_and_no_protection_says_nothing_of_them() -> None:
    document = json.loads(Ledger(entries={"a:1": Entry({}), "a:2": Entry({}, "7", True)}).text())["entries"]
    assert document == {"a:1": {"fields": {}}, "a:2": {"fields": {}, "id": "7", "protected": True}}
