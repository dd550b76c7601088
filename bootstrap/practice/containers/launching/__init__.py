"""Launches: queued, staged, run on the engine, followed, finalised, uploaded.

request.py       one launch as it was asked for; kept until its container is there
workflow.py      its workflow, in which everybody sees how far it is
waiting.py       launches that wait to be staged
queue.py         submitted, and taken up again after a restart
staging.py       resolved, created on the engine, started
records.py       containers and their history; `printing.py` shows them, `pages.py` in pages
backends.py      what an engine must do; `docker_backend.py` with containers, `swarm_backend.py` with services
command_lines.py a command line cut into arguments
beginning.py     what has been made is started, once
companions.py    setups that run before a container, wrapups that run after it
environment.py   what every container is told of XNAT
following.py     what has become of those that run
finalising.py    logs kept, outputs uploaded (`uploading.py`), credentials withdrawn
chains.py        the next step of an orchestration
bulk.py          many at once
"""
