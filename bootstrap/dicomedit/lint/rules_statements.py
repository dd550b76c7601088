"""Rules about the form of statements and conditions. They work on tokens: such scripts have no tree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bootstrap.dicomedit.lint.rule import Spot, rule
from bootstrap.dicomedit.lint.subject import Subject
from bootstrap.dicomedit.tables import Token

_NO_ACTION = {"LBRACE": "a block", "IF": "an `if`", "REMOVE_ALL": "`removeAllPrivateTags`"}
_ENDS_VALUE = frozenset({"STRING", "INTEGER", "FLOAT", "NAME", "RSQB", "RPAR", "PUBLIC_ELEMENT", "PRIVATE_ELEMENT"})
_BEGINS_VALUE = frozenset({"STRING", "INTEGER", "FLOAT", "NAME", "LPAR", "PUBLIC_GROUP", "PRIVATE_GROUP"})
_FLAGS = frozenset({"HIDDEN", "CONST", "IMMUTABLE"})
_KEYWORDS = _FLAGS | {"IF", "ELSEIF", "ELSE", "DESCRIBE", "EXPORT", "ECHO", "REMOVE_ALL"}
_COMPARING = frozenset({"EQUAL", "NOT_EQUAL", "MATCH", "NOT_MATCH"})
_CONDITIONAL = frozenset({"IF", "ELSEIF", "QUESTION", "COLON"})


def _kind(tokens: Sequence[Token], index: int) -> str:
    return tokens[index].type if 0 <= index < len(tokens) else "NEWLINE"


def _next_code(tokens: Sequence[Token], index: int) -> str:
    """The kind of the next token that is no end of line."""
    while _kind(tokens, index) == "NEWLINE" and index < len(tokens):
        index += 1
    return _kind(tokens, index)


@rule(
    "L13",
    "error",
    "a conditional of the wrong form",
    happens="a syntax error: the script does not load, and every file fails",
    mend="write `elseif` in one word, blocks in braces, and one plain action behind `?` and `:`",
)
def wrong_conditional(subject: Subject) -> Iterator[Spot]:
    tokens, question = subject.tokens, False
    for index, token in enumerate(tokens):
        if token.type == "NEWLINE":
            question = False
        message = _wrong_branch(tokens, index) or _wrong_action(tokens, index, question)
        question = question or token.type == "QUESTION"
        if message:
            yield Spot(token.start, message)


def _wrong_branch(tokens: Sequence[Token], index: int) -> str:
    kind = tokens[index].type
    if kind == "ELSE":
        following = _next_code(tokens, index + 1)
        if following == "IF":
            return "`else if` is two words"
        return "" if following == "LBRACE" else "`else` needs a block in braces"
    if kind in ("IF", "ELSEIF") and _kind(tokens, index + 1) == "LPAR":
        end = _behind_brackets(tokens, index + 1)
        if end is not None and _next_code(tokens, end) != "LBRACE":
            return f"`{tokens[index].value}` needs a block in braces"
    return ""


def _behind_brackets(tokens: Sequence[Token], index: int) -> int | None:
    depth = 0
    while index < len(tokens) and tokens[index].type != "NEWLINE":
        kind = tokens[index].type
        depth += kind in ("LPAR", "PUBLIC_GROUP", "PRIVATE_GROUP")
        depth -= kind in ("RPAR", "PUBLIC_ELEMENT", "PRIVATE_ELEMENT")
        index += 1
        if depth == 0:
            return index
    return None


def _wrong_action(tokens: Sequence[Token], index: int, question: bool) -> str:
    kind = tokens[index].type
    if kind == "QUESTION" and question:
        return "a `?` inside another one"
    if kind == "QUESTION" or (kind == "COLON" and question):
        following = _kind(tokens, index + 1)
        if following in _NO_ACTION:
            return f"{_NO_ACTION[following]} cannot be the action of `{tokens[index].value}`"
    return ""


@rule(
    "L14",
    "error",
    "`and`, `or`, `not`, `&&`, `||`, `!` or brackets in a condition",
    happens="the language has none of them: a syntax error; single characters among them are even skipped silently",
    mend="nest `if` blocks for `and`; write one statement for each case for `or`; use `!=`, `!~`, `else` for `not`",
)
def logic_in_condition(subject: Subject) -> Iterator[Spot]:
    yield from _logic_characters(subject)
    tokens = subject.tokens
    conditional = {token.line for token in tokens if token.type in _CONDITIONAL}
    for index, token in enumerate(tokens):
        if token.line in conditional:
            message = _logic_word(tokens, index) or _bracket(tokens, index)
            if message:
                yield Spot(token.start, message)


def _logic_characters(subject: Subject) -> Iterator[Spot]:
    last = (0, 0)
    for skipped in subject.skipped:
        if skipped.character in "&|!":
            line, column = skipped.start
            if (line, column - 1) != last:
                yield Spot(skipped.start, f"`{skipped.character}` is no operator; the engine skips it")
            last = (line, column)


def _logic_word(tokens: Sequence[Token], index: int) -> str:
    token, last, following = tokens[index], _kind(tokens, index - 1), _kind(tokens, index + 1)
    if token.type != "NAME" or following not in _BEGINS_VALUE:
        return ""
    word = token.value.lower()
    if word in ("and", "or") and last in _ENDS_VALUE:
        return f"`{token.value}` is no operator"
    if word == "not" and last not in (*_COMPARING, "COMMA", "LSQB", "ASSIGN"):
        return f"`{token.value}` is no operator"
    return ""


def _bracket(tokens: Sequence[Token], index: int) -> str:
    if tokens[index].type != "LPAR" or _kind(tokens, index - 1) in ("IF", "ELSEIF"):
        return ""
    is_tag = _kind(tokens, index + 2) == "COMMA"  # a blank behind `(`: another rule says so
    is_call = _kind(tokens, index - 1) == "NAME"
    return "" if is_tag or is_call else "a condition has no brackets inside"


@rule(
    "L15",
    "error",
    "four hexadecimal characters beside a bracket of `if`",
    happens="they are read as a part of a tag: a syntax error, and every file fails",
    mend="put a blank before `)` and behind `(`, or quote the text",
)
def hexadecimal_trap(subject: Subject) -> Iterator[Spot]:
    tokens = subject.tokens
    for index, token in enumerate(tokens):
        if token.type == "PUBLIC_ELEMENT" and _kind(tokens, index - 1) in _COMPARING:
            yield Spot(token.start, f"`{token.value}` is read as the end of a tag")
        elif _is_bare_group(tokens, index):
            yield Spot(token.start, f"`{token.value}` is read as the beginning of a tag")


def _is_bare_group(tokens: Sequence[Token], index: int) -> bool:
    is_group = tokens[index].type in ("PUBLIC_GROUP", "PRIVATE_GROUP")
    return is_group and _kind(tokens, index - 1) in ("IF", "ELSEIF") and _kind(tokens, index + 1) != "COMMA"


@rule(
    "L16",
    "error",
    "a variable with a name that is none",
    happens="a syntax error: a lone x is a wildcard digit, and keywords are reserved",
    mend="give the variable another name",
)
def reserved_name(subject: Subject) -> Iterator[Spot]:
    tokens = subject.tokens
    for index, token in enumerate(tokens):
        if token.type == "DIGIT_WILDCARD":
            yield Spot(token.start, f"`{token.value}` alone is a wildcard digit, not a name")
        elif _is_keyword_as_name(tokens, index):
            yield Spot(token.start, f"`{token.value}` is a keyword")


def _is_keyword_as_name(tokens: Sequence[Token], index: int) -> bool:
    if tokens[index].type in _KEYWORDS and _kind(tokens, index + 1) in ("ASSIGN", *_COMPARING):
        return True
    return tokens[index].type in _FLAGS and _kind(tokens, index - 2) != "DESCRIBE"
