"""Takes secrets out of every text that leaves: log lines, error messages, what the server said."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from threading import Lock
from urllib.parse import quote, quote_plus

from bootstrap.values import MASK, Secret

# What every fresh XNAT has, as its manual says. Hiding it would hide the account of that name as well.
PUBLISHED = frozenset({"", "admin"})
SHORT = 8  # shorter ones are hidden only where they stand alone, or they would shred every text

_SECRET_KEY = r"[^\"]*(?:password|passwd|secret|token|passphrase|credential|authorization)[^\"]*"
_SHAPES = (
    # "smtpPassword": "...", also when the text was cut off in the middle of the value
    (re.compile(rf'("{_SECRET_KEY}"\s*:\s*)"(?:[^"\\]|\\.)*"?', re.I), rf'\1"{MASK}"'),
    (re.compile(r"\b(\w*(?:password|secret)|XNAT_CSRF)=[^&\s\"']+", re.I), rf"\1={MASK}"),
    (re.compile(r"\b(Basic|Bearer) [\w+/=.~-]{8,}"), rf"\1 {MASK}"),
    (re.compile(r"(JSESSIONID=)[^;\s\"']+"), rf"\1{MASK}"),
    (re.compile(r"\b[0-9A-F]{32}\b"), MASK),  # a session's id
    (re.compile(r"(/services/tokens/(?:in)?validate/)[^\s?\"']+"), rf"\1{MASK}"),
    # The name half of an alias token: useless alone, and never needed in a log.
    (re.compile(r'("alias"\s*:\s*)"[0-9a-f]{8}-[0-9a-f-]{27}"', re.I), rf'\1"{MASK}"'),
)


class Redactor:
    """Knows the secrets of this run by value, and the places where any secret stands by their shape."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._forms: frozenset[str] = frozenset()
        self._known = re.compile(r"(?!)")  # matches nothing

    def add(self, secret: Secret, username: str = "") -> None:
        text = secret.reveal()
        if text in PUBLISHED:
            return
        with self._lock:
            self._forms |= _forms(text) | ({_basic(username, text)} if username else set())
            # The longest first: one secret may begin another.
            self._known = re.compile("|".join(_alone(form) for form in sorted(self._forms, key=len, reverse=True)))

    def clean(self, text: str) -> str:
        text = self._known.sub(MASK, text)
        for shape, replacement in _SHAPES:
            text = shape.sub(replacement, text)
        return text


def _forms(text: str) -> set[str]:
    """A secret as it may stand in a URL, in JSON, in HTML or in a Basic header."""
    in_html = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return {
        text,
        text.strip() or text,
        quote(text),
        quote(text, safe=""),
        quote_plus(text),
        json.dumps(text)[1:-1],
        json.dumps(text, ensure_ascii=False)[1:-1],
        in_html,
        in_html.replace("'", "&#39;"),
    }


def _alone(form: str) -> str:
    pattern = re.escape(form)
    return pattern if len(form) >= SHORT else rf"(?<!\w){pattern}(?!\w)"


def _basic(username: str, text: str) -> str:
    return b64encode(f"{username}:{text}".encode()).decode()
