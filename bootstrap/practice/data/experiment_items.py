"""Items as they are shown: an experiment with its scans and resources, a scan with its resources."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bootstrap.practice.data import experiment_types as types
from bootstrap.practice.data import owners, resources, scans
from bootstrap.practice.data.experiments import Experiment
from bootstrap.practice.data.item import Item
from bootstrap.practice.data.scans import Scan

if TYPE_CHECKING:
    from bootstrap.practice.site import Site


def whole(site: Site, experiment: Experiment) -> Item:
    children = dict(experiment.item.children)
    below = [of_scan(site, scan) for scan in scans.of_session(site, experiment.id)] if experiment.is_session else []
    own = [resources.as_item(site, one) for one in resources.of(site, owners.of(experiment))]
    return replace(experiment.item, children=children | _given({types.SCANS: below, types.RESOURCES: own}))


def of_scan(site: Site, scan: Scan) -> Item:
    own = [resources.as_item(site, one) for one in resources.of(site, owners.of(scan))]
    return replace(scan.item, children=scan.item.children | _given({types.FILES: own}))


def _given(children: dict[str, list[Item]]) -> dict[str, list[Item]]:
    return {place: several for place, several in children.items() if several}
