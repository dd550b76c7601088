"""For every test: what is slow on purpose costs nothing, a failure is told at once, a stuck engine ends all soon."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from _pytest.terminal import TerminalReporter

from bootstrap.engine import tokens
from tests import docker_engine

SHIPPED_COST = tokens.COST
QUICK_COST = 2
_SLOW = 30  # seconds from which on a test is worth a word


@pytest.fixture(scope="session", autouse=True)
def quick_seals() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tokens, "COST", QUICK_COST)
        yield


class ToldAtOnce:
    """Says which test failed when it fails: a run that is ended from outside has said so much at least."""

    def __init__(self, terminal: TerminalReporter) -> None:
        self._terminal = terminal

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        seconds = f"{report.when}, {report.duration:.0f} s"
        if report.failed:
            lines = [line for line in report.longreprtext.splitlines() if line.startswith("E ")]
            reason = " / ".join(line[1:].strip() for line in lines[:3]) or report.longreprtext[-200:]
            self._say(f"FAILED {report.nodeid} ({seconds}): {reason[:500]}")
        elif report.duration > _SLOW:
            self._say(f"slow: {report.nodeid} ({seconds})")

    def _say(self, line: str) -> None:
        self._terminal.ensure_newline()
        self._terminal.write_line(line)


class EngineGuard:
    """After a test with the Docker engine has failed, the others wait for it in vain only if it runs anything."""

    def __init__(self) -> None:
        self._is_suspect = self._is_stuck = False

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        if self._uses_engine(item) and (self._is_suspect or self._is_stuck):
            self._is_stuck = self._is_stuck or not docker_engine.still_runs_containers()
            self._is_suspect = False
            if self._is_stuck:
                pytest.fail(
                    "the Docker engine answers, but it does not run containers any more: restart it", pytrace=False
                )

    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        if call.excinfo and call.excinfo.errisinstance(Exception) and self._uses_engine(item):
            self._is_suspect = True

    def _uses_engine(self, item: pytest.Item) -> bool:
        return item.get_closest_marker("docker") is not None


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(EngineGuard())
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if terminal and not hasattr(config, "workerinput"):
        config.pluginmanager.register(ToldAtOnce(terminal))
