"""/xapi/totalCounts/reset: how many projects, subjects and sessions the site has, counted anew."""

from __future__ import annotations

from bootstrap.facts import type_ancestry
from bootstrap.practice.admin import preferences
from bootstrap.practice.data import experiment_types, schema
from bootstrap.practice.data.room import room
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call

_SUBJECT = "xnat:subjectData"


def guests_of_open_sites_too(call: Call) -> bool:
    return not call.caller.is_guest or not preferences.boolean(call.site, "requireLogin")


@room.get("/xapi/totalCounts/reset", guests_of_open_sites_too)
def total_counts(call: Call) -> Answer:
    count = call.site.storage.value
    by_type = call.site.storage.rows("SELECT type, count(*) AS many FROM experiments GROUP BY type")
    sessions = [row["many"] for row in by_type if type_ancestry.is_a(row["type"], experiment_types.SESSION)]
    return bodies.as_json(
        {
            schema.PROJECT: count("SELECT count(*) FROM projects"),
            _SUBJECT: count("SELECT count(*) FROM subjects"),
            experiment_types.SESSION: sum(sessions),
        }
    )
