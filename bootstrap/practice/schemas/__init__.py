"""XML schemas of our own, small: they name the types that a client builds its classes of, with their main fields.

`xnat.xsd` is written out. Session, scan and assessor types that add nothing of note to their parent come from the
facts. The other schemas have a namespace, and no types yet; where no client looks at it, it is one of our own making.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from xml.sax.saxutils import quoteattr

from bootstrap.facts import type_ancestry

_NRG = "http://nrg.wustl.edu/"
_XNAT = "xnat"
_NAMESPACES = {
    "security": ("xdat", f"{_NRG}security"),
    "roi": ("roi", f"{_NRG}roi"),
    "pipeline/repository": ("pip", f"{_NRG}pipe"),
    "pipeline/workflow": ("wrk", f"{_NRG}workflow"),
    "pipeline/build": ("build", f"{_NRG}build"),
    "birn/birnprov": ("prov", "http://www.nbirn.net/prov"),
    "assessments": ("xnat_a", f"{_NRG}xnat_assessments"),
    "xdat": ("xdat", f"{_NRG}xdat"),
    "xdat/display": ("display", f"{_NRG}xdat/display"),
    "xdat/PlexiViewer": ("plexi", f"{_NRG}xdat/plexiviewer"),
    "xdat/instance": ("instance", f"{_NRG}xdat/instance"),
    _XNAT: (_XNAT, f"{_NRG}xnat"),
    "catalog": ("cat", f"{_NRG}catalog"),
    "project": ("arc", f"{_NRG}arc"),
    "validation/protocolValidation": ("val", f"{_NRG}val"),
    "screening/screeningAssessment": ("scr", f"{_NRG}scr"),
}


def names() -> tuple[str, ...]:
    """In the order in which XNAT lists them."""
    return tuple(_NAMESPACES)


def text(name: str) -> str | None:
    """The schema of this name; None if there is none."""
    if name not in _NAMESPACES:
        return None
    return _xnat() if name == _XNAT else _empty(*_NAMESPACES[name])


@cache
def _xnat() -> str:
    written = files("bootstrap.practice.schemas").joinpath("xnat.xsd").read_text("utf-8")
    declared = set(re.findall(r'complexType name="(\w+)"', written))
    more = "".join(_extension(name, parent) for name, parent in _derived() if name not in declared)
    return written.replace("</xs:schema>", f"{more}</xs:schema>")


def _derived() -> list[tuple[str, str]]:
    """Names without their prefix, of what is a kind of something."""
    return [(name.partition(":")[2], parent) for name, parent in type_ancestry.parents().items() if parent]


def _extension(name: str, parent: str) -> str:
    return (
        f"  <xs:complexType name={quoteattr(name)}><xs:complexContent>"
        f"<xs:extension base={quoteattr(parent)}/></xs:complexContent></xs:complexType>\n"
    )


def _empty(prefix: str, namespace: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<xs:schema targetNamespace="{namespace}" xmlns:{prefix}="{namespace}" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema">\n</xs:schema>\n'
    )
