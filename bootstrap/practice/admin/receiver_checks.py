"""What XNAT looks at when a receiver is made: identifier, title, place, white list, routing rules, in this order."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from bootstrap.practice.admin import receivers
from bootstrap.practice.data.incoming import routing
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

IDENTIFIERS = {"dicomObjectIdentifier": "org.nrg.dcm.id.ClassicDicomObjectIdentifier"}
EXPRESSIONS = ("projectRoutingExpression", "subjectRoutingExpression", "sessionRoutingExpression")
_TITLE = re.compile(r"(?! )[ -~]{1,16}(?<! )")


def refused(site: Site, facts: Mapping[str, Any]) -> Answer | None:
    """The answer to a receiver that cannot be made."""
    title, identifier = facts.get("aeTitle"), facts.get("identifier")
    if identifier not in IDENTIFIERS:
        label = f"{_or_null(title)}:{facts['port']}"
        return _wrong(
            f"Tried to provision DICOM SCP receiver '{label}' but that instance specifies an unknown DICOM Object"
            f" Identifier '{_or_null(identifier)}'."
        )
    if title is None:
        return bodies.wrapped("null")
    if not _TITLE.fullmatch(title) or "\\" in title:
        return _wrong(f"Invalid AE-title: {title}")
    if receivers.at(site, title, facts["port"]):
        return bodies.advice(400, "Error [AlreadyInitialized]: null")
    wrong = next(_wrong_items(facts), None) or ":".join(_wrong_rules(facts))
    return _wrong(wrong) if wrong else None


def _wrong_items(facts: Mapping[str, Any]) -> Iterator[str]:
    for item in facts["whitelist"]:
        parts = item.split("@")
        if len(parts) > 2:
            yield f"Invalid item in whitelist: [{', '.join(parts)}]"
        if len(parts) == 2 and not _is_network(parts[1]):
            yield f"Invalid Ip Address in whitelist: {parts[1]}"


def _wrong_rules(facts: Mapping[str, Any]) -> Iterator[str]:
    if facts["routingExpressionsEnabled"]:
        for name in EXPRESSIONS:
            for line in (facts.get(name) or "").splitlines():
                if line.strip() and not routing.is_rule(line):
                    yield f"Failed to parse routing expression '{line}'"


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _wrong(why: str) -> Answer:
    return bodies.advice(400, f"An NRG service error occurred.: Error [ConfigurationError]: {why}")


def _or_null(value: Any) -> Any:
    return "null" if value is None else value
