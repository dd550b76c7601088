"""The names alone, for whoever only reads scripts."""

from __future__ import annotations

FUNCTION_NAMES = frozenset(
    [
        "concatenate",
        "format",
        "lowercase",
        "uppercase",
        "substring",
        "replace",
        "hashUID",
        "hashUIDList",
        "newUID",
        "getURL",
        "retainPrivateTags",
        "lookup",
        "shiftDateByIncrement",
        "shiftDateTimeListByIncrement",
        "shiftDateTimeByIncrement",
        "shiftDateTimeSequenceByIncrement",
        "mapUID",
        "mapReferencedUIDs",
        "delete",
        "set",
        "match",
        "ismatch",
        "isPresent",
        "alterPixels",
        "removeTags",
        "normalizeString",
        "scalePatientAgeAndDobFromStudyDate",
        "collectValues",
        "blankValues",
        "reject",
        "true",
        "false",
    ]
)
FUNCTION_NAMES_4 = frozenset(
    ["substring", "format", "lowercase", "uppercase", "getURL", "replace", "match", "urlEncode", "hashUID"]
)
