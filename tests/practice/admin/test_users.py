"""What recordings do not show of users: passwords, self-service, sessions, groups."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.practice.conftest import ADMIN, Asker

LISTS = ["/xapi/users", "/xapi/users/profiles", "/xapi/users/current"]


def test_the_first_password_change_after_setting_up_brings_the_old_address_back(fresh: Asker) -> None:
    fresh.set(adminEmail="new@example.org", siteUrl="http://x", initialized=True)
    assert fresh("GET", "/xapi/users/profile/admin").json()["email"] == "new@example.org"
    assert fresh("PUT", "/xapi/users/admin", json={"password": "other"}).json()["email"] == "administrator@xnat.org"
    again = fresh("PUT", "/xapi/users/admin", as_user=("admin", "other"), json={"email": "new@example.org"})
    assert again.json()["email"] == "new@example.org"
    last = fresh("PUT", "/xapi/users/admin", as_user=("admin", "other"), json={"password": "admin"})
    assert last.json()["email"] == "new@example.org"


def test_an_address_sent_with_the_password_stays(fresh: Asker) -> None:
    fresh.set(adminEmail="new@example.org", siteUrl="http://x", initialized=True)
    sent = {"password": "other", "email": "new@example.org"}
    assert fresh("PUT", "/xapi/users/admin", json=sent).json()["email"] == "new@example.org"


def test_once_it_is_set_up_the_address_of_the_site_leaves_the_accounts_alone(ask: Asker) -> None:
    ask.set(adminEmail="other@example.org")
    assert ask("GET", "/xapi/users/profile/admin").json()["email"] == "admin@example.org"


def test_a_password_that_is_not_complex_enough_is_500(ask: Asker) -> None:
    ask.make_user("u1")
    ask.set(passwordComplexity="^.{8,}$", passwordComplexityMessage="Eight, please.")
    answer = ask("PUT", "/xapi/users/u1", json={"password": "short"})
    assert (answer.status_code, "Eight, please." in answer.text) == (500, True)
    ask.set(passwordComplexity="(((")
    assert ask("PUT", "/xapi/users/u1", json={"password": "long enough"}).status_code == 500


def test_passwords_of_the_past_are_refused_where_the_site_says_so(ask: Asker) -> None:
    ask.make_user("u1", password="first")
    ask.set(passwordReuseRestriction="Historical")
    assert ask("PUT", "/xapi/users/u1", json={"password": "second"}).status_code == 200
    answer = ask("PUT", "/xapi/users/u1", json={"password": "first"})
    assert (answer.status_code, "previous 1 year" in answer.text) == (500, True)
    assert ask("PUT", "/xapi/users/u1", json={"password": "third"}).status_code == 200


CREATED: list[tuple[dict[str, Any], bool, bool]] = [
    ({}, True, True),
    ({"verified": False}, True, True),
    ({"enabled": False}, False, True),
    ({"enabled": True, "verified": False}, True, False),
    ({"enabled": "false", "verified": "true"}, False, True),
]


@pytest.mark.parametrize(("given", "enabled", "verified"), CREATED)
def test_enabled_and_verified_of_a_new_user(ask: Asker, given: dict[str, Any], enabled: bool, verified: bool) -> None:
    ask.make_user("u1", **given)
    user = ask("GET", "/xapi/users/u1").json()
    assert (user["enabled"], user["verified"]) == (enabled, verified)


def test_what_says_it_is_secured_loses_its_password(ask: Asker) -> None:
    user = ask.make_user("u1")
    sent = {"secured": True, "password": "other", "firstName": "Else"}
    assert ask("PUT", "/xapi/users/u1", json=sent).status_code == 200
    assert ask("GET", "/data/auth", as_user=user).status_code == 200


SELF: list[tuple[dict[str, Any], int, str]] = [
    ({"username": "other"}, 403, ""),
    ({"firstName": "Self"}, 304, ""),
    ({"password": "new"}, 500, "Current password needed"),
    ({"password": "new", "currentPassword": "pw-u1"}, 200, '"username":"u1"'),
    ({"email": "else@example.org"}, 501, "confirmed by mail"),
]


@pytest.mark.parametrize(("sent", "status", "said"), SELF)
def test_what_users_change_themselves(ask: Asker, sent: dict[str, Any], status: int, said: str) -> None:
    user = ask.make_user("u1")
    answer = ask("PUT", "/xapi/users/update", as_user=user, json=sent)
    assert (answer.status_code, said in answer.text) == (status, True), answer.text


def test_without_mail_an_address_cannot_be_changed(ask: Asker) -> None:
    user = ask.make_user("u1")
    ask("POST", "/xapi/notifications", json={"smtpEnabled": False})
    assert ask("PUT", "/xapi/users/update", as_user=user, json={"email": "else@example.org"}).status_code == 500


@pytest.mark.parametrize("path", LISTS)
def test_lists_are_for_administrators_where_the_site_says_so(ask: Asker, path: str) -> None:
    user = ask.make_user("u1")
    assert ask("GET", path, as_user=user).status_code == 200
    ask.set(restrictUserListAccessToAdmins=True)
    assert ask("GET", path, as_user=user).status_code == 403
    assert ask("GET", path).status_code == 200


def test_sessions_are_counted_and_ended(ask: Asker) -> None:
    user = ask.make_user("u1")
    with requests.Session() as admin, requests.Session() as client:
        url = ask.server.url
        own = client.get(url + "/data/JSESSION", auth=user).text
        admin.get(url + "/data/JSESSION", auth=ADMIN)
        assert admin.get(url + "/xapi/users/active").json()["u1"] == {"sessions": [own], "count": 1}
        assert admin.get(url + "/data/user/nosuch/sessions").text == '{"nosuch":0}'
        assert client.get(url + "/data/user/admin/sessions").status_code == 403
        assert client.delete(url + "/xapi/users/active/u1").json() == []
        assert client.get(url + "/data/auth").status_code == 401
        assert admin.delete(url + "/xapi/users/active/u1").status_code == 304
        assert admin.delete(url + "/xapi/users/active/nosuch").status_code == 404
        client.get(url + "/data/JSESSION", auth=user)
        assert admin.delete(url + "/data/user/u1/sessions").status_code == 200
        assert client.get(url + "/data/auth").status_code == 401


OLDER = [
    ("GET", "/data/user", ADMIN, 200, '["admin", "guest", "u1"]'),
    ("GET", "/data/user", ("u1", "pw-u1"), 403, "Status page"),
    ("GET", "/data/user/u1", ADMIN, 200, '"login": "u1"'),
    ("GET", "/data/user/nosuch", ADMIN, 400, "you must specify a user"),
    ("PUT", "/data/user/actions/u1/anything", ADMIN, 200, ""),
    ("DELETE", "/data/user/actions/u1/reset", ADMIN, 200, ""),
    ("PUT", "/data/user/actions/nosuch/reset", ADMIN, 400, ""),
    ("POST", "/data/user/actions/u1/reset", ADMIN, 500, ""),
    ("POST", "/data/user/u1/roles?roles=A,B", ADMIN, 202, ""),
    ("DELETE", "/xapi/users/changeRequest/email", ADMIN, 200, ""),
    ("GET", "/xapi/users/authDetails/u1", ADMIN, 200, '"failedLoginAttempts":0'),
]


@pytest.mark.parametrize(("method", "path", "user", "status", "said"), OLDER)
def test_the_older_addresses(ask: Asker, method: str, path: str, user: tuple[str, str], status: int, said: str) -> None:
    ask.make_user("u1")
    answer = ask(method, path, as_user=user)
    assert (answer.status_code, said in answer.text) == (status, True), answer.text


def test_a_project_has_one_group_of_a_user(ask: Asker) -> None:
    user, other = ask.make_user("u1"), ask.make_user("u2")
    ask("PUT", "/data/projects/P1")
    for group in ("P1_member", "P1_owner", "ALL_DATA_ACCESS"):
        assert ask("PUT", f"/xapi/users/u1/groups/{group}").status_code == 200
    assert ask("GET", "/xapi/users/u1/groups").json() == ["ALL_DATA_ACCESS", "P1_owner"]
    assert ask("PUT", "/xapi/users/u1/groups/nosuch").status_code == 500
    assert ask("PUT", "/xapi/users/guest/groups/P1_member").status_code == 400
    assert ask("PUT", "/xapi/users/u2/groups", as_user=user, json=["P1_member"]).json() == []
    assert ask("PUT", "/xapi/users/u2/groups/P1_owner", as_user=other).status_code == 403
    answer = ask("PUT", "/xapi/users/u2/groups", json=["P1_collaborator", "NO_owner"])
    assert (answer.status_code, answer.json()) == (202, ["NO_owner"])
    assert ask("DELETE", "/xapi/users/u2/groups", as_user=other, json=["P1_collaborator"]).json() == []
    assert ask("DELETE", "/xapi/users/u1/groups/P1_owner").status_code == 200
    assert ask("GET", "/xapi/users/projects", as_user=user).json() == []


def test_roles_of_nobody_and_of_the_last_administrator(ask: Asker) -> None:
    answer = ask("GET", "/xapi/users/nosuch/roles")
    assert (answer.status_code, answer.text) == (200, "")
    answer = ask("DELETE", "/xapi/users/admin/roles", json=["Administrator", "DataManager"])
    assert (answer.status_code, answer.json()) == (202, ["Administrator"])
    assert ask("PUT", "/xapi/users/admin/roles/X_1").status_code == 200
    assert ask("DELETE", "/xapi/users/admin/roles/X_1").status_code == 200
    assert "X_1" in ask("GET", "/xapi/users/roles").json()
    held = ask("GET", "/xapi/users/rolemap").json()
    assert (held["Administrator"], held["SiteUser"], "DataManager" in held) == (["admin"], ["admin"], False)


FORMS = [
    ({"username": "admin", "password": "admin", "login_method": "localdb"}, 200),
    ({"j_username": "admin", "j_password": "admin"}, 200),
    ({"username": "admin"}, 401),
    ({"username": "admin", "password": "admin", "authenticatorId": "ldap"}, 400),
    ({"username": "admin", "password": "admin", "provider": "ldap"}, 401),
]


@pytest.mark.parametrize(("form", "status"), FORMS)
def test_signing_in_with_a_form(ask: Asker, form: dict[str, str], status: int) -> None:
    assert ask("PUT", "/data/services/auth", as_user=None, data=form).status_code == status


def test_without_localdb_the_form_is_refused_and_basic_is_not(ask: Asker) -> None:
    ask.set(enabledProviders=[])
    form = {"username": "admin", "password": "admin"}
    assert ask("GET", "/xapi/users/authProviders").json() == []
    assert ask("PUT", "/data/services/auth", as_user=None, data=form).status_code == 401
    assert ask("GET", "/data/auth").status_code == 200


def test_a_form_that_is_posted_with_basic_credentials_loses_its_body(ask: Asker) -> None:
    form = {"username": "admin", "password": "admin"}
    assert ask("POST", "/data/services/auth", data=form).status_code == 404
    assert ask("PUT", "/data/services/auth", data=form).status_code == 200


def test_a_token_is_for_its_owner_and_for_two_uses(ask: Asker) -> None:
    user = ask.make_user("u1")
    token = ask("GET", "/data/services/tokens/issue").json()
    path = f"/data/services/tokens/validate/{token['alias']}/{token['secret']}"
    assert ask("GET", path, as_user=user).status_code == 403
    assert ask("GET", path).json() == {"valid": "admin"}
    assert ask("GET", f"/data/services/tokens/bogus/{token['id']}").status_code == 400
    assert ask("GET", "/data/services/tokens/validate/99/x").status_code == 404
