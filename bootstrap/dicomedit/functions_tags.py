"""Functions that look at elements, delete them, blank them or keep them, and the logical ones."""

from __future__ import annotations

from bootstrap.dicomedit.deleting import delete
from bootstrap.dicomedit.editing import direct_place, element_at, is_present, matches, put_text, text_at, write
from bootstrap.dicomedit.functions_text import Arguments, at_least, need
from bootstrap.dicomedit.holding import Item
from bootstrap.dicomedit.matching import select
from bootstrap.dicomedit.nodes import TagPath
from bootstrap.dicomedit.problems import Rejection, ScriptError
from bootstrap.dicomedit.run import Run
from bootstrap.dicomedit.script_values import VOID, RuntimeValue, as_bool, as_path, as_text, flattened

_SOP_INSTANCE = 0x00080018


def delete_direct(run: Run, arguments: Arguments) -> RuntimeValue:
    at_least(arguments, 1, 'delete["direct path"]')
    found = element_at(run.root, direct_place(as_text(arguments[0])))
    if found and found[1] in found[0]:
        found[0].remove(found[1])
    return VOID


def set_direct(run: Run, arguments: Arguments) -> RuntimeValue:
    need(arguments, (2,), 'set["direct path", value]')
    write(run.root, direct_place(as_text(arguments[0])), as_text(arguments[1]))
    return VOID


def remove_tags(run: Run, arguments: Arguments) -> RuntimeValue:
    for path in [as_path(value) for value in flattened(arguments)]:
        delete(run.root, path)
    return "VOID"


def collect_values(run: Run, arguments: Arguments) -> RuntimeValue:
    return list[RuntimeValue](_gathered(run, arguments))


def _gathered(run: Run, arguments: Arguments) -> list[str | None]:
    values = flattened(arguments)
    texts = [as_text(value) for value in values if not isinstance(value, TagPath)]
    meant = select(value for value in values if isinstance(value, TagPath))
    return texts + [text_at(item, tag) for item, tag in matches(run.root, meant)]


def blank_values(run: Run, arguments: Arguments) -> RuntimeValue:
    wanted = {text for text in _gathered(run, arguments) if text}
    if wanted:
        _blank(run.root, wanted, max(map(len, wanted)))
    return "VOID"


def _blank(item: Item, wanted: set[str], longest: int) -> None:
    for tag in item.tags():
        items = item.items(tag)
        if items is not None:
            for inner in items:
                _blank(inner, wanted, longest)
        elif not item.is_encapsulated(tag) and _may_equal(item, tag, longest) and text_at(item, tag) in wanted:
            put_text(item, tag, "")


def _may_equal(item: Item, tag: int, longest: int) -> bool:
    """Binary texts are no shorter than their bytes: a large value, pixels above all, need not be written out."""
    return item.vr(tag) not in ("OB", "OW", "UN") or len(item.raw(tag)) <= longest + 1


def is_present_(run: Run, arguments: Arguments) -> RuntimeValue:
    for value in flattened(arguments):
        if not isinstance(value, TagPath):
            raise ScriptError(f"Argument is not a tagPath: {as_text(value)}")
        if not is_present(run.root, value):
            return False
    return True


def reject(run: Run, arguments: Arguments) -> RuntimeValue:
    wanted = as_bool(arguments[0]) if arguments else True
    if wanted and not run.environment.ignore_rejections:
        raise Rejection(f"Rejected: SOPInstanceUID {text_at(run.root, _SOP_INSTANCE)}")
    return "VOID"


def true(_run: Run, _arguments: Arguments) -> RuntimeValue:
    return True


def false(_run: Run, _arguments: Arguments) -> RuntimeValue:
    return False
