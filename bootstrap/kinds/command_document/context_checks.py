"""Where a wrapper is offered: its contexts, and the first input that they are to be put into."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bootstrap.config.problems import suggest
from bootstrap.facts import type_ancestry
from bootstrap.kinds.command_document.flaws import Flaw, Path
from bootstrap.kinds.command_document.normal import Document

# What a first input of a type can be; others can be anything.
_ROOTS: Mapping[str, tuple[str, ...]] = {
    "Project": ("xnat:projectData",),
    "Subject": ("xnat:subjectData",),
    "Session": ("xnat:imageSessionData",),
    "Scan": ("xnat:imageScanData",),
    "Assessor": ("xnat:imageAssessorData", "xnat:derivedData"),
    "SubjectAssessor": ("xnat:subjectAssessorData",),
}


def context_flaws(wrapper: Document, path: Path) -> Iterator[Flaw]:
    if not wrapper["contexts"]:
        yield Flaw("command-no-context", f"the wrapper `{wrapper['name']}` has no context: it is offered nowhere", path)
    if not wrapper["external-inputs"]:
        yield Flaw("command-no-root", f"the wrapper `{wrapper['name']}` has no external input", path)
    for number, context in enumerate(wrapper["contexts"]):
        yield from _context(wrapper, context, (*path, "contexts", number))


def _context(wrapper: Document, context: str, path: Path) -> Iterator[Flaw]:
    if not type_ancestry.is_known(context):
        known = type_ancestry.parents()
        hint = suggest(context, known)
        mend = hint if hint.startswith("did") else "leave it where a plugin of yours brings this type"
        yield Flaw("command-unknown-context", f"XNAT without plugins has no data type `{context}`", path, mend)
        return
    root = wrapper["external-inputs"][0] if wrapper["external-inputs"] else None
    kinds = _ROOTS.get(root["type"], ()) if root else ()
    if root and kinds and not any(_related(context, kind) for kind in kinds):
        message = f"the first input `{root['name']}` is a {root['type']}, and `{context}` is none"
        yield Flaw("command-context-mismatch", message, path, f"a {root['type']} is a {' or '.join(kinds)}")


def _related(context: str, kind: str) -> bool:
    """A kind of it, or what it is a kind of: a general context is offered for all that is below it."""
    return type_ancestry.is_a(context, kind) or type_ancestry.is_a(kind, context)
