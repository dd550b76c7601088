"""Single values of a request, read as Spring reads them."""

from __future__ import annotations

from bootstrap.practice import java_numbers
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Refusal

_LONG = ("long", "java.lang.Long")
_TRUE, _FALSE = ("true", "on", "yes", "1"), ("false", "off", "no", "0")


def boolean(text: str, java_type: str = "java.lang.Boolean") -> bool:
    """A Refusal with 500 for what is neither true nor false."""
    if text.lower() in _TRUE:
        return True
    if text.lower() in _FALSE:
        return False
    raise Refusal(_conversion_failed(java_type, f"java.lang.IllegalArgumentException: Invalid boolean value [{text}]"))


def integer(text: str, java_type: str = "int") -> int:
    """A Refusal with 500 for what is no number of this type."""
    number = java_numbers.long(text.strip()) if java_type in _LONG else java_numbers.integer(text.strip())
    if number is None:
        nested = f'java.lang.NumberFormatException: For input string: "{text}"'
        raise Refusal(_conversion_failed(java_type, nested))
    return number


def _conversion_failed(java_type: str, nested: str) -> Answer:
    text = f"Failed to convert value of type 'java.lang.String' to required type '{java_type}'; nested exception is "
    return bodies.wrapped(text + nested)
