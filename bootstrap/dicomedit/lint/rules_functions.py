"""Rules about calls: the name, the number of arguments, what comes out."""

from __future__ import annotations

from collections.abc import Iterator

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.function_names import FUNCTION_NAMES, FUNCTION_NAMES_4
from bootstrap.dicomedit.lint.rule import Spot, rule
from bootstrap.dicomedit.lint.signatures import SIGNATURES
from bootstrap.dicomedit.lint.subject import Subject


@rule(
    "L27",
    "error",
    "a function that does not exist, or in the wrong letter case",
    happens="DicomEdit 6 does not load the script, also where the call is never reached; DicomEdit 4 fails when it is",
    mend="write the name as the language has it; names are case-sensitive",
    dialects="46",
)
def unknown_function(subject: Subject) -> Iterator[Spot]:
    known = FUNCTION_NAMES if subject.dialect == "6" else FUNCTION_NAMES_4
    for call in subject.calls:
        if call.name not in known and "_" not in call.name:
            near = next((name for name in sorted(known) if name.lower() == call.name.lower()), "")
            hint = f"; did you mean `{near}`?" if near else ""
            yield Spot(call.start, f"there is no function `{call.name}`{hint}")


@rule(
    "L28",
    "error",
    "the wrong number of arguments",
    happens="an Error when the call is reached: the file is refused",
    mend="give the arguments that the function takes",
)
def wrong_count(subject: Subject) -> Iterator[Spot]:
    for call in subject.calls:
        signature = SIGNATURES.get(call.name)
        if signature is None:
            continue
        count = len(call.arguments)
        if count < signature.least or (signature.most is not None and count > signature.most):
            yield Spot(call.start, f"{count} argument{'' if count == 1 else 's'}, where it is {signature.usage}")


@rule(
    "L29",
    "warning",
    "a function that only gives a value, as a statement of its own",
    happens="the value is thrown away: nothing changes",
    mend="assign it, as in (gggg,eeee) := hashUID[(gggg,eeee)]",
)
def idle_statement(subject: Subject) -> Iterator[Spot]:
    for node in subject.all_nodes:
        if isinstance(node, nodes.CallStatement):
            signature = SIGNATURES.get(node.call.name)
            if signature and signature.gives == "text":
                yield Spot(node.start, f"nothing takes what `{node.call.name}` gives")


@rule(
    "L30",
    "error",
    "a function without a value on the right of `:=` or `?=`",
    happens="the text VOID is written into the element, or an Error ends the script after the function did its work",
    mend="make the call a statement of its own",
)
def assigned_void(subject: Subject) -> Iterator[Spot]:
    for node in subject.all_nodes:
        if isinstance(node, nodes.Assign | nodes.AssignIfExists) and isinstance(node.value, nodes.Call):
            signature = SIGNATURES.get(node.value.name)
            if signature and signature.gives != "text":
                what = "the text VOID" if signature.gives == "VOID" else "an Error"
                yield Spot(node.value.start, f"`{node.value.name}` has no value: {what} comes of it")


@rule(
    "L31",
    "error",
    "`mapUID` with a path",
    happens="the path's spelling is the key, so that every object of the server gets the same UID",
    mend="set a variable first, as in uid := (0020,000E), and pass the variable",
)
def map_of_path(subject: Subject) -> Iterator[Spot]:
    for call in subject.calls_of("mapUID"):
        if call.arguments and isinstance(call.arguments[0], nodes.TagPath):
            yield Spot(call.arguments[0].start, f"`mapUID` does not read {call.arguments[0]}")


@rule(
    "L39",
    "error",
    "`lookup`",
    happens="XNAT gives scripts no table: the value is null, and the assignment does nothing",
    mend="write the cases as `if` blocks, or use a site for each table",
)
def no_table(subject: Subject) -> Iterator[Spot]:
    yield from (Spot(call.start, "`lookup` finds nothing in XNAT") for call in subject.calls_of("lookup"))


@rule(
    "L81",
    "note",
    "a function of a plugin",
    happens="the script does not load on a server without that plugin",
    mend="say in a comment which plugin it is, and keep the server's plugins in the site file",
    dialects="46",
)
def plugin_function(subject: Subject) -> Iterator[Spot]:
    for call in subject.calls:
        if "_" in call.name:
            yield Spot(call.start, f"`{call.name}` is no function of DicomEdit")
