"""What runs here and for how long: /xapi/siteConfig/buildInfo and /uptime."""

from __future__ import annotations

from bootstrap.practice.admin.room import room
from bootstrap.practice.http import bodies
from bootstrap.practice.http.access import ANYBODY
from bootstrap.practice.http.call import Answer, Call
from bootstrap.practice.site import Site

BUILD = {
    "version": "1.9.2.1",
    "buildNumber": "Manual",
    "buildDate": "Mon Nov 17 20:22:39 EST 2025",
    "timestamp": "1763428959000",
    "sha": "be80e90166",
    "shaFull": "be80e90166cff1f7395726b63e9e08844079ca7b",
    "commit": "0",
    "branch": "fix-section-widths",
    "tag": "1.9.2.1",
    "isDirty": "true",
    "hostName": "localhost",
    "displayHostName": "false",
    "nodeId": "UNCONFIGURED",
}


@room.get("/xapi/siteConfig/buildInfo", ANYBODY)
def build_info(_call: Call) -> Answer:
    return bodies.as_json(BUILD)


@room.get("/xapi/siteConfig/buildInfo/attributes", ANYBODY)
def build_attributes(_call: Call) -> Answer:
    return bodies.as_json({})


@room.get("/xapi/siteConfig/buildInfo/{property}", ANYBODY)
def build_fact(call: Call) -> Answer:
    found = BUILD.get(call.parts["property"])
    return bodies.raw_json(found) if found else bodies.nothing()


@room.get("/xapi/siteConfig/uptime", ANYBODY)
def uptime(call: Call) -> Answer:
    return bodies.as_json(_parts(call.site))


@room.get("/xapi/siteConfig/uptime/display", ANYBODY)
def uptime_in_words(call: Call) -> Answer:
    return bodies.raw_json(", ".join(f"{number} {unit}" for unit, number in _parts(call.site).items()))


def _parts(site: Site) -> dict[str, str]:
    """Days, hours and minutes where there are any, and seconds."""
    seconds = site.clock.now() - site.started
    whole = {"days": seconds // 86400, "hours": seconds // 3600 % 24, "minutes": seconds // 60 % 60}
    return {unit: str(int(number)) for unit, number in whole.items() if number} | {"seconds": f"{seconds % 60:.3f}"}
