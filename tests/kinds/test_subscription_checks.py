"""What is told of subscriptions that XNAT would take and that would not do what they seem to."""

from __future__ import annotations

from typing import Any

import pytest

from bootstrap.facts import event_types
from bootstrap.kinds.command_document.normal import normal
from bootstrap.kinds.subscription_action_checks import WrapperDocument
from bootstrap.kinds.subscription_checks import flaws_of
from bootstrap.kinds.subscription_meaning import Meaning, event_class

EVENTS = "org.nrg.xnat.eventservice.events."


def meaning(event: str = "scan.created", **said: Any) -> Meaning:
    name, _, status = event.partition(".")
    status = "CRON" if name == "scheduled" else status.upper()
    return Meaning(event_class(name), status, ("BRAIN",), **{"action": "logging", **said})


def document(root: str = "Scan", contexts: tuple[str, ...] = ("xnat:imageScanData",)) -> WrapperDocument:
    command = normal(
        {
            "name": "greet",
            "image": "busy:1",
            "command-line": "true",
            "inputs": [
                {"name": "words"},
                {"name": "loud", "type": "boolean"},
                {"name": "times", "type": "number"},
                {"name": "tone", "type": "select-one", "select-values": ["high", "low"]},
            ],
            "xnat": [{"name": "say", "contexts": list(contexts), "external-inputs": [{"name": "it", "type": root}]}],
        }
    )
    return WrapperDocument(command, command["xnat"][0])


def told(one: Meaning, wrapper: WrapperDocument | None = None) -> list[str]:
    return [flaw.rule for flaw in flaws_of(one, wrapper)]


FILTERS = {
    "@.modality == 'MR'": [],
    '"DICOM" in @.resources[*].label': [],
    "@.resources.length() > 0 && @.frames > 10": [],
    "@..label contains 'x'": [],
    "@.scan-type =~ /.*mpr.*/i": [],
    "@.scan-type =~ /mpr/": ["filter-whole-match"],
    "modality == 'MR'": ["bad-filter"],
    "$.modality == 'MR'": ["bad-filter"],
    " ": ["bad-filter"],
    "@.modality == 'MR' and @.frames > 1": ["bad-filter"],
    '@.label == "O\'Neil"': ["filter-apostrophe"],
    "@.resources[?(@.label == 'X')]": ["filter-always-true"],
    "!@.resources[*].label": ["filter-always-true"],
    "@.modality != 'MR'": ["filter-missing-passes"],
    "@.modalty == 'MR'": ["filter-unknown-field"],
    "!(@.modalty)": ["filter-unknown-field"],
    "@.modalty == 'MR' || @.frams > 3": ["filter-unknown-field", "filter-unknown-field"],
    "@.xsiType == 'xnat:imageScanData'": ["filter-general-type"],
    "@.xsiType == 'xnat:mrScanData'": [],
    "@.type == 'Session'": ["filter-never-matches"],
    "@.type in ['Scan', 'Session']": [],
    "@.project-id == 'HEART'": ["filter-never-matches"],
    "@.project-id == 'BRAIN'": [],
    "!(@.project-id == 'HEART')": [],
    "@.xsiType == 'xnat:mrSessionData'": ["filter-never-matches"],
    "@.xsiType == 'our:scanData'": [],
    "@.label == '1' && (@.id == '1' && @.label == '2')": ["filter-never-matches"],
    "@.label in ['1', '2'] && @.label == '2' && @.frames == '03' && @.frames == 3": [],
    "'DICOM' in @.resources.label": ["filter-unknown-field"],
    "@.resources[0].files[*].nme == 'a'": ["filter-unknown-field"],
    "@.resources[0].files[*].name == 'a' && @.resources[*].files.length() > 0": [],
}


@pytest.mark.parametrize("text", FILTERS)
def test_filters_that_do_not_do_what_they_seem_to(text: str) -> None:
    assert told(meaning(filter=text)) == FILTERS[text]


@pytest.mark.parametrize(
    ("more", "at", "told_of"),
    [
        ({"filter": "@.modality == 'MR' AND @.frames > 1 or @.id == 1"}, "filter", "`and` is written `&&`; `or` is"),
        ({"filter": "$.modality == 'MR'"}, "filter", "`@` is the object of the event"),
        ({"filter": " "}, "filter", "write `filter: null` for none"),
        ({"schedule": "0 0 0 30 2 *"}, "schedule", "name a day that its months have"),
    ],
)
def test_what_to_write_instead(more: dict[str, str], at: str, told_of: str) -> None:
    event = "scheduled" if "schedule" in more else "scan.created"
    (flaw,) = flaws_of(meaning(event, **more), None)
    assert (flaw.at, "null" in flaw.message) == (at, False)
    assert told_of in flaw.hint


@pytest.mark.parametrize(
    ("name", "severity"),
    [(f"{EVENTS}ScanEvnt", "error"), ("org.nrg.xnat.eventservice.event.ScanEvent", "warning")],
)
def test_a_class_with_a_typo(name: str, severity: str) -> None:
    (flaw,) = flaws_of(Meaning(name, "CREATED", (), "logging"), None)
    assert (flaw.rule, flaw.severity) == ("unknown-event", severity)
    assert flaw.hint == f"did you mean `{EVENTS}ScanEvent`?"


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("@.type == 'Session' && @.id == 1", "error"),
        ("@.type == 'Session' || @.type == 'Subject'", "error"),
        ("@.type == 'Session' || @.id == 1", "warning"),
    ],
)
def test_only_a_filter_that_lets_nothing_through_at_all_is_an_error(text: str, severity: str) -> None:
    found = {(flaw.rule, flaw.severity) for flaw in flaws_of(meaning(filter=text), None)}
    assert found == {("filter-never-matches", severity)}


@pytest.mark.parametrize(
    ("event", "more", "rules"),
    [
        ("scan.created", {}, []),
        ("scan.archived", {}, ["unknown-status"]),
        ("scans.created", {}, ["unknown-event"]),
        ("session.merged", {}, []),
        ("project.created", {}, ["project-event"]),
        ("session.deleted", {"filter": "@.id == 1"}, ["filter-of-deleted"]),
        ("session.deleted", {"action": "command:greet/say"}, ["action-of-deleted"]),
        ("session.created", {"filter": "@.xsiType == 'xnat:mrScanData'"}, ["filter-never-matches"]),
        ("subject_assessor.created", {"filter": "@.type == 'Session'"}, []),
        ("subject_assessor.created", {"filter": "@.type == 'Scan'"}, ["filter-never-matches"]),
        ("scan.created", {"schedule": "0 0 2 * * *"}, ["schedule-of-event"]),
        ("scheduled", {"schedule": "0 0 2 * * *"}, []),
        ("scheduled", {"schedule": "@daily"}, []),
        ("scheduled", {}, ["bad-schedule"]),
        ("scheduled", {"schedule": "0 0 25 * * *"}, ["bad-schedule"]),
        ("scheduled", {"schedule": "0 0 2 * * *", "act_as_event_user": True}, ["acts-as-administrator"]),
        ("scheduled", {"schedule": "0 0 2 * * *", "filter": "@.id == 1"}, ["filter-not-asked"]),
        ("scan.created", {"attributes": {"words": "x" * 256}}, ["bad-length"]),
    ],
)
def test_events_schedules_and_lengths(event: str, more: dict[str, Any], rules: list[str]) -> None:
    assert told(meaning(event, **more)) == rules


def test_an_event_that_xnat_knows_and_never_raises() -> None:
    one = Meaning(f"{EVENTS}WorkflowStatusChangeEvent", "CHANGED", (), "logging")
    assert told(one) == ["unknown-event"]


def test_an_event_of_a_plugin_is_left_to_the_server() -> None:
    assert told(Meaning("org.example.events.Flying", "FLEW", (), "logging", filter="@.anything == 1")) == []


def test_a_scheduled_status_that_starts_no_schedule() -> None:
    one = Meaning(f"{EVENTS}ScheduledEvent", "", (), "logging", schedule="0 0 2 * * *")
    assert told(one) == ["unknown-status"]


def test_a_project_without_a_name() -> None:
    assert told(Meaning(f"{EVENTS}ScanEvent", "CREATED", ("",), "logging")) == ["unknown-project"]


@pytest.mark.parametrize(
    ("event", "root", "context", "rules"),
    [
        ("scan.created", "Scan", "xnat:imageScanData", []),
        ("scan.created", "Session", "xnat:imageSessionData", ["context-not-named"]),
        ("scan.created", "Subject", "xnat:subjectData", ["root-not-derivable", "context-not-named"]),
        ("scan.created", "Scan", "xnat:mrScanData", ["context-not-asked"]),
        ("subject.created", "Session", "xnat:imageSessionData", ["root-not-derivable", "context-not-named"]),
        ("session.merged", "Session", "xnat:imageSessionData", []),
        ("session.merged", "Scan", "xnat:imageScanData", ["root-not-derivable", "context-not-named"]),
        ("scan.created", "string", "xnat:imageScanData", []),
        ("scan.created", "Scan", "our:scanData", []),
    ],
)
def test_what_a_wrapper_can_be_launched_on(event: str, root: str, context: str, rules: list[str]) -> None:
    assert told(meaning(event, action="command:greet/say"), document(root, (context,))) == rules


def test_a_filter_on_the_type_answers_for_the_context() -> None:
    one = meaning(action="command:greet/say", filter="@.xsiType == 'xnat:mrScanData'")
    assert told(one, document("Scan", ("xnat:mrScanData",))) == []


def test_a_wrapper_without_an_external_input() -> None:
    whole = document()
    bare = WrapperDocument(whole.command, {**whole.wrapper, "external-inputs": []})
    assert told(meaning(action="command:greet/say"), bare) == ["no-root-input"]


@pytest.mark.parametrize(
    ("root", "rules"), [("Session", []), ("Resource", ["root-not-derivable"]), ("string", ["root-not-derivable"])]
)
def test_what_can_be_launched_on_a_schedule(root: str, rules: list[str]) -> None:
    one = meaning("scheduled", action="command:greet/say", schedule="0 0 2 * * *")
    assert told(one, document(root, ())) == rules


def test_a_filter_on_a_schedule_names_fields_of_what_is_launched_on() -> None:
    nightly = {"action": "command:greet/say", "schedule": "0 0 2 * * *"}
    assert told(meaning("scheduled", filter="@.scan-type == 'T1'", **nightly), document("Scan", ())) == []
    wrong = meaning("scheduled", filter="@.scan-type == 'T1'", **nightly)
    assert told(wrong, document("Session", ())) == ["filter-unknown-field"]


ATTRIBUTES: list[tuple[dict[str, str], list[str]]] = [
    ({"words": "hi"}, []),
    ({"wrds": "hi"}, ["unknown-attribute"]),
    ({"it": "hi"}, ["attribute-of-root"]),
    ({"words": "a; b"}, ["attribute-value"]),
    ({"words": "#scan-type# of #event-type#"}, []),
    ({"words": "#subject-id#"}, ["unknown-placeholder"]),
    ({"loud": "TRUE"}, []),
    ({"loud": "maybe"}, ["attribute-value"]),
    ({"times": "3.5"}, []),
    ({"times": "thrice"}, ["attribute-value"]),
    ({"tone": "low"}, []),
    ({"tone": "middle"}, ["attribute-value"]),
]


@pytest.mark.parametrize(("attributes", "rules"), ATTRIBUTES)
def test_attributes_are_inputs_of_the_wrapper(attributes: dict[str, str], rules: list[str]) -> None:
    assert told(meaning(action="command:greet/say", attributes=attributes), document()) == rules


def test_every_event_has_a_short_name_that_leads_back_to_it() -> None:
    shorts = {one.short for one in event_types.event_types()}
    assert {"scan", "session", "subject_assessor", "scheduled"} < shorts
    assert all(event_class(one.short) == one.type for one in event_types.event_types())
    assert event_class("org.example.Flying") == "org.example.Flying"
