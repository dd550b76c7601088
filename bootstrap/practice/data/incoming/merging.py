"""The scans that a session gets: new ones, or those that it has already, with what is new in them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from bootstrap.practice.data import experiments, files, owners, resources, scans
from bootstrap.practice.data.experiments import Experiment
from bootstrap.practice.data.files import Incoming
from bootstrap.practice.data.incoming import building, prearchive
from bootstrap.practice.data.incoming.building import Series
from bootstrap.practice.data.item import Item
from bootstrap.practice.data.resources import Facts
from bootstrap.practice.data.scans import Scan

if TYPE_CHECKING:
    from bootstrap.practice.site import Site


def into_session(site: Site, existing: Experiment, said: Item) -> Experiment:
    """What the session says already stays."""
    known = existing.item.fields
    fresh = Item(existing.type, {name: value for name, value in said.fields.items() if name not in known})
    fresh.fields = {name: value for name, value in fresh.fields.items() if name in fresh.kind.fields}
    return experiments.change(site, existing, fresh)


def scans_of(site: Site, user: str, session: Experiment, several: list[Series], *, is_new: bool) -> list[Scan]:
    """Puts the files where they belong; says which scans are new."""
    made = []
    for one in several:
        scan = None if is_new else _existing(site, session, one)
        if scan is None:
            item, name = one.item(), _free_id(site, session, one)
            scan = scans.create(site, session, name, item.type, item)
            made.append(scan)
        else:
            scans.change(site, scan, Item(scan.type, {"frames": one.item().fields["frames"]}))
        _put(site, user, scan, one)
    return made


def _existing(site: Site, session: Experiment, one: Series) -> Scan | None:
    """The scan of the same series; one that somebody made by hand under that ID will do too."""
    uid = one.first["SeriesInstanceUID"]
    there = scans.of_session(site, session.id)
    same = next((scan for scan in there if scan.item.fields.get("UID") == uid), None)
    return same or next((scan for scan in there if scan.id == one.scan and not scan.item.fields.get("UID")), None)


def _free_id(site: Site, session: Experiment, one: Series) -> str:
    taken = {scan.id for scan in scans.of_session(site, session.id)}
    return prearchive.free_name(one.scan, f"{one.scan}-{one.first['Modality']}", taken)


def _put(site: Site, user: str, scan: Scan, one: Series) -> None:
    by_label = defaultdict(list)
    for file in one.files:
        by_label[file.label].append(Incoming(file.place.name, file.place))
    owner = owners.of(scan)
    for label, several in by_label.items():
        resource = resources.by_label(site, owner, label)
        if resource is None:
            catalog = f"scan_{scan.id}_catalog.xml"
            resource = resources.create(site, user, owner, label, building.facts_of(label), catalog=catalog)
        files.put(site, user, resource, several, facts=Facts(format="DICOM"), overwrite=True)
