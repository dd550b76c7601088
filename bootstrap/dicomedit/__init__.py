"""DicomEdit, the anonymisation language of XNAT. Knows nothing of XNAT.

    script = parse(text)                        # Script; ParseError with line, column, what was expected
    outcome = script.apply(dataset, {"project": "P1", "subject": "S1", "session": "E1"})
    outcome.status                              # "success", "rejected" or "error", with message and line
    outcome.dataset                             # the changed copy; the dataset that was given stays as it is
    script.session(variables).apply(dataset)    # file after file of a study, with what survives between them
    apply_file(script, source, target, variables)
    preview_file(script, source, variables)     # the outcome with its trace; nothing is written
    format_script(script)                       # the same script, laid out; `statement_text` writes a single statement

The tree is in `nodes`: `script.statements`, each node with `start` and `end` (line and column, from 1); `nodes.walk`
goes over all of it. Comments are in `script.comments`, what the engine's lexer skips in `script.skipped`. For
DicomEdit 4 `script.dropped` says from where on the engine ignores the script, `script.repairs` where it reads
something else than is written, and `nodes.Unreadable` stands for what it keeps and fails at.

`script.apply(..., trace=True)` and the like give `outcome.trace`: what each statement did, with `Step` and `Change`.
`Environment` holds what leaves the process or is random: getURL, lookup tables, new UIDs, echo.
`external_variables(statements)` are the names that the caller's values reach; `FUNCTION_NAMES` what can be called.

Importing this package is cheap: pydicom is imported when it is needed.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bootstrap.dicomedit import nodes
    from bootstrap.dicomedit.dialect import SUPPORTED, Dialect, choose_dialect
    from bootstrap.dicomedit.discovery import external_variables, unknown_function
    from bootstrap.dicomedit.environment import Environment, read_lookup_table
    from bootstrap.dicomedit.files import apply_file, preview_file
    from bootstrap.dicomedit.formatting import format_script, statement_text
    from bootstrap.dicomedit.function_names import FUNCTION_NAMES, FUNCTION_NAMES_4
    from bootstrap.dicomedit.outcome import Change, Outcome, Step
    from bootstrap.dicomedit.problems import FileError, NotDicom, ParseError
    from bootstrap.dicomedit.script import Script, parse

__all__ = [
    "FUNCTION_NAMES",
    "FUNCTION_NAMES_4",
    "SUPPORTED",
    "Change",
    "Dialect",
    "Environment",
    "FileError",
    "NotDicom",
    "Outcome",
    "ParseError",
    "Script",
    "Step",
    "apply_file",
    "choose_dialect",
    "external_variables",
    "format_script",
    "nodes",
    "parse",
    "preview_file",
    "read_lookup_table",
    "statement_text",
    "unknown_function",
]

_HOMES = {
    "Change": "outcome",
    "Dialect": "dialect",
    "Environment": "environment",
    "FUNCTION_NAMES": "function_names",
    "FUNCTION_NAMES_4": "function_names",
    "FileError": "problems",
    "NotDicom": "problems",
    "Outcome": "outcome",
    "ParseError": "problems",
    "SUPPORTED": "dialect",
    "Script": "script",
    "Step": "outcome",
    "apply_file": "files",
    "choose_dialect": "dialect",
    "external_variables": "discovery",
    "format_script": "formatting",
    "parse": "script",
    "preview_file": "files",
    "read_lookup_table": "environment",
    "statement_text": "formatting",
    "unknown_function": "discovery",
    "nodes": "nodes",
}


def __getattr__(name: str) -> Any:
    """Names are imported when they are first asked for."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    module = import_module(f"{__name__}.{home}")
    return module if name == "nodes" else getattr(module, name)
