"""Functions on dates."""

from __future__ import annotations

from bootstrap.dicomedit.editing import item_number, matches, put_text, require_singular, tag_number, text_at, vr_at
from bootstrap.dicomedit.functions_text import Arguments, at_least, need
from bootstrap.dicomedit.functions_uid import usable_paths
from bootstrap.dicomedit.java_text import parse_int
from bootstrap.dicomedit.java_time import DAY, NotADate, parse_time, shift
from bootstrap.dicomedit.matching import Selection, select
from bootstrap.dicomedit.nodes import ElementStep, TagPath
from bootstrap.dicomedit.problems import ScriptError
from bootstrap.dicomedit.run import Run
from bootstrap.dicomedit.script_values import VOID, RuntimeValue, as_int, as_path, as_text, flattened, required_text

_STUDY_DATE, _BIRTH_DATE, _AGE = 0x00080020, 0x00100030, 0x00101010
_DAYS_IN_89_YEARS = 32506


def shift_date(run: Run, arguments: Arguments) -> RuntimeValue:
    need(arguments, (2, 3), "shiftDateByIncrement[date, increment, units]")
    return _shifted(run, arguments, ("DA",), "days")


def shift_date_time(run: Run, arguments: Arguments) -> RuntimeValue:
    need(arguments, (2, 3), "shiftDateTimeByIncrement[date, increment, units]")
    return _shifted(run, arguments, ("DA", "DT"), "seconds")


def _shifted(run: Run, arguments: Arguments, vrs: tuple[str, ...], unit: str) -> str:
    first = arguments[0]
    if isinstance(first, TagPath):
        require_singular(first)
        vr = vr_at(run.root, _unresolved(first))
        if vr not in vrs:
            raise ScriptError(f"{first} has VR {vr}, not {' or '.join(vrs)}")
    text = as_text(run.resolved(first))
    increment = as_int(arguments[1])
    if len(arguments) == 3:
        unit = required_text(arguments[2], "the unit")
    return shift(text, increment, unit)


def _unresolved(path: TagPath) -> list[int]:
    """A place where private elements stand in the first block: where the engine looks for their VR."""
    place: list[int] = []
    for index, step in enumerate(path.steps):
        assert isinstance(step, ElementStep)
        place.append(tag_number(step))
        if step.item is not None or index + 1 < len(path.steps):
            place.append(item_number(step))
    return place


def shift_list(run: Run, arguments: Arguments) -> RuntimeValue:
    need(arguments, (3,), "shiftDateTimeListByIncrement[{path, ...}, increment, units]")
    if not isinstance(arguments[0], list):
        raise ScriptError("the first argument must be a list: {path, ...}")
    each = [select([as_path(value)]) for value in flattened(arguments[0])]
    increment, unit = as_int(arguments[1]), required_text(arguments[2], "the unit")
    for meant in each:  # an element that two paths mean is shifted twice
        for item, tag in matches(run.root, meant):
            text = text_at(item, tag)
            if text:
                put_text(item, tag, shift(text, increment, unit))
    return "VOID"


def shift_sequence(run: Run, arguments: Arguments) -> RuntimeValue:
    at_least(arguments, 2, "shiftDateTimeSequenceByIncrement[increment, path, ...]")
    increment = as_int(arguments[0])
    for item, tag in matches(run.root, select(usable_paths(arguments[1:]))):
        try:
            put_text(item, tag, shift(text_at(item, tag), increment, "seconds"))
        except NotADate:
            continue
    return VOID


def scale_age(run: Run, _arguments: Arguments) -> RuntimeValue:
    """The age-over-89 rule."""
    birth = _day_at(run, _BIRTH_DATE)
    if birth is not None:
        study = _day_at(run, _STUDY_DATE)
        if study is None:
            return "VOID"
        excess = (study - birth) // DAY if study >= birth else 0
        if excess > _DAYS_IN_89_YEARS:
            for item, tag in matches(run.root, _everywhere(_BIRTH_DATE)):
                put_text(item, tag, shift(text_at(item, tag), excess - _DAYS_IN_89_YEARS, "days"))
    if _years(run) > 89:
        for item, tag in matches(run.root, _everywhere(_AGE)):
            put_text(item, tag, "089Y")
    return "VOID"


def _everywhere(tag: int) -> Selection:
    from bootstrap.dicomedit.parser6 import parse_tag_path

    return select([parse_tag_path(f"*/({tag >> 16:04X},{tag & 0xFFFF:04X})")])


def _day_at(run: Run, tag: int) -> int | None:
    """In seconds; None for what cannot be read as a date."""
    try:
        return parse_time(text_at(run.root, tag)).seconds()
    except NotADate:
        return None


def _years(run: Run) -> int:
    text = (text_at(run.root, _AGE) or "").split("\\")[0]
    if not text:
        return 0
    unit = text[3:4]
    if unit not in ("D", "W", "M", "Y"):
        raise ScriptError(f"Error parsing age in (0010,1010): '{text}'")
    number = parse_int(text[:3])
    return number if unit == "Y" else 0
