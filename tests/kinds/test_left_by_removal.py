"""What a plan shows of a removal that puts something back."""

from __future__ import annotations

from typing import Any

import pytest

from bootstrap.kinds import KINDS

BY_NAME = {kind.name: kind for kind in KINDS}


@pytest.mark.parametrize(
    ("kind", "name", "left"),
    [
        ("site_setting", "sessionTimeout", {"value": "15 minutes"}),
        ("notification", "emailPrefix", {"value": "XNAT"}),
        ("anonymization", "site", {"script": "(XNAT's own script)", "enabled": True}),
        ("enablement", "greet/say", {"enabled": False}),
        ("project_enablement", "BRAIN/greet/say", {"enabled": False}),
        ("event_service", "site", {"enabled": False}),
        ("project", "BRAIN", {}),
    ],
)
def test_what_is_put_back(kind: str, name: str, left: dict[str, Any]) -> None:
    assert BY_NAME[kind].left_by_removal(name) == left


def test_the_mail_server_is_put_back_as_a_whole() -> None:
    left = BY_NAME["notification"].left_by_removal("smtp")
    assert (left["port"], left["hostname"]) == ("25", "localhost")
    assert "mailProperties" not in left
