"""The section `server`: where the XNAT is and how we sign in. Not a kind: nothing on the server is made from it."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from bootstrap.config.section import Model, Section
from bootstrap.config.site import Site
from bootstrap.errors import UsageError
from bootstrap.facts.versions import terms
from bootstrap.kinds.home_section import Home
from bootstrap.values import Secret

PRACTICE = "practice"
_URL_HINT = "it looks like https://xnat.example.org, or is `practice`"


class Server(Model):
    plain_secrets: ClassVar[frozenset[str]] = frozenset({"first_password"})  # every fresh XNAT has it

    url: str | None = Field(
        None, description="`practice`, or the address of the XNAT, such as https://xnat.example.org"
    )
    username: str | None = Field(
        None, description="the account that configures the site, a site administrator; default admin"
    )
    password: Secret | None = Field(None, description="its password, best as `!env NAME` or `!secret FILE`")
    first_password: Secret | None = Field(
        None, description="what a fresh XNAT has; rotated to `password` on the first run"
    )
    owner: str = Field(
        "default", pattern=r"^[A-Za-z0-9._-]{1,64}$", description="whose ledger this is: one per team that keeps a file"
    )
    version: str | None = Field(None, description='the versions that this file is for, such as ">=1.9,<1.11"')
    ca_file: str | None = Field(None, description="a PEM file with the certificate authority of the server")
    timeout: float = Field(60, gt=0, le=3600, description="seconds that one answer may take")
    parallel: int = Field(4, ge=1, le=16, description="how many reads go at the same time")
    home: Home | None = Field(
        None, description="where XNAT keeps its own files: plugins/, config/, logs/; needed for plugins and providers"
    )
    restart: Literal["never", "ask", "auto"] = Field(
        "ask", description="whether `apply` restarts XNAT where that is owed; `ask` without a terminal is `never`"
    )
    plugin_mirror: str | None = Field(
        None, description="a folder, or the address of one, with the jars of `plugins`: asked in place of their `url`"
    )

    @field_validator("url")
    @classmethod
    def _is_an_address(cls, value: str | None) -> str | None:
        if value is None or value == PRACTICE:
            return value
        from bootstrap.xnat.wire import checked_url  # brings requests: not for those who only want help

        try:
            checked_url(value)
        except UsageError as wrong:
            raise PydanticCustomError("bad-url", "{why}", {"why": wrong.message, "hint": wrong.hint}) from None
        if any(character.isspace() for character in value):
            raise PydanticCustomError("bad-url", "the address of a server has no blanks", {"hint": _URL_HINT})
        return value

    @field_validator("version")
    @classmethod
    def _is_a_range(cls, value: str | None) -> str | None:
        if value is not None:
            terms(value)
        return value


SERVER = Section(
    key="server",
    shape=Server,
    doc="Where the XNAT is and how we sign in.",
    example="""\
url: https://xnat.example.org
username: admin
password: !env XNAT_PASSWORD
first_password: admin
""",
)


def server_of(site: Site | None) -> Server:
    """The section of a site; all defaults where the file does not have it."""
    section: Server | None = site.section("server") if site else None
    return section or Server()
