"""The event service: its switch, catalogue, subscriptions, schedules, filters and history.

room.py, switch.py    tables; on and off
event_catalogue.py    event types
actions.py            what a subscription may do: the registry of providers; `logging_action.py` and `email_action.py`
                      are XNAT's own, `container_action.py` is the Container Service's
subscriptions.py      what is kept; `bodies_in.py` reads it from JSON, `validation.py` checks it, `naming.py` names what
                      came without a name, `shown.py` writes it, `keeping.py` does all that
addresses.py          who may call; the routes are in `site_subscriptions.py`, `project_subscriptions.py`,
                      `action_routes.py`, `filter_routes.py`, `history_routes.py`
happenings.py         what happened to data; `triggers.py` tells of it, `delivery.py` finds the subscriptions that it
                      matches and carries their actions out
payloads.py           the object of an event as filters see it; `delivery_workflows.py` what a delivery leaves on it
container_runner.py   a wrapper launched on the event's object; `schedules.py` wakes subscriptions by the clock,
                      `scheduled_launches.py` then launches on all that a wrapper is for
history.py            what was delivered; `page_request.py` reads how it is asked for
"""
