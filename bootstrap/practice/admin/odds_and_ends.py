"""Small areas of a site: themes, of which none is installed, what plugins log, and addresses that may do more."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bootstrap.practice.admin import configs
from bootstrap.practice.admin.room import room
from bootstrap.practice.http import bodies
from bootstrap.practice.http.access import ADMIN, ANYBODY
from bootstrap.practice.http.call import Answer, Call
from bootstrap.practice.http.media import whole_body

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

_NO_THEME = "null"
_LOCAL = ("127.0.0.1", "0:0:0:0:0:0:0:1")
_TOOL = _PATH = "ipwhitelist"


@room.get("/xapi/themes", ANYBODY)
def themes(_call: Call) -> Answer:
    return bodies.as_json([])


@room.get("/xapi/themes/current", ANYBODY)
def current_theme(_call: Call) -> Answer:
    return bodies.nothing(404)


@room.put("/xapi/themes/theme/{theme}", ADMIN)
def set_theme(call: Call) -> Answer:
    """None can be put in force but the one that is none."""
    return bodies.nothing(200 if call.parts["theme"] == _NO_THEME else 404)


@room.get("/xapi/logs/configs", ADMIN)
def log_settings(call: Call) -> Answer:
    """Which files say what plugins log."""
    plugins = call.site.plugins.values()
    return bodies.as_json({plugin.id: plugin.properties.get("logConfiguration") for plugin in plugins})


@room.get("/data/services/ipwhitelist")
def trusted_addresses(call: Call) -> Answer:
    if not call.caller.is_admin:
        return bodies.status_page(403)
    return Answer(200, "\n".join(_trusted(call.site)).encode("utf-8", "surrogatepass"), "text/plain")


@room.put("/data/services/ipwhitelist")
def trust_addresses(call: Call) -> Answer:
    """This machine's own are always among them."""
    if not call.caller.is_admin:
        return bodies.status_page(403)
    sent = whole_body(call).decode("utf-8", "replace")
    addresses = [one for one in re.split(r"[\s,]+", sent) if one]
    if not addresses:
        return bodies.status_page(412, "You must provide a configuration for whitelisted IP addresses.")
    text = "\n".join(dict.fromkeys((*addresses, *_LOCAL)))
    configs.replace(call.site, call.caller.name, _TOOL, _PATH, text)
    return bodies.nothing()


def _trusted(site: Site) -> list[str]:
    stored = configs.enabled_contents(site, _TOOL, _PATH)
    return list(_LOCAL) if stored is None else stored.split("\n")
