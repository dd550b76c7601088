"""Files through a script, one after the other or in several processes."""

from __future__ import annotations

import errno
import multiprocessing
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from bootstrap.dicomedit import FileError, NotDicom, Script, apply_file, parse
from bootstrap.errors import BootstrapError, LocalFileError

if TYPE_CHECKING:
    from multiprocessing.sharedctypes import Synchronized
    from multiprocessing.synchronize import Event as EventOfProcesses

    from bootstrap.dicomedit.session import Session

Status = Literal["done", "rejected", "skipped", "error", "failed", "not run"]
_BATCH = 16  # files of one errand to another process
_WAITING = 4  # errands for each process that wait to be taken: what is not handed out costs no memory
_LOOKING = 0.2  # seconds after which is looked again how far the others are, and whether to end
_NOT_RUN, _ENDED = "nothing can be written any more", "the run was told to end"
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
    notes: tuple[str, ...] = ()  # what is wrong with the file, and did not keep the script from running
    is_last: bool = False  # nothing can be written any more

    @property
    def is_bad(self) -> bool:
        return self.status in ("error", "failed", "not run")

    def as_json(self) -> dict[str, Any]:
        document = asdict(self)
        del document["is_last"]
        return document


def results(
    recipe: Recipe,
    jobs: Sequence[Job],
    workers: int,
    advance: Callable[[int], None] = lambda _files: None,
    ending: Event | None = None,
) -> Iterator[FileResult]:
    """One for each file, as they come. When a disk is full, or when `ending` is set, the rest is not run.

    `advance` is told of every file as soon as it is through, also of those whose results are still to come.
    """
    ending, batches = ending or Event(), _batches(recipe, jobs)
    many = len(batches) > 1 and workers > 1
    done = _in_processes(recipe, batches, workers, advance, ending) if many else _here(recipe, batches, advance, ending)
    left, why = {job.source for job in jobs}, _NOT_RUN
    for result in done:
        left.discard(result.source)
        yield result
        if result.is_last:
            break
    else:
        why = _ENDED
    for job in jobs:
        if job.source in left:
            yield FileResult(job.source, "not run", why)


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


def _here(
    recipe: Recipe, batches: Iterable[list[Job]], advance: Callable[[int], None], ending: Event
) -> Iterator[FileResult]:
    script = parse(recipe.script)
    for batch in batches:
        for result in _run(script, recipe, batch, ending.is_set):
            yield result
            advance(1)


def _in_processes(
    recipe: Recipe, batches: Iterable[list[Job]], workers: int, advance: Callable[[int], None], ending: Event
) -> Iterator[FileResult]:
    waiting, told = iter(batches), 0
    # A fresh interpreter: a copy of this one would copy the threads' locks as well.
    context = multiprocessing.get_context("spawn")
    through, stop = context.Value("Q", 0), context.Event()
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_prepare, initargs=(recipe, through, stop))
    pending: set[Future[list[FileResult]]] = set()
    try:
        while True:
            if ending.is_set():
                stop.set()  # each ends behind the file that it is at
            else:
                room = workers * _WAITING - len(pending)
                pending |= {pool.submit(_elsewhere, batch) for batch in islice(waiting, room)}
            if not pending:
                return
            finished, pending = wait(pending, _LOOKING, FIRST_COMPLETED)
            now = through.value
            advance(now - told)
            told = now
            for future in finished:
                yield from future.result()
    except BrokenProcessPool as error:
        if ending.is_set():
            return  # the signal went to all of them
        raise BootstrapError(
            "a process that applied the script was ended from outside",
            hint="there may be too little memory: run it with fewer processes; what was written is whole",
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


class _Prepared(NamedTuple):
    recipe: Recipe
    script: Script
    through: Synchronized[int]
    stop: EventOfProcesses


_prepared: list[_Prepared] = []  # in a process of the pool: what it works with


def _prepare(recipe: Recipe, through: Synchronized[int], stop: EventOfProcesses) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that hands out the work
    _prepared[:] = [_Prepared(recipe, parse(recipe.script), through, stop)]


def _elsewhere(batch: list[Job]) -> list[FileResult]:
    recipe, script, through, stop = _prepared[0]
    found = []
    for result in _run(script, recipe, batch, stop.is_set):
        found.append(result)
        with through.get_lock():
            through.value += 1
    return found


# ---- a batch


def _run(script: Script, recipe: Recipe, batch: list[Job], is_ending: Callable[[], bool]) -> Iterator[FileResult]:
    """A batch is a study, whose files share a session, or files that have nothing to do with each other."""
    shared = script.session(recipe.variables) if recipe.by_study else None
    stopped = ""
    for job in batch:
        if is_ending():
            return
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
        return FileResult(job.source, "done", target=str(target), notes=outcome.notes)
    status: Status = "error" if outcome.status == "error" else "rejected"
    return FileResult(job.source, status, outcome.message, outcome.line, notes=outcome.notes)


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
