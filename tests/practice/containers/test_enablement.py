"""Flags and configurations: what is stored for what is not there, and what cannot be read."""

from __future__ import annotations

import pytest

from bootstrap.practice.admin import configs
from bootstrap.practice.containers import enablement
from bootstrap.practice.site import Site
from tests.practice.conftest import Asker
from tests.practice.containers.conftest import Commands, wrapper


def test_a_wrapper_that_does_not_exist_can_be_switched_on(ask: Asker) -> None:
    assert ask("GET", "/xapi/wrappers/99999/enabled").text == "false"
    assert ask("PUT", "/xapi/wrappers/99999/enabled").status_code == 200
    assert ask("GET", "/xapi/wrappers/99999/enabled").text == "true"


def test_so_can_one_in_a_project_that_does_not_exist(ask: Asker) -> None:
    assert ask("PUT", "/xapi/projects/GHOST/wrappers/99999/enabled").status_code == 200
    assert ask("GET", "/xapi/wrappers/99999/projects").json() == ["GHOST"]


def test_for_the_number_nought_nothing_is_stored(ask: Asker, site: Site) -> None:
    assert ask("PUT", "/xapi/wrappers/0/enabled").status_code == 200
    assert configs.newest(site, enablement.TOOL, "wrapper-0") is None


@pytest.mark.parametrize(
    ("contents", "site_says", "project_says"),
    [
        ('{"inputs":{},"outputs":{}}', True, False),  # no flag counts as on for the site
        ('{"enabled":false}', False, False),
        ('{"enabled":true}', True, True),
        ("no json", False, False),
        ("[]", False, False),
        ('{"enabled":"perhaps"}', False, False),
        ("", False, False),
    ],
)
def test_what_others_have_put_into_the_config_service(
    site: Site, contents: str, site_says: bool, project_says: bool
) -> None:
    for project in ("", "P"):
        configs.replace(site, "admin", enablement.TOOL, "wrapper-7", contents, project=project)
    assert enablement.for_site(site, 7) is site_says
    assert enablement.for_project(site, 7, "P") is project_says


def test_deleting_a_configuration_without_a_flag_deletes_all(ask: Asker, commands: Commands, site: Site) -> None:
    number = commands.wrappers(commands.make(xnat=[wrapper("w")]))["w"]
    configs.replace(site, "admin", enablement.TOOL, f"wrapper-{number}", '{"inputs":{}}')
    assert ask("DELETE", f"/xapi/wrappers/{number}/config").status_code == 204
    assert configs.newest(site, enablement.TOOL, f"wrapper-{number}") is None
    assert ask("DELETE", f"/xapi/wrappers/{number}/config").status_code == 204


def test_a_configuration_of_what_is_not_there(ask: Asker) -> None:
    assert ask("POST", "/xapi/wrappers/99999/config", json={}).status_code == 201
    assert ask("DELETE", "/xapi/wrappers/99999/config").status_code == 204
    assert ask("GET", "/xapi/wrappers/99999/config").status_code == 404


@pytest.mark.parametrize("body", [{"inputs": {"a": None}}, {"inputs": []}, {"inputs": {"a": {"advanced": "yes"}}}])
def test_configurations_that_cannot_be_read(ask: Asker, body: object) -> None:
    assert ask("POST", "/xapi/wrappers/1/config", json=body).status_code == 500


def test_an_unreadable_configuration_is_found_before_the_role(ask: Asker) -> None:
    nobody = ask.make_user("nobody")
    broken = ask("POST", "/xapi/wrappers/1/config", as_user=nobody, json={"inputs": []})
    denied = ask("POST", "/xapi/wrappers/1/config", as_user=nobody, json={})
    assert (broken.status_code, denied.status_code) == (500, 403)


def test_two_inputs_of_one_name_cannot_be_told_apart(ask: Asker, commands: Commands) -> None:
    number = commands.wrappers(commands.make(inputs=[{"name": "session"}], xnat=[wrapper("w")]))["w"]
    answer = ask("GET", f"/xapi/wrappers/{number}/config")
    assert answer.status_code == 500
    assert "Multiple entries with same key: session" in answer.text


def test_a_label_may_be_configured_to_be_empty(ask: Asker, commands: Commands) -> None:
    handler = {"name": "h", "accepts-command-output": "o", "as-a-child-of": "session", "label": "L"}
    number = commands.make(
        mounts=[{"name": "m", "path": "/m"}],
        outputs=[{"name": "o", "mount": "m"}],
        xnat=[wrapper("w", **{"output-handlers": [handler]})],
    )
    path = f"/xapi/commands/{number}/wrappers/w/config"
    assert ask("POST", path, json={"outputs": {"h": {"label": ""}}}).status_code == 201
    assert ask("GET", path).json()["outputs"] == {"h": {"type": "Resource", "label": ""}}


def test_the_reason_stands_in_the_history(ask: Asker, site: Site) -> None:
    ask("PUT", "/xapi/wrappers/5/enabled?reason=because")
    row = configs.newest(site, enablement.TOOL, "wrapper-5")
    assert row
    assert (row["reason"], row["username"]) == ("because", "admin")


def test_the_projects_configuration_of_an_unknown_project(ask: Asker) -> None:
    nobody = ask.make_user("nobody")
    path = "/xapi/projects/GHOST/wrappers/1/config"
    assert ask("GET", path).status_code == 500
    assert ask("GET", path, as_user=nobody).status_code == 403


def test_enable_may_be_written_in_the_usual_ways_only(ask: Asker) -> None:
    assert ask("POST", "/xapi/wrappers/1/config?enable=perhaps", json={}).status_code == 500
