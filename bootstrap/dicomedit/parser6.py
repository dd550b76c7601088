"""DicomEdit 6: from text to syntax tree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import Any

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.lexer import lexemes, without_idle_newlines
from bootstrap.dicomedit.nodes import Position, Skipped
from bootstrap.dicomedit.problems import ParseError
from bootstrap.dicomedit.source import Prepared, prepare
from bootstrap.dicomedit.tables import Tables, Token, TooDeep, Unexpected, load

READABLE = {
    "NEWLINE": "end of line",
    "STRING": "a text in quotes",
    "PRIVATE_ELEMENT": "{creator}ee)",
    "PUBLIC_GROUP": "a tag",
    "PUBLIC_TAG": "a tag",
    "PRIVATE_GROUP": "a tag",
    "PUBLIC_ELEMENT": "eeee)",
    "FLOAT": "a number",
    "INTEGER": "a number",
    "NAME": "a name",
    "ASSIGN": ":=",
    "ASSIGN_IF": "?=",
    "NOT_EQUAL": "!=",
    "NOT_MATCH": "!~",
    "EQUAL": "=",
    "MATCH": "~",
    "SLASH": "/",
    "MINUS": "-",
    "QUESTION": "?",
    "COLON": ":",
    "COMMA": ",",
    "LPAR": "(",
    "RPAR": ")",
    "LSQB": "[",
    "RSQB": "]",
    "LBRACE": "{",
    "RBRACE": "}",
    "ITEM_WILDCARD": "%",
    "LEVEL_WILDCARD": "* + or . before /",
    "REMOVE_ALL": "removeAllPrivateTags",
    "$END": "the end of the script",
}


def parse_script(text: str) -> tuple[tuple[nodes.Statement, ...], Prepared, tuple[Skipped, ...]]:
    source, skipped = prepare(text), list[Skipped]()
    tokens = without_idle_newlines(lexemes(source, skipped, whole_tags=True))
    statements: tuple[nodes.Statement, ...] = _run("script", tokens, source)
    return statements, source, tuple(skipped)


@lru_cache(maxsize=4096)
def parse_tag_path(text: str) -> nodes.TagPath:
    """A path given as text to a function. What follows the path is ignored, as in the engine."""
    source = Prepared(text, (0,), (Position(1, 1),), ())
    tokens = list(lexemes(source, []))
    return _longest_path(_path_tokens(tokens), source)


def _path_tokens(tokens: list[Token]) -> list[Token]:
    wanted = {
        "PUBLIC_GROUP", "PRIVATE_GROUP", "COMMA", "PUBLIC_ELEMENT", "PRIVATE_ELEMENT", "LSQB", "INTEGER",
        "ITEM_WILDCARD", "RSQB", "SLASH", "LEVEL_WILDCARD",
    }  # fmt: skip
    end = next((index for index, token in enumerate(tokens) if token.type not in wanted), len(tokens))
    return tokens[:end]


def _longest_path(tokens: list[Token], source: Prepared) -> nodes.TagPath:
    try:
        path: nodes.TagPath = _run("tag_path", iter(tokens), source)
        return path
    except ParseError:
        first = _first_path_length(tokens)
        if first in (0, len(tokens)):
            raise
        return _longest_path(tokens[:first], source)


def _first_path_length(tokens: list[Token]) -> int:
    """Tokens of a path that something else follows, as in `(0010,0010),(0010,0020)`."""
    length = 0
    for index, token in enumerate(tokens[:-1]):
        follows = tokens[index + 1].type
        if token.type in ("PUBLIC_ELEMENT", "PRIVATE_ELEMENT", "RSQB", "LEVEL_WILDCARD") and follows not in (
            "SLASH",
            "LSQB",
        ):
            length = index + 1
            break
    return length


@cache
def _tables() -> Tables:
    return load("grammar6", _RULES)


def _run(start: str, tokens: Iterator[Token], source: Prepared) -> Any:
    try:
        return _tables().run(start, tokens)
    except Unexpected as error:
        raise _syntax_error(error, source.position(max(len(source.text) - 1, 0))) from None
    except TooDeep as error:
        raise ParseError("this is nested too deep", error.token.start) from None


def _syntax_error(error: Unexpected, last: Position) -> ParseError:
    expected = tuple(dict.fromkeys(READABLE.get(name, name.lower()) for name in error.expected))
    if error.token is None:
        return ParseError("the script ends too early", last, expected=expected)
    said = "end of line" if error.token.type == "NEWLINE" else f"`{error.token.value}`"
    hint = _HINTS.get(error.token.type, "")
    return ParseError(f"{said} does not fit here", error.token.start, expected=expected, hint=hint)


_HINTS = {
    "QUOTE": "a text ends with a double quote; inside it a backslash is written twice",
    "PUBLIC_ELEMENT": "four hexadecimal characters before `)` read as part of a tag: put a blank before `)`; a private "
    "tag is (gggg,{creator}ee)",
    "PUBLIC_GROUP": "four hexadecimal characters after `(` read as part of a tag: put a blank after `(`",
    "PRIVATE_GROUP": "four hexadecimal characters after `(` read as part of a tag; a private one is (gggg,{creator}ee)",
    "DIGIT_WILDCARD": "a lone x is a wildcard digit, not a name",
    "IF": "write `elseif`, in one word",
}


def _span(parts: list[Any]) -> dict[str, Position]:
    return {"start": parts[0].start, "end": parts[-1].end}


def _more(parts: list[Any]) -> list[Any]:
    parts[0].append(parts[-1])
    gathered: list[Any] = parts[0]
    return gathered


def _block(parts: list[Any]) -> nodes.Block:
    return nodes.Block(tuple(parts[1]), **_span(parts))


def _path(parts: list[Any]) -> nodes.TagPath:
    return nodes.TagPath((parts[0],), start=parts[0].start, end=parts[0].end)


def _longer_path(parts: list[Any]) -> nodes.TagPath:
    return nodes.TagPath((*parts[0].steps, parts[2]), **_span(parts))


def _element_step(parts: list[Any]) -> nodes.ElementStep:
    tag = _whole_tag(parts[0]) if isinstance(parts[0], Token) else parts[0]
    return nodes.ElementStep(tag, parts[2].value if len(parts) > 1 else None, start=tag.start, end=parts[-1].end)


def _whole_tag(token: Token) -> nodes.PublicTag:
    return nodes.PublicTag(token.value[1:5], token.value[6:10], start=token.start, end=token.end)


def _public_tag(parts: list[Any]) -> nodes.PublicTag:
    return nodes.PublicTag(parts[0].value[1:], parts[2].value[:-1], **_span(parts))


def _private_tag(parts: list[Any]) -> nodes.PrivateTag:
    creator, digits = parts[2].value[1:].rsplit("}", 1)
    return nodes.PrivateTag(parts[0].value[1:], creator, digits[:-1], **_span(parts))


def _describe(parts: list[Any]) -> nodes.Describe:
    name, what = parts[1].value, parts[2]
    text, flag = (what, None) if isinstance(what, nodes.Text) else (None, what.value)
    return nodes.Describe(name, text, flag, **_span(parts))


def _ternary(parts: list[Any]) -> nodes.Ternary:
    return nodes.Ternary(parts[0], parts[2], parts[4] if len(parts) > 3 else None, **_span(parts))


def _branches(parts: list[Any]) -> list[Any]:
    return [nodes.Branch(parts[2], parts[4], **_span(parts))]


def _more_branches(parts: list[Any]) -> list[Any]:
    return [*parts[0], nodes.Branch(parts[3], parts[5], **_span(parts[1:]))]


def _if(parts: list[Any]) -> nodes.If:
    branches, otherwise = parts[0], parts[1] if len(parts) > 1 else None
    return nodes.If(tuple(branches), otherwise, start=branches[0].start, end=(otherwise or branches[-1]).end)


def _call(parts: list[Any]) -> nodes.Call:
    arguments = parts[2] if len(parts) > 3 else []
    return nodes.Call(parts[0].value, tuple(arguments), **_span(parts))


def _list(parts: list[Any]) -> nodes.ListValue:
    elements: list[Any] = next((part for part in parts if type(part) is list), [])
    return nodes.ListValue(tuple(elements), **_span(parts))


_RULES: dict[str, Callable[[list[Any]], Any]] = {
    "script": lambda parts: tuple(parts[0]),
    "statements": lambda parts: parts[0] if parts else [],
    "more_statements": _more,
    "assign": lambda parts: nodes.Assign(parts[0], parts[2], start=parts[0].start, end=parts[2].end),
    "assign_if_exists": lambda parts: nodes.AssignIfExists(parts[0], parts[2], start=parts[0].start, end=parts[2].end),
    "set_variable": lambda parts: nodes.SetVariable(parts[0].value, parts[2], **_span(parts)),
    "delete": lambda parts: nodes.Delete(parts[1], start=parts[0].start, end=parts[1].end),
    "call_statement": lambda parts: nodes.CallStatement(parts[0], **_span(parts)),
    "echo": lambda parts: nodes.Echo(parts[1] if len(parts) > 1 else None, **_span(parts)),
    "remove_all": lambda parts: nodes.RemoveAllPrivateTags(**_span(parts)),
    "version": lambda parts: nodes.Version(parts[1], **_span(parts)),
    "describe": _describe,
    "export": lambda parts: nodes.Export(parts[1].value, parts[2], **_span(parts)),
    "ternary": _ternary,
    "comparison": lambda parts: nodes.Comparison(parts[0], parts[1].value, parts[2], **_span(parts)),
    "if_block": _if,
    "branches": _branches,
    "more_branches": _more_branches,
    "else_part": lambda parts: parts[1],
    "block": _block,
    "number": lambda parts: nodes.Number(parts[0].value, **_span(parts)),
    "text": lambda parts: nodes.Text(parts[0].value[1:-1], start=parts[0].start, end=parts[0].end),
    "variable": lambda parts: nodes.Variable(parts[0].value, **_span(parts)),
    "call": _call,
    "arguments": lambda parts: [parts[0]],
    "more_arguments": _more,
    "list": _list,
    "elements": lambda parts: [parts[0]],
    "more_elements": _more,
    "tag_path": _path,
    "longer_path": _longer_path,
    "level_step": lambda parts: nodes.LevelStep(parts[0].value, **_span(parts)),
    "element_step": _element_step,
    "public_tag": _public_tag,
    "private_tag": _private_tag,
}
