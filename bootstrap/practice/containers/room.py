"""The containers room: there only while the plugin `containers` is loaded. Its tables, and how its routes fail."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from bootstrap.practice.containers import answers
from bootstrap.practice.containers.problems import Problem
from bootstrap.practice.http.access import ANYBODY, Access
from bootstrap.practice.http.call import Answer, Call, Refusal
from bootstrap.practice.http.rooms import Body, Handler, Room

# A wrapper whose command is null was left behind by an update of its command.
_FIRST = """
CREATE TABLE commands (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    version TEXT,
    image TEXT NOT NULL,
    type TEXT NOT NULL,
    visibility TEXT NOT NULL,
    document TEXT NOT NULL
);
CREATE INDEX commands_by_name ON commands (name, image, version);
CREATE TABLE wrappers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    command_id INTEGER REFERENCES commands (id) ON DELETE CASCADE,
    name TEXT,
    document TEXT NOT NULL
);
CREATE INDEX wrappers_by_command ON wrappers (command_id);
CREATE TABLE container_servers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enabled INTEGER NOT NULL,
    document TEXT NOT NULL
);
CREATE TABLE server_constraints (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    server_id INTEGER NOT NULL REFERENCES container_servers (id),
    attribute TEXT NOT NULL,
    document TEXT NOT NULL,
    UNIQUE (server_id, attribute)
);
CREATE TABLE hubs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT UNIQUE,
    url TEXT UNIQUE,
    username TEXT,
    password TEXT,
    email TEXT,
    token TEXT
);
CREATE TABLE orchestrations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    enabled INTEGER NOT NULL DEFAULT 1,
    halts INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE orchestration_steps (
    orchestration_id INTEGER NOT NULL REFERENCES orchestrations (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    wrapper_id INTEGER NOT NULL,
    PRIMARY KEY (orchestration_id, position)
);
CREATE TABLE orchestrated_projects (
    project TEXT PRIMARY KEY,
    orchestration_id INTEGER NOT NULL REFERENCES orchestrations (id) ON DELETE CASCADE
)
"""


# A launch stands in the queue until its container stands among the containers, in the same transaction: a server that
# is killed meanwhile stages it again. `claimed`: somebody finalises it; forgotten at a start.
_LAUNCHES = """
CREATE TABLE launches (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    request TEXT NOT NULL
);
CREATE TABLE containers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    status TEXT NOT NULL,
    changed REAL NOT NULL,
    command INTEGER NOT NULL,
    wrapper INTEGER NOT NULL,
    container TEXT NOT NULL DEFAULT '',
    service TEXT NOT NULL DEFAULT '',
    backend TEXT NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    workflow INTEGER,
    username TEXT NOT NULL,
    project TEXT NOT NULL,
    alias TEXT NOT NULL,
    document TEXT NOT NULL,
    request TEXT NOT NULL,
    open INTEGER NOT NULL DEFAULT 1,
    claimed INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX open_containers ON containers (id) WHERE open;
CREATE INDEX containers_by_engine ON containers (container);
CREATE INDEX containers_by_project ON containers (project);
CREATE TABLE container_history (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    container INTEGER NOT NULL REFERENCES containers (id) ON DELETE CASCADE,
    status TEXT NOT NULL,
    entity_type TEXT NOT NULL,
    entity_id TEXT,
    recorded REAL NOT NULL,
    happened REAL,
    message TEXT,
    exit_code TEXT
);
CREATE INDEX history_by_container ON container_history (container)
"""

_COMPANIONS = """
ALTER TABLE containers ADD COLUMN parent INTEGER;
ALTER TABLE containers ADD COLUMN started INTEGER NOT NULL DEFAULT 0;
CREATE INDEX containers_by_parent ON containers (parent) WHERE parent IS NOT NULL
"""
_MAPPINGS = """
CREATE TABLE event_mappings (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    event TEXT NOT NULL,
    command INTEGER NOT NULL,
    wrapper TEXT NOT NULL,
    project TEXT NOT NULL,
    username TEXT NOT NULL,
    enabled INTEGER NOT NULL DEFAULT 1,
    created REAL NOT NULL,
    changed REAL NOT NULL,
    disabled REAL NOT NULL DEFAULT 0
)
"""


class ContainersRoom(Room):
    """Its routes may raise a `Problem` anywhere, also while rights are looked at."""

    def route(
        self, method: str, path: str, access: Access = ANYBODY, body: Body = Body.NONE, *, produces: str = ""
    ) -> Callable[[Handler], Handler]:
        register = super().route(method, path, _careful_access(access), body, produces=produces)

        def put_in(handler: Handler) -> Handler:
            register(_careful(handler))
            return handler

        return put_in


def _careful(handler: Handler) -> Handler:
    @wraps(handler)
    def answer(call: Call) -> Answer:
        try:
            return answers.acceptable(call, handler(call))
        except Problem as problem:
            return answers.of_problem(call, problem)

    return answer


def _careful_access(access: Access) -> Access:
    @wraps(access)
    def allowed(call: Call) -> bool:
        try:
            return access(call)
        except Problem as problem:
            raise Refusal(answers.of_problem(call, problem)) from problem

    return allowed


room = ContainersRoom("containers", plugin="containers", tables=(_FIRST, _LAUNCHES, _COMPANIONS, _MAPPINGS))
