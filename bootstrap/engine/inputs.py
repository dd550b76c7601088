"""From a site file and a server to what a plan follows from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date

from bootstrap.config.site import SectionBroken, Site
from bootstrap.engine.accept import idle_acceptances
from bootstrap.engine.drift import watched
from bootstrap.engine.gather import Current, desired_resources, read_current, selected, with_ids
from bootstrap.engine.given import Inputs
from bootstrap.engine.ledger import Ledger
from bootstrap.engine.options import Options
from bootstrap.engine.order import KindOrder
from bootstrap.engine.plan import Plan
from bootstrap.engine.planner import gone_resources, make_plan
from bootstrap.engine.store import Store
from bootstrap.engine.tokens import Sealer
from bootstrap.errors import SiteFileError, UsageError
from bootstrap.kinds.kind import Kind, Resource
from bootstrap.kinds.server import server_of
from bootstrap.values import Problem
from bootstrap.xnat.connection import Connection


def offline_problems(kinds: Iterable[Kind], site: Site, today: date | None = None) -> list[Problem]:
    """Everything that is wrong with a site and can be known without a server."""
    kinds = list(kinds)
    found = [*site.warnings, *(problem for kind in kinds for problem in kind.check(site))]
    accepted = site.section("accept")
    if accepted:
        refs = {resource.ref: resource.fields for kind in kinds for resource in kind.desired(site)}
        known = [kind.name for kind in kinds]
        found += idle_acceptances(
            accepted, refs, known, today or date.today(), lambda *path: site.source("accept", *path)
        )
    return found


def further_problems(kinds: Iterable[Kind], site: Site) -> list[Problem]:
    """What can be said of a site that could not be loaded, by the kinds whose sections are good for it."""
    found: list[Problem] = []
    for kind in kinds:
        with suppress(SectionBroken, SiteFileError):
            found += list(kind.check(site))
    return found


def gather_inputs(kinds: Sequence[Kind], site: Site, xnat: Connection, options: Options) -> Inputs:
    order = KindOrder(kinds)
    wanted = selected(desired_resources(kinds, site), options.only, order)
    _refuse_unknown_selection(order, wanted, options.only)
    ledger = ledger_of(site, xnat, options)
    gone = gone_resources(order, wanted, ledger, options.only) if options.prune else []
    return inputs_for(order, wanted, gone, ledger, site, xnat, options)


def drift_inputs(kinds: Sequence[Kind], site: Site, xnat: Connection, options: Options) -> Inputs:
    """The same for drift, which looks at all that the ledger names, whether the file still does or not."""
    order = KindOrder(kinds)
    wanted = selected(desired_resources(kinds, site), options.only, order)
    ledger = ledger_of(site, xnat, options)
    gone = gone_resources(order, wanted, ledger, options.only)
    return inputs_for(order, watched(wanted, gone, ledger.entries), [], ledger, site, xnat, options)


def inputs_for(
    order: KindOrder,
    wanted: Sequence[Resource],
    gone: Sequence[Resource],
    ledger: Ledger,
    site: Site,
    xnat: Connection,
    options: Options,
) -> Inputs:
    wanted = with_ids(wanted, ledger)
    current = read_current(order, [*wanted, *with_ids(gone, ledger)], xnat)
    kinds = list(order.kinds.values())
    judged = [p for resource in wanted for p in order.kinds[resource.kind].judge(xnat, resource, current.of(resource))]
    judged += _judged_removals(order, gone, current, xnat)
    given = Inputs(
        order=order,
        desired=wanted,
        current=current,
        ledger=ledger,
        sealer=sealer_of(ledger, xnat),
        options=options,
        # What a kind judges it may have known offline already.
        judged=list(dict.fromkeys([*offline_problems(kinds, site, options.today), *judged])),
        accepted=site.section("accept") or (),
    )
    return _with_foreign(given, gone, xnat)


def bystanders(given: Inputs, xnat: Connection) -> list[Problem]:
    """What is said of things of others, by the kinds that the file has something of and that could be read."""
    found: list[Problem] = []
    for kind in given.order.kinds.values():
        ours = [resource for resource in given.desired if resource.kind == kind.name]
        if ours and kind.name not in given.current.unread and xnat.initialized:
            found += kind.bystanders(xnat, ours)
    return found


def _judged_removals(
    order: KindOrder, gone: Sequence[Resource], current: Current, xnat: Connection
) -> Iterator[Problem]:
    for resource in gone:
        state = current.of(resource)
        if state is not None:
            yield from order.kinds[resource.kind].judge_removal(xnat, resource.name, state)


def planned(given: Inputs, site: Site, xnat: Connection, files: Sequence[str]) -> Plan:
    """`files` are the site file and its overlays, as they were named."""
    return replace(
        make_plan(given),
        server_url=xnat.url,
        server_version=xnat.server.version,
        files=tuple(files),
        digest=site.digest,
    )


def ledger_of(site: Site, xnat: Connection, options: Options) -> Ledger:
    owner = server_of(site).owner
    if not xnat.initialized:
        return Ledger(owner=owner)  # the config service cannot be asked yet
    return Store(xnat.client).ledger(owner, start_anew="new-ledger" in options.allow)


def sealer_of(ledger: Ledger, xnat: Connection) -> Sealer:
    return Sealer(ledger.salt or xnat.url)


def _with_foreign(given: Inputs, gone: Sequence[Resource], xnat: Connection) -> Inputs:
    """Other owners' ledgers are asked for only where something is to be removed, or not known to be ours."""
    removed = any(given.current.of(resource) is not None for resource in gone)
    if not xnat.initialized or not (removed or _changes_unowned(given)):
        return given
    return replace(given, foreign=Store(xnat.client).foreign(given.ledger.owner))


def _changes_unowned(given: Inputs) -> bool:
    """Whether a change touches what is not known to be ours. A plan is made for it only where there is such a thing."""
    unowned = {thing.ref for thing in given.desired if _is_unowned(given, thing)}
    return bool(unowned) and not unowned.isdisjoint(change.ref for change in make_plan(given).wanted)


def _is_unowned(given: Inputs, thing: Resource) -> bool:
    return given.order.kinds[thing.kind].remembered and not given.ledger.owns(thing.ref)


def _refuse_unknown_selection(order: KindOrder, wanted: Sequence[Resource], only: Sequence[str]) -> None:
    for choice in only:
        kind = choice.partition(":")[0]
        if kind not in order.kinds:
            raise UsageError(f"--only {choice}: there is no kind `{kind}`", hint=f"kinds: {', '.join(order.kinds)}")
        if ":" in choice and not any(resource.ref == choice for resource in wanted):
            raise UsageError(f"--only {choice}: the site file has no such thing", hint="`plan --all` lists them")
