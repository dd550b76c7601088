"""What searches find: projects, subjects and experiments, each with fields that it can be looked for by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bootstrap.facts import type_ancestry
from bootstrap.practice.data import experiments, keeping, projects, rights, schema, subjects
from bootstrap.practice.data.item import Item
from bootstrap.practice.http.call import Call

_EXPERIMENT = "xnat:experimentData"


@dataclass(frozen=True)
class Found:
    id: str
    item: Item
    fields: Mapping[str, str]  # by the ID that a search gives a field

    def values(self, path: str) -> Sequence[str]:
        """At a path such as xnat:mrSessionData/project, or of a field such as xnat:mrSessionData.PROJECT."""
        if "/" not in path:
            field = self.fields.get(path.rpartition(".")[2].upper())
            return [] if field is None else [field]
        name = path.partition("/")[2]
        known = self.fields.get(name.upper()) if name in ("ID", "project", "label") else None
        return [known] if known is not None else list(self.item.texts(name))


def is_searchable(root: str) -> bool:
    return root in (schema.PROJECT, schema.SUBJECT) or (
        type_ancestry.is_known(root) and type_ancestry.is_a(root, _EXPERIMENT)
    )


def id_field(root: str) -> str:
    """The one that every row has besides those that were asked for."""
    return {schema.PROJECT: "ID", schema.SUBJECT: "SUBJECT_ID"}.get(root, "SESSION_ID")


def fields_of(root: str) -> frozenset[str]:
    """All that it can be asked for, by the IDs that searches use."""
    item = Item(root if root in schema.TYPES else schema.PROJECT)
    if root == schema.PROJECT:
        return frozenset(_project(projects.Project("", item, "", 0, 0, "", 0, 0, 0.0, "")).fields)
    if root == schema.SUBJECT:
        return frozenset(_subject(subjects.Subject("", "", "", item, 0.0, "")).fields)
    return frozenset(_experiment(experiments.new_session("", "", "", root)).fields)


def everything(call: Call, root: str) -> Iterator[Found]:
    """Of this type, or of one that it stands for, as far as the caller may read it."""
    site, caller = call.site, call.caller
    if root == schema.PROJECT:
        yield from (_project(one) for one in projects.everything(site) if rights.may_read(site, caller, one.id))
    elif root == schema.SUBJECT:
        people = subjects.everything(site)
        readable = rights.readable(site, caller, (one.project for one in people))
        yield from (_subject(one) for one in people if one.project in readable)
    else:
        several = [one for one in experiments.everything(site) if type_ancestry.is_a(one.type, root)]
        readable = rights.readable(site, caller, (one.project for one in several))
        yield from (_experiment(one) for one in several if one.project in readable)


def _project(one: projects.Project) -> Found:
    item = one.item
    leader = " ".join(filter(None, (item.text("PI/firstname"), item.text("PI/lastname"))))
    texts = {name.upper(): item.text(name) for name in ("description", "keywords")}
    named = {"ID": one.id, "PROJECT": one.id, "SECONDARY_ID": one.running_title, "NAME": one.title, "PI": leader}
    return Found(one.id, item, named | texts | _entered(one.created, one.created_by))


def _subject(one: subjects.Subject) -> Found:
    named = {"ID": one.id, "SUBJECT_ID": one.id, "SUBJECT_LABEL": one.label, "LABEL": one.label}
    return Found(one.id, one.item, named | {"PROJECT": one.project} | _entered(one.created, one.created_by))


def _experiment(one: experiments.Experiment) -> Found:
    named = {"ID": one.id, "SESSION_ID": one.id, "EXPT_ID": one.id, "LABEL": one.label, "PROJECT": one.project}
    more = {"DATE": one.item.text("date"), "SUBJECT_ID": one.subject}
    return Found(one.id, one.item, named | more | _entered(one.created, one.created_by))


def _entered(created: float, created_by: str) -> dict[str, str]:
    return {"INSERT_USER": created_by, "INSERT_DATE": keeping.date(created)}
