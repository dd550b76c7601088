"""What a script reaches outside itself and the object: the network, tables, chance, the console."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bootstrap.dicomedit.problems import ScriptError


def _random_number() -> int:
    return secrets.randbits(128)


def _no_network(url: str) -> str:
    raise ScriptError(f"getURL is not allowed here: {url}")


def _ignore(_text: str) -> None:
    return None


@dataclass(slots=True)
class Environment:
    """The default reaches nothing: `getURL` is an Error, `lookup` finds nothing, `echo` is silent."""

    fetch: Callable[[str], str] = _no_network  # returns a page's text; raises ScriptError
    lookup_table: Mapping[str, str] = field(default_factory=dict)  # "type/key" -> value
    random_number: Callable[[], int] = _random_number  # 128 bits
    echo: Callable[[str], None] = _ignore
    ignore_rejections: bool = False
    random_uids: dict[str | None, str] = field(default_factory=dict)  # mapUID's memory: the engine's process
    referenced_uids: dict[str, str] = field(default_factory=dict)  # mapReferencedUIDs' memory

    def new_uid(self, prefix: str = "2.25") -> str:
        """A random UID below a prefix, 64 characters at most."""
        digits = str(self.random_number())
        root = prefix.rstrip(".")
        return f"{root}.{digits[: max(1, 63 - len(root))]}"


def read_lookup_table(text: str) -> dict[str, str]:
    """Lines `type/key = value`; `//` begins a comment, blank lines do not count."""
    table: dict[str, str] = {}
    for line in text.splitlines():
        content = line.partition("//")[0].strip()
        key, equals, value = content.partition("=")
        if equals:
            table[key.strip()] = value.strip()
    return table
