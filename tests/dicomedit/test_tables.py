from __future__ import annotations

from importlib.resources import files

from bootstrap.dicomedit.grammar_tables import as_text, computed


def test_the_tables_are_those_of_the_grammar() -> None:
    kept = files("bootstrap.dicomedit").joinpath("grammar6.json").read_text("utf-8")
    assert kept == as_text(computed()), "make them anew: python -m bootstrap.dicomedit.grammar_tables"
