"""Of which data types the things are that an event tells of."""

from __future__ import annotations

from bootstrap.facts import type_ancestry
from bootstrap.facts.event_types import EVENTS, EventType

_BASES = {
    "ProjectEvent": "xnat:projectData",
    "SubjectEvent": "xnat:subjectData",
    "SessionEvent": "xnat:imageSessionData",
    "ScanEvent": "xnat:imageScanData",
    "SubjectAssessorEvent": "xnat:subjectAssessorData",
    "ImageAssessorEvent": "xnat:imageAssessorData",
    "ResourceEvent": "xnat:resourceCatalog",
    "ProjectAssetEvent": "xnat:abstractProjectAsset",
}


def of_event(event: EventType) -> list[str]:
    """The event's own type and its descendants; a schedule is about every type that there is."""
    base = _BASES.get(event.type.removeprefix(EVENTS))
    if base is None:
        return sorted(type_ancestry.parents())
    return [base, *sorted(name for name in type_ancestry.parents() if name != base and type_ancestry.is_a(name, base))]
