"""Cases of anonymisation scripts: YAML that says what goes in, and what must come out.

The form is told in anon_scripts/cases/README.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bootstrap.config.files import CannotRead, Files
from bootstrap.config.templates import TemplateFailed, render
from bootstrap.dicomedit import Outcome, Script, parse
from bootstrap.errors import BootstrapError, LocalFileError, SiteFileError
from bootstrap.ops.anon_case_problems import Models, case_problems, not_yaml
from bootstrap.ops.anon_files import not_read

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_STEP = re.compile(r"\(([0-9a-fA-F]{4}),([0-9a-fA-F]{4})\)(?:\[([0-9]+)\])?")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Value(_Strict):
    vr: str | None = None
    value: str | int | float = ""
    bytes: str | None = None


class Wanted(_Strict):
    like: str | None = None
    same_as: str | None = None
    differs: str | None = Field(None, alias="not")


class Case(_Strict):
    name: str
    input: dict[str, str | int | float | Value] = {}
    expected: dict[str, str | int | float | Wanted | None] = {}
    outcome: Literal["success", "rejected", "error"] = "success"
    runs: int = 1
    vars: dict[str, Any] = {}
    variables: dict[str, str | None] = {}


class CaseFile(_Strict):
    script: str
    vars: dict[str, Any] = {}
    variables: dict[str, str | None] = {}
    cases: list[Case]


_MODELS: Models = {"": CaseFile, "case": Case, "value": Value, "wanted": Wanted}


@dataclass(frozen=True, slots=True)
class CaseResult:
    file: Path
    script: Path | None  # None where the file does not say
    name: str
    differences: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        return not self.differences


def run_folder(folder: Path) -> Iterator[CaseResult]:
    """Every case of every `*.yaml` below a folder, by name. A file that cannot be used is a case that fails.

    Raises LocalFileError where there are none.
    """
    files = sorted(folder.rglob("*.yaml"))
    if not files:
        raise LocalFileError(f"{folder} holds no cases", hint="cases are YAML files: *.yaml")
    for file in files:
        try:
            yield from run_file(file)
        except BootstrapError as error:
            yield CaseResult(file, None, "the file cannot be used", str(error).split("\n"))


def run_file(path: Path) -> Iterator[CaseResult]:
    """Raises LocalFileError, SiteFileError, ParseError."""
    cases = read_cases(path)
    script, parsed = path.parent / cases.script, dict[str, Script]()
    for case in cases.cases:
        names = {**cases.vars, **case.vars}
        variables = {**cases.variables, **case.variables}
        given = {name: value for name, value in variables.items() if value is not None}
        key = repr(sorted(names.items()))
        if key not in parsed:  # a long script takes longer to read than to run
            parsed[key] = _script(script, names)
        differences = list(run_case(case, parsed[key], given))
        yield CaseResult(path, script, case.name, differences)


def read_cases(path: Path) -> CaseFile:
    """Raises LocalFileError, SiteFileError."""
    try:
        text = Files().text(path)
        return CaseFile.model_validate(yaml.safe_load(text))
    except CannotRead as error:
        raise not_read(path, error) from error
    except yaml.YAMLError as error:
        raise SiteFileError([not_yaml(path, error)]) from error
    except ValidationError as error:
        raise SiteFileError(case_problems(path, text, error, _MODELS)) from error


def _script(path: Path, names: Mapping[str, Any]) -> Script:
    try:
        return parse(render(path, names, Files()) if path.suffix == ".j2" else Files().text(path))
    except CannotRead as error:
        raise LocalFileError(f"{path} {error.why}", hint=error.hint) from error
    except TemplateFailed as failed:
        raise SiteFileError([failed.problem]) from failed


def run_case(case: Case, script: Script, variables: Mapping[str, str]) -> Iterator[str]:
    """What differs from what is expected, in words."""
    dataset, outcome = dataset_of(case.input), Outcome("success")
    for _ in range(case.runs):
        outcome = script.apply(dataset, variables)
        if outcome.dataset is None:
            break
        dataset = outcome.dataset
    if outcome.status != case.outcome:
        told = f": {outcome.message}" if outcome.message else ""
        line = f" in line {outcome.line}" if outcome.line else ""
        yield f"outcome: expected {case.outcome}, got {outcome.status}{line}{told}"
    elif outcome.status == "success":
        for path, wanted in case.expected.items():
            yield from _difference(dataset, path, wanted)


def _difference(dataset: Dataset, path: str, wanted: str | int | float | Wanted | None) -> Iterator[str]:
    got = text_at(dataset, path)
    if not isinstance(wanted, Wanted):
        text = None if wanted is None else str(wanted)
        if got != text:
            yield f"{path}: expected {_shown(text)}, got {_shown(got)}"
    elif got is None:
        yield f"{path}: expected a value, got {_shown(got)}"
    elif wanted.like is not None and re.fullmatch(wanted.like, got) is None:
        yield f"{path}: expected a text like {wanted.like!r}, got {_shown(got)}"
    elif wanted.same_as is not None and got != text_at(dataset, wanted.same_as):
        yield f"{path}: expected the text of {wanted.same_as}, got {_shown(got)}"
    elif wanted.differs is not None and got == wanted.differs:
        yield f"{path}: expected another text than {_shown(got)}"


def _shown(text: str | None) -> str:
    return "nothing there" if text is None else repr(text)


# ---- from and to data sets


def dataset_of(values: Mapping[str, str | int | float | Value]) -> Dataset:
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.uid import ExplicitVRLittleEndian

    from bootstrap.dicomedit.dataset_item import DatasetItem

    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    root = DatasetItem(dataset)
    for path, value in values.items():
        _put(root, path, value if isinstance(value, Value) else Value(value=value))
    root.finish()
    return dataset


def _put(root: Any, path: str, value: Value) -> None:
    from bootstrap.dicomedit.codec import bytes_of
    from bootstrap.dicomedit.dictionary import dictionary_vr

    *inner, (tag, _) = _place(path)
    item = root
    for sequence, number in inner:
        if item.items(sequence) is None:
            item.put_sequence(sequence)
        while len(item.items(sequence)) <= number:
            item.add_item(sequence)
        item = item.items(sequence)[number]
    vr = value.vr or dictionary_vr(tag)
    if vr == "SQ":
        item.put_sequence(tag)
        return
    raw = bytes.fromhex(value.bytes) if value.bytes is not None else bytes_of(vr, str(value.value), item.charset())
    item.put(tag, vr, raw)


def text_at(dataset: Dataset, path: str) -> str | None:
    """The text that a script would read; of a sequence, how many items it has."""
    from bootstrap.dicomedit.dataset_item import DatasetItem
    from bootstrap.dicomedit.editing import text_at as engine_text

    item: Any = DatasetItem(dataset)
    *inner, (tag, _) = _place(path)
    for sequence, number in inner:
        items = item.items(sequence) or ()
        if number >= len(items):
            return None
        item = items[number]
    items = item.items(tag)
    return engine_text(item, tag) if items is None else f"{len(items)} items"


def _place(path: str) -> list[tuple[int, int]]:
    steps = [_STEP.fullmatch(step.strip()) for step in path.split("/")]
    if not all(steps):
        raise LocalFileError(f"{path} is not a path such as (0040,0275)[0]/(0010,0010)")
    return [(int(step[1] + step[2], 16), int(step[3] or 0)) for step in steps if step]
