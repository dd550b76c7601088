"""What every function of DicomEdit 6 takes and gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# What it is good for: a text as its value; the text `VOID`; no value at all, so that assigning it is an Error.
Gives = Literal["text", "VOID", "nothing"]
# Which arguments that are paths become the text of the element; of all others the path itself is taken.
Resolved = Literal["none", "first", "all", "behind the first"]


@dataclass(frozen=True, slots=True)
class Signature:
    usage: str
    least: int
    most: int | None
    gives: Gives
    resolved: Resolved = "none"
    paths_from: int | None = None  # from this argument on, paths are patterns: the function acts on elements
    since: str = "6.0"

    def resolves(self, index: int) -> bool:
        return {
            "none": False,
            "first": index == 0,
            "all": True,
            "behind the first": index > 0,
        }[self.resolved]

    def takes_pattern(self, index: int) -> bool:
        return self.paths_from is not None and index >= self.paths_from


SIGNATURES: dict[str, Signature] = {
    "concatenate": Signature("concatenate[value, ...]", 0, None, "text", "all"),
    "format": Signature('format["pattern", value, ...]', 1, None, "text", "behind the first"),
    "lowercase": Signature("lowercase[value]", 1, 1, "text", "first"),
    "uppercase": Signature("uppercase[value]", 1, None, "text", "first"),
    "substring": Signature("substring[value, begin, end]", 3, None, "text", "first"),
    "replace": Signature("replace[value, find, replacement]", 3, None, "text", "first"),
    "match": Signature("match[value, regex, group]", 3, 3, "text", "first", since="6.3"),
    "ismatch": Signature("ismatch[value, regex]", 2, 2, "text", "first", since="6.3"),
    "normalizeString": Signature("normalizeString[value, replacement]", 1, 2, "text", "first", since="6.6"),
    "getURL": Signature("getURL[url]", 1, 1, "text"),
    "lookup": Signature("lookup[type, key]", 2, 2, "text"),
    "hashUID": Signature("hashUID[value]", 1, None, "text", "first"),
    "hashUIDList": Signature("hashUIDList[path, ...]", 0, None, "nothing", paths_from=0, since="6.6"),
    "newUID": Signature("newUID[]", 0, None, "text"),
    "mapUID": Signature("mapUID[value, prefix]", 2, 2, "text"),
    "mapReferencedUIDs": Signature(
        'mapReferencedUIDs[prefix, "path", ...]', 2, None, "nothing", paths_from=1, since="6.2"
    ),
    "shiftDateByIncrement": Signature(
        "shiftDateByIncrement[date, increment, units]", 2, 3, "text", "first", since="6.2"
    ),
    "shiftDateTimeByIncrement": Signature(
        "shiftDateTimeByIncrement[date, increment, units]", 2, 3, "text", "first", since="6.3"
    ),
    "shiftDateTimeListByIncrement": Signature(
        "shiftDateTimeListByIncrement[{path, ...}, increment, units]", 3, 3, "VOID", since="6.6"
    ),
    "shiftDateTimeSequenceByIncrement": Signature(
        'shiftDateTimeSequenceByIncrement[seconds, "path", ...]', 2, None, "nothing", paths_from=1, since="6.3"
    ),
    "scalePatientAgeAndDobFromStudyDate": Signature(
        "scalePatientAgeAndDobFromStudyDate[]", 0, None, "VOID", since="6.6"
    ),
    "removeTags": Signature("removeTags[path, ...]", 0, None, "VOID", paths_from=0, since="6.6"),
    "delete": Signature('delete["direct path"]', 1, None, "nothing", since="6.3"),
    "set": Signature('set["direct path", value]', 2, 2, "nothing", since="6.3"),
    "collectValues": Signature("collectValues[path, ...]", 0, None, "text", paths_from=0, since="6.6"),
    "blankValues": Signature("blankValues[value or path, ...]", 0, None, "VOID", paths_from=0, since="6.6"),
    "retainPrivateTags": Signature("retainPrivateTags[path, ...]", 0, None, "nothing", paths_from=0, since="6.6"),
    "isPresent": Signature("isPresent[path, ...]", 0, None, "text", paths_from=0, since="6.7"),
    "true": Signature("true[]", 0, None, "text", since="6.7"),
    "false": Signature("false[]", 0, None, "text", since="6.7"),
    "reject": Signature('reject["true"]', 0, None, "VOID", since="6.6"),
    "alterPixels": Signature('alterPixels["rectangle", "l=,t=,r=,b=", "solid", "v="]', 4, 4, "nothing", since="6.3"),
}
SHIFTS = frozenset(name for name in SIGNATURES if name.startswith("shiftDate"))
UNITS = ("years", "days", "hours", "minutes", "seconds")
