"""Rules about what leaves the process: web addresses that are asked, texts that are printed."""

from __future__ import annotations

from collections.abc import Iterator

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.lint import attributes
from bootstrap.dicomedit.lint.paths import names_private, single_tag
from bootstrap.dicomedit.lint.rule import Spot, rule
from bootstrap.dicomedit.lint.subject import Subject


@rule(
    "L71",
    "warning",
    "`getURL`",
    happens="one request for every file: slow, in the log of another server with all that the address holds, and a "
    "failed request refuses the file",
    mend="keep identifiers out of the address, use https, or do it without",
    dialects="46",
)
def asks_the_web(subject: Subject) -> Iterator[Spot]:
    for call in subject.calls_of("getURL"):
        sources = [source for argument in call.arguments for source in subject.definitions.sources(argument)]
        texts = [source.raw for source in sources if isinstance(source, nodes.Text)]
        faults = []
        if any(isinstance(source, nodes.TagPath | nodes.Variable) for source in sources):
            faults.append("an identifier stands in the address")
        if any(text.startswith("http:") for text in texts):
            faults.append("the connection is not encrypted")
        yield Spot(call.start, "; ".join(faults) or "a request is sent for every file")


@rule(
    "L72",
    "warning",
    "an identifying value is printed",
    happens="it ends in the console or the logs of the server, where nobody removes it",
    mend="take the `echo` out",
    dialects="46",
)
def printed_value(subject: Subject) -> Iterator[Spot]:
    for node in subject.all_nodes:
        if isinstance(node, nodes.Echo) and node.value is not None:
            paths = [one for one in subject.definitions.sources(node.value) if isinstance(one, nodes.TagPath)]
            told = next((path for path in paths if _identifies(path)), None)
            if told:
                yield Spot(node.start, f"{told} is printed")


def _identifies(path: nodes.TagPath) -> bool:
    tag = single_tag(path)
    return names_private(path) or tag in attributes.identifying() or tag in attributes.uids_of_profile()
