"""Rules about comparisons and regular expressions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.lint import attributes, regexes
from bootstrap.dicomedit.lint.paths import single_tag
from bootstrap.dicomedit.lint.rule import Spot, rule
from bootstrap.dicomedit.lint.rules_strings import regular_expressions
from bootstrap.dicomedit.lint.subject import Subject

_WHOLE_NUMBER = re.compile(r"-?[0-9]+", re.ASCII)
_FREE_TEXT = ("LO", "LT", "SH", "ST", "UT", "UC", "PN")
_LONGEST = 1000  # longer expressions are not looked into


def _comparisons(subject: Subject) -> Iterator[nodes.Comparison]:
    return (node for node in subject.all_nodes if isinstance(node, nodes.Comparison))


@rule(
    "L50",
    "warning",
    "`~` is used as if it searched",
    happens="the expression must match the whole text, of several values joined with backslashes: it is never true",
    mend='write ".*MR.*"',
    dialects="46",
)
def match_is_no_search(subject: Subject) -> Iterator[Spot]:
    for node in _comparisons(subject):
        pattern = subject.definitions.literal(node.right)
        path = subject.definitions.resolve(node.left)
        if node.operator not in ("~", "!~") or not pattern or not isinstance(path, nodes.TagPath):
            continue
        tag = single_tag(path)
        if tag is None:
            continue
        several = attributes.is_multiple(tag) and not regexes.searches(pattern)
        if several or (attributes.vr_of(tag) in _FREE_TEXT and regexes.is_plain(pattern)):
            yield Spot(node.start, f'"{pattern}" must match all of {attributes.name_of(tag)}')


@rule(
    "L51",
    "warning",
    'a comparison with "" to test whether an element is there',
    happens='an absent element does not equal "": `=` is false for it, `!=` is true',
    mend='`!~ ".+"` is true for absent and empty ones, `~ ".+"` for those with a text; isPresent tests presence alone',
)
def empty_is_not_absent(subject: Subject) -> Iterator[Spot]:
    for node in _comparisons(subject):
        sides = (node.left, node.right)
        empty = any(isinstance(side, nodes.Text) and side.raw == "" for side in sides)
        read = any(isinstance(side, nodes.TagPath) for side in sides)
        if empty and read and node.operator in ("=", "!="):
            truth = "false" if node.operator == "=" else "true"
            yield Spot(node.start, f'`{node.operator} ""` is {truth} where the element is absent')


@rule(
    "L52",
    "warning",
    "a regular expression that Java refuses, or that other tools read differently",
    happens="a refused one is an Error when it is reached: the file is refused. Others may surprise in a preview",
    mend="keep to what Java and Python read alike",
    dialects="46",
)
def java_expression(subject: Subject) -> Iterator[Spot]:
    for text in regular_expressions(subject):
        pattern = text.value
        if len(pattern) > _LONGEST:
            continue
        fault, special = regexes.fault(pattern), regexes.java_only(pattern)
        if fault:
            yield Spot(text.start, fault)
        elif special:
            yield Spot(text.start, f'"{pattern}" uses {special}')


@rule(
    "L89",
    "error",
    "a floating-point element is compared with a whole number",
    happens='the engine reads 30.0, which equals neither 30 nor "30": `=` is never true, `!=` always',
    mend='compare with "30.0"',
)
def float_is_no_integer(subject: Subject) -> Iterator[Spot]:
    for node in _comparisons(subject):
        for left, right in ((node.left, node.right), (node.right, node.left)):
            path, number = subject.definitions.resolve(left), subject.definitions.literal(right)
            if not isinstance(path, nodes.TagPath) or number is None or node.operator not in ("=", "!="):
                continue
            if attributes.vr_of(single_tag(path)) in ("FL", "FD") and _WHOLE_NUMBER.fullmatch(number):
                yield Spot(node.start, f"{path} reads {number}.0, and never {number}")
