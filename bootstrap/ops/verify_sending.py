"""How the study gets to the server: by C-STORE where one of its receivers can be reached, else by an import."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from bootstrap.errors import BootstrapError, Denied, NotFound
from bootstrap.ops.verify_study import Study
from bootstrap.xnat.connection import Connection

OUR_TITLE, KNOCK_SECONDS = "XNATBOOTSTRAP", 5.0


def send(xnat: Connection, study: Study, project: str, via: str) -> str:
    """Says how it went."""
    if via != "import":
        for receiver in _receivers(xnat):
            if _stored(xnat, study, receiver):
                return f"C-STORE to {receiver['aeTitle']} on port {receiver['port']}"
        if via == "dicom":
            hint = "see that a receiver is switched on and that its port is open, or leave `--via dicom` out"
            raise BootstrapError("sending the study: no DICOM receiver of this server can be reached", hint=hint)
    _import(xnat, study, project)
    return "import"


def _receivers(xnat: Connection) -> Iterator[dict[str, Any]]:
    try:
        found = xnat.client.read_json("/xapi/dicomscp", doing="listing the DICOM receivers")
    except (NotFound, Denied):
        return
    yield from (one for one in found if one.get("enabled") and one.get("aeTitle") and one.get("port"))


def _stored(xnat: Connection, study: Study, receiver: dict[str, Any]) -> bool:
    from pynetdicom import AE
    from pynetdicom.sop_class import MRImageStorage  # type: ignore[attr-defined]

    ours = AE(OUR_TITLE)
    ours.add_requested_context(MRImageStorage)
    ours.connection_timeout = ours.acse_timeout = KNOCK_SECONDS
    host = urlsplit(xnat.url).hostname or "localhost"
    association = ours.associate(host, int(receiver["port"]), ae_title=receiver["aeTitle"])
    if not association.is_established:
        return False
    try:
        statuses = [association.send_c_store(image) for image in study.images]
    finally:
        association.release()
    refused = [status.get("Status") for status in statuses if status.get("Status") != 0]
    if refused:
        message = f"sending the study to {receiver['aeTitle']}: {len(refused)} images were refused ({refused[0]})"
        raise BootstrapError(message, hint="the server's dicom.log says why")
    return True


def _import(xnat: Connection, study: Study, project: str) -> None:
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
