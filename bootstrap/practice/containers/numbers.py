"""Numbers and switches as they stand in paths and parameters."""

from __future__ import annotations

import re

from bootstrap.practice.containers.problems import Broken

_NUMBER = re.compile(r"\s*[+-]?[0-9]{1,19}\s*")
_LARGEST = 2**63 - 1


def row_number(text: str) -> int:
    """A Problem with 500 for what is no number that XNAT could hold."""
    if not _NUMBER.fullmatch(text) or abs(int(text)) > _LARGEST:
        raise Broken(
            "Failed to convert value of type 'java.lang.String' to required type 'long'; nested exception is "
            f'java.lang.NumberFormatException: For input string: "{text}"'
        )
    return int(text)
