"""Of which data types the things are that an event tells of."""

from __future__ import annotations

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
    return [_BASES[event.type.removeprefix(EVENTS)]]
