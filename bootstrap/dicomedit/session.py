"""A script that was loaded once and is applied to one object after the other, as XNAT does with a study."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from bootstrap.dicomedit.bytes_item import BytesItem
from bootstrap.dicomedit.dataset_item import DatasetItem, copied
from bootstrap.dicomedit.environment import Environment
from bootstrap.dicomedit.failure import Failure
from bootstrap.dicomedit.holding import Item, holds_vr
from bootstrap.dicomedit.interpreter4 import Interpreter4
from bootstrap.dicomedit.interpreter6 import Interpreter6
from bootstrap.dicomedit.loading import loaded
from bootstrap.dicomedit.outcome import Outcome
from bootstrap.dicomedit.problems import Rejection
from bootstrap.dicomedit.recording import record
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
        self._loaded = loaded(script)
        given = {name.lower(): value for name, value in variables.items()}
        self.variables: dict[str, RuntimeValue] = {
            name: given[name.lower()] for name in self._loaded.external if name.lower() in given
        }
        self._given = given

    def apply(self, dataset: Dataset, *, record_id: int | None = None, trace: bool = False) -> Outcome:
        """The dataset that is given stays as it is."""
        twin = copied(dataset)
        root = DatasetItem(twin)
        outcome = self.edit_traced(root, trace=trace, record_id=record_id)
        root.finish()
        return replace(outcome, dataset=twin if outcome.status == "success" else None)

    def edit_traced(self, root: Item, *, record_id: int | None = None, trace: bool = False) -> Outcome:
        outcome, tracer = self.edit(root, record_id=record_id, trace=trace)
        return outcome if tracer is None else replace(outcome, trace=tuple(tracer.steps))

    def edit(self, root: Item, *, record_id: int | None = None, trace: bool = False) -> tuple[Outcome, Tracer | None]:
        """Changes the object in place; after anything but success it is not to be used."""
        try:
            return self._edit(root, record_id, trace)
        except RecursionError:
            return Outcome("error", "sequences, or the script's blocks, are nested too deep"), None

    def _edit(self, root: Item, record_id: int | None, trace: bool) -> tuple[Outcome, Tracer | None]:
        if self._is_unreadable(root):
            return Outcome("error", "the engine cannot read a file that holds an element of VR OD"), None
        tracer = Tracer(root) if trace else None
        run = Run(root, self.environment, self.variables, self._loaded.plans)
        try:
            self._run(run, tracer)
        except Failure as failure:
            return Outcome("error", failure.message, failure.statement.line), tracer
        except Rejection as rejection:
            return Outcome("rejected", str(rejection)), tracer
        if record_id is not None:
            record(root, self.script.dialect, record_id)
        return Outcome("success"), tracer

    @staticmethod
    def _is_unreadable(root: Item) -> bool:
        if isinstance(root, BytesItem) and not root.may_hold(b"OD"):
            return False
        return holds_vr(root, "OD")

    def _run(self, run: Run, tracer: Tracer | None) -> None:
        statements = self.script.statements
        if self.script.dialect == "4":
            Interpreter4(run, self._given, tracer).statements(statements)
            return
        unknown = self._loaded.unknown
        if unknown is not None:
            raise Failure(f"Failed to find function: {unknown.name}; the script does not load", unknown)
        Interpreter6(run, tracer).statements(statements)
