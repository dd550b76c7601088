"""What is wrong with the subscriptions of a file, and can be known without a server."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from bootstrap.config.site import Site
from bootstrap.kinds.command_uses import loaded
from bootstrap.kinds.orchestration import names_of
from bootstrap.kinds.projects_section import projects_of
from bootstrap.kinds.subscription_checks import flaws_of
from bootstrap.kinds.subscription_meaning import Flaw
from bootstrap.kinds.subscription_pairs import Member, loops, told_once
from bootstrap.kinds.subscription_uses import (
    SubscriptionUse,
    name_problems,
    subscription_uses,
    template_problems,
    wrapper_problem,
)
from bootstrap.kinds.subscriptions_section import LONGEST
from bootstrap.values import Problem


def subscription_problems(site: Site) -> Iterator[Problem]:
    yield from template_problems(site)
    yield from name_problems(site)
    if loaded(site).problems:
        return
    uses = [*subscription_uses(site), *_idle_templates(site)]
    told: set[tuple[object, str]] = set()
    wrong: set[str] = set()
    for use in uses:
        for problem in _of_one(use):
            if problem.severity == "error":
                wrong.add(use.name)
            # What a template says wrong is told once, and not for each project that has it.
            key = (problem.source, problem.message.removeprefix(f"{use.name}: "))
            if key not in told:
                told.add(key)
                yield problem
    yield from _together(site, subscription_uses(site), wrong)


def _idle_templates(site: Site) -> Iterator[SubscriptionUse]:
    """Templates that no project names are checked as well."""
    used = {use.place for use in subscription_uses(site)}
    for place, one in enumerate(site.section("subscriptions") or ()):
        if one.is_template and place not in used:
            yield SubscriptionUse(one, place, site)


def _of_one(use: SubscriptionUse) -> Iterator[Problem]:
    if len(use.name) > LONGEST:
        yield use.problem(Flaw("bad-length", f"XNAT cannot store a name longer than {LONGEST} letters"))
    if problem := wrapper_problem(use):
        yield problem
        return
    for flaw in (*flaws_of(use.meaning, use.document), *_switched_off(use)):
        yield use.problem(flaw)


def _switched_off(use: SubscriptionUse) -> Iterator[Flaw]:
    off = [place for place, said in use.switches().items() if said is False]
    if off:
        where = ", ".join(place or "the site" for place in off)
        message = f"the file switches {use.meaning.wrapper} off for {where}, and XNAT then takes no subscription of it"
        hint = "set `enabled: true` there; a subscription that is to rest has `active: false`"
        yield Flaw("subscription-wrapper-off", message, "action", hint)


def _together(site: Site, uses: Sequence[SubscriptionUse], wrong: Collection[str]) -> Iterator[Problem]:
    by_name = {use.name: use for use in uses}
    members = [member_of(use) for use in uses if not wrapper_problem(use)]
    for member, flaw in loops(members):
        yield by_name[member.name].problem(flaw)
    for name, flaw in told_once([member for member in members if member.name not in wrong]):
        yield by_name[name].problem(flaw)
    yield from _also_in_a_sequence(site, members, by_name)


def _also_in_a_sequence(
    site: Site, members: Sequence[Member], by_name: dict[str, SubscriptionUse]
) -> Iterator[Problem]:
    """A later step of the orchestration that a project has chosen runs after the first one in any case."""
    known = {one.name: one for one in site.section("orchestrations") or ()}
    chosen = {use.project.id: known.get(use.project.orchestration or "") for use in projects_of(site)}
    steps = {project: [str(name) for name in names_of(site, one)] for project, one in chosen.items() if one}
    for member in members if steps else ():
        project = next(
            (each for each in member.meaning.projects or steps if _is_later(member, each, steps, members)), None
        )
        if project:
            message = f"{member.meaning.wrapper} runs in {project} as a step of its orchestration as well: both run"
            flaw = Flaw("fires-twice", message, "action", "leave it to one of them", "warning")
            yield by_name[member.name].problem(flaw)


def _is_later(member: Member, project: str, steps: Mapping[str, list[str]], members: Sequence[Member]) -> bool:
    order = steps.get(project, [])
    if not member.meaning.active or member.meaning.wrapper not in order[1:]:
        return False
    firsts = [one.meaning for one in members if one.meaning.wrapper == order[0] and one.meaning.active]
    return any(not first.projects or project in first.projects for first in firsts)


def member_of(use: SubscriptionUse) -> Member:
    return Member(use.name, use.meaning, use.document)
