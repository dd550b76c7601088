"""`wait`: until the server of a site is ready."""

from __future__ import annotations

from pathlib import Path

from bootstrap.ops.console import Console
from bootstrap.ops.session import Asked, Tools, load, practice_url, target_of
from bootstrap.xnat.wait import wait_until_ready


def wait_for_site(place: Path, asked: Asked, tools: Tools, console: Console, limit: float) -> int:
    target = target_of(asked, tools, load(place, asked, tools))
    if target.practice:
        with practice_url(target, tools) as url:
            console.json_or({"ready": True, "url": url, "initialized": None}, f"the practice XNAT at {url} is ready")
        return 0
    ready = wait_until_ready(
        target.url,
        username=target.username,
        password=target.password,
        first_password=target.first_password,
        ca_file=target.ca_file,
        limit_seconds=limit,
        tell=console.tell,
        pause=tools.pause,
    )
    document = {"ready": True, "url": target.url, "version": ready.version, "initialized": ready.initialized}
    console.json_or(document, str(ready))
    return 0
