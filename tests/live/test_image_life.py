"""An image and its command on a real engine: built, enabled, rebuilt, renamed, broken and put back, beside others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import docker
import docker.errors
import pytest

from bootstrap.kinds import command_notes, command_writing
from bootstrap.kinds.smoke import SmokeTest
from tests.docker_engine import Engine, docker_engine
from tests.live.commands import HEAD, Look, actions, done, errors, notes, outcomes, settled
from tests.live.conftest import Bench

__all__ = ["docker_engine"]

pytestmark = pytest.mark.docker

NAME = "xnat-bootstrap-life"
TEMPLATE = """\
{"name": "{{ command }}", "version": "1", "image": "{{ images['IMAGE'] }}", "override-entrypoint": true,
 "command-line": "sh -c 'cat /hello'", "inputs": [{"name": "words", "default-value": "hello"}],
 "xnat": [{"name": "{{ wrapper }}", "contexts": ["xnat:projectData"],
           "external-inputs": [{"name": "project", "type": "Project"}]}]}
"""


def site(engine: Engine, *, owner: str = "default", name: str = NAME, more: str = "") -> str:
    wrapper = f"{name}-say"
    return f"""\
{HEAD.replace("server: {", f"server: {{owner: {owner}, ")}
compute: {{host: "{engine.host}", build_engine: "{engine.host}"}}
vars: {{command: {name}, wrapper: {wrapper}}}
images: [{{name: {name}, build: context}}]
commands:
  {name}:
    template: command.json.j2
    enabled: true
    smoke: {{wrapper: {wrapper}, project: {name}-A, root: .}}
    defaults: {{words: hi}}
{more}projects:
  - id: {name}-A
    commands: {{{wrapper}: {{enabled: true, defaults: {{words: {{value: hey, advanced: true}}}}}}}}
  - id: {name}-B
"""


def write(
    bench: Bench, engine: Engine, text: str, dockerfile: str = "COPY hello /hello\n", said: str = "one\n"
) -> None:
    folder = bench.folder / "context"
    folder.mkdir(exist_ok=True)
    (folder / "Dockerfile").write_text(f"FROM {engine.base}\n{dockerfile}")
    (folder / "hello").write_text(said)
    image = text.partition("images: [{name: ")[2].partition(",")[0]
    (bench.folder / "command.json.j2").write_text(TEMPLATE.replace("IMAGE", image))
    bench.write(text)


@pytest.fixture
def client(docker_engine: Engine) -> Iterator[Any]:
    """Takes away what a test has built."""
    made = docker_engine.client()
    try:
        yield made
    finally:
        for image in made.images.list():
            for tag in image.tags:
                if tag.startswith(NAME):
                    made.images.remove(tag)
        made.close()


@pytest.fixture
def applied(bench: Bench, docker_engine: Engine, client: Any, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """The practice XNAT resolves no launches yet, so the smoke test runs the command's container by itself."""

    class InAContainer(SmokeTest):
        def failure(self) -> str | None:
            rows = self.xnat.client.read_json("/xapi/commands", doing="looking for the image")
            row = next(row for row in rows if any(each["id"] == self.wrapper_id for each in row["xnat"]))
            try:
                client.containers.run(row["image"], ["sh", "-c", "cat /hello"], remove=True)
            except docker.errors.ContainerError as error:
                return f"it ended as `Failed`: {error}"
            return None

    monkeypatch.setattr(command_writing, "SmokeTest", InAContainer)
    monkeypatch.setattr(command_notes, "root_uri", lambda *_all: "/archive/projects/A")
    write(bench, docker_engine, site(docker_engine))
    done(bench.apply())
    settled(bench)
    return bench


def listed(look: Look) -> set[str]:
    found = look.write("GET", "/xapi/docker/images?installed=true").json()
    return {tag for image in found for tag in image["tags"]}


def configured(look: Look, name: str = NAME) -> dict[str, Any]:
    """All that must survive an update."""
    ids = look.ids(name)
    (wrapper,) = [number for label, number in ids.items() if label]
    return {
        "command": ids[""],
        "wrapper": wrapper,
        "site": look.stored(wrapper)[-1],
        "enabled in": look.write("GET", f"/xapi/wrappers/{wrapper}/projects").json(),
        "in A": look.stored(wrapper, f"{NAME}-A")[-1],
    }


def test_a_changed_dockerfile_is_a_new_image_and_nothing_else_changes(
    applied: Bench, docker_engine: Engine, client: Any
) -> None:
    look = Look.at(applied)
    before, image = configured(look), look.command(NAME)["image"]
    assert before["enabled in"] == [f"{NAME}-A"]
    assert before["site"]["enabled"] is True
    assert before["in A"]["inputs"]["words"]["default-value"] == "hey"
    assert image in listed(look)
    write(applied, docker_engine, site(docker_engine), "COPY hello /hello\nLABEL changed=1\n", "two\n")
    plan = applied.plan()
    assert actions(plan) == {f"image:{NAME}": "update", f"command:{NAME}": "update"}
    assert f"wrapper ids kept: {before['wrapper']}" in notes(plan, f"command:{NAME}")
    done(applied.apply())
    now = look.command(NAME)["image"]
    assert now != image
    assert now in listed(look)
    assert client.containers.run(now, ["cat", "/hello"], remove=True) == b"two\n"
    assert configured(look) == before
    assert len(look.commands()) == 1
    settled(applied)


def test_a_renamed_command_and_wrapper_keep_their_ids_and_configuration(applied: Bench, docker_engine: Engine) -> None:
    look = Look.at(applied)
    before = configured(look)
    new = site(docker_engine).replace(f"command: {NAME}, wrapper: {NAME}-say", "command: salute, wrapper: salute-say")
    new = new.replace(
        f"  {NAME}:\n", f"  salute:\n    was: {NAME}\n    wrappers: {{salute-say: {{was: {NAME}-say}}}}\n"
    )
    write(applied, docker_engine, new.replace(f"wrapper: {NAME}-say", "wrapper: salute-say").replace(
        f"commands: {{{NAME}-say", "commands: {salute-say"
    ))  # fmt: skip
    assert actions(done(applied.apply())) == {"command:salute": "rename"}
    assert configured(look, "salute") == before
    settled(applied)


def test_an_image_that_does_not_work_is_rolled_back_with_its_log(applied: Bench, docker_engine: Engine) -> None:
    look = Look.at(applied)
    before, command = configured(look), look.command(NAME)
    write(applied, docker_engine, site(docker_engine), "COPY hello /goodbye\n")
    report = applied.apply()
    assert report.exit_code == 5
    assert outcomes(report) == {f"image:{NAME}": "done", f"command:{NAME}": "failed"}
    error = str(next(line.error for line in report.lines if line.change.ref == f"command:{NAME}"))
    assert "the document before it is there again" in error
    assert "No such file or directory" in error
    assert (look.command(NAME), configured(look)) == (command, before)
    write(applied, docker_engine, site(docker_engine), said="mended\n")
    done(applied.apply())
    assert configured(look) == before
    settled(applied)


def test_a_dockerfile_that_does_not_build_leaves_everything_as_it_was(applied: Bench, docker_engine: Engine) -> None:
    look = Look.at(applied)
    before, command = configured(look), look.command(NAME)
    write(applied, docker_engine, site(docker_engine), "RUN echo reason && false\n")
    report = applied.apply()
    assert outcomes(report) == {f"image:{NAME}": "failed", f"command:{NAME}": "skipped"}
    assert "reason" in str(next(line.error for line in report.lines if line.change.ref == f"image:{NAME}"))
    assert (look.command(NAME), configured(look)) == (command, before)


def test_two_owners_with_a_file_each_do_not_touch_each_others_things(applied: Bench, docker_engine: Engine) -> None:
    look = Look.at(applied)
    before, command = configured(look), look.command(NAME)
    theirs = site(docker_engine, owner="radiology", name=f"{NAME}-2")
    write(applied, docker_engine, theirs)
    done(applied.apply())
    settled(applied)
    write(applied, docker_engine, site(docker_engine, owner="radiology"), said="other\n")
    refused = applied.apply()
    assert (refused.exit_code, set(errors(refused))) == (3, {"foreign"})
    write(applied, docker_engine, HEAD.replace("server: {", "server: {owner: radiology, "))
    done(applied.apply(prune=True))
    assert [one["name"] for one in look.commands()] == [NAME]
    assert (look.command(NAME), configured(look)) == (command, before)
    write(applied, docker_engine, site(docker_engine))
    settled(applied)
