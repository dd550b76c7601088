"""Runs a DicomEdit 4 script over one object.

All conditions and values are taken from the object as it was; then the actions are carried out from the last to the
first, so that the first one that touches an element wins.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import quote_plus

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.codec import bytes_of
from bootstrap.dicomedit.editing import text_at
from bootstrap.dicomedit.failure import Failure
from bootstrap.dicomedit.functions_uid import hashed_uid
from bootstrap.dicomedit.java_format import message_format
from bootstrap.dicomedit.java_regex import full_match, full_match_group
from bootstrap.dicomedit.problems import ScriptError
from bootstrap.dicomedit.run import Run
from bootstrap.dicomedit.tracing import Tracer

_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "'": "'", "\\": "\\"}
_WILD = {"X": "0123456789ABCDEF", "@": "02468ACE", "#": "13579BDF"}


def decoded(raw: str) -> str:
    """A text's escapes; the engine gives up on unicode and octal ones."""
    parts, characters = [], iter(raw)
    for character in characters:
        if character == "\\":
            letter = next(characters)
            if letter not in _ESCAPES:
                raise ScriptError(f"no support for the escape \\{letter}")
            character = _ESCAPES[letter]
        parts.append(character)
    return "".join(parts)


def check_loading(statements: tuple[nodes.Statement, ...]) -> None:
    """What makes loading the script fail, wherever it stands."""
    names: set[str] = set()
    for statement in statements:
        for node in nodes.walk(statement):
            try:
                _check(node, names)
            except ScriptError as error:
                raise Failure(str(error), statement) from None


def _check(node: nodes.Node, names: set[str]) -> None:
    if isinstance(node, nodes.Text):
        decoded(node.raw)
    elif isinstance(node, nodes.SetVariable):
        if node.name.lower() in names:
            raise ScriptError(f"the variable {node.name} is set twice; the script does not load")
        names.add(node.name.lower())
    elif isinstance(node, nodes.Call) and node.name in ("substring", "match"):
        numbers = node.arguments[1:3] if node.name == "substring" else node.arguments[2:3]
        whole = all(isinstance(number, nodes.Number) for number in numbers) or node.name == "substring"
        if len(node.arguments) < 3 or not whole:
            raise ScriptError(f"{node.name} needs its arguments, numbers written out; the script does not load")


class Interpreter4:
    def __init__(self, run: Run, given: Mapping[str, str], tracer: Tracer | None = None) -> None:
        """`given` are the caller's variables, with names in lower case."""
        self.run, self.given, self.tracer = run, given, tracer
        self.initial: dict[str, nodes.Value] = {}

    def statements(self, statements: tuple[nodes.Statement, ...]) -> None:
        check_loading(statements)
        self.initial = {
            statement.name.lower(): statement.value
            for statement in statements
            if isinstance(statement, nodes.SetVariable) and not self._is_null(statement.value)
        }
        self._require_values(statements)
        todo = [(statement, self._prepared(statement)) for statement in statements]
        for statement, action in reversed(todo):
            if action is None:
                continue
            with _failing(statement):
                if self.tracer is None:
                    action()
                else:
                    with self.tracer.watching(statement):
                        action()

    @staticmethod
    def _is_null(value: nodes.Value) -> bool:
        unknown = isinstance(value, nodes.Call) and value.name not in _FUNCTIONS
        return unknown or isinstance(value, nodes.Unreadable)

    def _require_values(self, statements: tuple[nodes.Statement, ...]) -> None:
        for statement in statements:
            for node in nodes.walk(statement):
                wanted = isinstance(node, nodes.Variable | nodes.Describe | nodes.Export | nodes.SetVariable)
                name = getattr(node, "name", "").lower()
                if wanted and name not in self.initial and name not in self.given:
                    raise Failure(f"Missing value for script-required variable(s): {name}", statement)

    def _prepared(self, statement: nodes.Statement) -> Callable[[], None] | None:
        """What to do later, with the values of now."""
        with _failing(statement):
            if isinstance(statement, nodes.Constrained):
                if not all(map(self._holds, statement.conditions)):
                    return None
                return self._action(statement.action)
            return self._action(statement)

    def _action(self, action: nodes.Node) -> Callable[[], None] | None:
        match action:
            case nodes.Assign():
                text = self._text(action.value)
                return lambda: self._assign(action.path, text)
            case nodes.Delete():
                return lambda: self._delete(action.path)
            case nodes.Echo():
                message = "" if action.value is None else self._text(action.value)
                return lambda: self.run.environment.echo("null" if message is None else message)
            case nodes.Unreadable():
                raise ScriptError("the engine cannot read this statement, and fails when it gets here")
            case _:
                return None

    def _assign(self, path: nodes.TagPath, text: str | None) -> None:
        root, tags = self.run.root, self._matching(path)
        for tag in tags:
            vr = root.vr(tag) or "UN"
            if vr == "UN":
                vr = root.default_vr(tag)
            if vr == "SQ":
                root.put_sequence(tag)
            else:
                vr = "LO" if vr == "UN" else vr
                root.put(tag, vr, bytes_of(vr, text, root.charset()))

    def _delete(self, path: nodes.TagPath) -> None:
        for tag in self._matching(path):
            if tag in self.run.root:
                self.run.root.remove(tag)

    def _matching(self, path: nodes.TagPath) -> list[int]:
        """Root elements; a tag without wildcards also when it is not there."""
        step = path.steps[0]
        assert isinstance(step, nodes.ElementStep)
        digits = step.tag.group + step.tag.element
        if not any(digit in "X@#" for digit in digits):
            return [int(digits, 16)]
        allowed = [_WILD.get(digit, digit.upper()) for digit in digits]
        return [one for one in self.run.root.tags() if _fits(one, allowed)]

    def _holds(self, condition: nodes.Comparison) -> bool:
        left, right = self._text(condition.left), self._text(condition.right)
        if condition.operator == "=":
            return left == right
        if right is None:
            raise ScriptError("null pattern not allowed")
        return left is not None and full_match(right, left)

    def _text(self, value: nodes.Value) -> str | None:
        match value:
            case nodes.Text():
                return decoded(value.raw)
            case nodes.Number():
                return str(int(value.text))
            case nodes.TagPath():
                return text_at(self.run.root, self._matching(value)[0])
            case nodes.Variable():
                return self._variable(value.name.lower())
            case nodes.Format():
                return message_format(decoded(value.pattern.raw), [self._text(one) for one in value.arguments])
            case nodes.NewValue():
                if value.kind != "UID":
                    raise ScriptError(f"there is nothing to make a new {value.kind}")
                return self.run.environment.new_uid()
            case nodes.Call() if value.name in _FUNCTIONS:
                return _FUNCTIONS[value.name](self, value)
            case _:
                raise ScriptError("the engine cannot read this value, and fails when it gets here")

    def _variable(self, name: str) -> str | None:
        return self._text(self.initial[name]) if name in self.initial else self.given[name]

    # ---- functions

    def _texts(self, call: nodes.Call, count: int) -> list[str | None]:
        if len(call.arguments) < count:
            raise ScriptError(f"{call.name} takes {count} arguments")
        return [self._text(argument) for argument in call.arguments]

    def _substring(self, call: nodes.Call) -> str | None:
        text = self._text(call.arguments[0])
        begin, end = (_literal(argument) for argument in call.arguments[1:3])
        if text is None or not text.strip():
            return text
        if not 0 <= begin <= end <= len(text):
            raise ScriptError(
                f"Index out of bounds, requested substring from {begin} to {end}, string length was {len(text)}."
            )
        return text[begin:end]

    def _match(self, call: nodes.Call) -> str | None:
        text, pattern = self._text(call.arguments[0]), self._text(call.arguments[1])
        if text is None or pattern is None:
            return None
        return full_match_group(pattern, text, _literal(call.arguments[2]))

    def _replace(self, call: nodes.Call) -> str | None:
        text, find, replacement = self._texts(call, 3)[:3]
        if text is None or find is None or replacement is None:
            return text
        return text.replace(find, replacement)

    def _format(self, call: nodes.Call) -> str | None:
        pattern, *values = self._texts(call, 1)
        return None if pattern is None else message_format(pattern, values)

    def _get_url(self, call: nodes.Call) -> str | None:
        url = self._texts(call, 1)[0]
        return None if url is None else "".join(self.run.environment.fetch(url).splitlines())

    def _on_text(self, call: nodes.Call, change: Callable[[str], str]) -> str | None:
        text = self._texts(call, 1)[0]
        return None if text is None else change(text)


def _literal(argument: nodes.Value) -> int:
    if not isinstance(argument, nodes.Number):
        raise ScriptError("a number must be written out here")
    return int(argument.text)


def _fits(tag: int, allowed: list[str]) -> bool:
    return all(digit in choice for digit, choice in zip(f"{tag:08X}", allowed, strict=True))


def _url_encoded(text: str) -> str:
    return quote_plus(text, safe="*-._").replace("~", "%7E")


class _failing:
    """An Error inside is one of this statement."""

    def __init__(self, statement: nodes.Node) -> None:
        self.statement = statement

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, ScriptError):
            raise Failure(str(error), self.statement) from error


_FUNCTIONS: dict[str, Callable[[Interpreter4, nodes.Call], str | None]] = {
    "substring": Interpreter4._substring,
    "format": Interpreter4._format,
    "lowercase": lambda self, call: self._on_text(call, str.lower),
    "uppercase": lambda self, call: self._on_text(call, str.upper),
    "getURL": Interpreter4._get_url,
    "replace": Interpreter4._replace,
    "match": Interpreter4._match,
    "urlEncode": lambda self, call: self._on_text(call, _url_encoded),
    "hashUID": lambda self, call: self._on_text(call, hashed_uid),
}
