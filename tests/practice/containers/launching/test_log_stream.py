"""Logs as the engine sends them: frames, cut into pieces anywhere."""

from __future__ import annotations

import struct
from typing import cast

import pytest
from urllib3.exceptions import ProtocolError
from urllib3.response import BaseHTTPResponse

from bootstrap.practice.containers.launching import log_stream
from bootstrap.practice.containers.problems import EngineFailed

LINES = [b"one\n", b"", b"two, and longer than the others\n", b"x", b"\n"]
SENT = b"".join(struct.pack(">BxxxL", 1, len(line)) + line for line in LINES)


class Raw:
    """Answers so much at a time, whatever is asked for."""

    def __init__(self, sent: bytes, size: int, *, breaks: bool = False) -> None:
        self.sent, self.size, self.breaks = sent, size, breaks

    def read(self, _amount: int) -> bytes:
        piece, self.sent = self.sent[: self.size], self.sent[self.size :]
        if not piece and self.breaks:
            raise ProtocolError("cut")
        return piece


def frames(raw: Raw) -> list[bytes]:
    return list(log_stream._frames(cast("BaseHTTPResponse", raw)))


@pytest.mark.parametrize("size", [*range(1, 14), len(SENT)])
def test_wherever_it_is_cut_the_text_is_whole(size: int) -> None:
    assert b"".join(frames(Raw(SENT, size))) == b"".join(LINES)


def test_many_lines_come_as_one_piece() -> None:
    assert frames(Raw(SENT * 1000, 1 << 18)) == [b"".join(LINES) * 1000]


def test_a_log_that_breaks_off_is_said_so() -> None:
    with pytest.raises(EngineFailed, match="breaks off: cut"):
        frames(Raw(SENT, 5, breaks=True))
