"""XNAT's record of a script that was applied: an item of (0012,0064)."""

from __future__ import annotations

from bootstrap.dicomedit.editing import put_text
from bootstrap.dicomedit.holding import Item

METHOD_CODES = 0x00120064
_CODE, _SCHEME, _SCHEME_VERSION, _MEANING = 0x00080100, 0x00080102, 0x00080103, 0x00080104


def record(root: Item, dialect: str, script_id: int) -> None:
    """Behind the records that are there. A script without an id (0) leaves none."""
    if script_id <= 0:
        return
    add_code(root, str(script_id), "XNAT", f"XNAT DicomEdit {dialect} Script", version="1.0")


def add_code(root: Item, code: str, scheme: str, meaning: str, *, version: str = "") -> None:
    if root.items(METHOD_CODES) is None:
        root.put_sequence(METHOD_CODES)
    item = root.add_item(METHOD_CODES)
    put_text(item, _CODE, code)
    put_text(item, _SCHEME, scheme)
    if version:
        put_text(item, _SCHEME_VERSION, version)
    put_text(item, _MEANING, meaning)
