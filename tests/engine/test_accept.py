from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bootstrap.config import load_site
from bootstrap.engine.accept import ACCEPT, Acceptance, idle_acceptances
from bootstrap.errors import SiteFileError
from bootstrap.values import Source

WANTED = {"site_setting:siteId": {"value": "A"}, "command:x": {"inputs.bids": "y"}}


def _told(what: str, field: str, until: str = "2027-01-31") -> list[tuple[str, str, str]]:
    item = Acceptance(what=what, field=field, reason="known", until=date.fromisoformat(until))
    found = idle_acceptances(
        [item], WANTED, ["site_setting", "command"], date(2027, 1, 31), lambda *path: Source(".".join(map(str, path)))
    )
    return [(p.rule, p.source.file if p.source else "", p.hint) for p in found]


@pytest.mark.parametrize(
    ("what", "field"),
    [
        ("site_setting:siteId", "value"),
        ("site_setting:siteId", "*"),
        ("command:x", "inputs"),
        ("command:x", "inputs.bids.value"),
    ],
)
def test_an_entry_about_the_file_is_no_problem(what: str, field: str) -> None:
    assert _told(what, field) == []


@pytest.mark.parametrize(
    ("what", "field", "place", "hint"),
    [
        ("site_setting:siteIdd", "value", "0.what", "did you mean `site_setting:siteId`?"),
        ("site_settin:siteId", "value", "0.what", "did you mean `site_setting`?"),
        ("site_setting:siteId", "valu", "0.field", "did you mean `value`?"),
    ],
)
def test_an_entry_about_nothing_is_told(what: str, field: str, place: str, hint: str) -> None:
    assert _told(what, field) == [("idle-accept", place, hint)]


def test_an_entry_whose_day_has_passed_is_told() -> None:
    assert [(rule, place) for rule, place, _ in _told("command:x", "*", "2027-01-30")] == [
        ("expired-accept", "0.until")
    ]


def test_overlays_add_to_the_list_and_meet_in_thing_and_field(tmp_path: Path) -> None:
    entry = "{{what: 'site_setting:siteId', field: {}, reason: {}, until: 2027-01-31}}"
    (tmp_path / "site.yaml").write_text(f"accept: [{entry.format('value', 'known')}]")
    over = tmp_path / "over.yaml"
    over.write_text(f"accept: [{entry.format('value', '!override newer')}, {entry.format('other', 'more')}]")
    items = load_site(tmp_path, [over], sections=[ACCEPT]).section("accept")
    assert [(item.field, item.reason) for item in items] == [("value", "newer"), ("other", "more")]


def test_two_entries_of_one_file_for_one_field_are_refused(tmp_path: Path) -> None:
    entry = "{what: 'a:b', field: c, reason: d, until: 2027-01-31}"
    (tmp_path / "site.yaml").write_text(f"accept: [{entry}, {entry}]")
    with pytest.raises(SiteFileError, match="have the what `a:b` and field `c`"):
        load_site(tmp_path, sections=[ACCEPT])
