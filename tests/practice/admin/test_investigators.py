"""Investigators beyond what the recording shows."""

from __future__ import annotations

from tests.practice.conftest import Asker

PATH = "/xapi/investigators"


def test_whose_projects_they_are(ask: Asker) -> None:
    params = {"pi_firstname": "Ada", "pi_lastname": "Byron"}
    assert ask("PUT", "/data/projects/P", params=params).status_code == 200
    made = ask("POST", PATH, json={"firstname": "Ada", "lastname": "Byron"}).json()
    assert (made["primaryProjects"], made["investigatorProjects"]) == (["P"], [])


def test_they_belong_to_who_made_them(ask: Asker) -> None:
    someone, other = ask.make_user("someone"), ask.make_user("other")
    made = ask("POST", PATH, json={"firstname": "Ada", "lastname": "Byron"}, as_user=someone).json()
    path = f"{PATH}/{made['xnatInvestigatordataId']}"
    names = {"firstname": "Ada", "lastname": "King"}
    assert ask("PUT", path, json=names, as_user=other).status_code == 403
    assert ask("PUT", path, json=names, as_user=someone).json()["lastname"] == "King"
    assert ask("POST", PATH, json={"firstname": "Ada", "lastname": "Byron"}).status_code == 200
    assert ask("PUT", path, json=names | {"lastname": "Byron"}).status_code == 409
    assert ask("DELETE", path, as_user=someone).json() is True
