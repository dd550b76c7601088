"""Follows a DicomEdit 6 script along every way through it, without an object."""

from __future__ import annotations

from collections.abc import Iterable

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.coverage import wording
from bootstrap.dicomedit.coverage.calls import FUNCTIONS, Calling
from bootstrap.dicomedit.coverage.fates import Kind
from bootstrap.dicomedit.coverage.flow import CertainError, Flow, joined
from bootstrap.dicomedit.coverage.refining import decided, refine
from bootstrap.dicomedit.coverage.worth import Argument, Worth, literal
from bootstrap.dicomedit.coverage.writing import write, write_existing
from bootstrap.dicomedit.dialect import SUPPORTED
from bootstrap.dicomedit.problems import ScriptError


class Following6:
    """`given` are the variables that XNAT gives. What is found besides the fates is gathered in the lists."""

    def __init__(self, given: frozenset[str]) -> None:
        self.given = frozenset(name.lower() for name in given)
        self.notes: list[tuple[int, str]] = []
        self.refusals: list[tuple[int, str]] = []
        self.pixels: list[tuple[int, str, tuple[str, ...]]] = []

    def statements(self, flow: Flow, statements: Iterable[nodes.Statement]) -> Flow:
        for statement in statements:
            if not flow.alive:
                break
            try:
                flow = self._statement(flow, statement)
            except CertainError as error:
                self.refusals.append((statement.line, str(error)))
                flow.alive = False
        return flow

    def _statement(self, flow: Flow, statement: nodes.Statement) -> Flow:
        match statement:
            case nodes.If():
                return self._if(flow, statement)
            case nodes.Ternary():
                return self._ternary(flow, statement)
            case nodes.Version() if statement.text.raw not in SUPPORTED:
                raise CertainError(f"no engine knows the version {statement.text.raw}")
            case nodes.RemoveAllPrivateTags():
                fate = flow.fate(Kind.REMOVED, statement.line)
                flow.private = flow.private_nested = frozenset({fate})
            case nodes.Assign() | nodes.AssignIfExists() | nodes.SetVariable() | nodes.Delete():
                self._action(flow, statement)
            case nodes.CallStatement() | nodes.Echo():
                self._action(flow, statement)
        return flow

    def _if(self, flow: Flow, statement: nodes.If) -> Flow:
        rest, ends = flow, list[Flow]()
        for branch in statement.branches:
            taken, rest = self._divided(rest, branch.condition)
            ends.append(self.statements(taken, branch.body.statements))
        if statement.otherwise is not None:
            rest = self.statements(rest, statement.otherwise.statements)
        return joined([*ends, rest], flow.when)

    def _ternary(self, flow: Flow, statement: nodes.Ternary) -> Flow:
        taken, rest = self._divided(flow, statement.condition)
        ends = [self._try(taken, statement.then)]
        ends.append(rest if statement.otherwise is None else self._try(rest, statement.otherwise))
        return joined(ends, flow.when)

    def _try(self, flow: Flow, action: nodes.Action) -> Flow:
        return self.statements(flow, [action])

    def _divided(self, flow: Flow, condition: nodes.Condition) -> tuple[Flow, Flow]:
        sides = [self._condition_side(flow, side) for side in _sides(condition)]
        said = wording.condition(condition)
        yes, no = flow.copy(said), flow.copy(f"not {said}")
        outcome = decided(condition, sides)
        if outcome is not None:
            yes.when = no.when = flow.when
            yes.alive, no.alive = yes.alive and outcome, no.alive and not outcome
        refine(yes, condition, holds=True)
        refine(no, condition, holds=False)
        return yes, no

    def _condition_side(self, flow: Flow, node: nodes.Value) -> Worth:
        if isinstance(node, nodes.TagPath):
            return Worth(str(node))  # a comparison copies nothing
        return self.value(flow, node)

    def _action(self, flow: Flow, action: nodes.Action) -> None:
        match action:
            case nodes.Assign():
                worth = self.value(flow, action.value)
                write(flow, self._target(flow, action.path), worth, action.line)
            case nodes.AssignIfExists():
                worth = self.value(flow, action.value)
                write_existing(flow, self._matched(flow, action.path), worth, action.line)
            case nodes.SetVariable():
                flow.variables[action.name] = self.value(flow, action.value)
            case nodes.Delete():
                flow.remove(self._matched(flow, action.path, below=True), action.line)
                self._private_in_part(action.path, action.line)
            case nodes.CallStatement():
                self.call(flow, action.call)
            case nodes.Echo() if action.value is not None:
                self.value(flow, action.value)

    def _target(self, flow: Flow, path: nodes.TagPath) -> list[int]:
        if not path.is_singular:
            raise CertainError(f"{path} names more than one element, and cannot be assigned to")
        if path.is_private:
            self._private_in_part(path, path.line)
            return []
        number = flow.probes.by_path.get(written_path(path))
        return [] if number is None else [number]

    def _matched(self, flow: Flow, path: nodes.TagPath, *, below: bool = False) -> list[int]:
        try:
            return flow.probes.matched(path, below=below)
        except ScriptError as error:
            raise CertainError(str(error)) from error

    def _private_in_part(self, path: nodes.TagPath, line: int) -> None:
        if path.is_private:
            self.notes.append((line, f"{path}: only these private elements; the others stay"))

    def value(self, flow: Flow, node: nodes.Value) -> Worth:
        if isinstance(node, nodes.TagPath):
            return flow.read(node)
        argument = self.argument(flow, node)
        assert isinstance(argument, Worth)
        return argument

    def argument(self, flow: Flow, node: nodes.Value) -> Argument:
        """As `value`, but a path stays a path."""
        match node:
            case nodes.TagPath():
                return node
            case nodes.Text():
                return literal(node.value)
            case nodes.Variable():
                return self._variable(flow, node.name)
            case nodes.Call():
                return self.call(flow, node)
            case nodes.ListValue():
                elements = tuple(self._element(flow, one) for one in node.elements)
                return Worth(wording.value(node), elements=elements, sources=_texts_in(elements))
            case _:
                return literal(wording.value(node))

    def _element(self, flow: Flow, node: nodes.Value) -> Argument:
        return literal(node.raw) if isinstance(node, nodes.Text) else self.argument(flow, node)

    def _variable(self, flow: Flow, name: str) -> Worth:
        if name in flow.variables:
            return flow.variables[name]
        if name.lower() in self.given:
            return Worth(f"XNAT's {name}")
        raise CertainError(f"the variable {name} has no value: the script does not set it, and XNAT does not give it")

    def call(self, flow: Flow, node: nodes.Call) -> Worth:
        function = FUNCTIONS.get(node.name)
        if function is None:
            raise CertainError(f"there is no function {node.name}")
        arguments = [self.argument(flow, argument) for argument in node.arguments]
        calling = Calling(flow, node, wording.value(node), arguments, self.notes)
        if node.name == "alterPixels":
            self.pixels.append((node.line, calling.text(1) or "", flow.when))
        return function(calling)


def _sides(condition: nodes.Condition) -> tuple[nodes.Value, ...]:
    return (condition,) if isinstance(condition, nodes.Call) else (condition.left, condition.right)


def _texts_in(elements: tuple[Argument, ...]) -> frozenset[int]:
    return frozenset().union(*(one.sources for one in elements if isinstance(one, Worth)))


def written_path(path: nodes.TagPath) -> str:
    """A singular public path as the engine writes it. Raises CertainError where the engine fails at it."""
    parts = []
    for index, step in enumerate(path.steps):
        assert isinstance(step, nodes.ElementStep)  # a singular path has no others
        inner = index + 1 < len(path.steps)
        if inner and step.item is None:
            raise CertainError(f"the step {step} of {path} needs an item number")
        if not inner and step.item is not None:
            raise CertainError(f"{path} ends in an item")
        number = "" if step.item is None else f"[{step.item}]"
        parts.append(f"{step.tag.group}{step.tag.element}".lower() + number)
    return "/".join(parts)
