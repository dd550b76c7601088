"""Mail and notifications: `POST /xapi/notifications` with what differs. Its sibling for SMTP alone is useless (500)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field, create_model

from bootstrap.config.section import Model, Section
from bootstrap.config.site import Site
from bootstrap.facts.settings import Setting, notification_settings
from bootstrap.kinds.kind import Exported, Fields, Kind, Resource, State, TagText
from bootstrap.kinds.site_settings_model import no_known_default
from bootstrap.values import Problem, Secret
from bootstrap.xnat.connection import Connection

SMTP = "smtp"
_NEVER_SENT = "smtpMailProperties"  # posting it is 500
_TYPES: Mapping[str, Any] = {"text": str, "boolean": bool, "integer": int}


def _known() -> dict[str, Setting]:
    return {name: setting for name, setting in notification_settings().items() if name != _NEVER_SENT}


def smtp_key(name: str) -> str:
    """`smtpStartTls` as it stands under `smtp:`: `startTls`."""
    return name[4].lower() + name[5:]


def _field(setting: Setting) -> tuple[Any, Any]:
    kind = Secret if setting.secret else _TYPES[setting.type]
    return (kind | None, Field(None, description=setting.note or "a mail setting of XNAT"))


def _said(model: Model) -> dict[str, Any]:
    return {name: getattr(model, name) for name in type(model).model_fields if name in model.model_fields_set}


def _model(name: str, fields: dict[str, Any]) -> type[Model]:
    return create_model(name, __base__=Model, __module__=__name__, **fields)


SmtpSettings = _model(
    "Smtp", {smtp_key(name): _field(setting) for name, setting in _known().items() if name.startswith(SMTP)}
)
Notifications = _model(
    "Notifications",
    {
        "smtp": (SmtpSettings | None, Field(None, description="the mail server")),
        **{name: _field(setting) for name, setting in _known().items() if not name.startswith(SMTP)},
    },
)

NOTIFICATIONS = Section(
    key="notifications",
    shape=Notifications,
    doc="The mail server, and which mails XNAT sends to whom. What is not named is left alone.",
    example="""\
smtp:
  enabled: true
  hostname: mail.example.org
  port: 587
  auth: true
  startTls: true
  username: xnat
  password: !env SMTP_PASSWORD
emailPrefix: DEMO
""",
)


class Notification(Kind):
    """One thing for the mail server (its settings belong together), one for every other setting."""

    name = "notification"
    title = "mail setting"
    removal = "gone from the file: put back to what a fresh XNAT has"
    sections = (NOTIFICATIONS,)
    needs = ("initialization", "admin_password")

    def desired(self, site: Site) -> list[Resource]:
        section = site.section("notifications")
        if section is None:
            return []
        said = _said(section)
        smtp = said.pop(SMTP, None)
        found = [
            Resource(self.name, key, {"value": value}, site.source("notifications", key)) for key, value in said.items()
        ]
        fields = _said(smtp) if smtp else {}
        if fields:
            sources = {key: site.source("notifications", SMTP, key) for key in fields}
            found.append(Resource(self.name, SMTP, fields, site.source("notifications", SMTP), sources))
        return found

    def check(self, site: Site) -> list[Problem]:
        return [
            no_known_default(resource.name, resource.source or site.source("notifications"))
            for resource in self.desired(site)
            if resource.fields.get("value", "") is None and not _has_default(resource.name)
        ]

    def normalise(self, name: str, fields: Fields) -> Fields:
        return {path: _normal(server_key(name, path), value) for path, value in fields.items()}

    def read(self, xnat: Connection, wanted: Sequence[Resource]) -> Mapping[str, State]:
        stored = self._stored(xnat)
        return {resource.name: State(_fields(resource.name, stored)) for resource in wanted}

    def update(self, xnat: Connection, wanted: Resource, current: State, changed: frozenset[str]) -> None:
        self._post(xnat, {server_key(wanted.name, path): wanted.fields[path] for path in sorted(changed)}, wanted)

    def delete(self, xnat: Connection, name: str, current: State) -> None:
        """Put back to what a fresh XNAT has; a setting whose default we do not carry is left alone."""
        keys = [server_key(name, path) for path in current.fields]
        self._post(xnat, {key: _normal(key, None) for key in keys if _has_default(key)}, Resource(self.name, name, {}))

    def left_by_removal(self, name: str) -> Fields:
        keys = {path: server_key(name, path) for path in _fields(name, {})}
        return {path: _normal(key, None) for path, key in keys.items() if _has_default(key)}

    def is_default(self, name: str, current: State) -> bool:
        return all(
            value == _normal(server_key(name, path), None)
            for path, value in current.fields.items()
            if _has_default(server_key(name, path))
        )

    def _stored(self, xnat: Connection) -> Mapping[str, Any]:
        stored: Mapping[str, Any] = xnat.client.read_json("/xapi/notifications", doing="reading the mail settings")
        return stored

    def _post(self, xnat: Connection, body: Mapping[str, Any], wanted: Resource) -> None:
        sent = {key: value.reveal() if isinstance(value, Secret) else value for key, value in body.items()}
        doing = f"changing the mail settings {', '.join(sent)}"
        xnat.client.write("POST", "/xapi/notifications", doing=doing, json=sent, source=wanted.source)

    def export(self, xnat: Connection) -> Exported:
        stored = self._stored(xnat)
        smtp: dict[str, Any] = {}
        section: dict[str, Any] = {}
        for name, setting in sorted(_known().items()):
            value = _normal(name, stored.get(name))
            if setting.default is None or value == _normal(name, None):
                continue
            place = smtp if name.startswith(SMTP) else section
            key = smtp_key(name) if name.startswith(SMTP) else name
            place[key] = TagText("!env", "SMTP_PASSWORD") if setting.secret else _typed(setting, value)
        if smtp:
            section = {SMTP: smtp, **section}
        return Exported({"notifications": section} if section else {})


def server_key(resource: str, path: str) -> str:
    return SMTP + path[0].upper() + path[1:] if resource == SMTP else resource


def _fields(name: str, stored: Mapping[str, Any]) -> dict[str, Any]:
    if name != SMTP:
        return {"value": stored.get(name, "")}
    return {smtp_key(key): stored.get(key, "") for key in _known() if key.startswith(SMTP)}


def _has_default(key: str) -> bool:
    return notification_settings()[key].default is not None


def _normal(key: str, value: Any) -> Any:
    """Every value is a text on the wire; secrets stay secrets; recipients are a set."""
    setting = notification_settings()[key]
    if value is None:
        value = setting.default if setting.default is not None else ""
    if isinstance(value, Secret):
        return Secret(value.reveal().strip(), value.origin)
    text = ("true" if value else "false") if isinstance(value, bool) else str(value).strip()
    if setting.recipients:
        text = ",".join(sorted(part.strip() for part in text.split(",") if part.strip()))
    return Secret(text) if setting.secret else text


def _typed(setting: Setting, text: str) -> Any:
    if setting.type == "boolean":
        return text == "true"
    return int(text) if setting.type == "integer" and text.isdigit() else text
