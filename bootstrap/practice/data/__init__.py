"""Projects and what is in them.

`room.py` has the room's tables, `projects.py` what is kept of a project, `rights.py` who may do what with one.
"""
