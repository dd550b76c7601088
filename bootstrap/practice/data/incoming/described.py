"""What XNAT's record of a session and its scans says, of what the headers of the files say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bootstrap.practice.data import schema
from bootstrap.practice.data.incoming.headers import Header
from bootstrap.practice.data.item import Item

_SESSIONS = {  # by modality; the first that is there decides
    "PT": "pet",
    "MR": "mr",
    "CT": "ct",
    "NM": "nm",
    "XA": "xa",
    "US": "us",
    "RF": "rf",
    "MG": "mg",
    "DX": "dx",
    "CR": "cr",
    "IO": "io",
    "ES": "es",
    "OP": "op",
    "OPT": "opt",
    "XC": "xc",
    "SM": "sm",
    "ECG": "ecg",
    "HD": "hd",
    "EPS": "eps",
    "RTIMAGE": "rt",
    "RTSTRUCT": "rt",
    "RTDOSE": "rt",
    "RTPLAN": "rt",
    "SR": "sr",
}
_SCANS = {"RTIMAGE": "rtImage", "SR": "sr", "SEG": "seg", "SC": "sc"}
_SECONDARY = "1.2.840.10008.5.1.4.1.1.7"  # and its descendants: secondary captures
_ORIENTATIONS = ("Sag", "Cor", "Tra")
_OF_SESSION = {
    "dcmPatientId": "PatientID",
    "dcmPatientName": "PatientName",
    "dcmAccessionNumber": "AccessionNumber",
    "operator": "OperatorsName",
    "acquisition_site": "InstitutionName",
    "study_id": "StudyID",
    "session_type": "StudyDescription",
    "UID": "StudyInstanceUID",
}
_SCANNER = {
    "scanner": "StationName",
    "scanner/manufacturer": "Manufacturer",
    "scanner/model": "ManufacturerModelName",
    "scanner/softwareVersion": "SoftwareVersions",
}
_OF_SCAN = {
    "UID": "SeriesInstanceUID",
    "type": "SeriesDescription",
    "series_description": "SeriesDescription",
    "modality": "Modality",
    "protocolName": "ProtocolName",
}
_OF_MR = {
    "coil": "ReceiveCoilName",
    "parameters/sequence": "SequenceName",
    "parameters/scanSequence": "ScanningSequence",
    "parameters/seqVariant": "SequenceVariant",
    "parameters/scanOptions": "ScanOptions",
    "parameters/acqType": "MRAcquisitionType",
}
_NUMBERS = {
    "xnat:mrScanData": {
        "parameters/tr": "RepetitionTime",
        "parameters/te": "EchoTime",
        "parameters/ti": "InversionTime",
        "parameters/flip": "FlipAngle",
    },
    "xnat:ctScanData": {
        "parameters/kvp": "KVP",
        "parameters/rescale/intercept": "RescaleIntercept",
        "parameters/rescale/slope": "RescaleSlope",
    },
}


def is_secondary(header: Header) -> bool:
    return header["SOPClassUID"] == _SECONDARY or header["SOPClassUID"].startswith(f"{_SECONDARY}.")


def scan_type(header: Header) -> str:
    modality = "SC" if is_secondary(header) else header["Modality"]
    kind = _SCANS.get(modality) or _SESSIONS.get(modality, "")
    name = f"xnat:{kind or 'otherDicom'}ScanData"
    return name if name in schema.TYPES else "xnat:otherDicomScanData"


def session_type(several: Iterable[Header]) -> str:
    """Secondary captures say nothing of the session."""
    modalities = {header["Modality"] for header in several if not is_secondary(header)}
    if {"PT", "MR"} <= modalities:
        return "xnat:petmrSessionData"
    kind = next((kind for modality, kind in _SESSIONS.items() if modality in modalities), "otherDicom")
    return f"xnat:{kind}SessionData"


def session(several: Sequence[Header], facts: Mapping[str, str]) -> Item:
    """Without its scans. `facts` are what is known from elsewhere."""
    kind, first = session_type(several), several[0]
    leading = next((one for one in several if scan_type(one).replace("Scan", "Session") == kind), first)
    found = {
        "ID": "",
        **_named(first, _OF_SESSION),
        **_named(leading, _SCANNER),
        "modality": ", ".join(dict.fromkeys(one["Modality"] for one in several if one["Modality"])),
        "date": first.date("StudyDate"),
        "time": first.time("StudyTime"),
        "dcmPatientBirthDate": first.date("PatientBirthDate"),
        "fieldStrength": next(iter(leading.numbers("MagneticFieldStrength")), "") if "mr" in kind else "",
        **facts,
    }
    return Item(kind, _given(kind, found))


def scan(scan_id: str, first: Header, frames: int) -> Item:
    kind = scan_type(first)
    found = {
        "ID": scan_id,
        **_named(first, _OF_SCAN),
        **_named(first, _SCANNER),
        "quality": "usable",
        "frames": str(frames),
        "startTime": first.time("SeriesTime"),
        "start_date": first.date("SeriesDate"),
        **_geometry(first),
        "parameters/imageType": first["ImageType"].replace("\\", "\\\\"),
        **{field: next(iter(first.numbers(name)), "") for field, name in _NUMBERS.get(kind, {}).items()},
    }
    if kind == "xnat:mrScanData":
        found |= _named(first, _OF_MR)
        found["fieldStrength"] = next(iter(first.numbers("MagneticFieldStrength")), "")
    return Item(kind, _given(kind, found))


def frames(header: Header) -> int:
    text = header["NumberOfFrames"]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 and int(text) else 1


def _named(header: Header, names: Mapping[str, str]) -> dict[str, str]:
    return {field: header[name] for field, name in names.items()}


def _given(kind: str, found: Mapping[str, str]) -> dict[str, str]:
    """Fields of this type with a value that it can have; an ID may be empty."""
    fields = schema.TYPES[kind].fields
    return {
        name: fields[name].kept(value)
        for name, value in found.items()
        if name in fields and (value or name == "ID") and not fields[name].fault(value)
    }


def _geometry(header: Header) -> dict[str, str]:
    spacing, thickness = header.numbers("PixelSpacing"), header.numbers("SliceThickness")
    found = {"parameters/orientation": _orientation(header.numbers("ImageOrientationPatient"))}
    if len(spacing) == 2:
        found |= {"parameters/voxelRes/x": spacing[1], "parameters/voxelRes/y": spacing[0]}
    if thickness:
        found["parameters/voxelRes/z"] = thickness[0]
    return found | {"parameters/fov/x": header["Columns"], "parameters/fov/y": header["Rows"]}


def _orientation(cosines: Sequence[str]) -> str:
    """The axis that the normal of the image is nearest to."""
    if len(cosines) != 6:
        return ""
    a, b = [float(one) for one in cosines[:3]], [float(one) for one in cosines[3:]]
    normal = [abs(a[1] * b[2] - a[2] * b[1]), abs(a[2] * b[0] - a[0] * b[2]), abs(a[0] * b[1] - a[1] * b[0])]
    return _ORIENTATIONS[normal.index(max(normal))]
