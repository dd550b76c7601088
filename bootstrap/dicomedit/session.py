"""A script that was loaded once and is applied to one object after the other, as XNAT does with a study."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bootstrap.dicomedit.dataset_item import DatasetItem, copied
from bootstrap.dicomedit.discovery import external_variables, unknown_function
from bootstrap.dicomedit.environment import Environment
from bootstrap.dicomedit.failure import Failure
from bootstrap.dicomedit.holding import Item
from bootstrap.dicomedit.interpreter4 import Interpreter4
from bootstrap.dicomedit.interpreter6 import Interpreter6
from bootstrap.dicomedit.outcome import Outcome
from bootstrap.dicomedit.problems import Rejection, ScriptError
from bootstrap.dicomedit.run import Run
from bootstrap.dicomedit.script_values import RuntimeValue
from bootstrap.dicomedit.tracing import Tracer

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

    from bootstrap.dicomedit.script import Script


class Session:
    """Variables that a script sets stay set for the next object."""

    def __init__(self, script: Script, variables: Mapping[str, str], environment: Environment | None = None) -> None:
        self.script = script
        self.environment = environment or Environment()
        given = {name.lower(): value for name, value in variables.items()}
        self.variables: dict[str, RuntimeValue] = {
            name: given[name.lower()] for name in external_variables(script.statements) if name.lower() in given
        }
        self._given = given
        self._unknown = unknown_function(script.statements)

    def apply(self, dataset: Dataset, *, trace: bool = False) -> Outcome:
        """The dataset that is given stays as it is."""
        twin = copied(dataset)
        try:
            root = DatasetItem(twin)
        except ScriptError as error:
            return Outcome("error", str(error))
        outcome, steps = self.edit(root, trace=trace)
        root.finish()
        changed = twin if outcome.status == "success" else None
        return Outcome(outcome.status, outcome.message, outcome.line, changed, tuple(steps.steps if steps else ()))

    def edit(self, root: Item, *, trace: bool = False) -> tuple[Outcome, Tracer | None]:
        """Changes the object in place; after anything but success it is not to be used."""
        tracer = Tracer(root) if trace else None
        run = Run(root, self.environment, self.variables)
        try:
            self._run(run, tracer)
        except Failure as failure:
            return Outcome("error", failure.message, failure.statement.line), tracer
        except Rejection as rejection:
            return Outcome("rejected", str(rejection)), tracer
        return Outcome("success"), tracer

    def _run(self, run: Run, tracer: Tracer | None) -> None:
        statements = self.script.statements
        if self.script.dialect == "4":
            Interpreter4(run, self._given, tracer).statements(statements)
            return
        if self._unknown is not None:
            raise Failure(f"Failed to find function: {self._unknown.name}; the script does not load", self._unknown)
        Interpreter6(run, tracer).statements(statements)
