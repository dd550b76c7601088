"""First and no-op apply of 500 projects x 5 commands: requests, wall against requests x latency / 4, and memory.

Goals: a no-op apply takes projects + 25 requests and 1.3 times the floor. Writes go one after the other, since XNAT
races with itself there: the floor of a first apply counts each of them whole. Beside it stands what a bare client takes
for as many requests to the same server, which is a process of its own: on a busy machine the wall is the machine's.
MANY_PROJECTS is another number of projects.
"""

from __future__ import annotations

import http.client
import os
import resource
import signal
import subprocess
import sys
import tempfile
from base64 import b64encode
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from time import monotonic, process_time

from bootstrap.engine.run import Talk
from bootstrap.ops import jobs
from bootstrap.ops.jobs import Job
from bootstrap.ops.session import Asked, Tools

PROJECTS, COMMANDS = int(os.environ.get("MANY_PROJECTS", "500")), 5
LATENCY, PARALLEL = 0.02, 4
_SERVE = (
    "import sys; from pathlib import Path; from bootstrap.practice.server import FAST, serve; "
    "sys.exit(serve(state=Path(sys.argv[1]), port=0, faults=[sys.argv[2]], clock=FAST))"
)
HEAD = """\
server: {username: admin, password: !env [XNAT_PASSWORD, admin]}
project_defaults:
  accessibility: private
  prearchive_code: 4
  pi: {first: Ada, last: Lovelace}
"""
COMMAND = """\
  command-{number}:
    enabled: true
    document:
      version: "1"
      image: example/image-{number}:1
      command-line: "run.sh #threshold#"
      inputs: [{{name: threshold, default-value: "1"}}]
      xnat:
        - name: wrapper-{number}
          contexts: ["xnat:imageSessionData"]
          external-inputs: [{{name: session, type: Session}}]
"""


@dataclass(frozen=True)
class Ran:
    exit_code: int
    requests: int
    writes: int
    seconds: float
    processor: float
    megabytes: float  # the most that the process had


def site_text(projects: int, commands: int) -> str:
    used = ", ".join(f"wrapper-{number}: {{enabled: true, defaults: {{threshold: '2'}}}}" for number in range(commands))
    lines = [f"  - {{id: P{number:04}, title: Study {number}}}\n" for number in range(projects)]
    documents = "".join(COMMAND.format(number=number) for number in range(commands))
    return f"{HEAD}  commands: {{{used}}}\nprojects:\n{''.join(lines)}commands:\n{documents}"


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "site.yaml").write_text(site_text(PROJECTS, COMMANDS), encoding="utf-8")
        with _served(folder / "state") as url:
            for run in ("first apply", "no-op apply", "no-op apply"):
                _print(run, _in_a_process(folder, url))
            print(f"a bare client, {PARALLEL} at a time: {PROJECTS} requests in {_bare(url):.2f} s")


def _in_a_process(folder: Path, url: str) -> Ran:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_run, folder, url).result()


def _run(folder: Path, url: str) -> Ran:
    began, worked = monotonic(), process_time()
    report = jobs.apply(Job(folder, Asked(url=url)), Tools(environ={}), Talk())
    seconds, worked = monotonic() - began, process_time() - worked
    counts, most = report.counts, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Ran(report.exit_code, counts.requests, counts.writes, seconds, worked, most)


def _print(name: str, ran: Ran) -> None:
    floor = ((ran.requests - ran.writes) / PARALLEL + ran.writes) * LATENCY
    print(
        f"{name} of {PROJECTS} projects x {COMMANDS} commands at {LATENCY * 1000:.0f} ms: exit {ran.exit_code}, "
        f"{ran.requests} requests, {ran.writes} writes, {ran.seconds:.2f} s, {ran.seconds / floor:.2f} x the floor of "
        f"{floor:.2f} s; {ran.processor:.2f} s of processor time, {ran.megabytes:.0f} MB at most"
    )


def _bare(url: str) -> float:
    """Seconds for one request of each project, without anything of ours around them."""
    began = monotonic()
    with ThreadPoolExecutor(PARALLEL) as pool:
        list(pool.map(lambda first: _ask(url, range(first, PROJECTS, PARALLEL)), range(PARALLEL)))
    return monotonic() - began


def _ask(url: str, projects: Sequence[int]) -> None:
    connection = http.client.HTTPConnection(url.removeprefix("http://"))
    headers = {"Authorization": f"Basic {b64encode(b'admin:admin').decode()}"}
    for number in projects:
        path = f"/data/projects/P{number:04}/config/container-service?format=json"
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
        headers["Cookie"] = headers.get("Cookie") or (answer.getheader("Set-Cookie") or "").partition(";")[0]
    connection.close()


@contextmanager
def _served(state: Path) -> Iterator[str]:
    """A server in a process of its own; the latency is put on every request."""
    fault = f"latency={LATENCY} times=*"
    process = subprocess.Popen([sys.executable, "-c", _SERVE, str(state), fault], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        yield next(word for word in process.stdout.readline().split() if word.startswith("http://"))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


if __name__ == "__main__":
    main()
