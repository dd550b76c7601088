"""Images of the engine, and the commands that belong to them."""

from __future__ import annotations

import contextlib
import io
import json
import tarfile

import pytest

from tests.docker_engine import Engine
from tests.practice.conftest import Asker
from tests.practice.containers.conftest import Commands
from tests.practice.containers.fake_engine import LABELLED, FakeEngine

IMAGES = "/xapi/docker/images"
LABEL = json.dumps(
    [
        {"name": "one", "version": "1", "image": "ignored:9", "xnat": [{"name": "w"}]},
        {"name": "bad", "version": "1", "type": "weird"},
        {"name": "worse", "inputs": [{"name": "bad name"}]},
    ]
)


@pytest.fixture
def labelled(with_engine: FakeEngine) -> FakeEngine:
    with_engine.add(LABELLED, "labelled:1", "labelled:2", labels={"org.nrg.commands": LABEL})
    with_engine.add("sha256:2", labels=None)
    return with_engine


def test_images_of_the_engine_and_those_that_only_commands_name(
    ask: Asker, commands: Commands, labelled: FakeEngine
) -> None:
    commands.make(image="absent:1")
    commands.make("other", image="labelled:1")
    listed = ask("GET", IMAGES).json()
    assert [image.get("image-id") for image in listed] == [LABELLED, "sha256:2", None]
    assert listed[-1] == {"tags": ["absent:1"], "labels": {}}
    assert len(ask("GET", f"{IMAGES}?installed=true").json()) == 2


def test_an_image_by_its_id_has_no_tags(ask: Asker, labelled: FakeEngine) -> None:
    assert ask("GET", f"{IMAGES}/{LABELLED}").json()["tags"] == []
    assert ask("GET", f"{IMAGES}/{'1' * 12}").json()["image-id"] == LABELLED
    labelled.stumbles = True
    assert ask("GET", f"{IMAGES}/{LABELLED}").status_code == 404


def test_saving_under_two_names_makes_two_commands(ask: Asker, labelled: FakeEngine) -> None:
    for name in ("labelled:1", "labelled:2"):
        (saved,) = ask("POST", f"{IMAGES}/save?image={name}").json()
        assert (saved["name"], saved["image"], saved["hash"]) == ("one", name, LABELLED)
    assert ask("POST", f"{IMAGES}/save", data={"image": "labelled:1"}).status_code == 400  # eaten by the sign-in


@pytest.mark.parametrize("label", ["no json", "{}", "[5]", '[{"inputs": [{}]}]', ""])
def test_a_label_that_cannot_be_read_is_no_error(ask: Asker, with_engine: FakeEngine, label: str) -> None:
    with_engine.add("sha256:3", "odd:1", labels={"org.nrg.commands": label})
    assert ask("POST", f"{IMAGES}/save?image=odd:1").json() == []


def test_summaries(ask: Asker, commands: Commands, labelled: FakeEngine) -> None:
    stored = commands.make("one", image="labelled:2")
    absent = commands.make("two", image="absent:1")
    first, second, third = ask("GET", "/xapi/docker/image-summaries").json()
    assert (first["image-id"], first["server"], first["names"]) == (LABELLED, "Fake", ["labelled:1", "labelled:2"])
    assert [(one["id"], one["name"]) for one in first["commands"]] == [(stored, "one"), (0, "bad"), (0, "worse")]
    assert (second["names"], second["commands"]) == ([], [])
    assert (third["names"], third["commands"][0]["id"]) == (["absent:1"], absent)


def test_a_command_that_names_an_image_by_its_id(ask: Asker, commands: Commands, labelled: FakeEngine) -> None:
    by_id = commands.make("by-id", image=LABELLED)
    by_tag = commands.make("by-tag", image="labelled:1")
    first, _second = ask("GET", "/xapi/docker/image-summaries").json()
    assert {by_id, by_tag} <= {one["id"] for one in first["commands"]}
    assert ask("DELETE", f"{IMAGES}/{LABELLED}").status_code == 500  # two tags
    assert ask("DELETE", f"{IMAGES}/{LABELLED}?force=true").status_code == 204
    assert [one["id"] for one in ask("GET", "/xapi/commands").json()] == [by_tag]
    missing = ask("DELETE", f"{IMAGES}/{LABELLED}")
    assert missing.text == "The Docker server returned an error:\nImage not found"


@pytest.mark.docker
def test_a_real_engine(ask: Asker, docker_engine: Engine) -> None:
    assert ask("POST", "/xapi/docker/server", json={"host": docker_engine.host}).json()["ping"] is True
    tags = [tag for image in ask("GET", IMAGES).json() for tag in image["tags"]]
    assert {docker_engine.busy, docker_engine.labelled} <= set(tags)
    saved = ask("POST", f"{IMAGES}/save?image={docker_engine.labelled}").json()
    assert [one["name"] for one in saved] == ["cs-labelled-one", "cs-labelled-two"]


@pytest.mark.docker
def test_deleting_an_image_of_a_real_engine(ask: Asker, docker_engine: Engine) -> None:
    ask("POST", "/xapi/docker/server", json={"host": docker_engine.host})
    with contextlib.closing(docker_engine.client()) as client:
        nothing = io.BytesIO()
        tarfile.open(fileobj=nothing, mode="w").close()
        client.api.import_image_from_data(nothing.getvalue(), repository="conformance/throwaway", tag="1")
        number = client.images.get("conformance/throwaway:1").id
        assert ask("DELETE", f"{IMAGES}/conformance%2Fthrowaway:1").status_code == 400
        assert ask("DELETE", f"{IMAGES}/{number}").status_code == 204
        assert ask("DELETE", f"{IMAGES}/{number}").text == "The Docker server returned an error:\nImage not found"
