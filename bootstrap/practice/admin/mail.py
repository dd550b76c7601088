"""/xapi/notifications: mail settings, every value a text."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from bootstrap.practice.admin import preferences, settings
from bootstrap.practice.admin.room import room
from bootstrap.practice.http import bodies
from bootstrap.practice.http.access import ADMIN
from bootstrap.practice.http.call import Answer, Call, Refusal
from bootstrap.practice.http.media import wrong_shape
from bootstrap.practice.http.rooms import Body

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

TOOL = "notifications"
RECIPIENTS = (
    "emailRecipientErrorMessages",
    "emailRecipientIssueReports",
    "emailRecipientNewUserAlert",
    "emailRecipientUpdate",
)
_BAD_PORT = "smtpPort"
_SINGLE = {
    "host": "smtpHostname",
    "port": "smtpPort",
    "protocol": "smtpProtocol",
    "username": "smtpUsername",
    "password": "smtpPassword",
}
_MISMATCH = "argument type mismatch"


@room.seed
def store_first_values(site: Site) -> None:
    preferences.store_missing(site, _first_values(), TOOL)


@room.get("/xapi/notifications", ADMIN)
def read_all(call: Call) -> Answer:
    stored = preferences.all_of(call.site, TOOL)
    computed = {name: stored.get(name, preferences.text(call.site, "adminEmail")) for name in RECIPIENTS}
    return bodies.as_json(stored | computed)


@room.post("/xapi/notifications", ADMIN, Body.OBJECT)
def write_some(call: Call) -> Answer:
    for name, value in call.json.items():
        if value is None:
            place = f'java.util.Properties["{name}"]'
            raise Refusal(bodies.json_error(f"(was java.lang.NullPointerException) (through reference chain: {place})"))
        if isinstance(value, list | dict):
            raise Refusal(bodies.json_error(wrong_shape(value, "`java.lang.String`")))
    for name, value in call.json.items():
        store(call.site, name, settings.as_stored(value).strip())
    return bodies.nothing()


@room.get("/xapi/notifications/smtp", ADMIN)
def mail_server(call: Call) -> Answer:
    return bodies.as_json(_server(call.site))


@room.put("/xapi/notifications/smtp", ADMIN)
def replace_mail_server(_call: Call) -> Answer:
    return bodies.wrapped(_MISMATCH)


@room.post("/xapi/notifications/smtp", ADMIN)
def make_mail_server(_call: Call) -> Answer:
    return bodies.wrapped(_MISMATCH)


def store(site: Site, name: str, value: str) -> None:
    """A Refusal for what XNAT cannot store."""
    if name == "smtpMailProperties":
        raise Refusal(bodies.wrapped(_MISMATCH))
    if name == "smtpPort":
        if not value.isdecimal():
            site.hazards.add(_BAD_PORT)
            raise Refusal(bodies.wrapped(f'For input string: "{value}"'))
        site.hazards.discard(_BAD_PORT)
    if name in RECIPIENTS and not preferences.boolean(site, "emailAllowNonuserSubscribers", TOOL):
        value = ",".join(address for address in value.split(",") if _is_a_users(site, address.strip()))
    preferences.store(site, name, value, TOOL)


def _single_route(segment: str, name: str) -> None:
    @room.put(f"/xapi/notifications/smtp/{segment}/{{{segment}}}", ADMIN)
    def set_one(call: Call) -> Answer:
        store(call.site, name, call.parts[segment].strip())
        return bodies.as_json(_server(call.site))


for _segment, _name in _SINGLE.items():
    _single_route(_segment, _name)


def _server(site: Site) -> dict[str, Any]:
    """The mail server as the sender has it: what is empty or off is not there."""
    stored = preferences.all_of(site, TOOL)
    server = {
        "hostname": stored["smtpHostname"],
        "port": "25" if _BAD_PORT in site.hazards else stored["smtpPort"],
        "protocol": stored["smtpProtocol"],
        "username": stored["smtpUsername"] or None,
        "password": stored["smtpPassword"] or None,
    }
    if stored["smtpAuth"] == "true":
        server["mail.smtp.auth"] = "true"
        server["mail.smtp.starttls.enable"] = "true" if stored["smtpStartTls"] == "true" else None
        server["mail.smtp.ssl.trust"] = stored["smtpSslTrust"] or None
    return server


def _is_a_users(site: Site, address: str) -> bool:
    return site.storage.value("SELECT 1 FROM accounts WHERE email = ? COLLATE NOCASE", address) is not None


@cache
def _first_values() -> dict[str, str]:
    listed = json.loads(files("bootstrap.facts").joinpath("notifications.json").read_text("utf-8"))
    return {
        entry["name"]: settings.as_stored(_template(entry["name"]) if entry["default"] is None else entry["default"])
        for entry in listed
        if entry["name"] not in RECIPIENTS
    }


def _template(name: str) -> str:
    return f"<p>Dear USER_FULLNAME,</p><p>SITE_NAME has news for you ({name.removeprefix('emailMessage')}).</p>"
