"""What is offered to whom: rights that inputs and handlers imply."""

from __future__ import annotations

from typing import Any

import pytest

from bootstrap.practice.admin import groups
from bootstrap.practice.data import contents
from bootstrap.practice.site import Site
from tests.practice.conftest import Asker
from tests.practice.containers.conftest import Commands, wrapper

MR = "xnat:mrSessionData"
OUTPUTS: dict[str, Any] = {"mounts": [{"name": "m", "path": "/m"}], "outputs": [{"name": "o", "mount": "m"}]}


def handler(target: str = "session", **more: Any) -> dict[str, Any]:
    base = {"name": "h", "accepts-command-output": "o", "as-a-child-of": target, "label": "L"}
    return {"output-handlers": [{**base, **more}]}


def offered(ask: Asker, user: tuple[str, str], kind: str = MR) -> list[str]:
    answer = ask("GET", f"/xapi/projects/P/commands/available?xsiType={kind}", as_user=user)
    assert answer.status_code == 200, answer.text
    return [one["wrapper-name"] for one in answer.json()]


def derived(kind: str, name: str = "d") -> dict[str, Any]:
    return {"derived-inputs": [{"name": name, "type": kind, "derived-from-wrapper-input": "session"}]}


@pytest.mark.parametrize(
    ("one", "group", "seen"),
    [
        (wrapper("w"), "collaborator", False),
        (wrapper("w", **handler()), "collaborator", False),
        (wrapper("w", **handler()), "member", True),
        (wrapper("w", **derived("Project"), **handler("d")), "member", False),
        (wrapper("w", **derived("Project"), **handler("d")), "owner", True),
        (wrapper("w", **derived("Subject"), **handler("d")), "member", True),
        (wrapper("w", **derived("Scan"), **handler("d")), "member", True),
        (wrapper("w", **derived("string"), **handler("d")), "collaborator", True),
        (wrapper("w", **handler(type="Assessor")), "collaborator", True),
        (wrapper("w", **handler(type="Assessor", **{"xsi-type": "xnat:qcAssessmentData"})), "collaborator", False),
        (wrapper("w", **handler(type="Assessor", **{"xsi-type": "no:such"})), "collaborator", True),
    ],
)
def test_rights_that_a_wrapper_needs(
    ask: Asker, commands: Commands, site: Site, one: dict[str, Any], group: str, seen: bool
) -> None:
    user = ask.make_user("someone")
    ask("PUT", "/data/projects/P")
    assert groups.add(site, "someone", f"P_{group}")
    has_handlers = "output-handlers" in one
    commands.make(**(OUTPUTS if has_handlers else {}), xnat=[one])
    assert offered(ask, user) == (["w"] if seen or not has_handlers else [])


def test_scans_are_offered_where_there_are_sessions(
    ask: Asker, commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask("PUT", "/data/projects/P")
    scan = {"name": "s", "contexts": ["xnat:imageScanData"], "external-inputs": [{"name": "scan", "type": "Scan"}]}
    commands.make(xnat=[scan])
    assert offered(ask, ("admin", "admin"), "xnat:mrScanData") == []
    monkeypatch.setattr(contents, "experiment_types", lambda _site, _project: {MR})
    assert offered(ask, ("admin", "admin"), "xnat:mrScanData") == ["s"]


def test_a_context_that_is_no_type_is_matched_word_for_word(ask: Asker, commands: Commands) -> None:
    ask("PUT", "/data/projects/P")
    commands.make(xnat=[{**wrapper("w"), "contexts": ["training"]}])
    assert offered(ask, ("admin", "admin"), "training") == ["w"]


def test_on_the_site_a_wrapper_needs_no_input(ask: Asker, commands: Commands) -> None:
    commands.make(xnat=[{"name": "w", "contexts": [MR]}])
    (found,) = ask("GET", f"/xapi/commands/available/site?xsiType={MR}").json()
    assert (found["wrapper-name"], found["root-element-name"], found["enabled"]) == ("w", "", False)
    assert ask("GET", "/xapi/commands/available/site?xsiType=").json() == []


def test_what_several_projects_have_in_common(ask: Asker, commands: Commands, site: Site) -> None:
    for project in ("P", "Q"):
        ask("PUT", f"/data/projects/{project}")
    number = commands.make(xnat=[wrapper("w"), wrapper("v")])
    wrappers = commands.wrappers(number)
    for project, name in (("P", "w"), ("Q", "w"), ("Q", "v")):
        ask("PUT", f"/xapi/wrappers/{wrappers[name]}/enabled")
        ask("PUT", f"/xapi/projects/{project}/wrappers/{wrappers[name]}/enabled")
    common = ask("GET", f"/xapi/commands/available/site?xsiType={MR}&projects=P,%20Q").json()
    assert [one["wrapper-name"] for one in common] == ["w"]  # `v` is on in one of them only
    user = ask.make_user("someone")
    path = f"/xapi/commands/available/site?xsiType={MR}&projects=P"
    assert ask("GET", path, as_user=user).json() == []


def test_without_a_parameter_the_right_is_not_looked_at(ask: Asker) -> None:
    user = ask.make_user("someone")
    assert ask("GET", "/xapi/projects/P/commands/available", as_user=user).status_code == 400
    assert ask("GET", "/xapi/commands/available?project=P", as_user=user).status_code == 500
