"""/xapi/customforms: custom forms are made, changed, switched, put into order, removed, and shown as one form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bootstrap.practice import java_numbers
from bootstrap.practice.admin import accounts, forms, preferences
from bootstrap.practice.admin.forms import Form
from bootstrap.practice.admin.room import room
from bootstrap.practice.http import bodies, json_fields, lenient_json
from bootstrap.practice.http.access import ANYBODY, role
from bootstrap.practice.http.call import Answer, Call, Refusal
from bootstrap.practice.http.rooms import Body
from bootstrap.practice.storage import Row

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

_CLASS = "java.util.LinkedHashMap"
_TOOL = "custom-forms-features"
_FEATURES = ("projectOwnerFormCreationEnabled", "customVariableMigrationEnabled")
_FORBIDDEN = frozenset("<>\"&'/\\")
_FARTHEST = 1_000_000
_ADMINISTRATOR = "Administrator"
makes_forms = role(_ADMINISTRATOR, "CustomFormManager")
_PAGE = {
    "type": "panel",
    "input": False,
    "tableView": False,
    "collapsible": False,
    "saveOnEnter": False,
    "scrollToTop": False,
    "navigateOnEnter": False,
    "breadcrumbClickable": True,
}
_FONT = "font-family:Arial, Helvetica, sans-serif;"
_HEADING = {
    "key": "content",
    "type": "content",
    "input": False,
    "label": "content",
    "tableView": False,
    "refreshOnChange": False,
}


@room.seed
def store_first_values(site: Site) -> None:
    preferences.store_missing(site, dict.fromkeys(_FEATURES, "false"), _TOOL)


def plans_forms(call: Call) -> bool:
    """Administrators, data managers, and owners of any project."""
    name = call.caller.name
    owns = any(group.endswith("_owner") for group in accounts.groups_of(call.site, name))
    return owns or bool({_ADMINISTRATOR, "DataManager"} & set(accounts.roles_of(call.site, name)))


@room.get("/xapi/customforms/env", plans_forms)
def surroundings(call: Call) -> Answer:
    features = {name: preferences.boolean(call.site, name, _TOOL) for name in _FEATURES}
    return bodies.as_json({"siteHasProtocolsPluginDeployed": "protocols" in call.site.plugins, "features": features})


@room.get("/xapi/customforms", ANYBODY)
def list_forms(call: Call) -> Answer:
    project = call.query.get("projectId")
    several = forms.everything(call.site)
    return bodies.as_json([form.shown() for form in several if not project or _is_for(form, project)])


@room.put("/xapi/customforms/save", makes_forms, Body.TEXT)
def save(call: Call) -> Answer:
    """One that has no number yet is always another form, whatever there is already."""
    data, builder = _submitted(call)
    asked, position = json_fields.text(data, "idCustomVariableFormAppliesTo"), json_fields.integer(data, "zIndex") or 0
    if asked and asked != forms.NEW:
        form, _ = _applied(call, asked)
        forms.change(call.site, form, builder, position)
    else:
        path, entities = _path(data), _entities(data)
        form = forms.make(call.site, call.caller.name, builder, position, path, entities)
    return bodies.as_text(form.uuid, 201)


@room.get("/xapi/customforms/element", ANYBODY)
def one_form_of_all(call: Call) -> Answer:
    """A page for each form that is on for a data type, of the site and of the project."""
    for name in ("xsiType", "appendPrevNextButtons"):
        if name not in call.query:
            return bodies.wrapped(f"Required String parameter '{name}' is not present")
    path = f"datatype/{call.query['xsiType']}"
    project = call.query.get("projectId", "")
    meant = [form for form in forms.everything(call.site) if form.path == path and _is_on(form, project)]
    ordered = sorted(meant, key=lambda form: (form.position, -form.id))
    if not ordered:
        return bodies.as_json({})
    pages = [_page(number, form) for number, form in enumerate(ordered, 1)]
    return bodies.as_json({"title": "Custom Variables", "display": "wizard", "settings": "{}", "components": pages})


@room.get("/xapi/customforms/hasdata/{rowId}", ANYBODY)
def has_data(call: Call) -> Answer:
    form, _ = _applied(call, call.parts["rowId"])
    return bodies.as_json(form.shown()["hasData"])


@room.post("/xapi/customforms/enable", makes_forms, Body.ARRAY)
def enable(call: Call) -> Answer:
    for form, row in list(_named(call)):
        forms.switch(call.site, form, row["place"], on=True)
    return bodies.as_text("Form Enabled")


@room.post("/xapi/customforms/disable", makes_forms, Body.ARRAY)
def disable(call: Call) -> Answer:
    for form, row in list(_named(call)):
        forms.switch(call.site, form, row["place"], on=False)
    return bodies.as_text("Form disabled")


@room.delete("/xapi/customforms", makes_forms, Body.ARRAY)
def remove(call: Call) -> Answer:
    try:
        found = list(_named(call))
    except Refusal as refusal:
        refusal.answer.status = 400
        raise
    for form, row in found:
        forms.remove(call.site, form, row["place"])
    return bodies.as_text(f"Form {', '.join(row['entity'] for _, row in found)}: deleted")


@room.post("/xapi/customforms/formId/{formId}", makes_forms)
def move(call: Call) -> Answer:
    position = java_numbers.integer(call.query.get("displayOrder", ""))
    if position is None or abs(position) > _FARTHEST:
        return bodies.advice(400, "The display order you have entered is empty or outside the allowed range.")
    form = forms.by_uuid(call.site, call.parts["formId"])
    if form is None:
        return bodies.advice(400, "Failed to modify display order")
    forms.move(call.site, form, position)
    return bodies.as_text(f"Display order updated to {position}")


def _submitted(call: Call) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The two parts of what is saved, if they are what they should be."""
    try:
        body = lenient_json.loads(call.text)
    except lenient_json.NotJson as error:
        raise _bad("Invalid JSON") from error
    submission = body.get("submission") if isinstance(body, dict) else None
    data = submission.get("data") if isinstance(submission, dict) else None
    builder = body.get("builder") if isinstance(body, dict) else None
    if not isinstance(data, dict) or not isinstance(builder, dict):
        raise _bad("The submission or the form is missing")
    title = builder.get("title")
    if not isinstance(title, str) or not title.strip() or _FORBIDDEN & set(title):
        raise _bad("The form needs a title without special characters")
    return data, builder


def _path(data: Mapping[str, Any]) -> str:
    chosen = data.get("xnatDatatype")
    if not isinstance(chosen, dict) or not json_fields.text(chosen, "value"):
        raise _bad("The data type is missing")
    return f"datatype/{json_fields.text(chosen, 'value')}"


def _entities(data: Mapping[str, Any]) -> Sequence[str]:
    if (json_fields.text(data, "isThisASiteWideConfiguration") or "").lower() == "yes":
        return [forms.SITE]
    chosen = data.get("xnatProject")
    several = chosen if isinstance(chosen, list) else [chosen]
    found = [json_fields.text(one, "value") or "" for one in several if isinstance(one, dict)]
    if not all(found) or not found:
        raise _bad("The project is missing")
    return found


def _bad(why: str) -> Refusal:
    return Refusal(bodies.advice(400, why))


def _named(call: Call) -> Iterator[tuple[Form, Row]]:
    for entry in call.json:
        members = json_fields.an_object(entry, _CLASS)
        yield _applied(call, json_fields.text(members, "idCustomVariableFormAppliesTo") or "")


def _applied(call: Call, asked: str) -> tuple[Form, Row]:
    found = forms.applied(call.site, asked)
    if found is None:
        raise Refusal(bodies.wrapped(f"No form with the ID {asked} exists."))
    return found


def _is_for(form: Form, project: str) -> bool:
    return form.is_of_site or project in form.projects


def _is_on(form: Form, project: str) -> bool:
    return any(row["enabled"] and row["entity"] in (forms.SITE, project) for row in form.applied)


def _page(number: int, form: Form) -> dict[str, Any]:
    text = f'<p><span class="text-tiny" style="{_FONT}"><b>Form UUID:{form.uuid}</b></span></p>'
    title, components = form.builder["title"], form.builder.get("components")
    fields = components if isinstance(components, list) else []
    container = {"key": form.uuid, "type": "container", "input": True, "label": form.uuid, "tableView": False}
    inner = container | {"components": [_HEADING | {"html": text}, *fields]}
    return _PAGE | {"key": f"page{number}", "label": title, "title": title, "components": [inner]}
