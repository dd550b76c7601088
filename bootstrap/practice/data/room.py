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
_ITEMS = """
CREATE TABLE numbers (kind TEXT PRIMARY KEY, last INTEGER NOT NULL);
CREATE TABLE projects_with_items (
    id TEXT PRIMARY KEY,
    item TEXT NOT NULL,
    accessibility TEXT NOT NULL,
    prearchive_code INTEGER NOT NULL,
    quarantine_code INTEGER NOT NULL DEFAULT 0,
    current_arc TEXT NOT NULL DEFAULT 'arc001',
    scan_type_mapping INTEGER NOT NULL DEFAULT 1,
    first_group INTEGER NOT NULL,
    created REAL NOT NULL,
    created_by TEXT NOT NULL
);
INSERT INTO projects_with_items (id, item, accessibility, prearchive_code, first_group, created, created_by)
    SELECT id, json_object('type', 'xnat:projectData', 'event', 1, 'changed', changed, 'fields',
        json_object('ID', id, 'secondary_ID', running_title, 'name', title, 'active', 'true')),
        accessibility, prearchive_code, 3 * rowid, created, 'admin' FROM projects;
DROP TABLE projects;
ALTER TABLE projects_with_items RENAME TO projects;
INSERT INTO numbers SELECT 'group', coalesce(max(first_group) + 2, 2) FROM projects
"""
_SUBJECTS = """
CREATE TABLE subjects (
    id TEXT PRIMARY KEY,
    project TEXT NOT NULL,
    label TEXT NOT NULL,
    item TEXT NOT NULL,
    created REAL NOT NULL,
    created_by TEXT NOT NULL,
    UNIQUE (project, label)
)
"""

room = Room("data", tables=(_FIRST, _ITEMS, _SUBJECTS))
