"""The site file that `init` writes: every key that there is, explained; what is not needed is commented out."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Sequence

from bootstrap.config.section import Section

WIDTH = 100
HEAD = """\
# What this XNAT is to be. What is not said here is left alone on the server.
#
#   xnat-bootstrap validate    checks this file, without a server
#   xnat-bootstrap plan        shows what would change
#   xnat-bootstrap apply       changes it
#   xnat-bootstrap explain     is the reference of every key
"""


def starter(sections: Sequence[Section], active: Collection[str] | None = None, schema: str | None = None) -> str:
    """`active` keys are written out (the required ones, if not said), the others as comments with their example.

    `schema` is a path or address of the JSON Schema, for editors.
    """
    chosen = {section.key for section in sections if section.required} if active is None else set(active)
    head = f"# yaml-language-server: $schema={schema}\n{HEAD}" if schema else HEAD
    return "\n".join([head, *(_part(section, section.key in chosen) for section in sections)])


def _part(section: Section, active: bool) -> str:
    doc = textwrap.fill(section.doc, WIDTH, initial_indent="# ", subsequent_indent="# ")
    body = _body(section)
    return f"{doc}\n{body if active else textwrap.indent(body, '# ', lambda _line: True)}"


def _body(section: Section) -> str:
    example = section.example.strip("\n")
    if not example:
        return f"{section.key}:\n"
    return f"{section.key}:\n{textwrap.indent(textwrap.dedent(example), '  ')}\n"
