"""What can be wrong with a command document: the rules, and one finding of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bootstrap.values import Severity

Step = str | int
Path = tuple[Step, ...]


@dataclass(frozen=True)
class Rule:
    id: str
    severity: Severity
    says: str  # what is wrong
    otherwise: str  # what happens without us
    mend: str


@dataclass(frozen=True)
class Flaw:
    """`path` leads to the place in the document; `at_key`: the key itself is what is wrong."""

    rule: str
    message: str
    path: Path
    mend: str = ""
    at_key: bool = False

    @property
    def severity(self) -> Severity:
        return RULES[self.rule].severity

    @property
    def hint(self) -> str:
        return self.mend or RULES[self.rule].mend


_IGNORED = "XNAT ignores it without a word"
_REFUSED = "XNAT refuses the command (400)"
_BROKEN = "XNAT answers 500"
_STAGING = "every launch fails"

_TABLE = (
    # The document as a text, and its form
    ("command-json", "error", "it is no JSON", _BROKEN, "see the place that is named"),
    ("command-duplicate-key", "error", "a key stands twice in one object", "XNAT takes the last", "take one out"),
    ("command-unknown-key", "error", "XNAT does not know this key", _IGNORED, "see the spelling"),
    ("command-deprecated-key", "warning", "an old or foreign key", _IGNORED, "write what the message names"),
    ("command-missing-key", "error", "a key that must be there is missing", f"{_REFUSED}, or 500", "add it"),
    ("command-wrong-type", "error", "the value is of the wrong type", _BROKEN, "write the type that is named"),
    ("command-wrong-value", "error", "the value is none of the known ones", "400, 500, or silently `string`",
     "take one of the known ones"),
    ("command-blank", "error", "the text is blank", _REFUSED, "give it a name"),
    ("command-bad-name", "error", "the name has other characters than letters, digits, - and _", _REFUSED, "rename it"),
    ("command-too-long", "error", "the text is longer than XNAT's column", _BROKEN, "shorten it"),
    ("command-null-entry", "error", "an entry of a map is null", _BROKEN, 'leave the entry out, or write ""'),
    # The command
    ("command-name-differs", "error", "the document has another name than the site file", "", "write one name in both"),
    ("command-slash", "error", "a name with a slash", "no route of XNAT can address it by name", "rename it"),
    ("command-no-version", "warning", "no version", "an XNAT before 1.9 makes doubles", "add a `version`"),
    ("command-image-untagged", "warning", "the image has no tag", "XNAT takes `:latest`", "write the tag"),
    ("command-no-command-line", "warning", "no command line", _STAGING, '"" runs what the image says'),
    ("command-setup-parts", "error", "a setup or wrapup command with parts of others", _REFUSED, "take them out"),
    ("command-ulimit", "error", "no soft limit, or soft:hard", "400, or every launch fails", 'write "1024:2048"'),
    ("command-reserved-variable", "error", "XNAT sets this variable itself", "400, or every launch fails", "rename it"),
    ("command-secret-twice", "error", "a secret and a variable of one name", _REFUSED, "rename one of them"),
    ("command-auto-remove", "warning", "`auto-remove` is on", "the logs are lost", "use `auto-cleanup` of `compute`"),
    ("command-fixed-container-name", "warning", "a fixed container name", "a second launch at a time fails",
     "put the key of an input into it, or leave it out"),
    ("command-no-effect", "warning", "XNAT stores it and never uses it", "nothing", "leave it out"),
    ("command-key-not-replaced", "warning", "no input fills this key", "it stands in the command line as it is",
     "name a command input: inputs of wrappers do not count here"),
    ("command-unknown-setup", "warning", "no setup or wrapup command of the site file has this image", _STAGING,
     "see that XNAT has one: image:tag[:name]"),
    # Mounts, inputs, outputs
    ("command-twice", "error", "a name that is there already", _REFUSED, "rename one of them"),
    ("command-unknown-mount", "error", "there is no such mount", "400, or the mount stays empty", "add it to `mounts`"),
    ("command-unused-mount", "warning", "nothing is mounted there", "the container finds an empty folder",
     "let an input of the wrapper provide files for it, or an output use it"),
    ("command-select-values", "error", "`select-values` and `type` do not fit", _REFUSED,
     "select-one and select-many need them, no other type may have them"),
    ("command-select-default", "error", "the default is none of the `select-values`", _REFUSED, "take one of them"),
    ("command-select-many-default", "error", "select-many without a default", _BROKEN, 'write "[]" for none'),
    ("command-illegal-default", "error", "a value with ; && || ` or (", _STAGING, "take the characters out"),
    # Wrappers
    ("command-no-context", "warning", "the wrapper has no context", "XNAT offers it nowhere", "add `contexts`"),
    ("command-unknown-context", "warning", "XNAT has no such data type without plugins", "it is offered nowhere",
     "see the spelling"),
    ("command-context-mismatch", "warning", "the context is another sort of data than the first input", _STAGING,
     "write a context of the first input's sort"),
    ("command-no-root", "warning", "the wrapper has no external input", "it is offered in no project", "add one"),
    ("command-unknown-input", "error", "there is no such command input", "the value is lost without a word",
     "add it to `inputs`"),
    ("command-feeds-select", "error", "a select input is fed by a wrapper", _REFUSED,
     "make the command input a string: it is shown as a choice where there is one"),
    ("command-shared-name", "error", "a wrapper's input is named like a command's that is not fed",
     "configuration, launch form and launches fail", "rename one of them, or let the one feed the other"),
    ("command-unknown-parent", "error", "it is derived from an input that is not there yet", _REFUSED,
     "name an input that stands before it"),
    ("command-derivation", "error", "XNAT derives no such type from the parent", "it never has a value",
     "take another parent"),
    ("command-setup-without-files", "error", "`via-setup-command` without files", _REFUSED,
     "add `provides-files-for-command-mount`"),
    ("command-not-mountable", "error", "nothing of this type can be mounted", _STAGING, "mount what it belongs to"),
    ("command-multiple", "error", "an input of several values that cannot be", _REFUSED,
     "let it provide a value for a command input, and no files"),
    ("command-matcher", "warning", "the matcher cannot be read", _STAGING, "see JSONPath: @.label == 'DICOM'"),
    ("command-string-matcher", "warning", "a matcher of a string input", "it never has a value", "take it out"),
    # Output handlers
    ("command-unknown-output", "error", "the handler accepts an output that is not there", _REFUSED,
     "add it to `outputs`"),
    ("command-unknown-target", "error", "the handler stores under what is not there yet", _REFUSED,
     "name an input, or a handler before it"),
    ("command-bad-target", "error", "nothing can be stored there", "400, or every launch fails",
     "store under an input that is one object"),
    ("command-no-label", "error", "a handler of a resource without a label", _REFUSED, "add `label`"),
    ("command-unhandled-output", "error", "an output that no handler of the wrapper accepts", _REFUSED,
     "add a handler, or take the output out"),
)  # fmt: skip

RULES: Mapping[str, Rule] = {row[0]: Rule(row[0], row[1], *row[2:]) for row in _TABLE}  # type: ignore[arg-type]
