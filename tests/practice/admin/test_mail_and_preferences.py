"""Mail settings and the list of all preferences, where the recordings do not show them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.practice.conftest import Asker

MAIL = "/xapi/notifications"


def test_a_port_that_is_no_number_is_500_and_the_server_has_25(ask: Asker) -> None:
    assert ask("POST", MAIL, json={"smtpPort": 2525}).status_code == 200
    assert ask("POST", MAIL, json={"smtpPort": "abc"}).status_code == 500
    assert ask("GET", MAIL).json()["smtpPort"] == "2525"
    assert ask("GET", MAIL + "/smtp").json()["port"] == "25"
    assert ask("POST", MAIL, json={"smtpPort": "26"}).status_code == 200
    assert ask("GET", MAIL + "/smtp").json()["port"] == "26"


SINGLE = [("host", "m.example.org", "hostname"), ("port", "99", "port"), ("protocol", "smtps", "protocol")]


@pytest.mark.parametrize(
    ("segment", "value", "shown"), [*SINGLE, ("username", "u", "username"), ("password", "p", "password")]
)
def test_single_values_of_the_mail_server(ask: Asker, segment: str, value: str, shown: str) -> None:
    answer = ask("PUT", f"{MAIL}/smtp/{segment}/{value}")
    assert (answer.status_code, answer.json()[shown]) == (200, value)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/smtp", {}),
        ("POST", "/smtp", {}),
        ("POST", "", {"smtpMailProperties": "x"}),
        ("PUT", "/smtp/port/x", None),
    ],
)
def test_what_never_works(ask: Asker, method: str, path: str, body: Any) -> None:
    before = ask("GET", MAIL + "/smtp").json()
    assert ask(method, MAIL + path, json=body).status_code == 500
    assert ask("GET", MAIL + "/smtp").json()["hostname"] == before["hostname"]


def test_recipients_are_the_administrator_until_somebody_is_named(ask: Asker) -> None:
    assert ask("GET", MAIL).json()["emailRecipientUpdate"] == "admin@example.org"
    sent = {"emailAllowNonuserSubscribers": False, "emailRecipientUpdate": "x@y.org,admin@example.org"}
    assert ask("POST", MAIL, json=sent).status_code == 200
    assert ask("GET", MAIL).json()["emailRecipientUpdate"] == "admin@example.org"


def test_the_mail_server_shows_what_is_on(ask: Asker) -> None:
    ask("POST", MAIL, json={"smtpAuth": True, "smtpStartTls": True, "smtpSslTrust": "*"})
    assert ask("GET", MAIL + "/smtp").json() == {
        **{"hostname": "localhost", "port": "25", "protocol": "smtp", "mail.smtp.auth": "true"},
        **{"mail.smtp.starttls.enable": "true", "mail.smtp.ssl.trust": "*"},
    }


def test_preferences_as_ini_and_properties(ask: Asker) -> None:
    ask.set(siteWideAlertMessage="a=b: ü\nc")
    text = ask("GET", "/xapi/prefs/ini/siteConfig").text
    assert "siteWideAlertMessage=a\\=b\\: \\u00FC\\nc\n" in text
    assert ask("GET", "/xapi/prefs/ini").text.count("[") >= 5


def test_a_preference_is_written_and_its_handlers_run(ask: Asker) -> None:
    json = {"Content-Type": "application/json"}
    path = "/xapi/prefs/props/siteConfig/enableSitewideAnonymizationScript"
    assert ask("PUT", path, data="false", headers=json).status_code == 200
    ask.settle()
    assert ask("GET", "/data/config/anon/script").json()["ResultSet"]["Result"][0]["status"] == "disabled"
    assert ask("PUT", "/xapi/prefs/props/automation/brandNew", data=" x ", headers=json).status_code == 200
    assert ask("GET", "/xapi/prefs/props/automation/brandNew").text == "x"


QUEUES = [({"bogus": 1}, 500), ({"concurrencyMinStagingQueue": True}, 500), ({"concurrencyMinStagingQueue": "7"}, 200)]


@pytest.mark.parametrize(("body", "status"), QUEUES)
def test_queues_take_numbers(ask: Asker, body: dict[str, Any], status: int) -> None:
    assert ask("POST", "/xapi/jms_queues", json=body).status_code == status


RECEIVERS = [
    ("GET", "/xapi/dicomscp/1", 200, '"label":"XNAT:8104"'),
    ("GET", "/xapi/dicomscp/7", 404, "DicomSCPInstance(id: 7)"),
    ("GET", "/xapi/dicomscp/x", 500, 'For input string: "x"'),
    ("GET", "/xapi/dicomscp/1/enabled", 200, "true"),
    ("PUT", "/xapi/dicomscp/1/enabled/true", 200, '"enabled":true'),
    ("PUT", "/xapi/dicomscp/1/enabled/maybe", 500, "Invalid boolean value [maybe]"),
]


@pytest.mark.parametrize(("method", "path", "status", "said"), RECEIVERS)
def test_receivers(ask: Asker, method: str, path: str, status: int, said: str) -> None:
    answer = ask(method, path)
    assert (answer.status_code, said in answer.text) == (status, True), answer.text


def test_the_default_receiver_comes_back_at_a_start_and_processors_do_not(ask: Asker) -> None:
    site = ask.server.site
    assert site
    site.storage.change("DELETE FROM receivers")
    site.storage.change("DELETE FROM processors")
    ask.server.restart()
    assert [one["label"] for one in ask("GET", "/xapi/dicomscp").json()] == ["XNAT:8104"]
    assert ask("GET", "/xapi/processors/site/list").json() == []
