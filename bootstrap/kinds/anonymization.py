"""The site's anonymisation script and its switch.

XNAT keeps the script twice: as a setting, and in the config service, which is the one in force. A write goes to
the setting and arrives in the other a moment later; the two can come to disagree. Both are read, both must agree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from pydantic import Field

from bootstrap.config.section import Model, Section
from bootstrap.config.site import Site
from bootstrap.config.texts import FileText
from bootstrap.errors import NotStored
from bootstrap.kinds.anonymization_script import script_problems, too_new
from bootstrap.kinds.kind import Exported, Fields, Finding, Kind, Resource, State, TagText
from bootstrap.values import Problem
from bootstrap.xnat.connection import Connection

SCRIPT_SETTING, SWITCH_SETTING = "sitewideAnonymizationScript", "enableSitewideAnonymizationScript"
_ROW = "/data/config/anon/script"
_SETTLE_TRIES, _SETTLE_PAUSE = 40, 0.25


class Anonymization(Model):
    script: FileText | None = Field(None, description="a DicomEdit script (`!file NAME.das`); null is XNAT's own")
    enabled: bool | None = Field(None, description="whether it runs; on when a script is given")
    protected: bool = Field(False, description="never put back to XNAT's own script")


ANONYMIZATION = Section(
    key="anonymization",
    shape=Anonymization,
    doc="The DicomEdit script that runs over everything that comes in.",
    example="""\
script: !file ../../anon_scripts/site.das
enabled: true
""",
)


class SiteAnonymization(Kind):
    name = "anonymization"
    title = "anonymisation script of the site"
    sections = (ANONYMIZATION,)
    needs = ("initialization", "admin_password")
    removal = "gone from the file: XNAT's own script again"
    internal = frozenset({"copies"})
    refuse_both_moved = True
    settle_seconds = 10.0

    def desired(self, site: Site) -> list[Resource]:
        section: Anonymization | None = site.section("anonymization")
        if section is None or not section.model_fields_set & {"script", "enabled"}:
            return []
        fields: dict[str, Any] = {"copies": "agree"}
        if "script" in section.model_fields_set:
            fields |= {"script": section.script, "enabled": True}
        if section.enabled is not None:
            fields["enabled"] = section.enabled
        sources = {key: site.source("anonymization", key) for key in section.model_fields_set}
        source = sources.get("script", site.source("anonymization"))
        return [Resource(self.name, "site", fields, source, sources, protected=section.protected)]

    def check(self, site: Site) -> list[Problem]:
        section: Anonymization | None = site.section("anonymization")
        if section is None or section.script is None:
            return []
        return script_problems(section.script, site.source("anonymization", "script"), "site")

    def judge(self, xnat: Connection, wanted: Resource, current: State | None) -> Iterable[Problem]:
        return too_new(wanted, xnat.server.version)

    def normalise(self, name: str, fields: Fields) -> Fields:
        script = fields.get("script")
        return {**fields, "script": normal_script(script)} if isinstance(script, str) else fields

    def read(self, xnat: Connection, wanted: Sequence[Resource]) -> Mapping[str, State]:
        keys = f"{SWITCH_SETTING},{SCRIPT_SETTING}"
        settings = xnat.client.read_json(f"/xapi/siteConfig/values/{keys}", doing="reading the anonymisation settings")
        row = self._row(xnat)
        setting = (normal_script(str(settings.get(SCRIPT_SETTING, ""))), _truth(settings.get(SWITCH_SETTING)))
        in_force = (normal_script(row.get("contents", "")), row.get("status") == "enabled")
        fields: dict[str, Any] = {"script": in_force[0], "enabled": in_force[1], "copies": "agree"}
        if setting != in_force:
            fields["copies"] = _disagreement(setting, in_force)
        if any(resource.fields.get("script") is None for resource in wanted):
            # The file's null, and a removal, is XNAT's own script, which only the server can tell.
            own = xnat.client.read_text("/xapi/anonymize/default", doing="reading XNAT's own anonymisation script")
            if normal_script(own or "") == in_force[0]:
                fields["script"] = None
        return {"site": State(fields)}

    def update(self, xnat: Connection, wanted: Resource, current: State, changed: frozenset[str]) -> None:
        script = self._wanted_script(xnat, wanted)
        if script is not None and {"script", "copies"} & changed:
            self._store_script(xnat, wanted, script)
        if "enabled" in wanted.fields:
            self._store_switch(xnat, wanted, wanted.fields["enabled"])

    def _wanted_script(self, xnat: Connection, wanted: Resource) -> str | None:
        if "script" not in wanted.fields:
            return None
        script = wanted.fields["script"]
        if script is None:
            return xnat.client.read_text("/xapi/anonymize/default", doing="reading XNAT's own anonymisation script")
        return str(script)

    def _store_script(self, xnat: Connection, wanted: Resource, script: str) -> None:
        doing = "storing the anonymisation script"
        setting = xnat.client.read_json(f"/xapi/siteConfig/values/{SCRIPT_SETTING}", doing=doing)
        if normal_script(str(setting.get(SCRIPT_SETTING, ""))) != normal_script(script):
            xnat.client.write("PUT", "/xapi/anonymize/site", doing=doing, text=script, source=wanted.source)
        elif normal_script(self._row(xnat).get("contents", "")) != normal_script(script):
            # Sending the setting again would raise no event: the copy in force is written itself.
            params = {"inbody": "true", "status": "enabled"}
            xnat.client.write("PUT", _ROW, doing=doing, text=script, params=params, source=wanted.source)
        self._wait(xnat, doing, lambda row: normal_script(row.get("contents", "")) == normal_script(script))

    def _store_switch(self, xnat: Connection, wanted: Resource, enabled: bool) -> None:
        doing = f"switching the anonymisation script {'on' if enabled else 'off'}"
        status = "enabled" if enabled else "disabled"
        setting = xnat.client.read_json(f"/xapi/siteConfig/values/{SWITCH_SETTING}", doing=doing)
        if _truth(setting.get(SWITCH_SETTING)) != enabled:
            xnat.client.write(
                "PUT",
                "/xapi/anonymize/site/enabled",
                doing=doing,
                params={"enable": "true" if enabled else "false"},
                body=b"",
                content_type="application/json",
                source=wanted.source,
            )
        elif self._row(xnat).get("status") != status:
            xnat.client.write("PUT", _ROW, doing=doing, params={"status": status}, source=wanted.source)
        self._wait(xnat, doing, lambda row: row.get("status") == status)

    def _wait(self, xnat: Connection, doing: str, shows: Callable[[Mapping[str, str]], bool]) -> None:
        for _ in range(_SETTLE_TRIES):
            if shows(self._row(xnat)):
                return
            xnat.pause(_SETTLE_PAUSE)
        raise NotStored(
            f"the server accepted it, but its config service still shows something else after "
            f"{_SETTLE_TRIES * _SETTLE_PAUSE:.0f} seconds",
            doing=doing,
            hint="until they agree nobody knows which script runs: look at xnat.log, then run again",
        )

    def _row(self, xnat: Connection) -> Mapping[str, str]:
        """The newest row of the config service; empty where there never was a script."""
        answer = xnat.client.read_json(
            _ROW, doing="reading the anonymisation script in force", params={"format": "json"}, absent_ok=True
        )
        rows = answer["ResultSet"]["Result"] if answer else []
        row: Mapping[str, str] = rows[0] if rows else {}
        return row

    def delete(self, xnat: Connection, name: str, current: State) -> None:
        self.update(
            xnat,
            Resource(self.name, name, {"script": None, "enabled": True, "copies": "agree"}),
            current,
            frozenset({"script", "enabled"}),
        )

    def left_by_removal(self, name: str) -> Fields:
        return {"script": "(XNAT's own script)", "enabled": True}

    def is_default(self, name: str, current: State) -> bool:
        return current.fields.get("copies") == "agree" and current.fields.get("script") is None

    def examine(self, xnat: Connection, site: Site) -> Iterable[Finding]:
        fields = self.read(xnat, [Resource(self.name, "site", {"script": ""})])["site"].fields
        if fields["copies"] != "agree":
            mend = "`apply` writes both, when the site file gives the script"
            yield Finding("bad", "anonymisation", f"XNAT's two copies disagree: {fields['copies']}", mend)
        elif not fields["enabled"]:
            yield Finding("warning", "anonymisation", "no site script runs: data are stored as they come in")
        else:
            yield Finding("good", "anonymisation", f"a site script of {len(fields['script'])} characters is in force")

    def export(self, xnat: Connection) -> Exported:
        state = self.read(xnat, [])["site"].fields
        script = str(state["script"])
        notes = () if state["copies"] == "agree" else (f"the site's script: {state['copies']}",)
        if not script:
            return Exported({"anonymization": {"enabled": state["enabled"]}}, notes=notes)
        section = {"script": TagText("!file", "anon_scripts/site.das"), "enabled": state["enabled"]}
        return Exported({"anonymization": section}, {"anon_scripts/site.das": script + "\n"}, notes)


def normal_script(text: str) -> str:
    """XNAT cuts blanks off both ends; line ends are ours to settle."""
    return text.replace("\r\n", "\n").strip()


def _truth(value: Any) -> bool:
    return value is True or str(value).lower() == "true"


def _disagreement(setting: tuple[str, bool], in_force: tuple[str, bool]) -> str:
    differing = []
    if setting[0] != in_force[0]:
        differing.append("the script of the setting is another than the one in force")
    if setting[1] != in_force[1]:
        words = {True: "on", False: "off"}
        differing.append(f"the setting says {words[setting[1]]}, in force it is {words[in_force[1]]}")
    return "; ".join(differing)
