"""All functions of DicomEdit 6 by name."""

from __future__ import annotations

from collections.abc import Callable

from bootstrap.dicomedit import functions_date as date
from bootstrap.dicomedit import functions_tags as tags
from bootstrap.dicomedit import functions_text as text
from bootstrap.dicomedit import functions_uid as uid
from bootstrap.dicomedit.pixels import alter_pixels
from bootstrap.dicomedit.retaining import retain_private_tags
from bootstrap.dicomedit.run import Run
from bootstrap.dicomedit.script_values import RuntimeValue

FUNCTIONS: dict[str, Callable[[Run, list[RuntimeValue]], RuntimeValue]] = {
    "concatenate": text.concatenate,
    "format": text.format_,
    "lowercase": text.lowercase,
    "uppercase": text.uppercase,
    "substring": text.substring,
    "replace": text.replace,
    "match": text.match,
    "ismatch": text.ismatch,
    "normalizeString": text.normalize_string,
    "getURL": text.get_url,
    "lookup": text.lookup,
    "hashUID": uid.hash_uid,
    "hashUIDList": uid.hash_uid_list,
    "newUID": uid.new_uid,
    "mapUID": uid.map_uid,
    "mapReferencedUIDs": uid.map_referenced_uids,
    "shiftDateByIncrement": date.shift_date,
    "shiftDateTimeByIncrement": date.shift_date_time,
    "shiftDateTimeListByIncrement": date.shift_list,
    "shiftDateTimeSequenceByIncrement": date.shift_sequence,
    "scalePatientAgeAndDobFromStudyDate": date.scale_age,
    "delete": tags.delete_direct,
    "set": tags.set_direct,
    "removeTags": tags.remove_tags,
    "collectValues": tags.collect_values,
    "blankValues": tags.blank_values,
    "isPresent": tags.is_present_,
    "reject": tags.reject,
    "true": tags.true,
    "false": tags.false,
    "retainPrivateTags": retain_private_tags,
    "alterPixels": alter_pixels,
}
