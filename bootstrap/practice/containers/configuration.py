"""Defaults, matchers, labels and the like that a site or a project lays over a wrapper's inputs and outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.practice.containers import documents, enablement
from bootstrap.practice.containers.commands import store
from bootstrap.practice.containers.commands.store import Command, Wrapper
from bootstrap.practice.containers.documents import Document
from bootstrap.practice.containers.enablement import Setting
from bootstrap.practice.containers.problems import Broken

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

DELETED = "Deleting command configuration"


def read(site: Site, wrapper: int, project: str = "") -> Document:
    """What holds there: the project's over the site's over the command's own, each property for itself."""
    command = store.command_of(site, wrapper)
    own = next(one for one in command.wrappers if one.id == wrapper)
    setting = enablement.stored(site, wrapper) or Setting()
    if project and (over := enablement.stored(site, wrapper, project)):
        setting = Setting(None, _over(setting.inputs, over.inputs), _over(setting.outputs, over.outputs))
    return {"inputs": _inputs(command, own, setting.inputs), "outputs": _outputs(own, setting.outputs)}


def write(
    site: Site, user: str, wrapper: int, document: Document, *, enable: bool, project: str = "", reason: str = ""
) -> None:
    """All that this scope had is replaced. Not to enable stores what is in effect, and so may freeze a `false`."""
    enabled = True if enable else enablement.in_effect(site, wrapper, project)
    setting = Setting(
        enabled,
        {name: documents.with_nulls("input-configuration", one) for name, one in document["inputs"].items()},
        {name: documents.with_nulls("output-configuration", one) for name, one in document["outputs"].items()},
    )
    enablement.store(site, user, wrapper, setting, project=project, reason=reason)


def delete(site: Site, user: str, wrapper: int, project: str = "") -> None:
    """All but the flag."""
    old = enablement.stored(site, wrapper, project)
    if old is None:
        return
    if old.enabled is None:
        enablement.forget(site, wrapper, project)
    else:
        enablement.store(site, user, wrapper, Setting(old.enabled), project=project, reason=DELETED)


def _inputs(command: Command, wrapper: Wrapper, configured: Document) -> Document:
    """A Problem where a wrapper's input has the name of a command's that is not fed."""
    found: Document = {}
    fed = set()
    for one in [*wrapper.document["external-inputs"], *wrapper.document["derived-inputs"]]:
        found[one["name"]] = _wrapper_input(one, configured.get(one["name"]))
        fed.add(one.get("provides-value-for-command-input"))
    for one in command.document["inputs"]:
        if one["name"] in fed:
            continue
        if one["name"] in found:
            raise Broken(f"Multiple entries with same key: {one['name']}")
        found[one["name"]] = _command_input(one, configured.get(one["name"]))
    return found


def _wrapper_input(one: Document, over: Document | None) -> Document:
    own_settable = one.get("user-settable")
    settable = over["user-settable"] if over and over["user-settable"] is not None else own_settable
    return _shown(one, over, settable, over["advanced"] if over else False, None)


def _command_input(one: Document, over: Document | None) -> Document:
    """What it does not have itself is null as soon as anything is stored for it."""
    if over:
        return _shown(one, over, over["user-settable"], over["advanced"], one["required"])
    return _shown(one, over, True, False, one["required"])


def _shown(
    one: Document, over: Document | None, settable: bool | None, advanced: bool | None, required: bool | None
) -> Document:
    own = {name: one.get(name) for name in ("default-value", "matcher")}
    laid_over = {name: over[name] for name in own if over and over[name] is not None}
    return {
        "description": one.get("description"),
        "type": one["type"],
        **own,
        **laid_over,
        "user-settable": settable,
        "advanced": advanced,
        "required": required,
    }


def _outputs(wrapper: Wrapper, configured: Document) -> Document:
    found: Document = {}
    for one in wrapper.document["output-handlers"]:
        label = configured.get(one["name"], {}).get("label")
        found[one["name"]] = {"type": one["type"], "label": one.get("label") if label is None else label}
    return found


def _over(below: Document, above: Document) -> Document:
    merged = dict(below)
    for name, over in above.items():
        kept = below.get(name, {})
        merged[name] = {key: kept.get(key) if value is None else value for key, value in over.items()}
    return merged
