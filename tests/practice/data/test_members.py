from __future__ import annotations

from bootstrap.practice.admin import accounts
from tests.practice.conftest import Asker

USERS = "/data/projects/P/users"


def logins(ask: Asker, query: str = "") -> list[str]:
    return [row["login"] for row in ask("GET", USERS + query).json()["ResultSet"]["Result"]]


def test_a_user_by_his_number(ask: Asker) -> None:
    ask("PUT", "/data/projects/P")
    ask.make_user("someone")
    assert ask.server.site
    account = accounts.find(ask.server.site, "someone")
    assert account
    assert ask("PUT", f"{USERS}/member/{account['id']}").status_code == 200
    assert "someone" in logins(ask)


def test_a_group_of_another_project_is_taken(ask: Asker) -> None:
    for project in ("P", "Q"):
        ask("PUT", f"/data/projects/{project}")
    ask.make_user("someone")
    assert ask("PUT", f"{USERS}/Q_owner/someone").status_code == 200
    assert "someone" not in logins(ask)
    assert ask("GET", "/xapi/users/someone/groups").json() == ["Q_owner"]


def test_who_is_switched_off_is_not_listed(ask: Asker) -> None:
    ask("PUT", "/data/projects/P")
    ask.make_user("someone")
    ask("PUT", f"{USERS}/Members/someone")
    ask("PUT", "/xapi/users/someone/enabled/false")
    assert "someone" not in logins(ask)


def test_who_sees_all_data_is_listed_on_request(ask: Asker) -> None:
    ask("PUT", "/data/projects/P")
    assert logins(ask) == ["admin"]
    assert logins(ask, "?includeAllDataAccess=true") == ["admin", "admin"]


def test_taking_out(ask: Asker) -> None:
    ask("PUT", "/data/projects/P")
    ask.make_user("someone")
    ask("PUT", f"{USERS}/Members/someone")
    assert ask("DELETE", f"{USERS}/Members/someone").status_code == 200
    assert ask("DELETE", f"{USERS}/Members/nobody").status_code == 200
    assert logins(ask) == ["admin"]
    assert ask("PUT", f"{USERS}/Members/guest").status_code == 412


def test_owners_see_who_was_invited(ask: Asker) -> None:
    ask("PUT", "/data/projects/P", params={"accessibility": "protected"})
    someone = ask.make_user("someone")
    assert ask("PUT", f"{USERS}/member/nobody").status_code == 200
    assert ask("PUT", f"{USERS}/member/a%20,%20b").status_code == 200
    (several, row) = ask("GET", "/data/projects/P/pars").json()["ResultSet"]["Result"]
    assert (row["email"], row["level"], row["login"], row["approved"]) == ("nobody", "P_member", "admin", "")
    assert several["email"] == "a%20,%20b"
    assert ask("GET", "/data/projects/P/pars", as_user=someone).status_code == 403
    assert ask("GET", "/data/projects/Q/pars").status_code == 404
