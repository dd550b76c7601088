from __future__ import annotations

from bootstrap.facts.event_types import EVENTS, event_types, find, known_classes


def test_the_site_lists_them_by_name_with_the_schedule_last() -> None:
    names = [one.display_name for one in event_types()]
    assert names[:-1] == sorted(names[:-1])
    assert names[-1] == "Scheduled Event"
    assert len(names) == 9


def test_notes_on_versions_are_no_part_of_the_facts() -> None:
    session = find(f"{EVENTS}SessionEvent")
    assert session
    assert session.statuses == ("CREATED", "MERGED", "DELETED")
    assert session.description == "Session created, merged, or deleted."


def test_a_class_can_be_known_and_not_installed() -> None:
    name = f"{EVENTS}WorkflowStatusChangeEvent"
    assert name in known_classes()
    assert find(name) is None
