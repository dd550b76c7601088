"""An XNAT to practise on: the REST contract of XNAT 1.9.2.1, state in SQLite, faults on demand.

For tests and programs

    from bootstrap.practice.server import FAST, PracticeServer, find_running

    with PracticeServer(state, port=0, initialized=True, faults=["fail-after PUT /xapi/users/*"], clock=FAST) as server:
        server.url, server.requests, server.faults, server.restart()

    `site` is the running `Site`; `site.background.settle()` waits for the asynchronous handlers.
    `faults.py` says which rules there are; `serve()` is the same in the foreground.

For a room (`admin/`, `data/`, `events/`, `containers/`)

    room.py      room = Room("events", plugin="", tables=(SCRIPT, ...))   named in ROOMS of `rooms.py`
    X_routes.py  named in MODULES of `rooms.py`; one decorator line a route:

        @room.get("/xapi/events/prefs", ADMIN)                      # access: http/access.py, or any call -> bool
        @room.put("/xapi/users/{username}", ADMIN, Body.OBJECT)     # call.json is a dict; Body.TEXT: call.text
        @room.get("/data/projects/{PROJECT_ID}")                    # below /data: matches the front, call.tail the rest
        def show(call: Call) -> Answer:
            return bodies.as_json(...)          # or as_text, raw_json, table, nothing, status_page, wrapped, ...

    What a route consumes, produces, and is denied with comes from facts/xapi-routes.tsv; 404, 405, 406, 415, 501,
    sign-in, redirects and CSRF are the surface's. `raise Refusal(answer)` answers at once from anywhere.
    `call`: site, caller (name, is_admin, is_guest), session, parts, query, headers, body(), form(), request (werkzeug).

    @room.seed, @room.at_start: def f(site: Site) -> None at each start; seeds of all rooms first, for first values
    site.storage.rows/row/value(SQL, *values), change(SQL, *values), with site.storage.write() as db: ...
    site.bus.on(TOPIC, listener, after=SECONDS or None), site.bus.tell(TOPIC, name=value)
    site.background.later(seconds, job), every(seconds, job)       seconds of XNAT's, which the clock shortens
    site.clock.now() / millis(), site.folder.place("/data/xnat/archive"), site.folder.inside(base, *names)
    admin/preferences.py (settings of all tools), admin/configs.py (config service), admin/accounts.py (users),
    data/rights.py (who may do what with a project), data/projects.py (CREATED and DELETED on the bus),
    data/archive.py (sessions, scans, resources, files: found, made, uploaded; data/news.py what is told of them),
    containers/commands/store.py (commands and wrappers), containers/enablement.py (what is switched on where),
    containers/launching/queue.py (launches), data/models.py (things as JSON), events/happenings.py (what subscriptions
    are told of)
"""
