"""`anon run` over many files: two processes next to one, and the memory of a long run.

The ratio is of time on the clock, so it says something only on a machine that does nothing else. The first files do not
count: by then the processes have started.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

from benchmarks.dicomedit_speed import SITE_PROFILE, VARIABLES, slice_of
from bootstrap.ops.anon_run import RunAsked, run

SHORT = 200  # slices for the ratio; ten times as many small files for the memory
_DISTINCT = 16
_STATM = Path("/proc/self/statm")


def main(size: int = SHORT) -> None:
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        folder = Path(name)
        cores(folder, min(size, 2_000))
        small_files(folder, max(size, 10) if size != SHORT else 10 * SHORT)


def cores(folder: Path, count: int) -> None:
    _many(folder / "slices", count, with_pixels=True)
    rates = [_rate(folder, workers) for workers in (1, 2)]
    print(f"{count} slices of 512 x 512, site-basic-profile.das")
    print(f"  one process    {rates[0]:6.0f} a second")
    print(f"  two processes  {rates[1]:6.0f} a second   {rates[1] / rates[0]:5.2f} times one; cores: {os.cpu_count()}")


def _rate(folder: Path, workers: int) -> float:
    ends: list[float] = []
    with tempfile.TemporaryDirectory(dir=folder) as target:
        asked = RunAsked(SITE_PROFILE, folder / "slices", Path(target), VARIABLES, workers=workers)
        answer = run(asked, lambda _count: ends.append(time.monotonic()))
    assert answer.exit_code == 0, answer.text
    begun = len(ends) // 4
    return (len(ends) - begun - 1) / max(ends[-1] - ends[begun], 1e-9)


def small_files(folder: Path, count: int) -> None:
    if not _STATM.exists():
        print("what memory a process has is not told on this system")
        return
    _many(folder / "small", count, with_pixels=False)
    sizes: list[int] = []
    with tempfile.TemporaryDirectory(dir=folder) as target:
        asked = RunAsked(SITE_PROFILE, folder / "small", Path(target), VARIABLES, workers=1)
        answer = run(asked, lambda _count: sizes.append(_resident()))
    assert answer.exit_code == 0, answer.text
    early, late = sizes[count // 10 - 1], sizes[-1]
    print(f"memory of the process that runs the script over {count:,} files without pixels")
    print(f"  after {count // 10:6,} files  {early / 2**20:6.1f} MiB")
    print(f"  after {count:6,} files  {late / 2**20:6.1f} MiB   {late / early:5.2f} times as much")


def _resident() -> int:
    return int(_STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _many(folder: Path, count: int, *, with_pixels: bool) -> None:
    """A few files under many names."""
    folder.mkdir()
    for number in range(count):
        path = folder / f"{number:06}.dcm"
        if number >= _DISTINCT:
            os.link(folder / f"{number % _DISTINCT:06}.dcm", path)
            continue
        dataset = slice_of(number)
        if not with_pixels:
            del dataset.PixelData
        dataset.save_as(path, enforce_file_format=True)
