"""The token that browsers must show before they write below /data."""

from __future__ import annotations

import html
import re

from bootstrap.practice.admin import preferences
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Call, Refusal

_BROWSER = re.compile(r"Mozilla|AppleWebKit|Opera|MSIE")
_EXEMPT = re.compile(r"XNATDesktopClient|JAVA")


def check(call: Call) -> None:
    if call.method not in ("POST", "PUT", "DELETE") or not call.raw_path.startswith(("/data", "/REST")):
        return
    user_agent = call.headers.get("User-Agent", "")
    if not _BROWSER.search(user_agent) or _EXEMPT.search(user_agent):
        return
    if not preferences.boolean(call.site, "enableCsrfToken"):
        return
    if call.session is None or call.query.get("XNAT_CSRF") != call.session.csrf:
        shown = "\n".join(f"{name}: {value}" for name, value in call.headers if name != "Authorization")
        raise Refusal(bodies.status_page(500, f"Invalid CSRF: {html.escape(shown)}"))
