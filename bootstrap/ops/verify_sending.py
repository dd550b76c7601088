"""How the study gets to the server: by an import at the address that the site file names, or by C-STORE.

By C-STORE only to a receiver that somebody named: XNAT's own list of receivers has ports and no host, and what listens
there may be another XNAT.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bootstrap.errors import BootstrapError
from bootstrap.kinds.dicom_address import DicomAddress
from bootstrap.ops.verify_promises import Broken
from bootstrap.ops.verify_study import Study
from bootstrap.xnat.connection import Connection

if TYPE_CHECKING:
    from pynetdicom.association import Association

_SECONDS = 30.0  # that a receiver may take for each of its answers
_SENDER = "XNAT-BOOTSTRAP"
_STORED = (0x0000, 0xB000, 0xB006, 0xB007)  # success, and the warnings of C-STORE


def send(xnat: Connection, study: Study, project: str, receiver: DicomAddress | None) -> str:
    """Says how it went."""
    return _store(xnat, study, receiver) if receiver else _import(xnat, study, project)


def _import(xnat: Connection, study: Study, project: str) -> str:
    params = {
        "import-handler": "DICOM-zip",
        "dest": f"/archive/projects/{project}/subjects/{study.label}/experiments/{study.label}",
        "project": project,
        "subject": study.label,
        "session": study.label,
        "inbody": "true",
    }
    with xnat.client.writing():
        xnat.client.write(
            "POST",
            "/data/services/import",
            doing=f"sending the study to {project}",
            body=study.zipped(),
            content_type="application/zip",
            params=params,
            creates=True,
            answers=True,
        )
    return "import"


def _store(xnat: Connection, study: Study, receiver: DicomAddress) -> str:
    with _quiet(), _associated(xnat, receiver) as association:
        for number, image in enumerate(study.images, 1):
            status: int | None = association.send_c_store(image).get("Status")
            if status not in _STORED:
                told = "no answer" if status is None else f"status {status:#06x}"
                raise Broken(f"{receiver} did not take image {number} of {len(study.images)}: {told}")
    return f"C-STORE to {receiver}"


@contextmanager
def _quiet() -> Iterator[None]:
    """What the DICOM library would write to stderr of a refusal is told in the table."""
    logger = logging.getLogger("pynetdicom")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)


@contextmanager
def _associated(xnat: Connection, receiver: DicomAddress) -> Iterator[Association]:
    from pydicom.uid import ExplicitVRLittleEndian, MRImageStorage
    from pynetdicom import AE

    _knock(xnat, receiver)
    entity = AE(_SENDER)
    entity.connection_timeout = entity.acse_timeout = entity.dimse_timeout = entity.network_timeout = _SECONDS
    entity.add_requested_context(MRImageStorage, ExplicitVRLittleEndian)
    association = entity.associate(receiver.host, receiver.port, ae_title=receiver.title)
    try:
        if not association.is_established:
            raise Broken(f"{receiver}: {_why_not(association)}; {receivers_of(xnat)}")
        yield association
        association.release()
    finally:
        entity.shutdown()


def _knock(xnat: Connection, receiver: DicomAddress) -> None:
    """The operating system says why nobody answers; the DICOM library only that it is so."""
    try:
        socket.create_connection((receiver.host, receiver.port), timeout=_SECONDS).close()
    except OSError as error:
        raise Broken(f"{receiver}: {error.strerror or error}; {receivers_of(xnat)}") from error


def _why_not(association: Association) -> str:
    answer: Any = association.acceptor.primitive
    if association.is_rejected and answer is not None:
        return f"it refuses us ({answer.reason_str})"
    return "what listens there is no DICOM receiver"


def receivers_of(xnat: Connection) -> str:
    """The receivers that this XNAT has of its own accord: ports behind a container or a gateway may differ."""
    try:
        rows = xnat.client.read_json("/xapi/dicomscp", doing="listing the DICOM receivers")
    except BootstrapError as error:
        return f"the receivers of this XNAT could not be listed ({error.message})"
    told = [f"{row.get('aeTitle')} on port {row.get('port')}{_off(row)}" for row in rows]
    return f"this XNAT has {', '.join(told)}" if told else "this XNAT has no receiver"


def _off(row: dict[str, Any]) -> str:
    return "" if row.get("enabled") else " (switched off)"
