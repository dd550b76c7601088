"""Signs in the tokens of what only DicomEdit 6 has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bootstrap.dicomedit.function_names import FUNCTION_NAMES, FUNCTION_NAMES_4
from bootstrap.dicomedit.tables import Token

NEW_FUNCTIONS = FUNCTION_NAMES - FUNCTION_NAMES_4
_NEW_TOKENS = {
    "QUESTION": "the conditional `?`",
    "ASSIGN_IF": "`?=`",
    "PRIVATE_ELEMENT": "a private creator in braces",
    "IF": "`if`",
    "ELSEIF": "`elseif`",
    "ELSE": "`else`",
    "NOT_EQUAL": "`!=`",
    "NOT_MATCH": "`!~`",
    "REMOVE_ALL": "`removeAllPrivateTags`",
    "LEVEL_WILDCARD": "a wildcard over levels",
}
_ENDS_ELEMENT = ("PUBLIC_ELEMENT", "PRIVATE_ELEMENT")


class Construct(NamedTuple):
    name: str
    token: Token


def of_dicomedit_6(tokens: Sequence[Token]) -> tuple[Construct, ...]:
    """Each construct once, where it is met first."""
    found: dict[str, Construct] = {}
    for index, token in enumerate(tokens):
        name = _name(tokens, index)
        if name and name not in found:
            found[name] = Construct(name, token)
    return tuple(found.values())


def _name(tokens: Sequence[Token], index: int) -> str:
    token, last = tokens[index], tokens[index - 1].type if index else "NEWLINE"
    following = tokens[index + 1].type if index + 1 < len(tokens) else "NEWLINE"
    if token.type in _NEW_TOKENS:
        return _NEW_TOKENS[token.type]
    if token.type == "SLASH" and last in (*_ENDS_ELEMENT, "RSQB", "LEVEL_WILDCARD"):
        return "a path into a sequence"
    if token.type == "LSQB" and last in _ENDS_ELEMENT:
        return "an item number"
    if token.type == "LBRACE" and last in ("ASSIGN", "COMMA", "LSQB"):
        return "a list"
    if token.type == "NAME" and following == "LSQB" and token.value in NEW_FUNCTIONS:
        return f"`{token.value}`"
    if token.type == "NAME" and following == "LSQB" and last == "NEWLINE" and not _begins_condition(tokens, index):
        return "a function as a statement"
    return ""


def _begins_condition(tokens: Sequence[Token], index: int) -> bool:
    line = tokens[index].line
    ahead = (token for token in tokens[index : index + 200])
    return any(token.type in ("EQUAL", "MATCH", "COLON") for token in ahead if token.line == line)
