"""The few pages of XNAT's web interface that a client of the REST interface meets."""

from __future__ import annotations

from bootstrap.practice.http import bodies, gate
from bootstrap.practice.http.call import Answer, Call

_HOME = ("/", "/app/template/Index.vm", "/app/")
_FOR_ANYBODY = (gate.LOGIN_PAGE, gate.UNCONFIGURED_PAGE, gate.EXPIRED_PAGE, "/setup/")


def answer(call: Call) -> Answer:
    """For a path that is neither /xapi nor /data."""
    path = call.raw_path
    if path == gate.LOGIN_PAGE and not call.caller.is_guest:
        return bodies.redirect("/")
    if path in _FOR_ANYBODY or path in _HOME:
        return _page("Sign in" if path == gate.LOGIN_PAGE else "Practice XNAT")
    if path.startswith(("/app/", "/setup")):
        return bodies.not_built(f"{call.method} {path} (the web interface)")
    return bodies.container_page(404)


def _page(title: str) -> Answer:
    text = (
        f"<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1>"
        "<p>This is an XNAT to practise on. It has a REST interface and no pages.</p></body></html>"
    )
    return Answer(200, text.encode(), bodies.HTML)
