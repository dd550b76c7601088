"""Files through a script, one after the other or in several processes."""

from __future__ import annotations

import errno
import multiprocessing
import signal
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from bootstrap.dicomedit import FileError, NotDicom, Script, apply_file, parse
from bootstrap.errors import BootstrapError, LocalFileError

if TYPE_CHECKING:
    from bootstrap.dicomedit.session import Session

Status = Literal["done", "rejected", "skipped", "error", "failed", "not run"]
_BATCH = 16  # files of one errand to another process
_WAITING = 4  # errands for each process that wait to be taken: what is not handed out costs no memory
_FULL = (errno.ENOSPC, errno.EDQUOT)
_STUDY = 0x0020000D


class Job(NamedTuple):
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that another process needs to know."""

    script: str
    variables: dict[str, str]
    by_study: bool
    overwrite: bool
    record_id: int | None


@dataclass(frozen=True, slots=True)
class FileResult:
    source: str
    status: Status
    message: str = ""
    line: int | None = None  # of the script
    target: str | None = None  # where it was written
    is_last: bool = False  # nothing can be written any more

    @property
    def is_bad(self) -> bool:
        return self.status in ("error", "failed", "not run")

    def as_json(self) -> dict[str, Any]:
        document = asdict(self)
        del document["is_last"]
        return document


def results(recipe: Recipe, jobs: Sequence[Job], workers: int) -> Iterator[FileResult]:
    """One for each file, as they come. When a disk is full the rest is not run."""
    batches = _batches(recipe, jobs)
    many = len(batches) > 1 and workers > 1
    done = _in_processes(recipe, batches, workers) if many else _here(recipe, batches)
    left = {job.source for job in jobs}
    for result in done:
        left.discard(result.source)
        yield result
        if result.is_last:
            break
    for job in jobs:
        if job.source in left:
            yield FileResult(job.source, "not run", "nothing can be written any more")


def _batches(recipe: Recipe, jobs: Sequence[Job]) -> list[list[Job]]:
    if recipe.by_study:
        return list(_studies(jobs).values())
    return [list(jobs[start : start + _BATCH]) for start in range(0, len(jobs), _BATCH)]


def _studies(jobs: Iterable[Job]) -> dict[str, list[Job]]:
    studies: dict[str, list[Job]] = {}
    for job in jobs:
        studies.setdefault(_study_of(Path(job.source)), []).append(job)
    return studies


def _study_of(path: Path) -> str:
    """What cannot be read belongs to a study of its own: what is wrong with it is told when it is run."""
    import struct

    from pydicom import dcmread
    from pydicom.errors import InvalidDicomError

    if not path.is_file():
        return f"file {path}"
    try:
        found = dcmread(path, stop_before_pixels=True, specific_tags=[_STUDY])
    except (InvalidDicomError, OSError, struct.error, ValueError, TypeError, KeyError, AttributeError, EOFError):
        return f"file {path}"
    return f"study {found[_STUDY].value}" if _STUDY in found else f"file {path}"


# ---- here, and elsewhere


def _here(recipe: Recipe, batches: Iterable[list[Job]]) -> Iterator[FileResult]:
    script = parse(recipe.script)
    for batch in batches:
        yield from _run(script, recipe, batch)


def _in_processes(recipe: Recipe, batches: Iterable[list[Job]], workers: int) -> Iterator[FileResult]:
    waiting = iter(batches)
    # A fresh interpreter: a copy of this one would copy the threads' locks as well.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_prepare, initargs=(recipe,))
    pending: set[Future[list[FileResult]]] = set()
    try:
        while True:
            pending |= {pool.submit(_elsewhere, batch) for batch in islice(waiting, workers * _WAITING - len(pending))}
            if not pending:
                return
            finished, pending = wait(pending, return_when=FIRST_COMPLETED)
            for future in finished:
                yield from future.result()
    except BrokenProcessPool as error:
        raise BootstrapError(
            "a process that applied the script was ended from outside",
            hint="there may be too little memory: run it with fewer processes; what was written is whole",
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


class _Prepared(NamedTuple):
    recipe: Recipe
    script: Script


_prepared: list[_Prepared] = []  # in a process of the pool: what it works with


def _prepare(recipe: Recipe) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that hands out the work
    _prepared[:] = [_Prepared(recipe, parse(recipe.script))]


def _elsewhere(batch: list[Job]) -> list[FileResult]:
    recipe, script = _prepared[0]
    return list(_run(script, recipe, batch))


# ---- a batch


def _run(script: Script, recipe: Recipe, batch: list[Job]) -> Iterator[FileResult]:
    """A batch is a study, whose files share a session, or files that have nothing to do with each other."""
    shared = script.session(recipe.variables) if recipe.by_study else None
    stopped = ""
    for job in batch:
        if stopped:
            yield FileResult(job.source, "not run", f"archiving ends where a file fails: {stopped}")
            continue
        result = _one(shared or script.session(recipe.variables), recipe, job)
        yield result
        if recipe.by_study and result.status == "error":
            stopped = job.source
        if result.is_last:
            return


def _one(session: Session, recipe: Recipe, job: Job) -> FileResult:
    if not Path(job.source).is_file():
        return FileResult(job.source, "skipped", "no regular file")  # to open a pipe would be to wait
    if Path(job.source).name == "DICOMDIR":
        return FileResult(job.source, "skipped", "an index of a medium, not an object")
    if not recipe.overwrite and Path(job.target).exists():
        return FileResult(job.source, "failed", f"{job.target} exists already; `--overwrite` replaces it")
    try:
        target = _room_for(job.target)
        outcome = apply_file(session, job.source, target, overwrite=recipe.overwrite, record_id=recipe.record_id)
    except NotDicom as error:
        return FileResult(job.source, "skipped", _without(job.source, error))
    except (FileError, LocalFileError) as error:
        return FileResult(job.source, "failed", _without(job.source, error), is_last=_is_full(error))
    if outcome.status == "success":
        return FileResult(job.source, "done", target=str(target))
    return FileResult(job.source, "error" if outcome.status == "error" else "rejected", outcome.message, outcome.line)


def _room_for(target: str) -> Path:
    path = Path(target)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LocalFileError(f"{path.parent} cannot be made: {error.strerror or error}") from error
    return path


def _without(source: str, error: BootstrapError) -> str:
    """The file is named before the message already."""
    return error.message.removeprefix(f"{source}: ").removeprefix(f"{source} ")


def _is_full(error: BaseException) -> bool:
    cause = error.__cause__
    return isinstance(cause, OSError) and cause.errno in _FULL
