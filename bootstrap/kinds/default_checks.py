"""What is wrong with the defaults that a site file gives to the inputs of wrappers. XNAT stores any."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from bootstrap.config.problems import suggest
from bootstrap.kinds.command_document.command_checks import chosen, illegal
from bootstrap.kinds.wrapper_use import Defaults, InputDefault
from bootstrap.values import Problem, Source

_VALUE = "provides-value-for-command-input"


def configurable(command: Mapping[str, Any], wrapper: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The inputs that can have a default: the wrapper's, and the command's that no wrapper input feeds."""
    own = [*wrapper["external-inputs"], *wrapper["derived-inputs"]]
    fed = {one.get(_VALUE) for one in own}
    return {one["name"]: one for one in [*own, *(one for one in command["inputs"] if one["name"] not in fed)]}


def default_problems(
    command: Mapping[str, Any],
    wrappers: Sequence[Mapping[str, Any]],
    defaults: Defaults,
    source: Callable[..., Source],
) -> Iterator[Problem]:
    """Of defaults that hold for these wrappers: one of them at least must have the input."""
    known: dict[str, Mapping[str, Any]] = {}
    for wrapper in wrappers:
        known |= configurable(command, wrapper)
    fed = {one["name"] for one in command["inputs"]} - set(known)
    for name, default in defaults.items():
        if name in known:
            yield from _value(known[name], _text(default), source(name))
        elif name in fed:
            message = f"`{name}` gets its value from an input of the wrapper, so a default of its own never counts"
            yield Problem("error", "default-of-fed-input", message, "give the default to that input", source(name))
        else:
            message = f"there is no input `{name}` to give a default to"
            yield Problem("error", "unknown-input", message, suggest(name, known), source(name))


def _text(default: str | InputDefault | None) -> str | None:
    return default.value if isinstance(default, InputDefault) else default


def _value(one: Mapping[str, Any], text: str | None, source: Source) -> Iterator[Problem]:
    if text is None:
        return
    for flaw in illegal(text, ()):
        yield Problem("error", flaw.rule, f"{one['name']}: {flaw.message}", flaw.hint, source)
    values = one.get("select-values") or ()
    if values and not set(chosen(one["type"], text)) <= set(values):
        message = f"{one['name']}: `{text}` is none of the values to choose from"
        yield Problem("error", "command-select-default", message, suggest(text, values), source)
