"""The events room and its tables."""

from bootstrap.practice.http.rooms import Room

_FIRST = """
CREATE TABLE subscriptions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    active INTEGER NOT NULL,
    action_key TEXT NOT NULL,
    attributes TEXT NOT NULL,
    act_as_event_user INTEGER NOT NULL,
    listener TEXT,
    owner TEXT NOT NULL,
    created REAL NOT NULL,
    event_type TEXT NOT NULL,
    status TEXT,
    projects TEXT NOT NULL,
    payload_filter TEXT,
    schedule TEXT,
    schedule_description TEXT,
    filter_name TEXT
);
CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    subscription INTEGER NOT NULL REFERENCES subscriptions (id) ON DELETE CASCADE,
    subscription_name TEXT NOT NULL,
    event_type TEXT NOT NULL,
    status_name TEXT NOT NULL,
    status_message TEXT NOT NULL,
    username TEXT NOT NULL,
    project TEXT NOT NULL,
    inputs TEXT NOT NULL,
    trigger TEXT,
    payload TEXT,
    changed REAL NOT NULL
);
CREATE INDEX deliveries_by_subscription ON deliveries (subscription);
CREATE TABLE delivery_steps (
    delivery INTEGER NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
    status TEXT NOT NULL,
    message TEXT NOT NULL,
    at REAL NOT NULL
);
CREATE INDEX delivery_steps_by_delivery ON delivery_steps (delivery)
"""

room = Room("events", tables=(_FIRST,))
