"""Functions on UIDs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import lru_cache

from bootstrap.dicomedit.codec import values_of
from bootstrap.dicomedit.dictionary import is_creator
from bootstrap.dicomedit.editing import matches, put_text, text_at
from bootstrap.dicomedit.functions_text import Arguments, at_least, need
from bootstrap.dicomedit.matching import select
from bootstrap.dicomedit.nodes import TagPath
from bootstrap.dicomedit.problems import ScriptError
from bootstrap.dicomedit.run import Run
from bootstrap.dicomedit.script_values import VOID, RuntimeValue, as_path, as_text, flattened, required_text

_LONGEST_UID = 64


def hashed_uid(text: str) -> str:
    """A UUID of version 5 over the text alone, without a name space, written as a UID."""
    return _known_hash(text) if len(text) <= _LONGEST_UID else _hash(text)


def _hash(text: str) -> str:
    digest = bytearray(hashlib.sha1(text.encode("utf-8", "replace"), usedforsecurity=False).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    return f"2.25.{int.from_bytes(digest, 'big')}"


_known_hash = lru_cache(maxsize=4096)(_hash)  # the files of a study share most of their UIDs


def hash_uid(run: Run, arguments: Arguments) -> RuntimeValue:
    at_least(arguments, 1, "hashUID[value]")
    text = as_text(run.resolved(arguments[0]))
    return None if text is None else hashed_uid(text)


def hash_uid_list(run: Run, arguments: Arguments) -> RuntimeValue:
    meant = select(value if isinstance(value, TagPath) else as_path(value) for value in flattened(arguments))
    for item, tag in matches(run.root, meant):
        vr = item.vr(tag)
        raw = b"" if vr == "SQ" or is_creator(tag) else item.raw(tag)
        if raw:
            values = values_of(str(vr), raw, item.charset())
            put_text(item, tag, "\\".join(hashed_uid(value) for value in values))
    return VOID


def new_uid(run: Run, _arguments: Arguments) -> RuntimeValue:
    return run.environment.new_uid()


def map_uid(run: Run, arguments: Arguments) -> RuntimeValue:
    need(arguments, (2,), "mapUID[value, prefix]")
    key, known = as_text(arguments[0]), run.environment.random_uids
    if key not in known:
        known[key] = run.environment.new_uid(required_text(arguments[1], "the prefix"))
    return known[key]


def map_referenced_uids(run: Run, arguments: Arguments) -> RuntimeValue:
    at_least(arguments, 2, "mapReferencedUIDs[prefix, path, ...]")
    known = run.environment.referenced_uids
    for item, tag in matches(run.root, select(usable_paths(arguments[1:]))):
        uid = str(text_at(item, tag))
        if uid not in known:
            known[uid] = run.environment.new_uid(required_text(arguments[0], "the prefix"))
        put_text(item, tag, known[uid])
    return VOID


def usable_paths(arguments: Arguments) -> Iterator[TagPath]:
    """A path that cannot be read means nothing here, and no Error."""
    for argument in arguments:
        try:
            yield as_path(as_text(argument))
        except ScriptError:
            continue
