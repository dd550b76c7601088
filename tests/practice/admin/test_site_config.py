"""What recordings do not show of the settings."""

from __future__ import annotations

from typing import Any

import pytest

from bootstrap.practice.admin import configs, preferences, settings
from tests.practice.conftest import Asker

TYPES: list[tuple[str, Any, int, Any]] = [
    ("uiShowLeftBar", "yes", 200, False),
    ("uiShowLeftBar", "TRUE", 200, True),
    ("uiShowLeftBar", 1, 200, False),
    ("siteWideAlertStatus", "-3", 200, -3),
    ("siteWideAlertStatus", "x", 500, 0),
    ("siteWideAlertStatus", "", 500, 0),
    ("displayHostName", "never", 200, "never"),
    ("displayHostName", "sometimes", 500, "multinode"),
    ("failMergeOn", '["a", 1]', 200, ["a", 1]),
    ("failMergeOn", "", 200, []),
    ("failMergeOn", '{"a": 1}', 200, '{"a": 1}'),
    ("siteHome", 1.5, 200, "1.5"),
    ("siteHome", None, 500, "/screens/QuickSearch.vm"),
    ("notKnown", {"a": True}, 200, None),
    ("notKnown", [True, None], 200, "[true,null]"),
]


@pytest.mark.parametrize(("name", "value", "status", "reads"), TYPES)
def test_what_is_stored_of_a_value(ask: Asker, name: str, value: Any, status: int, reads: Any) -> None:
    assert ask("POST", "/xapi/siteConfig", json={name: value}).status_code == status
    assert ask("GET", "/xapi/siteConfig").json().get(name) == reads


def test_an_object_becomes_several_settings_and_breaks_the_list_of_values(ask: Asker) -> None:
    ask.set(notKnown={"a": True, "b": "x "})
    everything = ask("GET", "/xapi/siteConfig").json()
    assert (everything["notKnown:a"], everything["notKnown:b"]) == ("true", "x")
    assert ask("GET", "/xapi/siteConfig/values/notKnown").status_code == 500
    ask.set(notKnown="text")
    assert ask("GET", "/xapi/siteConfig/values/notKnown").json() == {"notKnown": "text"}


def test_the_flag_is_stored_after_all_others(fresh: Asker) -> None:
    body = '{"initialized": true, "siteWideAlertStatus": "x", "siteUrl": "http://x"}'
    answer = fresh("POST", "/xapi/siteConfig", data=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 500
    assert fresh("GET", "/xapi/siteConfig/initialized").text == "false"


def test_there_are_the_settings_of_this_version_and_no_later_ones() -> None:
    known = settings.known()
    assert len(known) == 160
    assert "uiNewUserRequireCaptcha" in known
    assert "enableNativeDicomPreCompression" not in known
    assert known["checksums"].first == "false"


def test_uptime_grows(ask: Asker) -> None:
    site = ask.server.site
    assert site
    site.started -= 2 * 86400 + 3 * 3600 + 4 * 60
    said = ask("GET", "/xapi/siteConfig/uptime").json()
    assert {name: said[name] for name in ("days", "hours", "minutes")} == {"days": "2", "hours": "3", "minutes": "4"}
    assert ask("GET", "/xapi/siteConfig/uptime/display").text.startswith("2 days, 3 hours, 4 minutes, ")
    assert ask("GET", "/xapi/siteConfig/buildInfo/attributes").json() == {}


def test_both_keys_of_the_script_in_one_body_end_as_they_say(ask: Asker) -> None:
    ask.set(sitewideAnonymizationScript='version "6.1"', enableSitewideAnonymizationScript=False)
    ask.settle()
    row = ask("GET", "/data/config/anon/script").json()["ResultSet"]["Result"][0]
    assert (row["contents"], row["status"]) == ('version "6.1"', "disabled")


def test_a_value_with_a_blank_at_its_end_is_told_to_the_handlers_each_time(ask: Asker) -> None:
    site = ask.server.site
    assert site
    versions = []
    for _ in range(2):
        ask.set(sitewideAnonymizationScript='version "6.1"\n')
        ask.settle()
        newest = configs.newest(site, "anon", "script")
        assert newest
        versions.append(newest["version"])
    assert versions[1] > versions[0]


FILTERS: list[tuple[list[dict[str, Any]], str]] = [
    ([{"sitewideSeriesImportFilter": "a"}], ""),
    ([{"MODE": "nosuch", "LIST": "a"}], ""),
    ([{"MODE": "blacklist", "LIST": "("}], ""),
    ([{"MODE": "modalityMap", "LIST": "MR: (x"}], ""),
    ([{"MODE": "blacklist", "LIST": "# note\n\n[Modality]\n^SR$"}], '"list":"# note\\n\\n[Modality]\\n^SR$"'),
    ([{"MODE": "blacklist", "LIST": "a"}, {"sitewideSeriesImportFilterMode": "modalityMap"}], '"mode":"blacklist"'),
    ([{"MODE": "blacklist", "LIST": "a"}, {"MODE": "blacklist", "LIST": "a\n"}], '"list":"a"'),
]


@pytest.mark.parametrize(("bodies", "contents"), FILTERS)
def test_a_series_filter_that_cannot_be_stays_what_it_was(
    ask: Asker, bodies: list[dict[str, Any]], contents: str
) -> None:
    names = {"MODE": "sitewideSeriesImportFilterMode", "LIST": "sitewideSeriesImportFilter"}
    for body in bodies:
        switch = {"enableSitewideSeriesImportFilter": True} if "MODE" in body else {}
        ask.set(**{names.get(name, name): value for name, value in body.items()}, **switch)
        ask.settle()
    answer = ask("GET", "/data/config/seriesImportFilter/config")
    assert answer.status_code == (200 if contents else 404)
    assert contents in (answer.json()["ResultSet"]["Result"][0]["contents"] if contents else "")


INTERVALS = [("15 minutes", 900.0), ("1 hour", 3600.0), ("2 days 1 second", 172801.0), ("soon", 7.0), ("", 7.0)]


@pytest.mark.parametrize(("text", "seconds"), INTERVALS)
def test_an_interval(ask: Asker, text: str, seconds: float) -> None:
    assert ask.server.site
    ask.set(sessionTimeout=text)
    assert preferences.seconds(ask.server.site, "sessionTimeout", 7.0) == seconds


def test_values_that_are_no_numbers_and_no_lists_have_another(ask: Asker) -> None:
    site = ask.server.site
    assert site
    preferences.store(site, "concurrentMaxSessions", "many")
    preferences.store(site, "enabledProviders", "no list")
    assert preferences.integer(site, "concurrentMaxSessions", 5) == 5
    assert preferences.texts(site, "enabledProviders") == []


def test_a_map_takes_the_limit_of_sign_ins_away_and_nobody_comes_in_any_more(ask: Asker) -> None:
    assert ask("POST", "/xapi/siteConfig", json={"maxFailedLogins": {}}).status_code == 200
    assert ask("GET", "/xapi/siteConfig/siteId").status_code == 500
