"""All rooms of the practice XNAT, in the order in which they start, and the modules that hold their routes."""

from __future__ import annotations

from bootstrap.practice.admin import site_config, start
from bootstrap.practice.admin.room import room as admin
from bootstrap.practice.data import project_list, project_routes
from bootstrap.practice.data.room import room as data

MODULES = (start, site_config, project_list, project_routes)  # imported: each puts its routes into its room
ROOMS = (admin, data)
