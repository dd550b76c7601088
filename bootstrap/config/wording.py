"""The sentences in which a mistake is told: what is due, what stands there, what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic_core import ErrorDetails

from bootstrap.config.nodes import Items, Map, Node, Scalar, Step
from bootstrap.config.outline import Outline
from bootstrap.config.problems import listed, shortened, suggest
from bootstrap.config.scalars import NumberTooLarge, resolve
from bootstrap.config.texts import EnvText, FileText
from bootstrap.values import MASK, Secret

if TYPE_CHECKING:
    from bootstrap.config.mistakes import Mistake

TEXT, WHOLE, NUMBER, SWITCH, LIST, MAP = "a text", "a whole number", "a number", "`true` or `false`", "a list", "a map"
DUE = {
    "string_type": TEXT,
    "string_sub_type": TEXT,
    "int_type": WHOLE,
    "int_parsing": WHOLE,
    "int_from_float": WHOLE,
    "float_type": NUMBER,
    "float_parsing": NUMBER,
    "bool_type": SWITCH,
    "bool_parsing": SWITCH,
    "list_type": LIST,
    "tuple_type": LIST,
    "set_type": LIST,
    "frozen_set_type": LIST,
    "iterable_type": LIST,
    "dict_type": MAP,
    "mapping_type": MAP,
    "model_type": MAP,
    "model_attributes_type": MAP,
    "none_required": "nothing (null)",
    "path_type": "a path",
    "date_type": "a date such as 2027-01-31",
    "date_from_datetime_inexact": "a date such as 2027-01-31",
    "datetime_type": "a date and time such as 2027-01-31T12:00:00Z",
    "time_type": "a time such as 12:30:00",
    "time_delta_type": "a duration such as PT30S",
}
# Sentences for what pydantic checks besides types. `{...}` is what its error knows.
LIMITS = {
    "greater_than": ("out-of-range", "has to be greater than {gt}"),
    "greater_than_equal": ("out-of-range", "has to be {ge} or more"),
    "less_than": ("out-of-range", "has to be less than {lt}"),
    "less_than_equal": ("out-of-range", "has to be {le} or less"),
    "multiple_of": ("out-of-range", "has to be a multiple of {multiple_of}"),
    "string_too_short": ("bad-length", "needs {min_length} characters or more"),
    "string_too_long": ("bad-length", "takes {max_length} characters at most"),
    "too_short": ("bad-length", "needs {min_length} entries or more"),
    "too_long": ("bad-length", "takes {max_length} entries at most"),
    "string_pattern_mismatch": ("bad-format", "does not fit the pattern `{pattern}`"),
    "date_parsing": ("bad-format", "is no date; a date is written as 2027-01-31"),
    "date_from_datetime_parsing": ("bad-format", "is no date; a date is written as 2027-01-31"),
    "datetime_parsing": ("bad-format", "is no date and time; they are written as 2027-01-31T12:00:00Z"),
    "datetime_from_date_parsing": ("bad-format", "is no date and time; they are written as 2027-01-31T12:00:00Z"),
    "time_parsing": ("bad-format", "is no time; a time is written as 12:30:00"),
    "time_delta_parsing": ("bad-format", "is no duration; a duration is written as PT30S"),
}
CHOICES = ("literal_error", "enum", "union_tag_invalid")
_DELICATE = re.compile(r"pass|secret|token|credential|private.?key|api.?key", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sentence:
    rule: str
    message: str
    hint: str = ""


def is_about_type(kind: str) -> bool:
    return kind in DUE


class Wording:
    def __init__(self, section: str, mistake: Mistake) -> None:
        self.mistake, self.error, self.node = mistake, mistake.error, mistake.node
        self.section = section
        self.errors = (mistake.error, *mistake.others)
        self.label = f"`{label(section, mistake.path)}`"
        self.context: dict[str, Any] = self.error.get("ctx", {})

    def sentence(self) -> Sentence:
        kind = self.mistake.kind
        if kind == "extra_forbidden":
            return self._unknown()
        if self.mistake.key is not None:
            return Sentence("missing-key", f"{self.label}: the key `{self.mistake.key}` is missing")
        if kind in CHOICES:
            return self._choice()
        if is_about_type(kind) or self._is_secret_field():
            return self._type()
        return self._value(kind)

    def _unknown(self) -> Sentence:
        *around, key = self.mistake.path
        outline = self.mistake.holder_outline or Outline()
        where = f"`{label(self.section, tuple(around))}`"
        if key in outline.elsewhere:
            return Sentence("key-elsewhere", f"{where}: `{key}` does not stand here", outline.elsewhere[str(key)])
        if key in outline.fields:
            return Sentence("unknown-key", f"{where}: `{key}` does not go with the other keys of this map")
        return Sentence("unknown-key", f"{where}: unknown key `{key}`", suggest(str(key), outline.fields))

    def _choice(self) -> Sentence:
        options = [option for error in self.errors for option in _options(error)]
        value = self.node.value if isinstance(self.node, Scalar) else None
        near = suggest(value, options) if isinstance(value, str) else ""
        allowed = f"allowed: {listed(options, most=30)}"
        hint = f"{near} {allowed}" if near.startswith("did") else allowed
        return Sentence("not-allowed", f"{self.label}: {self._seen()} is not allowed here", hint)

    def _type(self) -> Sentence:
        value = self.node.value if isinstance(self.node, Scalar) else None
        due = " or ".join(dict.fromkeys(_due(error) for error in self.errors))
        if isinstance(value, Secret):
            message = f"{self.label}: {due} is due here that everybody may see, and this is a secret"
            return Sentence("secret-in-plain-field", message, "use `!env` or `!file`")
        message = f"{self.label}: {due} is due here, and this is {self._seen()}"
        return Sentence("wrong-type", message, _mend(due, self.node, self._is_delicate()))

    def _value(self, kind: str) -> Sentence:
        if kind in LIMITS:
            rule, text = LIMITS[kind]
            return Sentence(rule, f"{self.label}: {self._seen()} {text.format(**self.context)}")
        # A validator's own words. It may have quoted the value, so secrets are taken out.
        said = str(self.context.get("error") or self.error["msg"])
        rule = kind if "-" in kind else "bad-value"
        hint = self._scrubbed(str(self.context.get("hint", "")))
        return Sentence(rule, f"{self.label}: {self._scrubbed(said)}", hint)

    # --- what may be shown ------------------------------------------------------------------------------------------

    def _seen(self) -> str:
        if self.mistake.about_key:
            return f"the key `{self.mistake.path[-1]}`"
        if isinstance(self.node, Map):
            return "a map"
        if isinstance(self.node, Items):
            return "a list"
        value = self.node.value
        if isinstance(value, EnvText):
            return f"the value of `{value.origin}`"
        if value is None:
            return "nothing (null)"
        if isinstance(value, FileText):
            return f"the text of the file {value.path}"
        kind = "text" if isinstance(value, str) else "value"
        return f"a {kind} that is not shown" if self._is_delicate() else f"the {kind} `{shortened(self.node.text)}`"

    def _is_secret_field(self) -> bool:
        return self.mistake.outline is not None and self.mistake.outline.secret

    def _is_delicate(self) -> bool:
        """Whether a password may stand here: by the model, by the key's name, or in place of a map that has one."""
        outline = self.mistake.outline
        if outline is not None and (outline.secret or any(inner.secret for inner in outline.fields.values())):
            return True
        return any(isinstance(step, str) and _DELICATE.search(step) for step in self.mistake.path)

    def _scrubbed(self, text: str) -> str:
        for hidden, shown in _hidden(self.node, self.mistake.outline):
            for form in (hidden, repr(hidden)[1:-1]):
                text = _replaced(text, form, shown)
        return text


def _replaced(text: str, hidden: str, shown: str) -> str:
    if len(hidden) >= 4:
        return text.replace(hidden, shown)
    # A short one is replaced only where it is a word, or it would tear the sentence apart.
    return re.sub(rf"(?<!\w){re.escape(hidden)}(?!\w)", lambda _match: shown, text) if hidden else text


def label(section: str, path: tuple[Step, ...]) -> str:
    return section + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)


def _due(error: ErrorDetails) -> str:
    if error["type"] in CHOICES:
        return f"one of {listed(_options(error), most=30)}"
    return DUE.get(error["type"], TEXT)


def _options(error: ErrorDetails) -> list[str]:
    """The allowed values, which pydantic tells as a sentence: 'a', 'b' or 'c'."""
    context = error.get("ctx", {})
    expected = str(context.get("expected") or context.get("expected_tags", ""))
    return re.findall(r"'([^']*)'", expected) or [
        word.strip() for word in re.split(r",| or ", expected) if word.strip()
    ]


def _mend(due: str, node: Node, delicate: bool) -> str:
    if not isinstance(node, Scalar):
        return ""
    value, text = node.value, node.text
    if value is None:
        return "remove the key to leave it alone" if due in (MAP, LIST) else ""
    if isinstance(value, bool | int | float):
        quoted = "" if delicate else f': "{text}"'
        return f"write it in quotes{quoted}" if TEXT in due else ""
    if not isinstance(value, str) or isinstance(value, EnvText | FileText):
        return ""
    if due in (WHOLE, NUMBER, SWITCH) and _is_plain_word(text):
        return "drop the quotes"
    if due == SWITCH:
        return "write `true` or `false`"
    return "write it as a list, each item after a `- `" if due == LIST else ""


def _is_plain_word(text: str) -> bool:
    try:
        return isinstance(resolve(text), bool | int | float)
    except NumberTooLarge:
        return False


def _hidden(node: Node, outline: Outline | None) -> Iterator[tuple[str, str]]:
    """The texts at and under this value that must not be seen, and what is shown for them."""
    if isinstance(node, Scalar):
        value = node.value
        if isinstance(value, Secret):
            yield value.reveal(), MASK
        elif isinstance(value, EnvText):
            yield str(value), value.origin
        elif outline is not None and outline.secret:
            yield node.text, MASK
        return
    for step, inner in node.entries.items() if isinstance(node, Map) else enumerate(node.items):
        yield from _hidden(inner, outline.inner(node, step) if outline else None)
