"""Addresses of sessions in prearchive and archive, as the services tell them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from bootstrap.practice.data import subjects
from bootstrap.practice.data.experiments import Experiment
from bootstrap.practice.data.incoming.prearchive import Waiting
from bootstrap.practice.http.call import Answer

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

URI_LIST = "text/uri-list"


def uri_of(site: Site, session: Waiting | Experiment) -> str:
    if isinstance(session, Waiting):
        return session.uri
    subject = subjects.by_id(site, session.subject)
    label = subject.label if subject else session.subject
    return f"/data/archive/projects/{session.project}/subjects/{label}/experiments/{session.label}"


def uri_list(uris: Iterable[str], status: int = 200) -> Answer:
    """One a line."""
    text = "".join(f"{uri}\r\n" for uri in uris)
    return Answer(status, text.encode("utf-8", "surrogatepass"), URI_LIST)
