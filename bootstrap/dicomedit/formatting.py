"""A script laid out: one statement a line, two blanks for each block, comments where they were."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Sequence

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.nodes import Comment, Position
from bootstrap.dicomedit.script import Script

INDENT = "  "
_HEX_BEGINS, _HEX_ENDS = re.compile("[0-9a-fA-FxX@#]{4}"), re.compile(".*[0-9a-fA-FxX@#]{4}", re.DOTALL)


def format_script(script: Script) -> str:
    """Reads as the same script again. A DicomEdit 4 script that the engine reads only in part is left as it is."""
    unreadable = script.dropped or script.repairs
    if unreadable or any(isinstance(node, nodes.Unreadable) for node in script.walk()):
        return script.text
    return _Layout(script).whole()


class _Layout:
    def __init__(self, script: Script) -> None:
        self.script = script
        self.comments = deque(sorted(script.comments, key=lambda comment: comment.start))
        self.lines: list[str] = []
        self.last = 0  # line of the original that was written last
        self.depth = 0

    def whole(self) -> str:
        for statement in self.script.statements:
            self.statement(statement)
        self.comments_before(Position(10**9, 1))
        return "\n".join(self.lines) + "\n" if self.lines else ""

    # ---- lines and comments

    def write(self, text: str) -> None:
        self.lines.append(INDENT * self.depth + text)

    def gap(self, line: int) -> None:
        """One empty line where there was at least one."""
        if self.last and line > self.last + 1 and self.lines and not self.lines[-1].rstrip().endswith("{"):
            self.lines.append("")

    def comments_before(self, position: Position) -> None:
        while self.comments and self.comments[0].start < position:
            comment = self.comments.popleft()
            self.gap(comment.start.line)
            self.write(_comment(comment))
            self.last = comment.start.line

    def trailing(self, end: Position) -> None:
        """Comments inside what was just written, and the one behind it on its line."""
        while self.comments and (self.comments[0].start < end or self.comments[0].start.line == end.line):
            self.lines[-1] += f"  {_comment(self.comments.popleft())}"

    # ---- statements

    def statement(self, statement: nodes.Statement) -> None:
        self.comments_before(statement.start)
        self.gap(statement.start.line)
        if isinstance(statement, nodes.If):
            self.if_block(statement)
        else:
            self.write_value(statement_text(statement), statement)
        self.last = statement.end.line

    def write_value(self, text: str, node: nodes.Node) -> None:
        if self.depth == 0 and text.startswith("version") and not isinstance(node, nodes.Version):
            text = f" {text}"  # in the first column it would choose the engine
        for line in re.split("\n(?=.*\0)|\n(?=})", text) if "\0" in text else [text]:
            content, _, place = line.partition("\0")
            if content:
                self.write(content)
            if place:
                self.element_comments(int(place), node.end, alone=not content)
        self.trailing(node.end)

    def element_comments(self, line: int, end: Position, *, alone: bool) -> None:
        while self.comments and self.comments[0].start.line <= line and self.comments[0].start < end:
            comment = _comment(self.comments.popleft())
            if alone:
                self.write(INDENT + comment)
            else:
                self.lines[-1] += f"  {comment}"

    def if_block(self, statement: nodes.If) -> None:
        for index, branch in enumerate(statement.branches):
            condition = _in_parentheses(_condition(branch.condition))
            opening = f"if {condition} {{" if index == 0 else f"}} elseif {condition} {{"
            self.block(opening, branch.condition.end, branch.body)
        if statement.otherwise is not None:
            self.block("} else {", statement.otherwise.start, statement.otherwise)
        self.write("}")
        self.trailing(statement.end)

    def block(self, opening: str, head_end: Position, block: nodes.Block) -> None:
        self.write(opening)
        first = block.statements[0].start if block.statements else block.end
        while self.comments and self.comments[0].start < min(first, Position(head_end.line + 1, 1)):
            self.lines[-1] += f"  {_comment(self.comments.popleft())}"
        self.depth += 1
        self.last = block.start.line
        for inner in block.statements:
            self.statement(inner)
        self.comments_before(block.end)
        self.depth -= 1


def _comment(comment: Comment) -> str:
    text = comment.text.rstrip()
    return f"{text} " if text.endswith("\\") else text  # without the blank it would swallow the next line


def _in_parentheses(condition: str) -> str:
    """Four hexadecimal characters next to a parenthesis would read as part of a tag."""
    before = " " if _HEX_BEGINS.match(condition) else ""
    after = " " if _HEX_ENDS.fullmatch(condition) else ""
    return f"({before}{condition}{after})"


def statement_text(statement: nodes.Statement) -> str:
    """A statement on one line; of an `if` only the head."""
    match statement:
        case nodes.If():
            return f"if {_in_parentheses(_condition(statement.branches[0].condition))}"
        case nodes.Unreadable():
            return "(unreadable)"
        case nodes.Ternary():
            text = f"{_condition(statement.condition)} ? {statement_text(statement.then)}"
            return text if statement.otherwise is None else f"{text} : {statement_text(statement.otherwise)}"
        case nodes.Constrained():
            parts = [*map(_condition, statement.conditions), _action(statement.action)]
            return " : ".join(parts)
        case nodes.Version():
            return f'version "{statement.text.raw}"'
        case nodes.RemoveAllPrivateTags():
            return "removeAllPrivateTags"
        case nodes.Describe():
            what = statement.flag if statement.text is None else f'"{statement.text.raw}"'
            return f"describe {statement.name} {what}"
        case nodes.Export():
            return f'export {statement.name} "{statement.text.raw}"'
        case _:
            return _action(statement)


def _action(action: nodes.Node) -> str:
    match action:
        case nodes.Assign():
            return f"{action.path} := {_value(action.value)}"
        case nodes.AssignIfExists():
            return f"{action.path} ?= {_value(action.value)}"
        case nodes.SetVariable():
            return f"{action.name} := {_value(action.value)}"
        case nodes.Delete():
            return f"-{action.path}"
        case nodes.CallStatement():
            return _value(action.call)
        case nodes.Echo():
            return "echo" if action.value is None else f"echo {_value(action.value)}"
        case _:
            raise TypeError(f"{type(action).__name__} cannot be written")


def _condition(condition: nodes.Condition) -> str:
    if isinstance(condition, nodes.Call):
        return _value(condition)
    return f"{_value(condition.left)} {condition.operator} {_value(condition.right)}"


def _value(value: nodes.Value) -> str:
    match value:
        case nodes.Number():
            return value.text
        case nodes.Text():
            return f'"{value.raw}"'
        case nodes.Variable():
            return value.name
        case nodes.Call():
            return f"{value.name}[{_joined(value.arguments)}]"
        case nodes.ListValue():
            return _list(value)
        case nodes.Format():
            return f'"{value.pattern.raw}" {_joined(value.arguments)}'
        case nodes.NewValue():
            return f"new {value.kind}" + (f"[{_joined(value.arguments)}]" if value.arguments else "")
        case _:
            return str(value)


def _joined(values: Iterable[nodes.Value]) -> str:
    return ", ".join(map(_value, values))


def _list(value: nodes.ListValue) -> str:
    """On one line if it stood on one. Else line by line; a mark says which comments belong to which line."""
    elements: Sequence[str] = [_value(element) for element in value.elements]
    flat = value.start.line == value.end.line or len(elements) < 2 or any("\n" in text for text in elements)
    if flat or any("\0" in element for element in elements):
        return f"{{{', '.join(element.partition(chr(0))[0] for element in elements)}}}"
    lines = [f"{{\0{value.start.line}"]
    before_first = value.elements[0].start.line - 1
    if before_first > value.start.line:  # the only place in a list where the engine takes a line without an element
        lines.append(f"\0{before_first}")
    for element, node in zip(elements, value.elements, strict=True):
        comma = "" if node is value.elements[-1] else ","
        lines.append(f"{INDENT}{element}{comma}\0{node.end.line}")
    return "\n".join(lines) + "\n}"
