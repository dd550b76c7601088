"""DicomEdit 4: from text to syntax tree, the engine's way with errors included.

Its parser (made by ANTLR 3) reports an error and goes on: it takes a surplus token out, makes a missing one up, or
skips to where a rule may end. What comes out decides what runs, so the same recovery is done here, rule by rule. A
grammar for lark could only say that a script is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.lexer4 import tokens_of
from bootstrap.dicomedit.nodes import Comment, Dropped, Position, Skipped
from bootstrap.dicomedit.problems import ParseError
from bootstrap.dicomedit.script import Script
from bootstrap.dicomedit.tables import Token
from bootstrap.dicomedit.tree4 import BROKEN, Broken, Constraint, Simple, Tree, statements_of

_END, _RULE_END = "EOF", "the end of the rule"
_TERM = frozenset(("STRING", "NUMBER", "TAG", "ID"))
_ACTION = frozenset(("TAG", "TAGPATTERN", "DELETE", "ECHO"))
_STATEMENT = _TERM | _ACTION | {"DESCRIBE", "EXPORT"}
_AFTER_STATEMENT = frozenset(("NEWLINE", _END))
_AFTER_VALUE = _AFTER_STATEMENT | {"EQUALS", "MATCHES", "CONSTRAINS"}
_AFTER_TERM = _AFTER_VALUE | {"COMMA", "RIGHT"}
_ENDS = frozenset((_RULE_END,))
_DEEPEST = 50  # brackets in brackets


class _Recognition(Exception):
    pass


class _NoStatement(Exception):
    """The text is no list of statements: the engine then drops all of it."""


def parse_script4(text: str) -> Script:
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    comments, skipped = list[Comment](), list[Skipped]()
    tokens = list(tokens_of(unified, comments, skipped))
    _require_shallow(tokens)
    parser = _Parser(tokens)
    try:
        trees = parser.script()
    except _NoStatement:
        trees = [BROKEN]
    statements, kept = statements_of(trees)
    return Script(
        "4",
        text,
        tuple(statements),
        tuple(comments),
        tuple(skipped),
        tuple(parser.dropped(trees, kept)),
        tuple(parser.repairs),
    )


def _require_shallow(tokens: Sequence[Token]) -> None:
    depth = 0
    for token in tokens:
        depth = 0 if token.type == "NEWLINE" else depth + (token.type == "LEFT") - (token.type == "RIGHT")
        if depth > _DEEPEST:
            raise ParseError("this is nested too deep", token.start)


class _Parser:
    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens, self.index, self.guessing = tokens, 0, False
        self.follows: list[frozenset[str]] = []
        self.last_error = -1
        self.repairs: list[Dropped] = []
        self.starts: list[int] = []  # where each statement began
        last = tokens[-1].end if tokens else Position(1, 1)
        self.end = Token(_END, "", last.line, last.column, last.line, last.column)

    # ---- tokens and recovery

    def token(self, ahead: int = 1) -> Token:
        at = self.index + ahead - 1
        return self.tokens[at] if at < len(self.tokens) else self.end

    def kind(self, ahead: int = 1) -> str:
        return self.token(ahead).type

    def match(self, kind: str, follow: frozenset[str]) -> Token:
        if self.kind() == kind:
            token = self.token()
            self.index += 1
            return token
        if self.guessing:
            raise _Recognition
        if self.kind(2) == kind:  # one too many
            self._note(f"`{self.token().value}` is left out")
            self.index += 2
            return self.token(0)
        if self._is_missing(follow):
            here = self.token()
            self._note(f"{kind} is missing and made up")
            return Token(kind, f"<missing {kind}>", here.line, here.column, here.line, here.column)
        raise _Recognition

    def _note(self, what: str) -> None:
        self.repairs.append(Dropped(f"the engine repairs this statement: {what}", self.token().start))

    def _is_missing(self, follow: frozenset[str]) -> bool:
        if _RULE_END in follow:
            follow = (follow | self._exact_follow()) - (_ENDS if self.follows else frozenset())
        return self.kind() in follow or _RULE_END in follow

    def _exact_follow(self) -> frozenset[str]:
        result: frozenset[str] = frozenset()
        for index in range(len(self.follows) - 1, -1, -1):
            result |= self.follows[index]
            if _RULE_END not in self.follows[index]:
                break
            if index > 0:
                result -= _ENDS
        return result

    def rule(self, follow: frozenset[str], body: Callable[[], Any]) -> Any:
        """Calls a rule. An error in it is dealt with here: skip to where it may end, and give a broken tree."""
        self.follows.append(follow)
        try:
            return body()
        except _Recognition:
            if self.guessing:
                raise
            self._note("it does not fit")
            self._recover()
            return BROKEN
        finally:
            self.follows.pop()

    def _recover(self) -> None:
        if self.last_error == self.index and self.index < len(self.tokens):
            self.index += 1
        self.last_error = self.index
        stops = frozenset().union(*self.follows)
        while self.kind() != _END and self.kind() not in stops:
            self.index += 1

    # ---- rules

    def script(self) -> list[Tree]:
        trees: list[Tree] = []
        while True:
            self._separator()
            if self.kind() == _END:
                return trees
            if self.kind() not in _STATEMENT:
                raise _NoStatement
            self.starts.append(self.index)
            trees.append(self.rule(frozenset(("NEWLINE",)), self.statement))
            if self.kind() not in _AFTER_STATEMENT:
                raise _NoStatement

    def _separator(self) -> None:
        while self.kind() == "NEWLINE":
            self.index += 1

    def statement(self) -> Any:
        first, second = self.kind(), self.kind(2)
        if first in ("DESCRIBE", "EXPORT"):
            return self.rule(_ENDS, self.description)
        if first in ("DELETE", "ECHO", "TAGPATTERN") or (first == "TAG" and second == "ASSIGN"):
            return self.rule(_ENDS, self.action)
        if first == "ID" and second == "ASSIGN":
            return self.rule(_ENDS, self.initialization)
        begins_condition = second in ("EQUALS", "MATCHES") or (first == "ID" and second == "LEFT")
        if first in ("STRING", "NUMBER") or (first in ("TAG", "ID") and begins_condition):
            start = self.token().start
            conditions = self.rule(_ACTION, self.constraint)
            action = self.rule(_ENDS, self.action)
            return Constraint(conditions, action, start, self.token(0).end)
        raise _Recognition

    def action(self) -> Any:
        first = self.kind()
        if first in ("TAG", "TAGPATTERN"):
            return self.rule(_ENDS, self.assignment)
        if first == "DELETE":
            return self.rule(_ENDS, self.deletion)
        if first == "ECHO":
            return self.rule(_ENDS, self.echo)
        raise _Recognition

    def constraint(self) -> list[nodes.Comparison | Broken]:
        conditions: list[nodes.Comparison | Broken] = []
        while not conditions or self._condition_follows():
            conditions.append(self.rule(frozenset(("CONSTRAINS",)), self.condition))
            self.match("CONSTRAINS", _TERM | _ACTION)
        return conditions

    def _condition_follows(self) -> bool:
        first = self.kind()
        return first in ("STRING", "NUMBER", "ID") or (first == "TAG" and self.kind(2) in ("EQUALS", "MATCHES"))

    def condition(self) -> nodes.Comparison:
        if self.kind() not in _TERM:
            raise _Recognition
        kind = "EQUALS" if self._would_fit() else "MATCHES"
        start = self.token().start
        left = self.rule(frozenset((kind,)), self.value)
        self.match(kind, _TERM)
        right = self.rule(_ENDS, self.value)
        operator: Any = "=" if kind == "EQUALS" else "~"
        return nodes.Comparison(left, operator, right, start=start, end=self.token(0).end)

    def _would_fit(self) -> bool:
        """Whether a comparison with `=` can be read from here."""
        kept, self.guessing = self.index, True
        try:
            self.value()
            self.match("EQUALS", _TERM)
            self.value()
        except _Recognition:
            return False
        finally:
            self.index, self.guessing = kept, False
        return True

    def assignment(self) -> Tree:
        start = self.token().start
        if self.kind() == "TAGPATTERN" or (self.kind(2) == "ASSIGN" and self.kind(3) in _TERM):
            path = self.rule(frozenset(("ASSIGN",)), self.lvalue)
            self.match("ASSIGN", _TERM)
            value = self.rule(_ENDS, self.value)
            return Simple("assign", start, self.token(0).end, path=path, value=value)
        if [self.kind(ahead) for ahead in (2, 3, 4)] != ["ASSIGN", "NEW", "ID"]:
            raise _Recognition
        if self.kind(5) not in (*_AFTER_STATEMENT, "LEFT"):
            raise _Recognition
        path = _path(self.token())
        self.index += 3
        return self._new(path, start)

    def _new(self, path: nodes.TagPath, start: Position) -> Tree:
        name = self.match("ID", _ENDS)
        arguments: Any = []
        if self.kind() == "LEFT":
            self.index += 1
            arguments = self.rule(frozenset(("RIGHT",)), self.termlist)
            self.match("RIGHT", _ENDS)
        end = self.token(0).end
        if isinstance(arguments, Broken) or any(isinstance(one, Broken) for one in arguments):
            return Simple("unreadable", start, end)
        value = nodes.NewValue(name.value, tuple(arguments), start=name.start, end=end)
        return Simple("assign", start, end, path=path, value=value)

    def lvalue(self) -> nodes.TagPath:
        if self.kind() not in ("TAG", "TAGPATTERN"):
            raise _Recognition
        self.index += 1
        return _path(self.token(0))

    def deletion(self) -> Tree:
        start = self.match("DELETE", frozenset(("TAG", "TAGPATTERN"))).start
        path = self.rule(_ENDS, self.lvalue)
        return Simple("delete", start, self.token(0).end, path=path)

    def echo(self) -> Tree:
        start = self.token().start
        if self.kind(2) not in _TERM | _AFTER_STATEMENT:
            raise _Recognition
        self.index += 1
        value = self.rule(_ENDS, self.value) if self.kind() in _TERM else None
        return Simple("echo", start, self.token(0).end, value=value)

    def initialization(self) -> Tree:
        name = self.match("ID", frozenset(("ASSIGN",)))
        self.match("ASSIGN", _TERM)
        value = self.rule(_ENDS, self.value)
        return Simple("set", name.start, self.token(0).end, name=name.value, value=value)

    def description(self) -> Tree:
        start, keyword = self.token().start, self.kind()
        if keyword == "DESCRIBE" and (self.kind(2) != "ID" or self.kind(3) not in ("STRING", "HIDDEN")):
            raise _Recognition
        self.index += 1
        name = self.match("ID", frozenset(("STRING",)))
        if keyword == "DESCRIBE" and self.kind() == "HIDDEN":
            self.index += 1
            return Simple("describe", start, self.token(0).end, name=name.value)
        text = _text(self.match("STRING", _ENDS))
        return Simple("describe" if keyword == "DESCRIBE" else "export", start, text.end, name=name.value, value=text)

    def value(self) -> Any:
        first, second = self.kind(), self.kind(2)
        if first == "STRING" and second in _TERM:
            pattern = _text(self.match("STRING", _TERM))
            arguments = self.rule(_ENDS, self.termlist)
            return nodes.Format(pattern, _terms(arguments), start=pattern.start, end=self.token(0).end)
        if first in ("NUMBER", "TAG", "ID") or (first == "STRING" and second in _AFTER_VALUE):
            return self.rule(_ENDS, self.term)
        raise _Recognition

    def term(self) -> Any:
        first = self.token()
        if first.type == "ID" and self.kind(2) == "LEFT":
            return self._call()
        if first.type not in _TERM or (first.type == "ID" and self.kind(2) not in _AFTER_TERM):
            raise _Recognition
        self.index += 1
        if first.type == "STRING":
            return _text(first)
        if first.type == "TAG":
            return _path(first)
        make = nodes.Number if first.type == "NUMBER" else nodes.Variable
        return make(first.value, start=first.start, end=first.end)

    def _call(self) -> Any:
        name = self.match("ID", frozenset(("LEFT",)))
        self.match("LEFT", _TERM)
        arguments = self.rule(frozenset(("RIGHT",)), self.termlist)
        self.match("RIGHT", _ENDS)
        return nodes.Call(name.value, _terms(arguments), start=name.start, end=self.token(0).end)

    def termlist(self) -> list[Any]:
        terms = [self.rule(frozenset(("COMMA", _RULE_END)), self.term)]
        while self.kind() == "COMMA":
            self.index += 1
            terms.append(self.rule(frozenset(("COMMA", _RULE_END)), self.term))
        return terms

    # ---- what is ignored

    def dropped(self, trees: Sequence[Tree], kept: int) -> list[Dropped]:
        if kept >= len(trees):
            return []
        whole = len(trees) != len(self.starts)
        start = self.tokens[0 if whole else self.starts[kept]].start
        what = "the whole script" if whole else "this statement and everything behind it"
        return [Dropped(f"the engine cannot read this and ignores {what}, without an error", start)]


def _terms(arguments: Any) -> tuple[Any, ...]:
    return (BROKEN,) if isinstance(arguments, Broken) else tuple(arguments)


def _path(token: Token) -> nodes.TagPath:
    group, element = token.value[1:5], token.value[6:10]
    tag = nodes.NumberTag(group, element, start=token.start, end=token.end)
    step = nodes.ElementStep(tag, start=token.start, end=token.end)
    return nodes.TagPath((step,), start=token.start, end=token.end)


def _text(token: Token) -> nodes.Text:
    return nodes.Text(token.value[1:-1], start=token.start, end=token.end)
