"""Which images a Dockerfile stands on that it does not make itself."""

from __future__ import annotations

import pytest

from bootstrap.kinds.dockerfile_bases import Base, outside_bases

CASES = {
    "a name": ("FROM debian:12\n", [Base("debian:12")]),
    "an argument with a default": ("ARG B=debian:12\nFROM ${B}\n", [Base("debian:12", "B")]),
    "an argument that is given": ("ARG GIVEN=debian:12\nFROM $GIVEN\n", [Base("given:1", "GIVEN")]),
    "an argument within a name": ("ARG V=12\nFROM debian:${V}-slim\n", [Base("debian:12-slim", "V")]),
    "a quoted default": ('ARG B="debian:12"\nFROM ${B}\n', [Base("debian:12", "B")]),
    "several arguments in a line": ("ARG A=1 B=debian:12\nFROM $B\n", [Base("debian:12", "B")]),
    "instead of none": ("ARG B\nFROM ${B:-debian:12}\n", [Base("debian:12", "B")]),
    "where there is one": ("ARG GIVEN\nFROM ${GIVEN:+debian:12}\n", [Base("debian:12", "GIVEN")]),
    "where there is none": ("ARG B\nFROM ${B:+debian:12}\n", []),
    "an argument without a value": ("ARG B\nFROM $B\n", []),
    "an argument of another stage": ("FROM a:1\nARG B=debian:12\nFROM x:$B\n", [Base("a:1"), Base("x:", "B")]),
    "nothing": ("FROM scratch\n", []),
    "a stage of its own": ("FROM a:1 AS made\nFROM made\nCOPY --from=made /x /x\n", [Base("a:1")]),
    "a stage by its number": ("FROM a:1\nFROM b:1\nCOPY --from=0 /x /x\n", [Base("a:1"), Base("b:1")]),
    "copied from elsewhere": ("FROM scratch\nCOPY --chown=1:1 --from=tool:1 /x /x\n", [Base("tool:1")]),
    "a platform": ("FROM --platform=linux/amd64 a:1 as x\n", [Base("a:1")]),
    "lower case": ("from a:1\n", [Base("a:1")]),
    "twice the same": ("FROM a:1\nFROM a:1\n", [Base("a:1")]),
    "continued lines and comments": ("# FROM no:1\nFROM \\\n# between\n  a:1 \\\n  AS x\n", [Base("a:1")]),
    "a digest": (f"FROM a@sha256:{'0' * 64}\n", [Base(f"a@sha256:{'0' * 64}")]),
    "what only looks like one": ("FROM a:1\nRUN echo FROM b:1\n", [Base("a:1")]),
}


@pytest.mark.parametrize("case", CASES)
def test_bases(case: str) -> None:
    dockerfile, expected = CASES[case]
    assert outside_bases(dockerfile, {"GIVEN": "given:1"}) == expected
