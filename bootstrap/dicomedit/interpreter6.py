"""Runs a DicomEdit 6 script over one object."""

from __future__ import annotations

from collections.abc import Sequence

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.deleting import Deletion, delete_private
from bootstrap.dicomedit.dialect import SUPPORTED
from bootstrap.dicomedit.editing import assign, matches, put_text, read
from bootstrap.dicomedit.failure import Failure
from bootstrap.dicomedit.filling import Filling
from bootstrap.dicomedit.functions import FUNCTIONS
from bootstrap.dicomedit.java_regex import full_match
from bootstrap.dicomedit.matching import compile_pattern, select
from bootstrap.dicomedit.problems import ScriptError
from bootstrap.dicomedit.run import Run
from bootstrap.dicomedit.script_values import VOID, RuntimeValue, as_bool, as_text, bounded, required_text
from bootstrap.dicomedit.tracing import Tracer


class Interpreter6:
    def __init__(self, run: Run, tracer: Tracer | None = None) -> None:
        self.run, self.tracer = run, tracer

    def statements(self, statements: Sequence[nodes.Statement]) -> None:
        """Several at once where that comes to the same; one by one where each is watched."""
        if self.tracer is not None:
            for statement in statements:
                with self.tracer.watching(statement):
                    self._alone(statement)
            return
        for part in self.run.plans.of(statements):
            if isinstance(part, Deletion | Filling):
                part.run(self.run.root)
            else:
                self._alone(part)

    def _alone(self, statement: nodes.Statement) -> None:
        try:
            self._statement(statement)
        except ScriptError as error:
            raise Failure(str(error), statement) from error

    def _statement(self, statement: nodes.Statement) -> None:
        match statement:
            case nodes.Ternary():
                self._ternary(statement)
            case nodes.If():
                self._if(statement)
            case nodes.RemoveAllPrivateTags():
                delete_private(self.run.root)
            case nodes.Version():
                stated = statement.text.raw
                if stated not in SUPPORTED:
                    raise ScriptError(f"Unsupported version: {stated}. Supported versions are {', '.join(SUPPORTED)}")
            case nodes.Describe() | nodes.Export() | nodes.Constrained() | nodes.Unreadable():
                return
            case _:
                self._action(statement)

    def _action(self, action: nodes.Action) -> None:
        match action:
            case nodes.Assign():
                text = as_text(self._assignable(action.value))
                if assign(self.run.root, action.path, text) is None:
                    self.note("the value is null: nothing is written")
            case nodes.AssignIfExists():
                self._assign_if_exists(action)
            case nodes.SetVariable():
                self.run.variables[action.name] = self.value(action.value)
            case nodes.Delete():
                Deletion([compile_pattern(action.path)]).run(self.run.root)
            case nodes.CallStatement():
                self.call(action.call)
            case nodes.Echo():
                self._echo(action)

    def _assignable(self, node: nodes.Value) -> RuntimeValue:
        value = self.value(node)
        if value is VOID:
            raise ScriptError("Assigned value is VOID.")
        return value

    def _assign_if_exists(self, action: nodes.AssignIfExists) -> None:
        text = as_text(self._assignable(action.value))
        for item, tag in matches(self.run.root, select([action.path])):
            put_text(item, tag, text)

    def _echo(self, action: nodes.Echo) -> None:
        if action.value is None:
            raise ScriptError("echo needs a value")
        text = as_text(self._assignable(action.value))
        self.run.environment.echo("null" if text is None else text)

    def _ternary(self, statement: nodes.Ternary) -> None:
        holds = self.condition(statement.condition)
        self.note(f"the condition is {str(holds).lower()}")
        action = statement.then if holds else statement.otherwise
        if action is not None:
            self._action(action)

    def _if(self, statement: nodes.If) -> None:
        for branch in statement.branches:
            if self.condition(branch.condition):
                self.note(f"the condition of line {branch.line} is true")
                self._block(branch.body)
                return
        self.note("no condition is true")
        if statement.otherwise is not None:
            self._block(statement.otherwise)

    def _block(self, block: nodes.Block) -> None:
        self.statements(block.statements)

    def condition(self, condition: nodes.Condition) -> bool:
        if isinstance(condition, nodes.Call):
            return as_bool(self.call(condition))
        left, right = as_text(self.value(condition.left)), as_text(self.value(condition.right))
        if condition.operator == "=":
            return left is not None and left == right
        if condition.operator == "!=":
            return left is None or left != right
        found = left is not None and full_match(required_text(right, "the regular expression"), left)
        return found if condition.operator == "~" else not found

    def value(self, node: nodes.Value) -> RuntimeValue:
        match node:
            case nodes.TagPath():
                return read(self.run.root, node)
            case nodes.Variable() if node.name not in self.run.variables:
                raise ScriptError(f"Unknown variable: {node.name}")
            case _:
                return self.argument(node)

    def argument(self, node: nodes.Value) -> RuntimeValue:
        """As `value`, but a path stays a path."""
        match node:
            case nodes.Text():
                return node.value
            case nodes.TagPath():
                return node
            case nodes.Number():
                return node.text
            case nodes.Variable():
                if node.name not in self.run.variables:
                    raise ScriptError(f"the variable {node.name} has no value")
                return self.run.variables[node.name]
            case nodes.Call():
                return self.call(node)
            case nodes.ListValue():
                return [one if isinstance(one, nodes.TagPath) else self._element(one) for one in node.elements]
            case _:
                raise ScriptError("not a value of DicomEdit 6")

    def _element(self, node: nodes.Value) -> RuntimeValue:
        """In a list a number is null, and a text is not decoded."""
        if isinstance(node, nodes.Number):
            return None
        return node.raw if isinstance(node, nodes.Text) else self.argument(node)

    def call(self, node: nodes.Call) -> RuntimeValue:
        function = FUNCTIONS.get(node.name)
        if function is None:
            raise ScriptError(f"Error evaluating {node.name}: Failed to find function: {node.name}")
        arguments = [self.argument(argument) for argument in node.arguments]
        try:
            return bounded(function(self.run, arguments))
        except ScriptError as error:
            raise ScriptError(f"Error evaluating {node.name}: {error}") from error

    def note(self, text: str) -> None:
        if self.tracer is not None:
            self.tracer.note(text)
