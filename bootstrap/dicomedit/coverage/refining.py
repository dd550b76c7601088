"""What a condition tells of the object on either side of it."""

from __future__ import annotations

from dataclasses import replace

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.coverage import wording
from bootstrap.dicomedit.coverage.fates import Kind
from bootstrap.dicomedit.coverage.flow import Flow, last_tag
from bootstrap.dicomedit.coverage.worth import Worth

_SOME_TEXT = (".+", "(?s).+", r"[\s\S]+")
_ANY_TEXT = (*_SOME_TEXT, ".*", "(?s).*", r"[\s\S]*")
_MANY_LINES = ("LT", "ST", "UT")  # `.` does not match a line end, so `~ ".+"` is false for such a text too


def decided(condition: nodes.Condition, sides: list[Worth]) -> bool | None:
    """Whether it holds for every object, or for none; None if that depends."""
    if isinstance(condition, nodes.Call):
        text = sides[0].text
        return None if text is None or condition.name not in ("true", "false") else text == "true"
    left, right = sides
    if left.text is None or right.text is None or condition.operator not in ("=", "!="):
        return None
    return (left.text == right.text) == (condition.operator == "=")


def refine(flow: Flow, condition: nodes.Condition, *, holds: bool) -> None:
    if isinstance(condition, nodes.Call):
        if condition.name == "isPresent":
            _presence(flow, condition, holds)
        return
    if not isinstance(condition.right, nodes.Text):
        return
    positive = condition.operator in ("=", "~")
    if isinstance(condition.left, nodes.Variable) and holds == positive:
        _vetted_variable(flow, condition.left.name, condition)
    tag = _root_tag(condition.left) if isinstance(condition.left, nodes.TagPath) else None
    if tag is None:
        return
    if condition.operator in ("=", "!="):
        _equality(flow, tag, condition.right.value, holds == positive)
    else:
        _likeness(flow, tag, condition.right.value, holds == positive)


def _presence(flow: Flow, call: nodes.Call, holds: bool) -> None:
    tags = [_root_tag(one) if isinstance(one, nodes.TagPath) else None for one in call.arguments]
    if holds:
        flow.present |= {tag for tag in tags if tag is not None}
    elif len(tags) == 1 and tags[0] is not None:
        flow.absent(tags[0], "it is not there")


def _equality(flow: Flow, tag: int, text: str, equal: bool) -> None:
    if equal and text == "":
        flow.absent(tag, "it is empty")
    if equal:
        flow.present |= {tag}


def _likeness(flow: Flow, tag: int, expression: str, alike: bool) -> None:
    probe = flow.probes.root(tag)
    if alike:
        flow.present |= {tag}
        if probe is not None and expression not in _ANY_TEXT:
            vetted = flow.fate(Kind.DERIVED, 0, f'only where it is like "{expression}"')
            flow.change([probe], vetted, frozenset(Kind) - {Kind.KEPT})
        return
    several_lines = probe is not None and flow.probes.all[probe].attribute.vr in _MANY_LINES
    if expression in _SOME_TEXT and not (several_lines and expression == ".+"):
        flow.absent(tag, "it is not there, or empty")


def _vetted_variable(flow: Flow, name: str, condition: nodes.Comparison) -> None:
    """Its text is one of those that the author expects: a text that was looked at, not one that is merely kept."""
    worth, text = flow.variables.get(name), condition.right
    if worth is None or not isinstance(text, nodes.Text) or text.value in _ANY_TEXT:
        return
    said = f"{worth.said} where it {condition.operator} {wording.value(text)}"
    flow.variables[name] = replace(worth, said=said, verbatim=False, null=frozenset())


def _root_tag(path: nodes.TagPath) -> int | None:
    return last_tag(path) if len(path.steps) == 1 and path.is_singular else None
