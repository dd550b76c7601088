"""What a start does: accounts and settings of a new site, and settings that are missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.practice.admin import accounts, ini_files, passwords, preferences, settings
from bootstrap.practice.admin.room import room
from bootstrap.practice.http.sessions import GUEST
from bootstrap.practice.plugins import StartFailed

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

FIRST_EMAIL = "administrator@xnat.org"
SET_UP_EMAIL = "admin@example.org"
_OTHER_TOOLS = {
    "automation": {"internalScriptingEnabled": "true"},
    "pipelines": {"allowAutoRunProjectOverride": "false", "autoRunEnabled": "false"},
    "spawner": {"purgeAndRefreshOnStartup": "true"},
}


@room.seed
def make_accounts(site: Site) -> None:
    if accounts.everybody(site):
        return
    now = site.clock.now()
    with site.storage.write() as db:
        for name, password in (("admin", passwords.hashed(site.ini.first_password())), (GUEST, None)):
            db.execute(
                "INSERT INTO accounts (username, password, password_set, first_name, last_name, email) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (name, password, now, name.capitalize(), name.capitalize(), FIRST_EMAIL),
            )
        for role in (accounts.ADMINISTRATOR, "DataManager", "SiteUser"):
            db.execute("INSERT INTO roles (username, role) VALUES ('admin', ?)", (role,))
        db.execute("INSERT INTO memberships VALUES ('admin', ?)", (accounts.ALL_DATA_ADMIN,))


@room.seed
def store_first_values(site: Site) -> None:
    preferences.store_missing(site, settings.first_values())
    for tool, values in _OTHER_TOOLS.items():
        preferences.store_missing(site, values, tool)
    if site.ini.say_anything:
        complete = all(preferences.text(site, name) for name in ini_files.REQUIRED)
        preferences.store(site, "initialized", "true" if complete else "false")


@room.at_start
def check_lists(site: Site) -> None:
    """A text that is no list, stored for a list: XNAT takes it, and does not start any more."""
    for setting in settings.known().values():
        stored = preferences.text(site, setting.name)
        if setting.type == "list" and not isinstance(setting.read(stored), list):
            raise StartFailed(f"the setting {setting.name} is no list")


def initialize(site: Site) -> None:
    """Make a new site one that has been set up: what the first run's one call does."""
    from bootstrap.practice.admin import site_config

    site_config.store_all(site, {"siteUrl": site.address, "adminEmail": SET_UP_EMAIL, "initialized": True}, "admin")
