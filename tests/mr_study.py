"""Synthetic MR studies with planted PHI, and scanners that send them."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType

from pydicom import dcmread
from pydicom.uid import MRImageStorage
from pynetdicom import AE

from tests.docker_engine import do_without

SECONDS = 120.0
Sender = Callable[[int, list[Path]], None]
_MAKER = Path(__file__).parent / "conformance" / "make_dicom.py"


@cache
def maker() -> ModuleType:
    """What makes the images of the recordings."""
    spec = importlib.util.spec_from_file_location("make_dicom", _MAKER)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def an_mr_study(folder: Path, project: str, session: str) -> list[Path]:
    """Two series, as the files of a scanner that knows where they belong."""
    comments = {"PatientComments": f"Project:{project} Subject:S Session:{session} AA:true"}
    make = maker().series
    study = make(session, 1, 3, **comments) | make(session, 2, 2, description="T2 FLAIR", **comments)
    for name, data in study.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return [folder / name for name in study]


def by_pynetdicom(port: int, files: list[Path]) -> None:
    entity = AE("SCANNER")
    entity.acse_timeout = entity.dimse_timeout = entity.network_timeout = SECONDS
    entity.add_requested_context(MRImageStorage)
    association = entity.associate("127.0.0.1", port, ae_title="XNAT")
    try:
        assert association.is_established
        assert {association.send_c_store(dcmread(file)).Status for file in files} == {0}
        association.release()
    finally:
        entity.shutdown()


def by_storescu(port: int, files: list[Path]) -> None:
    """DCMTK's own client."""
    program = shutil.which("storescu") or do_without("storescu of DCMTK is not installed")
    call = [program, "-v", "-aet", "SCANNER", "-aec", "XNAT", "127.0.0.1", str(port), *map(str, files)]
    ended = subprocess.run(call, check=False, capture_output=True, text=True, timeout=SECONDS)
    assert ended.returncode == 0, ended.stdout + ended.stderr
