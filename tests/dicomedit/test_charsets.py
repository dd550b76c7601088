"""Character sets: what is written and read by the terms of (0008,0005), and what stays as it is."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
import yaml

from bootstrap.dicomedit import apply_file, parse, preview_file
from bootstrap.dicomedit.charsets import charset_of, decode, encode, read_text
from bootstrap.dicomedit.codec import padded
from bootstrap.dicomedit.problems import ScriptError

DATA: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "data" / "charsets.yaml").read_text("utf-8"))
DEFLATED = b"1.2.840.10008.1.2.1.99"
UNTOUCHED = b"Yamada=\x1b$B;3ED\x1b(B=\xff "


@pytest.mark.parametrize(("term", "text", "raw"), DATA["written"], ids=repr)
def test_written(term: str, text: str, raw: str) -> None:
    assert encode(text, charset_of(term.encode())) == bytes.fromhex(raw)


@pytest.mark.parametrize(("term", "raw", "text"), DATA["read"], ids=repr)
def test_read(term: str, raw: str, text: str) -> None:
    assert read_text(bytes.fromhex(raw), charset_of(term.encode())) == text


@pytest.mark.parametrize(("term", "raw"), DATA["unreadable"], ids=repr)
def test_a_text_that_ends_too_early_cannot_be_read(term: str, raw: str) -> None:
    with pytest.raises(ScriptError, match=r"\(0008,0005\)"):
        read_text(bytes.fromhex(raw), charset_of(term.encode()))
    assert decode(bytes.fromhex(raw), charset_of(term.encode()))


def test_a_file_with_such_a_text_can_be_shown(tmp_path: Path) -> None:
    broken = element(0x00080005, "CS", b"\\ISO 2022 IR 87 ") + element(0x00190010, "LO", b"ab\x1b$")
    (tmp_path / "a.dcm").write_bytes(file_with(broken + element(0x00191001, "LO", b"c\x1b"), deflated=False))
    assert preview_file(parse('(0010,0020) := "x"', "6"), tmp_path / "a.dcm").status == "success"
    assert preview_file(parse("(0010,0020) := (0019,{ab}01)", "6"), tmp_path / "a.dcm").status == "success"


@pytest.mark.parametrize("term", ["\\ISO 2022 IR 87", "ISO_IR 100", "ISO_IR 192", "GB18030", "ISO 2022 IR 149"])
@pytest.mark.parametrize("deflated", [False, True], ids=["by bytes", "by pydicom"])
def test_what_a_script_leaves_alone_keeps_its_bytes(term: str, deflated: bool, tmp_path: Path) -> None:
    name = element(0x00100010, "PN", UNTOUCHED)
    item = struct.pack("<HHI", 0xFFFE, 0xE000, len(name)) + name
    sequence = struct.pack("<HH2sHI", 0x0010, 0x1002, b"SQ", 0, len(item)) + item
    data = element(0x00080005, "CS", padded("CS", term.encode())) + name + sequence
    (tmp_path / "a.dcm").write_bytes(file_with(data, deflated=deflated))
    # The new character set is for what is written from then on, in new items too.
    script = parse(
        '(0010,1002)[1]/(0010,0020) := "x"\n(0008,0005) := "ISO_IR 100"\n(0010,0020) := "é"\n'
        '(0010,1002)[2]/(0010,0020) := "é"',
        "6",
    )
    assert apply_file(script, tmp_path / "a.dcm", tmp_path / "b.dcm").status == "success"
    written = (tmp_path / "b.dcm").read_bytes()
    if deflated:
        written = zlib.decompress(written[written.index(DEFLATED) + len(DEFLATED) :], -zlib.MAX_WBITS)
    assert written.count(UNTOUCHED) == 2
    assert written.count(element(0x00100020, "LO", b"\xe9 ")) == 2


def element(tag: int, vr: str, value: bytes) -> bytes:
    return struct.pack("<HH2sH", tag >> 16, tag & 0xFFFF, vr.encode(), len(value)) + value


def file_with(data: bytes, *, deflated: bool) -> bytes:
    """As bytes: pydicom would change the texts when it writes them."""
    syntax = DEFLATED if deflated else b"1.2.840.10008.1.2.1\0"
    if deflated:
        packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        data = padded("OB", packer.compress(data) + packer.flush())
    return bytes(128) + b"DICM" + element(0x00020010, "UI", syntax) + data
