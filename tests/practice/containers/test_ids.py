"""Whatever is done to commands, the ids that other things hold stay what they are."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings, strategies
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bootstrap.practice.containers import configuration, documents, enablement
from bootstrap.practice.containers.commands import changes, reading, store
from bootstrap.practice.containers.problems import Problem
from bootstrap.practice.server import FAST, PracticeServer
from bootstrap.practice.site import Site

NAMES = strategies.sampled_from(["a", "b", "c", "d"])
SETS_OF_NAMES = strategies.lists(NAMES, unique=True, max_size=4)


@pytest.fixture(scope="module")
def shared_site() -> Iterator[Site]:
    with tempfile.TemporaryDirectory() as folder, PracticeServer(Path(folder) / "state", clock=FAST) as server:
        assert server.site
        yield server.site


@dataclass
class Known:
    """What must be so of one wrapper."""

    id: int
    enabled: bool = False
    default: str | None = None
    projects: set[str] = field(default_factory=set)


class Commands(RuleBasedStateMachine):
    site: ClassVar[Site]
    made: ClassVar[int] = 0
    ids: ClassVar[set[int]] = set()  # of all wrappers that there ever were

    @initialize(names=SETS_OF_NAMES)
    def make(self, names: list[str]) -> None:
        type(self).made += 1
        self.name = f"command-{self.made}"
        self.number = changes.create(self.site, reading.created(self.document(names)))
        self.known: dict[str, Known] = {}
        self.take_in(names)

    @rule(names=SETS_OF_NAMES, image=strategies.sampled_from(["x:1", "x:2"]))
    def update(self, names: list[str], image: str) -> None:
        changes.update(self.site, self.number, reading.updated(self.document(names, image)))
        self.known = {name: known for name, known in self.known.items() if name in names}
        self.take_in(names)

    @rule(names=SETS_OF_NAMES)
    def update_in_vain(self, names: list[str]) -> None:
        """Also with an id that is not the wrapper's own."""
        document = self.document(names) | {"visibility": "secret"}
        with pytest.raises(Problem):
            changes.update(self.site, self.number, reading.updated(document))
        if names and names[0] in self.known:
            document = self.document(names)
            document["xnat"][0]["id"] = self.known[names[0]].id + 100_000
            with pytest.raises(Problem):
                changes.update(self.site, self.number, reading.updated(document))

    @rule()
    def post_back_what_is_read(self) -> None:
        changes.update(self.site, self.number, reading.updated(store.get(self.site, self.number).printed()))

    @precondition(lambda self: self.known)
    @rule(data=strategies.data(), to=NAMES)
    def rename(self, data: strategies.DataObject, to: str) -> None:
        old = data.draw(strategies.sampled_from(sorted(self.known)))
        if to not in self.known:
            changes.update_wrapper(self.site, self.number, self.known[old].id, reading.updated_wrapper({"name": to}))
            self.known[to] = self.known.pop(old)

    @precondition(lambda self: self.known)
    @rule(data=strategies.data(), on=strategies.booleans(), project=strategies.sampled_from(["", "P", "Q"]))
    def switch(self, data: strategies.DataObject, on: bool, project: str) -> None:
        known = self.known[data.draw(strategies.sampled_from(sorted(self.known)))]
        enablement.switch(self.site, "admin", known.id, on, project=project)
        if not project:
            known.enabled = on
        elif on:
            known.projects.add(project)
        else:
            known.projects.discard(project)

    @precondition(lambda self: self.known)
    @rule(data=strategies.data(), value=strategies.text(max_size=5), enable=strategies.booleans())
    def configure(self, data: strategies.DataObject, value: str, enable: bool) -> None:
        known = self.known[data.draw(strategies.sampled_from(sorted(self.known)))]
        body = documents.read("configuration", {"inputs": {"i": {"default-value": value}}})
        configuration.write(self.site, "admin", known.id, body, enable=enable)
        known.default, known.enabled = value, known.enabled or enable

    @precondition(lambda self: self.known)
    @rule(data=strategies.data())
    def drop_configuration(self, data: strategies.DataObject) -> None:
        known = self.known[data.draw(strategies.sampled_from(sorted(self.known)))]
        configuration.delete(self.site, "admin", known.id)
        known.default = None

    @rule(names=SETS_OF_NAMES)
    def delete_and_make_again(self, names: list[str]) -> None:
        old = self.number
        changes.delete(self.site, old)
        self.number = changes.create(self.site, reading.created(self.document(names)))
        assert self.number > old
        self.known = {}
        self.take_in(names)

    @invariant()
    def everything_is_as_it_must_be(self) -> None:
        found = {one.name: one.id for one in store.get(self.site, self.number).wrappers}
        assert found == {name: known.id for name, known in self.known.items()}
        assert list(found.values()) == sorted(found.values())
        for known in self.known.values():
            assert enablement.for_site(self.site, known.id) is known.enabled
            assert set(enablement.projects_of(self.site, known.id)) == known.projects
            for project in ("P", "Q"):
                in_effect = known.enabled and project in known.projects
                assert enablement.for_project(self.site, known.id, project) is in_effect
            shown = configuration.read(self.site, known.id)["inputs"]["i"]["default-value"]
            assert shown == ("own" if known.default is None else known.default)

    def document(self, names: list[str], image: str = "x:1") -> dict[str, Any]:
        return {
            "name": self.name,
            "version": "1",
            "image": image,
            "inputs": [{"name": "i", "default-value": "own"}],
            "xnat": [{"name": name} for name in names],
        }

    def take_in(self, names: list[str]) -> None:
        """Wrappers that are new have ids that no wrapper ever had, and nothing is stored for them."""
        wrappers = {str(one.name): one.id for one in store.get(self.site, self.number).wrappers}
        for name in names:
            if name not in self.known:
                assert wrappers[name] not in self.ids
                self.known[name] = Known(wrappers[name])
                self.ids.add(wrappers[name])


def test_any_sequence_keeps_the_ids(shared_site: Site) -> None:
    Commands.site = shared_site
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        Commands,
        settings=settings(max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=checks),
    )
    assert Commands.made >= 1
