"""What `doctor` says of the commands of a server: what can never run, and what points at nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bootstrap.kinds.command_document.normal import normal_wrapper
from bootstrap.kinds.command_document.order import disordered
from bootstrap.kinds.container_reading import NOTHING, Row, commands, has_containers, orchestrations, site_rows
from bootstrap.kinds.kind import Finding
from bootstrap.xnat.connection import Connection

_TOPIC = "commands"


def examine_commands(xnat: Connection) -> Iterator[Finding]:
    if not has_containers(xnat):
        return
    rows = commands(xnat)
    broken = [finding for row in rows for finding in _broken(row)]
    yield from broken
    yield from _dangling(xnat, rows)
    stored = site_rows(xnat)
    wrappers = [wrapper for row in rows for wrapper in row["xnat"]]
    on = [wrapper for wrapper in wrappers if stored.get(int(wrapper["id"]), NOTHING).on_site]
    if not broken:
        text = f"{len(rows)} commands with {len(wrappers)} wrappers, {len(on)} of them on for the site"
        yield Finding("good", _TOPIC, text)


def _broken(row: Row) -> Iterator[Finding]:
    names = [str(wrapper.get("name") or "") for wrapper in row["xnat"]]
    if len(set(names)) < len(names) or "" in names:
        text = f"the command {row['name']} has wrappers without a name, or two of one name"
        yield Finding("bad", _TOPIC, text, "`apply` puts it right where the site file has this command")
    for wrapper in row["xnat"]:
        early = disordered(normal_wrapper(wrapper))
        if early:
            text = f"{row['name']}/{wrapper.get('name')}: {', '.join(early)} stands before what it hangs on"
            mend = "no launch can succeed; `apply` puts it right where the site file has this command"
            yield Finding("bad", _TOPIC, text, mend)


def _dangling(xnat: Connection, rows: Sequence[Row]) -> Iterator[Finding]:
    known = {int(wrapper["id"]) for row in rows for wrapper in row["xnat"]}
    for row in orchestrations(xnat):
        gone = [str(number) for number in row["wrapperIds"] if number not in known]
        if gone:
            text = f"the orchestration {row['name']} points at wrappers that are gone: {', '.join(gone)}"
            mend = "`apply` puts it right where the site file has this orchestration"
            yield Finding("bad", _TOPIC, text, mend)
