"""What the kinds under the Container Service say of a server: for `doctor`, and for `export`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bootstrap.config.site import Site
from bootstrap.errors import EngineRefused, Rejected, ServerFailed, SiteFileError
from bootstrap.kinds.compute import ComputeKind
from bootstrap.kinds.compute_section import Compute
from bootstrap.kinds.container_engine import ContainerEngine
from bootstrap.kinds.container_manager import ContainerManager, first_container_section
from bootstrap.kinds.image import ImageKind
from bootstrap.kinds.image_making import MakeImage
from bootstrap.kinds.image_uses import image_references, image_uses
from bootstrap.kinds.kind import UNREADABLE, Exported, Kind, Resource, State, TagText
from bootstrap.kinds.registries_section import Registry, repository_in
from bootstrap.kinds.registry import RegistryKind, variable_of
from bootstrap.ops.session import Asked, Tools, load
from bootstrap.values import Secret
from bootstrap.xnat.fake import FakeTransport, reply
from bootstrap.xnat.server import BUILD_INFO
from bootstrap.xnat.signin import PROBE
from tests.xnat.test_connection import connected, xnat

PLUGIN = reply(json={"containers": {"name": "containers", "version": "3.7.3"}})
ROLES = reply(json=["ContainerManager"])
SOCKET = {"id": 1, "name": "Local socket", "host": "unix:///var/run/docker.sock", "backend": "docker"}
FRESH = {**SOCKET, "auto-cleanup": True, "status-email-enabled": True, "pull-images-on-xnat-init": False, "ping": True}
FAILS = reply(500, text="There was an error in the request : no such file")


def server(document: Any = None, plugins: Any = PLUGIN, roles: Any = ROLES) -> FakeTransport:
    fake = (
        FakeTransport()
        .on("GET", BUILD_INFO, reply(json={"version": "1.9.2.1"}))
        .on("DELETE", "/data/JSESSION", reply())
    )
    fake.on("GET", PROBE, reply(json=True)).on("GET", "/xapi/plugins", plugins).on(
        "GET", "/xapi/users/ann/roles", roles
    )
    return fake.on("GET", "/xapi/docker/server", document or reply(json=FRESH))


def site(folder: Path, text: str, **files: str) -> Site:
    (folder / "site.yaml").write_text(text)
    for name, content in files.items():
        (folder / name).mkdir(exist_ok=True)
        (folder / name / "Dockerfile").write_text(content)
    return load(folder, Asked(), Tools(environ={}))


def findings(kind: Kind, fake: FakeTransport, what: Site) -> list[tuple[str, str]]:
    with connected(fake) as connection:
        return [(finding.state, finding.text) for finding in kind.examine(connection, what)]


def exported(kind: Kind, fake: FakeTransport) -> Exported:
    with connected(fake) as connection:
        return kind.export(connection)


# doctor


@pytest.mark.parametrize(
    ("plugins", "roles", "state", "words"),
    [
        (PLUGIN, ROLES, "good", "has the role"),
        (PLUGIN, reply(json=[]), "warning", "has not the role"),
        (reply(json={}), ROLES, "bad", "is not loaded"),
        (reply(json={"containers": {"version": "3.6.1"}}), ROLES, "good", "asks for site administrators only"),
    ],
)
def test_doctor_tells_of_the_role(tmp_path: Path, plugins: Any, roles: Any, state: str, words: str) -> None:
    found = findings(ContainerManager(), server(plugins=plugins, roles=roles), site(tmp_path, "images: []\n"))
    assert [told for told, _text in found] == [state]
    assert words in found[0][1]


def test_doctor_says_nothing_of_what_the_file_does_not_speak_of(tmp_path: Path) -> None:
    nothing = site(tmp_path, "server: {url: practice}\n")
    fake = server(plugins=reply(json={}))
    for kind in (ContainerManager(), ContainerEngine(), ComputeKind(), RegistryKind()):
        assert findings(kind, fake, nothing) == []


@pytest.mark.parametrize(
    ("document", "text", "expected"),
    [
        (reply(json=FRESH), "images: []\n", ("good", "docker at unix:///var/run/docker.sock answers")),
        (FAILS, "compute: {backend: docker}\n", ("bad", "no such file")),
        (FAILS, "compute: {required: false}\n", ("warning", "no such file")),
        (reply(json={**FRESH, "ping": False}), "compute: {backend: docker}\n", ("bad", "no engine answers at unix")),
        (reply(json={"backend": "kubernetes", "ping": True}), "images: []\n", ("good", "kubernetes at kubernetes")),
        (reply(404), "compute: {backend: docker}\n", ("bad", "XNAT has no container server")),
    ],
)
def test_doctor_tells_whether_the_engine_answers(
    tmp_path: Path, document: Any, text: str, expected: tuple[str, str]
) -> None:
    found = findings(ContainerEngine(), server(document), site(tmp_path, text))
    assert [state for state, _text in found] == [expected[0]]
    assert expected[1] in found[0][1]


def test_doctor_tells_how_the_files_registries_are(tmp_path: Path) -> None:
    hubs = [
        {"id": 1, "name": "a", "url": "https://a", "status": {"ping": True, "response": "OK", "message": "fine"}},
        {"id": 2, "name": "b", "url": "https://b", "status": {"ping": False, "response": "Down"}},
        {"id": 3, "name": "c", "url": "https://c"},
    ]
    text = "registries: [{name: a, url: 'https://a'}, {name: b, url: 'https://b'}]\n"
    fake = server().on("GET", "/xapi/docker/hubs", reply(json=hubs))
    assert findings(RegistryKind(), fake, site(tmp_path, text)) == [("good", "a: fine"), ("warning", "b: Down")]


# export


def test_what_a_fresh_xnat_has_is_not_exported() -> None:
    hubs = [{"id": 1, "name": "Docker Hub", "url": "https://index.docker.io/v1/", "default": True}]
    fake = server().on("GET", "/xapi/docker/hubs", reply(json=hubs)).on("GET", "/xapi/commands", reply(json=[]))
    fake.on("GET", "/xapi/docker/images", reply(json=[]))
    for kind in (ComputeKind(), RegistryKind(), ImageKind()):
        assert exported(kind, fake) == Exported()


@pytest.mark.parametrize("kind", [ComputeKind(), RegistryKind(), ImageKind()], ids=lambda kind: kind.name)
def test_without_the_plugin_nothing_is_exported(kind: Kind) -> None:
    assert exported(kind, server(plugins=reply(json={}))) == Exported()


def test_compute_is_exported_without_ids() -> None:
    constraint = {"id": 9, "attribute": "a", "comparator": "!=", "values": ["b"], "user-settable": True}
    document = {**FRESH, "id": 3, "auto-cleanup": False, "cert-path": "", "swarm-constraints": [constraint]}
    found = exported(ComputeKind(), server(reply(json=document))).section["compute"]
    assert found == {
        "auto-cleanup": False,
        "swarm-constraints": [{"attribute": "a", "comparator": "!=", "values": ["b"], "user-settable": True}],
    }


def test_an_exported_engine_that_is_silent_is_not_required() -> None:
    found = exported(ComputeKind(), server(reply(json={**FRESH, "name": "x", "ping": False}))).section["compute"]
    assert found == {"name": "x", "required": False}


@pytest.mark.parametrize("document", [FAILS, reply(404)])
def test_a_document_that_cannot_be_read_is_left_out_and_said(document: Any) -> None:
    found = exported(ComputeKind(), server(document))
    assert found.section == {}
    assert "compute is left out" in found.notes[0]


def test_registries_are_exported_with_passwords_from_the_environment() -> None:
    hubs = [
        {"id": 1, "name": "Docker Hub", "url": "https://index.docker.io/v1/", "default": False},
        {"id": 2, "name": "my hub-2", "url": "https://a", "username": "u", "email": "e", "default": True},
        {"id": 3, "name": None, "url": None, "default": False},
    ]
    found = exported(RegistryKind(), server().on("GET", "/xapi/docker/hubs", reply(json=hubs)))
    assert list(found.section["registries"]) == [
        {"name": "Docker Hub", "url": "https://index.docker.io/v1/"},
        {
            "name": "my hub-2",
            "url": "https://a",
            "username": "u",
            "email": "e",
            "password": TagText("!env", "MY_HUB_2_PASSWORD"),
            "default": True,
        },
    ]
    assert "does not tell whether my hub-2 has a password" in found.notes[0]
    assert variable_of("a.b c") == "A_B_C_PASSWORD"


def images(*tags: str) -> list[dict[str, Any]]:
    return [{"image-id": f"sha256:{number}", "tags": [tag], "labels": {}} for number, tag in enumerate(tags)]


def used(*names: str) -> list[dict[str, Any]]:
    return [{"id": number, "name": f"c{number}", "image": name} for number, name in enumerate(names)]


def test_images_that_commands_use_and_the_engine_has_are_exported() -> None:
    fake = server().on("GET", "/xapi/commands", reply(json=used("org/tool:1", "other/tool:2", "gone:1", "org/tool:1")))
    fake.on("GET", "/xapi/docker/images", reply(json=images("org/tool:1", "other/tool:2", "unused:1")))
    found = exported(ImageKind(), fake).section["images"]
    assert list(found) == [{"name": "tool", "present": "org/tool:1"}, {"name": "tool-2", "present": "other/tool:2"}]


@pytest.mark.parametrize(
    ("document", "why"),
    [(FAILS, "no engine answers"), (reply(json={"backend": "kubernetes", "ping": True}), "are not listed")],
)
def test_images_that_cannot_be_looked_at_are_left_out_and_said(document: Any, why: str) -> None:
    found = exported(ImageKind(), server(document).on("GET", "/xapi/commands", reply(json=used("a:1"))))
    assert found.section == {}
    assert why in found.notes[0]


# The document of the engine


def post(answers: Sequence[Any], reading: Sequence[Any]) -> FakeTransport:
    fake = xnat(200).on("POST", "/xapi/docker/server", *answers).on("GET", "/xapi/docker/server", *reading)
    wanted = Resource("compute", "server", {"backend": "docker", "host": "unix:///x"}, payload={"done": set()})
    with connected(fake) as connection, connection.client.writing():
        ComputeKind().update(connection, wanted, State({}), frozenset())
    return fake


def test_a_500_over_a_silent_engine_is_no_refusal() -> None:
    assert len(post([FAILS], [FAILS]).lines) > 2


def test_a_500_over_the_document_is_one() -> None:
    with pytest.raises(Rejected, match="did not accept the document"):
        post([reply(500, text="Cannot deserialize value of type Backend")], [FAILS])


def test_a_500_that_neither_explains_is_looked_into() -> None:
    with pytest.raises(ServerFailed):
        post([FAILS], [reply(json=FRESH)])


def test_the_ledger_tells_where_the_engine_was_while_the_document_is_hidden() -> None:
    kind = ComputeKind()
    wanted = Resource("compute", "server", {"host": "tcp://new:1"}, payload={"done": set()})
    hidden = [State({"host": UNREADABLE}, address) for address in (None, "docker tcp://old:1", "docker tcp://new:1")]
    assert [bool(kind.hides(wanted, state)) for state in hidden] == [True, True, False]
    assert kind.hides(wanted, None) == "XNAT has no container server yet"
    assert kind.hides(Resource("compute", "server", {}), None) is None


# The file


def test_every_key_of_the_file_is_one_of_xnats_document() -> None:
    from bootstrap.kinds.compute import KEYS

    everything = {info.alias or name for name, info in Compute.model_fields.items()}
    assert everything - set(KEYS) == {"required", "build_engine", "protected", "ignore"}
    assert set(KEYS) <= everything


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("server: {url: practice}\n", None),
        ("compute: {backend: docker}\n", ("compute",)),
        ("orchestrations: []\n", ("orchestrations",)),
        ("projects: [{id: A}, {id: B, commands: {w: {enabled: true}}}]\n", ("projects", 1)),
        ("projects: [{id: A, orchestration: o}]\n", ("projects", 0)),
        ("projects: [{id: A}]\n", None),
    ],
)
def test_where_a_file_first_speaks_of_containers(tmp_path: Path, text: str, path: tuple[Any, ...] | None) -> None:
    assert first_container_section(site(tmp_path, text)) == path


def test_templates_know_every_image_by_its_full_reference(tmp_path: Path) -> None:
    text = """\
registries:
  - {name: ours, url: "https://registry.example.org/"}
  - {name: hub, url: "https://index.docker.io/v1/", username: me}
images:
  - {name: a, build: good, push: ours}
  - {name: b, build: good, push: ours, repository: org/b}
  - {name: c, build: good, push: hub}
  - {name: d, build: good, repository: "ghcr.io/org/d"}
  - {name: e, present: "e:1"}
"""
    made = site(tmp_path, text, good="FROM scratch\n")
    found = image_references(made)
    tag = found["a"].rpartition(":")[2]
    assert len(tag) == 12
    assert found == {
        "a": f"registry.example.org/a:{tag}",
        "b": f"registry.example.org/org/b:{tag}",
        "c": f"me/c:{tag}",
        "d": f"ghcr.io/org/d:{tag}",
        "e": "e:1",
    }


def test_a_broken_image_is_told_once_and_has_a_placeholder(tmp_path: Path) -> None:
    made = site(tmp_path, "images: [{name: a, build: nowhere}]\n")
    assert image_references(made) == {"a": "a:unknown"}
    with pytest.raises(SiteFileError, match="does not exist"):
        image_uses(made)


@pytest.mark.parametrize("text", ["{name: a}", "{name: a, build: b, pull: 'c:1'}", "{name: a, present: null}"])
def test_an_image_has_one_form(tmp_path: Path, text: str) -> None:
    with pytest.raises(SiteFileError, match=r"exactly one of.*one-form"):
        site(tmp_path, f"images: [{text}]\n")


def test_docker_hub_wants_an_account_for_what_is_pushed() -> None:
    assert repository_in(Registry(name="hub", url="https://index.docker.io/v1/"), "a") == ""
    assert (
        repository_in(Registry(name="o", url="http://localhost:5000", password=Secret("p")), "a") == "localhost:5000/a"
    )


def test_how_an_image_of_a_journal_was_made_is_not_known() -> None:
    with connected(xnat(200)) as connection, pytest.raises(EngineRefused, match="is not known any more"):
        MakeImage(connection, Resource("image", "a", {"image": "a:1"}))
