"""The data room and its tables."""

from bootstrap.practice.http.rooms import Room

_FIRST = """
CREATE TABLE projects (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    running_title TEXT NOT NULL,
    description TEXT,
    keywords TEXT,
    pi_first_name TEXT,
    pi_last_name TEXT,
    accessibility TEXT NOT NULL,
    prearchive_code INTEGER NOT NULL,
    created REAL NOT NULL,
    changed REAL NOT NULL
);
CREATE TABLE deleted_projects (id TEXT PRIMARY KEY)
"""

room = Room("data", tables=(_FIRST,))
