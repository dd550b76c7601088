"""The admin room and its tables."""

from bootstrap.practice.admin import forms, invitations
from bootstrap.practice.http.rooms import Room

_FIRST = """
CREATE TABLE accounts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    username TEXT NOT NULL UNIQUE,
    password TEXT,
    password_set REAL,
    first_name TEXT NOT NULL DEFAULT '',
    last_name TEXT NOT NULL DEFAULT '',
    email TEXT NOT NULL DEFAULT '',
    enabled INTEGER NOT NULL DEFAULT 1,
    verified INTEGER NOT NULL DEFAULT 1,
    modified REAL,
    failed INTEGER NOT NULL DEFAULT 0,
    locked REAL,
    last_attempt REAL,
    last_success REAL
);
CREATE TABLE old_passwords (username TEXT NOT NULL, password TEXT NOT NULL, until REAL NOT NULL);
CREATE TABLE roles (username TEXT NOT NULL, role TEXT NOT NULL, held INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (username, role));
CREATE TABLE memberships (username TEXT NOT NULL, group_id TEXT NOT NULL, PRIMARY KEY (username, group_id));
CREATE TABLE tokens (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    alias TEXT NOT NULL UNIQUE,
    secret TEXT NOT NULL,
    username TEXT NOT NULL,
    created REAL NOT NULL,
    expires REAL NOT NULL,
    enabled INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE preferences (tool TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (tool, name));
CREATE TABLE configs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project TEXT NOT NULL DEFAULT '',
    tool TEXT NOT NULL,
    path TEXT NOT NULL,
    version INTEGER NOT NULL,
    status TEXT NOT NULL,
    contents TEXT,
    unversioned INTEGER NOT NULL DEFAULT 0,
    username TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    created REAL NOT NULL
);
CREATE INDEX configs_by_path ON configs (project, tool, path);
CREATE TABLE receivers (id INTEGER PRIMARY KEY AUTOINCREMENT, document TEXT NOT NULL, created REAL NOT NULL,
    changed REAL NOT NULL);
CREATE TABLE processors (id INTEGER PRIMARY KEY AUTOINCREMENT, document TEXT NOT NULL, created REAL NOT NULL,
    changed REAL NOT NULL)
"""

_RUNNING = "CREATE TABLE running_receivers (id INTEGER PRIMARY KEY)"
_INVESTIGATORS = """
CREATE TABLE investigators (id INTEGER PRIMARY KEY AUTOINCREMENT, firstname TEXT NOT NULL, lastname TEXT NOT NULL,
    document TEXT NOT NULL, username TEXT NOT NULL, created REAL NOT NULL, UNIQUE (firstname, lastname))
"""

room = Room("admin", tables=(_FIRST, _RUNNING, invitations.TABLE, _INVESTIGATORS, forms.TABLES))
