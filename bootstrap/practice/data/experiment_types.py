"""What sessions, their scans and their assessors hold: of each known type, all that its ancestors hold too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bootstrap.facts import type_ancestry
from bootstrap.practice.data.kinds import Kind
from bootstrap.practice.data.type_parts import (
    DATE,
    FLOAT,
    INTEGER,
    LONG_TEXT,
    TEXT,
    Child,
    Type,
    all_of,
    field_of,
    words,
)

EXPERIMENT, SUBJECT_ASSESSOR = "xnat:experimentData", "xnat:subjectAssessorData"
SESSION, ASSESSOR = "xnat:imageSessionData", "xnat:imageAssessorData"
SCAN, RECONSTRUCTION, CATALOG = "xnat:imageScanData", "xnat:reconstructedImageData", "xnat:resourceCatalog"
SCANS, FILES, RESOURCES = "scans/scan", "file", "resources/resource"

WORKFLOW = "wrk:workflowData"

_SCANNER = all_of(TEXT, "scanner scanner/manufacturer scanner/model scanner/softwareVersion")
_VOXEL = all_of(FLOAT, "parameters/voxelRes/x parameters/voxelRes/y parameters/voxelRes/z")
_FOV = all_of(FLOAT, "parameters/fov/x parameters/fov/y")
_FIELDS: Mapping[str, Mapping[str, Kind]] = {
    EXPERIMENT: {
        **all_of(TEXT, "ID project visit_id visit version original protocol label acquisition_site"),
        **{"date": DATE, "time": TEXT, "note": LONG_TEXT, "validation/date": DATE},
        **all_of(TEXT, "validation/status validation/method validation/notes"),
    },
    SUBJECT_ASSESSOR: {"subject_ID": TEXT, "age": FLOAT},
    SESSION: {
        **all_of(TEXT, "session_type modality UID study_id operator"),
        **_SCANNER,
        **all_of(TEXT, "dcmAccessionNumber dcmPatientId dcmPatientName dcmPatientWeight"),
        "dcmPatientBirthDate": DATE,
        "prearchivePath": TEXT,
    },
    "xnat:mrSessionData": all_of(TEXT, "coil fieldStrength marker stabilization"),
    "xnat:petSessionData": all_of(TEXT, "tracer/name tracer/startTime studyType") | {"tracer/dose": FLOAT},
    "xnat:petmrSessionData": all_of(TEXT, "coil fieldStrength marker stabilization tracer/name"),
    ASSESSOR: {"imageSession_ID": TEXT},
    "xnat:qcManualAssessorData": all_of(TEXT, "rater stereotacticMarker incidentalFindings pass payable comments"),
    SCAN: {
        **all_of(TEXT, "ID type UID image_session_ID project"),
        "note": LONG_TEXT,
        **all_of(TEXT, "quality condition series_description documentation"),
        **_SCANNER,
        **all_of(TEXT, "modality operator startTime protocolName"),
        **{"frames": INTEGER, "start_date": DATE},
    },
    "xnat:mrScanData": {
        **all_of(TEXT, "coil fieldStrength marker stabilization"),
        **_VOXEL,
        **all_of(TEXT, "parameters/orientation"),
        **_FOV,
        **all_of(FLOAT, "parameters/tr parameters/te parameters/ti parameters/flip"),
        **all_of(TEXT, "parameters/sequence parameters/imageType parameters/scanSequence parameters/seqVariant"),
        **all_of(TEXT, "parameters/scanOptions parameters/acqType parameters/phaseEncodingDirection"),
    },
    "xnat:ctScanData": {
        **_VOXEL,
        **all_of(TEXT, "parameters/orientation"),
        **_FOV,
        **all_of(FLOAT, "parameters/rescale/intercept parameters/rescale/slope parameters/kvp"),
        **all_of(TEXT, "parameters/imageType parameters/options parameters/kernel"),
    },
    "xnat:petScanData": {
        **all_of(TEXT, "parameters/orientation parameters/imageType parameters/units parameters/corrections"),
        **_VOXEL,
        **all_of(TEXT, "parameters/originalFileName parameters/systemType"),
    },
    RECONSTRUCTION: all_of(TEXT, "ID type baseScanType image_session_ID project"),
}
_ATTRIBUTES: Mapping[str, frozenset[str]] = {
    EXPERIMENT: words("ID project visit_id visit version original protocol label validation/status"),
    SESSION: words("modality UID scanner/manufacturer scanner/model scanner/softwareVersion"),
    SCAN: words("ID type UID project scanner/manufacturer scanner/model scanner/softwareVersion"),
    RECONSTRUCTION: frozenset({"ID", "type", "project"}),
    **dict.fromkeys(("xnat:mrScanData", "xnat:ctScanData", "xnat:petScanData"), frozenset({*_VOXEL, *_FOV})),
}
_REQUIRED: Mapping[str, tuple[str, ...]] = {
    ASSESSOR: ("imageSession_ID",),
    "xnat:qcManualAssessorData": ("pass",),
}
_CHILDREN: Mapping[str, Mapping[str, Child]] = {
    EXPERIMENT: {
        "investigator": Child("xnat:investigatorData"),
        "fields/field": Child(f"{EXPERIMENT}_field", many=True),
        RESOURCES: Child(CATALOG, many=True, says_type=True),
    },
    SESSION: {SCANS: Child(SCAN, many=True, says_type=True)},
    SCAN: {FILES: Child(CATALOG, many=True, says_type=True)},
}
_SCAN_NUMBERS = ("xnat_imageScanData_id", "xnat_imagescandata_id")
_NAMES = {"petmr": "PETMR", "otherDicom": "OtherDicom"}
_CATALOG_TYPE = Type(
    CATALOG,
    "ResourceCatalog",
    all_of(TEXT, "label URI format content description") | all_of(INTEGER, "file_count file_size"),
    attributes=words("label URI format content description file_count file_size"),
    key="label",
    numbers=("xnat_abstractresource_id", "xnat_abstractResource_id"),
)
_WORKFLOW_TYPE = Type(
    WORKFLOW,
    "Workflow",
    all_of(TEXT, "ID pipeline_name data_type launch_time status step_description ExternalID scan_id")
    | all_of(LONG_TEXT, "justification comments details")
    | all_of(TEXT, "category type percentageComplete current_step_id current_step_launch_time next_step_id jobID src"),
    attributes=words("ID data_type ExternalID status justification type category"),
    numbers=("wrk_workflowData_id",),
)


def every() -> Iterator[Type]:
    yield _CATALOG_TYPE
    yield _WORKFLOW_TYPE
    yield field_of(EXPERIMENT)
    for name in type_ancestry.parents():
        if any(type_ancestry.is_a(name, root) for root in (EXPERIMENT, SCAN, RECONSTRUCTION)):
            yield _type(name)


def _type(name: str) -> Type:
    line = _line(name)
    is_scan = SCAN in line
    required = [field for one in line for field in _REQUIRED.get(one, ())]
    return Type(
        name,
        _element(name),
        {field: kind for one in line for field, kind in _FIELDS.get(one, {}).items()},
        attributes=frozenset().union(*(_ATTRIBUTES.get(one, frozenset()) for one in line)),
        children={place: child for one in line for place, child in _CHILDREN.get(one, {}).items()},
        key="ID",
        required=tuple(dict.fromkeys(required)),
        numbers=_SCAN_NUMBERS if is_scan else ("xnat_reconstructedimagedata_id",) if RECONSTRUCTION in line else (),
        copies={"id": "ID"} if EXPERIMENT in line else {},
        declared={field: one for one in line for field in _FIELDS.get(one, {})},
    )


def _line(name: str) -> list[str]:
    """The type and its ancestors, the eldest first."""
    found = [name]
    while parent := type_ancestry.parents().get(found[0], ""):
        found.insert(0, parent)
    return found


def _element(name: str) -> str:
    """As documents begin: xnat:mrSessionData is an MRSession, xnat:qcAssessmentData a QCAssessment."""
    local = name.partition(":")[2].removesuffix("Data")
    found = re.match(r"[a-z]+(?:Dicom)?(?:[0-9]D)?", local)
    front = found[0] if found else ""
    short = _NAMES.get(front) or (front.upper() if len(front) <= 3 else front[:1].upper() + front[1:])
    return short + local.removeprefix(front)
