"""What everybody may ask of and do to himself: who am I, my session, signing in with a form, my password."""

from __future__ import annotations

from bootstrap.practice.admin import accounts, passwords, preferences, users
from bootstrap.practice.admin.room import room
from bootstrap.practice.http import bodies, signin
from bootstrap.practice.http.access import ANYBODY, SIGNED_IN
from bootstrap.practice.http.call import Answer, Call
from bootstrap.practice.http.rooms import Body

_FAILED = "Authentication failed."
_NO_PASSWORD = "Current password needed to update password"


@room.get("/xapi/users/username", SIGNED_IN)
def username(call: Call) -> Answer:
    return bodies.as_text(call.caller.name)


@room.put("/xapi/users/update", SIGNED_IN, Body.OBJECT)
def update(call: Call) -> Answer:
    """A password, for the present one; names are not changed, and addresses only by mail."""
    given, site = call.json, call.site
    account = accounts.find(site, call.caller.name)
    if account is None or given.get("username") not in (None, "", call.caller.name):
        return bodies.nothing(403)
    if given.get("email") not in (None, "", account["email"]):
        if not preferences.boolean(site, "smtpEnabled", "notifications"):
            return bodies.wrapped("Unable to send email")
        return bodies.not_built("a change of one's own address, which is confirmed by mail")
    if not given.get("password"):
        return bodies.nothing(304)
    if not passwords.fits(str(given.get("currentPassword") or ""), account["password"] or ""):
        return bodies.wrapped(_NO_PASSWORD)
    users.set_password(site, account, str(given["password"]))
    return bodies.as_json(users.shown(account))


@room.delete("/xapi/users/changeRequest/{type}", ANYBODY)
def cancel_change(_call: Call) -> Answer:
    return bodies.nothing()


@room.get("/data/auth")
def who_am_i(call: Call) -> Answer:
    return bodies.data_text(f"User '{call.caller.name}' is logged in{_token(call)}")


@room.get("/data/JSESSION")
@room.post("/data/JSESSION")
def session_id(call: Call) -> Answer:
    return bodies.data_text(f"{call.session.id if call.session else ''}{_token(call)}")


@room.delete("/data/JSESSION")
def sign_out(call: Call) -> Answer:
    if call.session:
        call.site.sessions.end(call.session.id)
        call.session = None
    return bodies.nothing()


@room.get("/data/services/auth")
def no_such_method(_call: Call) -> Answer:
    return bodies.status_page(404)


@room.put("/data/services/auth")
@room.post("/data/services/auth")
def sign_in(call: Call) -> Answer:
    form = call.form()
    if not form:
        return bodies.status_page(404)
    provider_id = form.get("authenticatorId")
    if provider_id not in (None, "localdb"):
        text = f"Authentication failed: No authentication provider identified by id {provider_id} found."
        return bodies.status_page(400, text)
    provider = form.get("provider", form.get("login_method", "localdb"))
    name, password = form.get("username", form.get("j_username")), form.get("password", form.get("j_password"))
    if name is None or password is None or provider not in preferences.texts(call.site, "enabledProviders"):
        return bodies.status_page(401, _FAILED)
    outcome = accounts.sign_in(call.site, name, password)
    if outcome.verdict is not accounts.Verdict.IN:
        return signin.broken() if outcome.verdict is accounts.Verdict.BROKEN else bodies.status_page(401, _FAILED)
    if call.session:
        call.site.sessions.end(call.session.id)
    call.session = signin.begin_session(call.site, outcome.username)
    return bodies.data_text(call.session.id)


def _token(call: Call) -> str:
    if call.query.get("CSRF") != "true" or call.session is None:
        return ""
    return f"; XNAT_CSRF={call.session.csrf}"
