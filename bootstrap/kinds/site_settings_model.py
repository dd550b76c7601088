"""The section `site`, made from the table of known settings: XNAT takes a misspelt key with 200, we do not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field, create_model

from bootstrap.config.section import Model, Section
from bootstrap.facts.settings import Setting, site_settings
from bootstrap.values import Problem, Source

# One owner a field: these belong to other sections.
ELSEWHERE = {
    "initialized": "the tool sets it itself on the first run",
    "enableSitewideAnonymizationScript": "it is `enabled` under `anonymization`",
    "sitewideAnonymizationScript": "it is `script` under `anonymization`",
}
_TYPES: Mapping[str, Any] = {"text": str, "boolean": bool, "integer": int, "list": list[str], "enum": str}


class SiteBase(Model):
    elsewhere: ClassVar[Mapping[str, str]] = ELSEWHERE

    extra: dict[str, Any] = Field(
        default_factory=dict,
        description="settings of plugins and others that no version of XNAT is known to have; sent as texts",
    )
    ignore: list[str] = Field(default_factory=list, description="settings that are neither compared nor written")
    protected: list[str] = Field(default_factory=list, description="settings that are never put back to a default")

    def said_settings(self) -> dict[str, Any]:
        """What the file says of known settings; None is the file's null, the server's default."""
        own = set(SiteBase.model_fields)
        return {name: getattr(self, name) for name in type(self).model_fields if name in self.model_fields_set - own}


def _field(setting: Setting) -> tuple[Any, Any]:
    kind = Literal[setting.allowed] if setting.allowed else _TYPES[setting.type]
    since = f"from XNAT {setting.since} on" if setting.since else ""
    restart = "takes effect at the next restart" if setting.restart else ""
    usual = "" if setting.default in ("", None) else f"default {setting.default!r}"
    words = [*_plain_words(setting.note), since, restart, usual]
    return (kind | None, Field(None, description="; ".join(word for word in words if word) or "a setting of XNAT"))


# Words of the contract's table that help its readers and not ours; an empty one is left out.
_PLAINLY = {
    "handler": "",
    "restart": "",
    "enum": "",
    "live, see 12": "",
    "see 3.1-3.2": "",
    "read live": "takes effect at once",
    "interval text": "such as `2 days`",
    "PostgreSQL interval text": "such as `15 minutes`",
    "Spring cron": "when it is done, in six fields from second to weekday",
    "regex": "a regular expression",
    "restart for the job": "",
}


def _plain_words(note: str) -> list[str]:
    parts = [part.strip().removesuffix("(inferred)").strip() for part in note.split(";")]
    return [_PLAINLY.get(part, "" if part.startswith("enum `") else part) for part in parts]


def _site_model() -> type[SiteBase]:
    fields: dict[str, Any] = {
        name: _field(setting) for name, setting in site_settings().items() if name not in ELSEWHERE
    }
    return create_model("Site", __base__=SiteBase, __module__=__name__, **fields)


SiteSettings = _site_model()

SITE = Section(
    key="site",
    shape=SiteSettings,
    doc="Settings of the whole site, in XNAT's own spelling. What is not named is left alone; null is XNAT's default.",
    example="""\
siteId: DEMO
siteUrl: https://xnat.example.org
adminEmail: xnat@example.org
sessionTimeout: 30 minutes
""",
)


def no_known_default(key: str, source: Source) -> Problem:
    """For null where we do not carry what a fresh XNAT has: sending an empty text instead would be a lie."""
    message = f"`{key}: null` is XNAT's own default, and this tool does not know it"
    hint = "give the text that you want, or leave the key out"
    return Problem("error", "no-known-default", message, hint, source)
