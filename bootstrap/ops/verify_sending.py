"""How the study gets to the server: by an import, at the address that the site file names.

Not by C-STORE: the list of receivers names ports and no host, and what listens there may be another XNAT.
"""

from __future__ import annotations

from bootstrap.ops.verify_study import Study
from bootstrap.xnat.connection import Connection


def send(xnat: Connection, study: Study, project: str) -> str:
    """Says how it went."""
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
