"""Whether a wrapper can do anything with the events that start it, and with the attributes that it is given.

XNAT asks nothing of this when a subscription is made, and its history says `Container queued.` in any case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bootstrap.config.problems import suggest
from bootstrap.facts import event_types, type_ancestry
from bootstrap.facts.event_types import EventType
from bootstrap.kinds.command_document.command_checks import chosen, illegal
from bootstrap.kinds.default_checks import configurable
from bootstrap.kinds.subscription_filter_values import TYPES
from bootstrap.kinds.subscription_meaning import PLACEHOLDER, Flaw, Meaning

# What an event's address leads to: its own object first, then what it lies in.
_LEADS_TO: Mapping[str, tuple[str, ...]] = {
    "project": ("Project",),
    "subject": ("Subject",),
    "session": ("Session", "SubjectAssessor"),
    "scan": ("Scan", "Session"),
    "subject_assessor": ("SubjectAssessor", "Session"),
    "image_assessor": ("Assessor",),
    "resource": ("Resource",),
    "project_asset": ("ProjectAsset",),
}
# Further up, which nobody has seen working or failing.
_ABOVE: Mapping[str, tuple[str, ...]] = {
    "subject": ("Project",),
    "session": ("Subject", "Project"),
    "scan": ("SubjectAssessor", "Subject", "Project"),
    "subject_assessor": ("Subject", "Project"),
    "image_assessor": ("Session", "SubjectAssessor", "Subject", "Project"),
    "resource": ("Scan", "Session", "Assessor", "SubjectAssessor", "Subject", "Project", "ProjectAsset"),
    "project_asset": ("Project",),
}
_OBJECTS = {"Project", "Subject", "Session", "Scan", "SubjectAssessor", "Assessor", "Resource", "ProjectAsset"}
_NOT_ON_SCHEDULE = {"Resource"}
_ROOT_PAYLOADS = {
    "Assessor": "image_assessor",
    "SubjectAssessor": "subject_assessor",
    "ProjectAsset": "project_asset",
    **{name: name.lower() for name in ("Project", "Subject", "Session", "Scan")},
}
_OF_EVENTS = ("event-type", "event-display-name", "event-description")


@dataclass(frozen=True)
class WrapperDocument:
    """A command and one of its wrappers, as normal documents."""

    command: Mapping[str, Any]
    wrapper: Mapping[str, Any]

    @property
    def root(self) -> Mapping[str, Any] | None:
        inputs = self.wrapper["external-inputs"]
        return inputs[0] if inputs else None


def payload_type(meaning: Meaning, document: WrapperDocument | None) -> EventType | None:
    """Whose fields its filter can name. On a schedule these are the fields of what the wrapper is launched on."""
    if meaning.is_scheduled and document and document.root:
        return event_types.by_short_name().get(_ROOT_PAYLOADS.get(document.root["type"], ""))
    return meaning.type


def action_flaws(meaning: Meaning, document: WrapperDocument | None) -> Iterator[Flaw]:
    if meaning.wrapper and meaning.status == "DELETED":
        message = "what was deleted cannot be given to a command: every launch fails"
        yield Flaw("action-of-deleted", message, "action", "use another event")
    if document is None:
        return
    root = document.root
    if root is None:
        message = f"the wrapper {meaning.wrapper} has no external input, so nothing can be given to it"
        yield Flaw("no-root-input", message, "action")
        return
    yield from _root(meaning, root)
    yield from _contexts(meaning, document)
    yield from _attributes(meaning, document, root)


def _root(meaning: Meaning, root: Mapping[str, Any]) -> Iterator[Flaw]:
    kind, event = root["type"], meaning.type
    if meaning.is_scheduled:
        if kind in _NOT_ON_SCHEDULE or kind not in _OBJECTS:
            message = f"its first input `{root['name']}` is a {kind}, and XNAT cannot list these on a schedule"
            yield Flaw("root-not-derivable", message, "action")
        return
    if event is None or kind not in _OBJECTS or kind in _LEADS_TO.get(event.short, ()):
        return
    if kind in _ABOVE.get(event.short, ()):
        message = (
            f"its first input `{root['name']}` is a {kind}, and whether XNAT finds it from a {event.short} is not known"
        )
        yield Flaw("root-not-derivable", message, "action", "try it, or use an event on a " + kind, "warning")
        return
    message = f"its first input `{root['name']}` is a {kind}, which does not follow from a {event.short}: launches fail"
    yield Flaw("root-not-derivable", message, "action", f"use an event on a {kind}")


def _contexts(meaning: Meaning, document: WrapperDocument) -> Iterator[Flaw]:
    """XNAT does not look at them when an event comes; on a schedule it does."""
    general = TYPES.get(meaning.type.short) if meaning.type else None
    contexts = [one for one in document.wrapper["contexts"] if type_ancestry.is_known(one)]
    if general is None or not contexts or len(contexts) < len(document.wrapper["contexts"]):
        return
    if not any(_related(one, general) for one in contexts):
        message = (
            f"no context of {meaning.wrapper} names the type of the event, {general}: XNAT launches it all the same"
        )
        yield Flaw("context-not-named", message, "action", severity="warning")
    elif not any(type_ancestry.is_a(general, one) for one in contexts) and not _asks_type(meaning.filter):
        message = f"{meaning.wrapper} is for {', '.join(contexts)}, and XNAT launches it on every {general}"
        hint = f"ask for the type: `filter: \"@.xsiType == '{contexts[0]}'\"`"
        yield Flaw("context-not-asked", message, "action", hint, "warning")


def _related(context: str, general: str) -> bool:
    return type_ancestry.is_a(context, general) or type_ancestry.is_a(general, context)


def _asks_type(text: str) -> bool:
    return any(name in text for name in ("xsiType", "modality", "modalities-in-study"))


def _attributes(meaning: Meaning, document: WrapperDocument, root: Mapping[str, Any]) -> Iterator[Flaw]:
    known = configurable(document.command, document.wrapper)
    for name, value in meaning.attributes.items():
        if name == root["name"]:
            message = f"`{name}` becomes what the event is about, whatever is written here"
            yield Flaw("attribute-of-root", message, "attributes", "take it out")
        elif name not in known:
            hint = suggest(name, set(known) - {root["name"]})
            yield Flaw("unknown-attribute", f"the wrapper {meaning.wrapper} has no input `{name}`", "attributes", hint)
        elif PLACEHOLDER.search(value):
            yield from _placeholders(meaning, name, value)
        else:
            yield from _value(known[name], value)


def _placeholders(meaning: Meaning, name: str, value: str) -> Iterator[Flaw]:
    if meaning.type is None:
        return
    known = {*_OF_EVENTS, *meaning.type.scalars}
    for word in PLACEHOLDER.findall(value):
        if word.lower() not in {one.lower() for one in known}:
            message = f"`#{word}#` in `{name}` stands for nothing that this event has, and stays as it is"
            yield Flaw("unknown-placeholder", message, "attributes", suggest(word, known), "warning")


def _value(one: Mapping[str, Any], value: str) -> Iterator[Flaw]:
    for flaw in illegal(value, ()):
        yield Flaw("attribute-value", f"`{one['name']}`: {flaw.message}", "attributes", flaw.hint)
    values = one.get("select-values") or ()
    if values and not set(chosen(one["type"], value)) <= set(values):
        message = f"`{one['name']}`: `{value}` is none of the values to choose from"
        yield Flaw("attribute-value", message, "attributes", suggest(value, values))
    if one["type"] == "boolean" and value.lower() not in ("true", "false"):
        message = f"`{one['name']}` is true or false, and XNAT takes `{value}` for false"
        yield Flaw("attribute-value", message, "attributes")
    if one["type"] == "number" and not is_number(value):
        yield Flaw("attribute-value", f"`{one['name']}` is a number, and `{value}` is none", "attributes")


def is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
