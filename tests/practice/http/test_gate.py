"""Who gets through to what: sites that are not set up, callers who are not signed in, browsers."""

from __future__ import annotations

import pytest
import requests

from tests.practice.conftest import ADMIN, Asker

BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64)"}


def place(answer: requests.Response) -> str:
    return answer.headers["Location"].split("/", 3)[3]


def test_before_it_is_set_up_a_user_is_sent_elsewhere_than_an_administrator(fresh: Asker) -> None:
    set_up = {"Referer": fresh.server.url + "/setup"}
    user = {"username": "u1", "password": "p", "firstName": "A", "lastName": "B", "email": "a@b.org"}
    assert fresh("POST", "/xapi/users", json=user, headers=set_up).status_code == 201
    answer = fresh("GET", "/xapi/users/username", as_user=("u1", "p"))
    assert (answer.status_code, place(answer)) == (302, "app/template/Unconfigured.vm")
    assert fresh("GET", "/app/template/Unconfigured.vm", as_user=("u1", "p")).status_code == 200
    assert fresh("GET", "/xapi/siteConfig", as_user=("u1", "p")).json() == {}
    answer = fresh("GET", "/setup")
    assert (answer.status_code, place(answer)) == (302, "setup/")
    assert fresh("GET", "/setup/").status_code == 200


REFERERS = [
    ("/setup", "/xapi/notifications", 200),
    ("/setup/page.jsp", "/xapi/notifications", 200),
    ("/elsewhere", "/xapi/notifications", 302),
    ("http://other.example/setup", "/xapi/notifications", 403),
    ("http://other.example/", "/xapi/siteConfig", 200),
    ("http://other.example/", "/app/template/Index.vm", 302),
]


@pytest.mark.parametrize(("referer", "path", "status"), REFERERS)
def test_before_it_is_set_up_the_referer_decides(fresh: Asker, referer: str, path: str, status: int) -> None:
    full = referer if referer.startswith("http") else fresh.server.url + referer
    answer = fresh("GET", path, headers={"Referer": full})
    assert (answer.status_code, answer.text if status == 403 else "") == (status, "")


def test_another_referer_is_403_for_nobody_too(fresh: Asker) -> None:
    headers = {"Referer": "http://other.example/"}
    assert fresh("GET", "/xapi/siteConfig/siteId", as_user=None, headers=headers).status_code == 403


def test_reading_all_settings_before_it_is_set_up_stores_the_address(fresh: Asker) -> None:
    assert fresh("GET", "/xapi/siteConfig").json()["siteUrl"] == fresh.server.url
    assert fresh("GET", "/xapi/siteConfig/siteUrl", as_user=None).text == fresh.server.url


def test_set_up_is_for_as_long_as_the_site_runs_and_false_counts_from_the_next_start(ask: Asker) -> None:
    ask.set(initialized=False)
    assert ask("GET", "/xapi/users/username").status_code == 200
    ask.server.restart()
    assert ask("GET", "/xapi/users/username").status_code == 302


def test_who_is_not_signed_in(ask: Asker) -> None:
    answer = ask("GET", "/xapi/plugins", as_user=None)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Basic realm="XNAT"')
    answer = ask("GET", "/xapi/plugins", as_user=None, headers=BROWSER)
    assert (answer.status_code, place(answer)) == (302, "app/template/Login.vm")
    assert "WWW-Authenticate" not in answer.headers
    assert ask("GET", "/app/template/Login.vm", as_user=None).status_code == 200
    assert ask("GET", "/schemas/xnat/xnat.xsd", as_user=None).status_code == 302


def test_the_realm_is_the_name_of_the_site_at_its_start(ask: Asker) -> None:
    ask.set(siteId="OTHER")
    assert ask("GET", "/xapi/plugins", as_user=None).headers["WWW-Authenticate"] == 'Basic realm="XNAT"'
    ask.server.restart()
    assert ask("GET", "/xapi/plugins", as_user=None).headers["WWW-Authenticate"] == 'Basic realm="OTHER"'


def test_on_an_open_site_nobody_is_the_guest(ask: Asker) -> None:
    ask.set(requireLogin=False)
    assert ask("GET", "/data/auth", as_user=None).text == "User 'guest' is logged in"
    assert set(ask("GET", "/xapi/siteConfig", as_user=None).json()) == {
        *("siteHome", "siteId", "siteLogoPath", "siteUrl"),
    }
    answer = ask("GET", "/xapi/users/username", as_user=None)
    assert (answer.status_code, answer.text, "WWW-Authenticate" in answer.headers) == (401, "", True)
    answer = ask("GET", "/xapi/users/admin/enabled", as_user=None)
    assert (answer.status_code, answer.text) == (401, "false")
    assert ask("GET", "/data/services/tokens/issue", as_user=None).status_code == 403
    answer = ask("POST", "/xapi/users", as_user=None, json={})
    assert (answer.status_code, answer.text, "WWW-Authenticate" in answer.headers) == (201, "", True)
    assert ask("PUT", "/data/projects/P", as_user=None).status_code == 403


def test_a_denied_user_is_made_nobody_with_201(ask: Asker) -> None:
    user = ask.make_user("u1")
    answer = ask("POST", "/xapi/users", as_user=user, json={"username": "u2"})
    assert (answer.status_code, answer.text) == (201, "")
    assert "u2" not in ask("GET", "/xapi/users").json()


def test_https_only_behind_plain_http_sends_everything_to_itself(ask: Asker) -> None:
    ask.set(securityChannel="https")
    answer = ask("GET", "/data/auth?x=1")
    assert (answer.status_code, answer.headers["Location"]) == (302, ask.server.url + "/data/auth?x=1")


def test_browsers_need_the_token_to_write_below_data(ask: Asker) -> None:
    with requests.Session() as client:
        client.headers.update(BROWSER)
        said = client.get(ask.server.url + "/data/JSESSION?CSRF=true", auth=ADMIN).text
        token = said.partition("XNAT_CSRF=")[2]
        url = ask.server.url + "/data/projects/P1"
        refused = client.put(url, auth=ADMIN, data=b"")
        assert (refused.status_code, "Invalid CSRF" in refused.text) == (500, True)
        assert "Basic" not in refused.text
        assert client.put(url, params={"XNAT_CSRF": token}, auth=ADMIN).status_code == 200
        client.headers["User-Agent"] = "Mozilla/5.0 JAVA"
        assert client.put(url, auth=ADMIN).status_code == 200


def test_a_password_that_is_too_old_leads_to_the_page_where_it_is_changed(ask: Asker) -> None:
    user = ask.make_user("u1")
    settings = ask.server.url + "/xapi/siteConfig"
    with requests.Session() as admin:
        assert admin.post(settings, auth=ADMIN, json={"passwordExpirationInterval": "0 seconds"}).status_code == 200
        answer = ask("GET", "/data/auth", as_user=user)
        assert (answer.status_code, place(answer)) == (302, "app/template/XDATScreen_UpdateUser.vm")
        assert admin.put(ask.server.url + "/xapi/users/u1/roles/non_expiring").status_code == 200
        assert ask("GET", "/data/auth", as_user=user).status_code == 200
        assert admin.post(settings, json={"passwordExpirationType": "Off"}).status_code == 200
        assert ask("GET", "/data/auth").status_code == 200
