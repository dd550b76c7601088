"""The Container Service: server, images, commands, enablement, launches, orchestrations. There only with its plugin.

commands/, documents.py      what is kept of commands and wrappers; `enablement.py`, `configuration.py` what holds where
resolution/                  a launch resolved: inputs, mounts, outputs; the form that a user is shown
launching/                   the queue, the engine's containers and services, logs, uploads, orchestrations that run
launch_routes.py             the ways to launch; `form_routes.py`, `container_lists.py`, `container_routes.py` and
                             `log_routes.py` show what is launched and what came of it
"""
