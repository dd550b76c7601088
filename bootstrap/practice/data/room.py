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
_ARCHIVE = """
CREATE TABLE experiments (
    id TEXT PRIMARY KEY,
    project TEXT NOT NULL,
    subject TEXT NOT NULL DEFAULT '',
    session TEXT NOT NULL DEFAULT '',
    label TEXT NOT NULL,
    type TEXT NOT NULL,
    arc TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'active',
    item TEXT NOT NULL,
    created REAL NOT NULL,
    created_by TEXT NOT NULL,
    UNIQUE (project, label)
);
CREATE INDEX experiments_of_subject ON experiments (subject);
CREATE INDEX experiments_of_session ON experiments (session);
CREATE TABLE scans (
    number INTEGER PRIMARY KEY,
    session TEXT NOT NULL,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    item TEXT NOT NULL,
    UNIQUE (session, id)
);
CREATE TABLE reconstructions (
    number INTEGER PRIMARY KEY,
    session TEXT NOT NULL,
    id TEXT NOT NULL,
    item TEXT NOT NULL,
    UNIQUE (session, id)
);
CREATE TABLE resources (
    number INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    owner TEXT NOT NULL,
    side TEXT NOT NULL DEFAULT '',
    label TEXT NOT NULL,
    format TEXT NOT NULL DEFAULT '',
    content TEXT NOT NULL DEFAULT '',
    description TEXT NOT NULL DEFAULT '',
    tags TEXT NOT NULL DEFAULT '',
    catalog TEXT NOT NULL,
    file_count INTEGER,
    file_size INTEGER,
    event INTEGER NOT NULL,
    created REAL NOT NULL,
    created_by TEXT NOT NULL,
    UNIQUE (kind, owner, side, label)
);
CREATE TABLE files (
    resource INTEGER NOT NULL REFERENCES resources (number) ON DELETE CASCADE,
    path TEXT NOT NULL,
    size INTEGER NOT NULL,
    digest TEXT NOT NULL DEFAULT '',
    format TEXT NOT NULL DEFAULT '',
    content TEXT NOT NULL DEFAULT '',
    description TEXT NOT NULL DEFAULT '',
    tags TEXT NOT NULL DEFAULT '',
    created REAL NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (resource, path)
) WITHOUT ROWID;
CREATE TABLE workflows (
    number INTEGER PRIMARY KEY,
    object TEXT NOT NULL,
    pipeline TEXT NOT NULL,
    launched TEXT NOT NULL,
    status TEXT NOT NULL,
    item TEXT NOT NULL,
    username TEXT NOT NULL,
    started REAL NOT NULL
);
CREATE INDEX workflows_of_object ON workflows (object)
"""
_PREARCHIVE = """
CREATE TABLE prearchive (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    project TEXT NOT NULL,
    timestamp TEXT NOT NULL,
    folder TEXT NOT NULL,
    name TEXT NOT NULL,
    subject TEXT NOT NULL,
    tag TEXT NOT NULL,
    status TEXT NOT NULL,
    autoarchive TEXT NOT NULL,
    prevent_anon INTEGER NOT NULL,
    prevent_auto_commit INTEGER NOT NULL,
    source TEXT NOT NULL,
    visit TEXT NOT NULL,
    scanned TEXT NOT NULL,
    created REAL NOT NULL,
    changed REAL NOT NULL,
    username TEXT NOT NULL,
    item TEXT NOT NULL,
    target TEXT NOT NULL,
    UNIQUE (project, timestamp, folder)
);
CREATE INDEX prearchive_by_study ON prearchive (project, tag, name);
CREATE TABLE prearchive_series (
    waiting INTEGER NOT NULL,
    uid TEXT NOT NULL,
    folder TEXT NOT NULL,
    PRIMARY KEY (waiting, uid)
);
CREATE TABLE prearchive_logs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    waiting INTEGER NOT NULL,
    at REAL NOT NULL,
    entry TEXT NOT NULL
)
"""

# Sessions that go straight into the archive: nobody sees them in the prearchive.
_DIRECT = "ALTER TABLE prearchive ADD COLUMN direct INTEGER NOT NULL DEFAULT 0"
_CUSTOM_FIELDS = "CREATE TABLE custom_fields (owner TEXT PRIMARY KEY, document TEXT NOT NULL)"
_SEARCHES = """
CREATE TABLE searches (id INTEGER PRIMARY KEY AUTOINCREMENT, username TEXT NOT NULL, document TEXT NOT NULL)
"""

room = Room("data", tables=(_FIRST, _ITEMS, _SUBJECTS, _ARCHIVE, _PREARCHIVE, _DIRECT, _CUSTOM_FIELDS, _SEARCHES))
