"""JSONPath predicates by the rules of Jayway JsonPath 2.8, which XNAT's event service filters with.

    predicate = compile_predicate("@.modality == 'MR' && @.frames > 10")      JsonPathError if it cannot be read
    predicate.holds({"modality": "MR", "frames": 20})                         FilterFault if it breaks on this payload
    search("$.scans[0].id", document).values                                  what a path leads to

cursor.py     the text and a place in it        paths.py      reads `@.scans[0].id`, and `[?(...)]` in it
filters.py    reads what stands in `[?(...)]`   walk.py       what a path leads to in a document
values.py     values, and when they are equal   operators.py  what `==`, `in`, `=~` and the others mean
"""

from bootstrap.facts.jsonpath.cursor import FilterFault, JsonPathError
from bootstrap.facts.jsonpath.predicate import Predicate, compile_predicate
from bootstrap.facts.jsonpath.search import Results, search

__all__ = ["FilterFault", "JsonPathError", "Predicate", "Results", "compile_predicate", "search"]
