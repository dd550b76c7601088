"""What is going on, for whoever waits: a line on the terminal's stderr for work that takes over a second."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, TextIO

from bootstrap.engine.report.shown import shortened, visible

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

_DELAY, _REFRESH = 1.0, 0.1  # seconds
_STEP_ROOM = 60


class Task:
    """A piece of work under way; `advance` may be called from any thread."""

    def __init__(self, title: str, total: int | None) -> None:
        self.title, self.total, self.text, self.completed = visible(title), total, "", 0
        self._began = monotonic()
        self._lock = threading.Lock()

    def advance(self, steps: int = 1) -> None:
        with self._lock:
            self.completed += steps

    @property
    def description(self) -> str:
        count = f" {self.completed}/{self.total}" if self.total is not None else ""
        step = f": {shortened(self.text, _STEP_ROOM)}" if self.text else ""
        return f"{self.title}{count}, {monotonic() - self._began:.0f} s{step}"


class Progress:
    """`tell` is what a run says of its steps: a plain line with `verbose`, else the text beside the title.

    Nothing is shown on a stream that is no terminal, unless `verbose`; nothing at all where `quiet`.
    """

    def __init__(
        self,
        stream: TextIO,
        *,
        colour: bool = False,
        verbose: bool = False,
        quiet: bool = False,
        delay: float = _DELAY,
    ) -> None:
        self._stream, self._colour, self._verbose, self._quiet = stream, colour, verbose, quiet
        self._delay = delay
        self._task: Task | None = None
        self._bar: Bar | None = None
        self._paused = False
        self._lock = threading.RLock()

    def tell(self, text: str) -> None:
        with self._lock:
            if self._task:
                self._task.text = visible(text)
            if self._verbose and not self._quiet:
                self._say(visible(text))

    @contextmanager
    def task(self, title: str, total: int | None = None) -> Iterator[Task]:
        """Shown while the body runs, if that is long enough; a task within a task takes its place for a while."""
        task, outer = Task(title, total), self._task
        with self._lock:
            self._task = task
        try:
            if outer or self._quiet or not self._is_terminal():
                yield task
            else:
                with self._ticking():
                    yield task
        finally:
            with self._lock:
                self._task = outer

    def _is_terminal(self) -> bool:
        return self._stream.isatty() and os.environ.get("TERM") not in ("dumb", "unknown")

    def _say(self, text: str) -> None:
        if self._bar:
            self._bar.console.print(text, markup=False, highlight=False, soft_wrap=True)
        else:
            self._stream.write(f"{text}\n")
            self._stream.flush()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Nothing is drawn in the body: it asks the person at the terminal something."""
        with self._lock:
            self._paused = True
            if self._bar:
                self._bar.stop()
        try:
            yield
        finally:
            with self._lock:
                self._paused = False
                if self._bar:
                    self._bar.start()

    # The line on the terminal

    @contextmanager
    def _ticking(self) -> Iterator[None]:
        ended = threading.Event()
        thread = threading.Thread(target=self._show_until, args=(ended.wait,), name="progress", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def _show_until(self, ended: Callable[[float], bool]) -> None:
        if ended(self._delay):
            return
        bar = self._new_bar()
        shown = bar.add_task(self._task.description if self._task else "")
        with self._lock:
            self._bar = bar
            if not self._paused:
                bar.start()
        while True:
            self._draw(bar, shown)
            if ended(_REFRESH):
                break
        with self._lock:
            bar.stop()
            self._bar = None

    def _draw(self, bar: Bar, shown: TaskID) -> None:
        with self._lock:
            if self._task and not self._paused:
                bar.update(shown, description=self._task.description, refresh=True)

    def _new_bar(self) -> Bar:
        # Loaded here: most runs are over before anything is shown.
        from rich.console import Console
        from rich.progress import Progress as RichProgress
        from rich.progress import SpinnerColumn, TextColumn

        console = Console(file=self._stream, force_terminal=True, no_color=not self._colour, highlight=False)
        return RichProgress(
            SpinnerColumn("line"),
            TextColumn("{task.description}", markup=False),
            console=console,
            auto_refresh=False,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
