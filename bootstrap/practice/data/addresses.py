"""Where a path of /data leads, and where something has been made."""

from __future__ import annotations

from bootstrap.practice.data import projects, rights
from bootstrap.practice.data.projects import Project
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call


def project(call: Call) -> Project | None:
    """The project that the path names by its ID or an alias, if the caller may know of it."""
    return visible(call, call.parts.get("PROJECT_ID", ""))


def visible(call: Call, text: str) -> Project | None:
    found = projects.find_by_name(call.site, text) if text else None
    return found if found and rights.may_see(call.site, call.caller, found.id) else None


def created(call: Call, name: str) -> Answer:
    """What POST to a list answers: the address as text, and again as Location, there with the query."""
    path, query = f"{call.raw_path}/{name}", call.request.query_string.decode("latin-1")
    answer = bodies.as_text(call.request.host_url.rstrip("/") + path)
    return answer.with_header("Location", f"{path}?{query}" if query else path)
