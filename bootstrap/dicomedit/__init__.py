"""DicomEdit, the anonymisation language of XNAT. Knows nothing of XNAT.

    script = parse(text)                        # Script; ParseError with line, column, what was expected
    outcome = script.apply(dataset, {"project": "P1", "subject": "S1", "session": "E1"})
    outcome.status                              # "success", "rejected" or "error", with message and line
    outcome.dataset                             # the changed copy; the dataset that was given stays as it is
    script.session(variables).apply(dataset)    # file after file of a study, with what survives between them
    apply_file(script, source, target, variables)
    format_script(script)                       # the same script, laid out

The tree is in `nodes`: `script.statements`, each with `start` and `end` (line and column, from 1), and `walk(node)`.
Comments are in `script.comments`, characters that the engine skips in `script.skipped`.

Importing this package is cheap: lark and pydicom are imported when they are needed.
"""

from __future__ import annotations

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.dialect import SUPPORTED, Dialect, choose_dialect
from bootstrap.dicomedit.problems import FileError, ParseError
from bootstrap.dicomedit.script import Script, parse

__all__ = [
    "SUPPORTED",
    "Dialect",
    "FileError",
    "ParseError",
    "Script",
    "choose_dialect",
    "nodes",
    "parse",
]
