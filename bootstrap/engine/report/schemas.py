"""The JSON Schemas of the report and of the saved plan, for whoever reads them by machine.

Within a version keys are only added, so a reader must let unknown keys pass, and these schemas do. The files
`report.schema.json` and `plan.schema.json` at the root of the repository are what `schema_text` gives.
"""

from __future__ import annotations

import json
from typing import Any, get_args

from bootstrap.engine.outcome import Outcome
from bootstrap.engine.plan import Action, Moved
from bootstrap.engine.report.report import FORMAT, VERSION
from bootstrap.engine.saved import FORMAT as PLAN_FORMAT
from bootstrap.engine.saved import VERSION as PLAN_VERSION
from bootstrap.values import MASK, Severity

Schema = dict[str, Any]

_ANY_VALUE: Schema = {"type": ["null", "boolean", "number", "string", "array", "object"]}
_TEXT: Schema = {"type": "string"}
_TEXTS: Schema = {"type": "array", "items": {"type": "string"}}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_FLAG: Schema = {"type": "boolean"}


def report_schema() -> Schema:
    return {
        **_head("report", "What plan, apply, drift and validate print with --format json"),
        **_object(
            format={"const": FORMAT},
            version={"const": VERSION},
            verb=_doc(_TEXT, "the verb that ran"),
            exit=_doc({"enum": [0, 1, 2, 3, 4, 5, 64]}, "the exit code of the run"),
            server=_doc({"oneOf": [{"type": "null"}, _server()]}, "null where no server was asked"),
            summary=_summary(),
            changes={"type": "array", "items": _reported_change()},
            problems=_problems("what is wrong, refused or worth knowing; refusals first"),
            undo=_doc(_nullable(_TEXT), "the file that `apply` takes to put the former state back"),
            after_restart=_doc(_TEXTS, "what takes effect after the next restart of XNAT only"),
            talk=_doc(_TEXTS, "sentences for people"),
        ),
        "$defs": _definitions(),
    }


def plan_schema() -> Schema:
    return {
        **_head("plan", "A plan as `plan -o` saves it and `apply` takes it; fingerprints stand for secrets"),
        **_object(
            format={"const": PLAN_FORMAT},
            version={"const": PLAN_VERSION},
            owner=_doc(_TEXT, "whose ledger: `server.owner` of the site file"),
            server=_object(url=_TEXT, version=_nullable(_TEXT)),
            site=_object(files=_TEXTS, digest=_doc(_TEXT, "of all files; apply refuses when it differs")),
            options=_object(prune=_FLAG, allow=_TEXTS, only=_TEXTS),
            changes={"type": "array", "items": _planned_change()},
            refusals=_problems("what keeps this plan from being applied"),
            failures=_problems("what could not be read"),
            notes=_problems("what is worth knowing"),
            accepted=_doc(_COUNT, "differences that `accept` in the site file leaves alone"),
            checksum=_doc(_TEXT, "of all the rest; apply refuses a plan that was changed"),
        ),
        "$defs": _definitions(),
    }


def schema_text(schema: Schema) -> str:
    """As it stands in the file at the root of the repository."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _head(name: str, title: str) -> Schema:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:xnat-bootstrap:{name}:1",
        "title": title,
    }


# The parts


def _definitions() -> Schema:
    return {"field": _field(), "problem": _problem()}


def _server() -> Schema:
    return _object(url=_TEXT, version=_nullable(_TEXT), practice=_FLAG)


def _summary() -> Schema:
    return _object(
        changes=_doc(_COUNT, "changes of the plan, pending ones included, deferred ones not"),
        done=_COUNT,
        failed=_COUNT,
        skipped=_COUNT,
        unknown=_doc(_COUNT, "written, and could not be read back"),
        deferred=_doc(_COUNT, "need a container engine that is not there"),
        accepted=_doc(_COUNT, "differences that `accept` in the site file leaves alone"),
        requests=_doc(_COUNT, "all requests of the run"),
        reads=_COUNT,
        writes=_doc(_COUNT, "0 in a run that had nothing to do"),
        seconds={"type": "number", "minimum": 0},
    )


def _change(**more: Schema) -> Schema:
    return _object(
        kind=_doc(_TEXT, "singular, as `explain` lists it"),
        name=_TEXT,
        action={"enum": list(get_args(Action))},
        fields={"type": "array", "items": {"$ref": "#/$defs/field"}},
        needs=_doc(_TEXTS, "KIND:NAME of what must be in place before"),
        notes=_TEXTS,
        source=_doc(_nullable(_TEXT), "file:line:column in the site file"),
        **more,
    )


def _reported_change() -> Schema:
    outcome = {"enum": [*get_args(Outcome), None]}
    return _change(
        outcome=_doc(outcome, "null unless it was applied"),
        error=_doc(_nullable(_TEXT), "why it failed; for what was skipped, the cause"),
        deferred=_doc(_FLAG, "needs a container engine that is not there"),
    )


def _planned_change() -> Schema:
    return _change(
        level=_doc(_COUNT, "changes of a lower level come first"),
        seen=_doc(_TEXT, "a token of the state that this change was made for"),
        deferred=_doc(_FLAG, "needs a container engine that is not there"),
    )


def _field() -> Schema:
    return _object(
        path=_TEXT,
        before=_doc(
            _ANY_VALUE, f"in a drift what was applied, else what the server has; null: not set, {MASK}: a secret"
        ),
        after=_doc(_ANY_VALUE, f"in a drift what the server has, else what the site file says; {MASK}: a secret"),
        moved=_doc({"enum": list(get_args(Moved))}, "who changed it since the last apply; new: never applied"),
    )


def _problem() -> Schema:
    return _object(
        severity={"enum": list(get_args(Severity))},
        rule=_doc(_TEXT, "a stable name; for a refusal what `--allow` takes"),
        message=_TEXT,
        hint=_doc(_TEXT, "what to do next; may be empty"),
        source=_doc(_nullable(_TEXT), "file:line:column"),
    )


def _problems(doc: str) -> Schema:
    return {"type": "array", "items": {"$ref": "#/$defs/problem"}, "description": doc}


# How a schema is put together


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _doc(schema: Schema, text: str) -> Schema:
    return {**schema, "description": text}


def _nullable(schema: Schema) -> Schema:
    return {**schema, "type": [schema["type"], "null"]}
