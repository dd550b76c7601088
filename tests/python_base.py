"""A base image with the Python that runs the tests: a static busybox, the interpreter, its library, what it loads.

It needs no registry and no mirror, and the wheels that are installed here fit it.
"""

from __future__ import annotations

import io
import subprocess
import sys
import sysconfig
import tarfile
from collections.abc import Iterable, Iterator
from importlib.metadata import distribution
from pathlib import Path

import docker
import docker.errors
from pydantic_core import _pydantic_core

from tests.docker_engine import do_without, of_busybox, one_at_a_time
from tests.wheelhouse import files_of

NAME, TAG = "xnat-bootstrap/test-python", f"{sys.version_info.major}.{sys.version_info.minor}-2"
_HOME = Path("usr/local")  # as the public images of Python have it
_LEFT_OUT = {"dist-packages", "idlelib", "lib2to3", "pydoc_data", "site-packages", "test", "turtledemo"}


def python_base(client: docker.DockerClient) -> str:
    """Made once for an engine, as the base of all tests is."""
    name = f"{NAME}:{TAG}"
    with one_at_a_time("test-python"):
        try:
            client.images.get(name)
        except docker.errors.ImageNotFound:
            client.api.import_image_from_data(_file_system(), repository=NAME, tag=TAG)
    return name


def _file_system() -> bytes:
    system = of_busybox() or do_without("install a static busybox, to make an image with Python")
    packed = io.BytesIO(system)
    with tarfile.open(fileobj=packed, mode="a") as tar:
        version = f"python3.{sys.version_info.minor}"
        interpreter = _interpreter()
        library = Path(sysconfig.get_path("stdlib", vars={"installed_base": sys.base_prefix}))
        tar.add(interpreter, str(_HOME / "bin" / version))
        tar.add(library, str(_HOME / "lib" / version), filter=_wanted)
        for name, place in files_of(distribution("pip")).items():
            tar.add(place, str(_HOME / "lib" / version / "site-packages" / name))
        loading = [one for one in (library / "lib-dynload").glob("*.so") if "tkinter" not in one.name]
        loading.append(Path(_pydantic_core.__file__))  # Rust's extensions load what Python's own do not
        add_libraries(tar, [interpreter, *loading])
        for name in ("python3", "python"):
            link = tarfile.TarInfo(str(_HOME / "bin" / name))
            link.type, link.linkname, link.mode = tarfile.SYMTYPE, version, 0o777
            tar.addfile(link)
    return packed.getvalue()


def add_libraries(tar: tarfile.TarFile, programs: Iterable[Path]) -> None:
    """What these load at their start."""
    for file in sorted({one for program in programs for one in _loaded_by(program)}):
        tar.add(file.resolve(), _place_of(file))


def _place_of(library: Path) -> str:
    """Where it was, or, from a home that only root may enter, where it is looked for last."""
    return str(library).lstrip("/") if library.parts[1] in ("lib", "lib64", "usr") else f"lib/{library.name}"


def _interpreter() -> Path:
    return Path(getattr(sys, "_base_executable", sys.executable)).resolve()


def _wanted(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    parts = set(Path(entry.name).parts)
    if (
        parts & _LEFT_OUT
        or ".opt-" in entry.name
        or any(part.startswith("config-") for part in parts)
        or entry.name.endswith(".a")
    ):
        return None
    entry.uid = entry.gid = 0
    return entry


def _loaded_by(program: Path) -> Iterator[Path]:
    """The shared libraries that a program or an extension needs, and what loads them."""
    listed = subprocess.run(["ldd", str(program)], check=False, capture_output=True, text=True).stdout
    for line in listed.splitlines():
        for word in line.split():
            if word.startswith("/"):
                yield Path(word.rstrip(":"))
