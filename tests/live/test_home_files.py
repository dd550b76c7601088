"""XNAT's own files in its home: authentication providers, preference files, and what doctor tells of a home."""

from __future__ import annotations

from pathlib import Path

import pytest

from bootstrap.errors import HomeFailed
from bootstrap.ops.console import Console
from bootstrap.ops.doctor import examine
from bootstrap.ops.session import Asked
from bootstrap.xnat.home import NoHome
from bootstrap.xnat.home_path import PathHome
from tests.jars import make_jar
from tests.live.homes import Place, error_of, outcomes, place, rules

__all__ = ["place"]  # a fixture

TEMPLATES = Path(__file__).parents[2] / "templates" / "auth"
LDAP = f"""\
auth_providers:
  ldap1:
    template: {TEMPLATES}/ldap-provider.properties.j2
    vars:
      name: LDAP
      address: ldaps://dc.example.org
      search_base: ou=users
      userdn: cn=x
      password: !env [LDAP, canary-ldap]
"""
OPENID = f"""\
  google:
    template: {TEMPLATES}/openid-provider.properties.j2
    vars:
      name: Googlé ☃
      site_url: https://xnat.example.org
      client_id: one
      client_secret: !env [OIDC, canary-oidc]
      token_uri: https://t.example.org
      authorization_uri: https://a.example.org
      user_info_uri: https://u.example.org
"""


@pytest.fixture
def signing_in(place: Place) -> Place:
    """The plugin for LDAP is there, the one for OpenID Connect is not."""
    make_jar(place.server.folder.plugins / "ldap-auth-plugin-1.1.0.jar", "xnatLdapAuthPlugin")
    place.server.restart()
    place.wants(LDAP)
    place.bare = True
    return place


def test_a_provider_is_written_read_and_offered_and_its_secrets_stay_in_its_file(signing_in: Place) -> None:
    report = signing_in.apply()
    assert (report.exit_code, signing_in.restarts) == (0, 1)
    file = signing_in.server.folder.root / "config/auth/ldap1-provider.properties"
    assert "password=canary-ldap" in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    assert signing_in.apply().lines == []
    signing_in.wants(LDAP.replace("dc.example.org", "dc2.example.org"))
    changed = signing_in.apply()
    assert outcomes(changed) == {"update auth_provider:ldap1": "done", "restart restart:xnat": "done"}
    left = [path.read_text() for path in (signing_in.folder / ".xnat-bootstrap").rglob("*") if path.is_file()]
    assert not [text for text in (*left, str(changed.as_json())) if "canary" in text]
    assert len(list(signing_in.server.folder.root.glob("replaced-*/config/auth/ldap1-provider.properties"))) == 1


def test_a_provider_whose_plugin_is_missing_is_not_offered(signing_in: Place) -> None:
    signing_in.wants(LDAP + OPENID)
    report = signing_in.apply()
    assert report.exit_code == 5
    assert outcomes(report)["update enabled_provider:ldap1"] == "done"
    assert "reads back otherwise" in error_of(report, "enabled_provider:google")
    text = (signing_in.server.folder.root / "config/auth/google-provider.properties").read_text(
        encoding="ascii", errors="replace"
    )
    assert "\\u2603" in text


def test_two_files_of_one_provider_become_one(signing_in: Place) -> None:
    auth = signing_in.server.folder.root / "config" / "auth"
    for name in ("a", "b"):
        (auth / f"{name}-provider.properties").write_text("provider.id=ldap1\nauth.method=ldap\n")
    report = signing_in.apply()
    assert outcomes(report)["repair auth_provider:ldap1"] == "done"
    assert [file.name for file in auth.iterdir()] == ["ldap1-provider.properties"]


def test_two_files_of_somebody_elses_provider_are_refused(signing_in: Place) -> None:
    for name in ("a", "b"):
        file = signing_in.server.folder.root / "config" / "auth" / f"{name}-provider.properties"
        file.write_text("provider.id=other\nauth.method=ldap\n")
    report = signing_in.apply()
    assert (report.exit_code, rules(report)) == (3, ["plugin-folder"])


def test_a_start_that_fails_gets_the_old_file_back(signing_in: Place) -> None:
    signing_in.apply()
    auth = signing_in.server.folder.root / "config" / "auth"
    signing_in.wants(LDAP.replace("dc.example.org", "dc2.example.org"))
    copy = auth / "copy-provider.properties"
    signing_in.before_restart = [lambda: copy.write_text("provider.id=ldap1\n"), lambda: copy.unlink(missing_ok=True)]
    report = signing_in.apply()
    assert "ldap1-provider.properties was put back" in error_of(report, "restart:xnat")
    assert "dc.example.org" in (auth / "ldap1-provider.properties").read_text()


def test_without_a_home_a_provider_is_not_written(signing_in: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    signing_in.home = NoHome
    report = signing_in.apply()
    assert report.exit_code == 5
    assert "config/auth/ of XNAT's home yourself" in error_of(report, "auth_provider:ldap1")
    signing_in.home = None

    def full(*_arguments: object, **_more: object) -> None:
        raise HomeFailed("No space left on device")

    assert signing_in.apply().exit_code == 0
    signing_in.wants(LDAP.replace("dc.example.org", "dc2.example.org"))
    monkeypatch.setattr(PathHome, "put", full)
    assert "No space left" in error_of(signing_in.apply(), "auth_provider:ldap1")
    assert (signing_in.server.folder.root / "config/auth/ldap1-provider.properties").exists()


def test_a_provider_that_goes_is_offered_no_more(signing_in: Place) -> None:
    signing_in.apply()
    signing_in.wants("site: {sessionTimeout: 15 minutes}\n")
    report = signing_in.apply(prune=True)
    done = {line.change.ref: line.outcome for line in report.lines}
    assert done["auth_provider:ldap1"] == done["enabled_provider:ldap1"] == "done"
    assert list((signing_in.server.folder.root / "config" / "auth").iterdir()) == []


def test_doctor_tells_whether_a_provider_is_offered(signing_in: Place, capsys: pytest.CaptureFixture[str]) -> None:
    signing_in.write()
    examine(signing_in.folder, Asked(url=signing_in.server.url), signing_in.tools, Console())
    said = capsys.readouterr().out
    assert "the provider ldap1 is not offered" in said
    assert "owed: the provider ldap1 is new or changed" in said


PREFERENCES = [
    ("prefs-override.ini", "[siteConfig]\nsessionTimeout=15 minutes\n", "sessionTimeout of [siteConfig]"),
    ("prefs-override.ini", "[siteConfig]\nsessionTimeout=30 minutes\nuiDateFormat=x\n", ""),
    ("prefs-override.ini", "[siteConfig]\nsiteUrl=\n", "because siteUrl is blank"),
    ("prefs-override.ini", "[notifications]\nsmtpHostname=elsewhere\n", "smtpHostname of [notifications]"),
    ("prefs-init.ini", "[siteConfig]\nsessionTimeout=15 minutes\n", ""),
    ("prefs-override.ini", "no section\n", ""),
]
SETTINGS = "site: {sessionTimeout: 30 minutes}\nnotifications: {smtp: {hostname: mail.example.org}}\n"


@pytest.mark.parametrize(("name", "text", "said"), PREFERENCES)
def test_what_a_preference_file_undoes_is_told(place: Place, name: str, text: str, said: str) -> None:
    (place.server.folder.root / "config" / name).write_text(text)
    place.plugins.append(SETTINGS)
    told = [problem.message for problem in place.plan().problems if problem.rule == "preference-file"]
    assert len(told) == bool(said)
    assert not said or (said in told[0] and f"config/{name}" in told[0])


def test_doctor_tells_what_the_home_and_the_plugins_are(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.plugins.append(SETTINGS.replace("minutes}", "minutes, extra: {noSuchPref: 1}}", 1))
    (place.server.folder.root / "config" / "prefs-override.ini").write_text("[siteConfig]\nsessionTimeout=1 hour\n")
    place.write()
    asked = Asked(url=place.server.url)
    assert examine(place.folder, asked, place.tools, Console()) == 1
    said = capsys.readouterr().out
    assert "owed: demo 1.0 is not loaded" in said
    assert "nothing is known of whether they fit" in said
    assert "config/prefs-override.ini sets sessionTimeout" in said
    assert "tells of no setting `noSuchPref`" in said
    assert "knows every setting of the site file but those of `extra`" in said
    (place.server.folder.plugins / "page.jar").write_text("<html>")
    place.home = NoHome
    assert examine(place.folder, asked, place.tools, Console()) == 1
    assert "without it no plugin can be put in" in capsys.readouterr().out
    place.home = None
    examine(place.folder, asked, place.tools, Console())
    assert "plugins/page.jar is no jar: XNAT will not start again" in capsys.readouterr().out
