"""A folder of wheels without an index: what is installed here, packed again."""

from __future__ import annotations

import tomllib
import zipfile
from collections.abc import Iterable
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
_OF_THE_INSTALLER = {"INSTALLER", "REQUESTED", "direct_url.json", "RECORD"}
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same bytes every time, so that an engine builds nothing twice


def fill(folder: Path) -> None:
    """What the tool needs, and what builds it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    folder.mkdir(parents=True, exist_ok=True)
    for one in _with_their_needs([*project["project"]["dependencies"], *project["build-system"]["requires"]]):
        _pack(one, folder)


def _with_their_needs(requirements: Iterable[str]) -> list[Distribution]:
    found: dict[str, Distribution] = {}
    waiting = [Requirement(one) for one in requirements]
    while waiting:
        needed = waiting.pop()
        name = canonicalize_name(needed.name)
        if name in found or (needed.marker and not needed.marker.evaluate({"extra": ""})):
            continue
        found[name] = distribution(name)
        waiting += [Requirement(one) for one in found[name].requires or ()]
    return list(found.values())


def files_of(installed: Distribution) -> dict[str, Path]:
    """Where each lies, by the name that it has in its wheel."""
    return {
        file.as_posix(): Path(str(file.locate()))
        for file in installed.files or ()
        if ".." not in file.parts and file.suffix != ".pyc" and file.name not in _OF_THE_INSTALLER
    }


def _pack(installed: Distribution, folder: Path) -> None:
    files = files_of(installed)
    record = next(file.parent.as_posix() for file in installed.files or () if file.name == "RECORD") + "/RECORD"
    with zipfile.ZipFile(folder / _name_of(installed), "w") as wheel:
        for name, place in sorted(files.items()):
            wheel.writestr(zipfile.ZipInfo(name, _LONG_AGO), place.read_bytes())
        listed = "".join(f"{name},,\n" for name in [*sorted(files), record])
        wheel.writestr(zipfile.ZipInfo(record, _LONG_AGO), listed)


def _name_of(installed: Distribution) -> str:
    about = (installed.read_text("WHEEL") or "").splitlines()
    tag = next(line.removeprefix("Tag:").strip() for line in about if line.startswith("Tag:"))
    return f"{canonicalize_name(installed.name).replace('-', '_')}-{installed.version}-{tag}.whl"
