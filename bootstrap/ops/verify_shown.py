"""The table of promises: for people, for programs, for pipelines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from bootstrap.engine.report.shown import visible
from bootstrap.ops.verify_promises import Promise

FORMAT = "xnat-bootstrap/verify"
_MARKS = {"held": "ok", "broken": "BROKEN", "not proven": "not proven"}


@dataclass(frozen=True)
class Told:
    url: str
    version: str
    project: str
    promises: Sequence[Promise]
    exit: int

    @property
    def verdict(self) -> str:
        counts = {mark: sum(one.verdict == mark for one in self.promises) for mark in _MARKS}
        rest = f"; {counts['not proven']} were not proven" if counts["not proven"] else ""
        if counts["broken"]:
            return f"{counts['broken']} of {counts['broken'] + counts['held']} promises were broken{rest}."
        return f"{counts['held']} promises held{rest}."


def shown(told: Told, format_: str) -> str:
    return {"text": _text, "json": _json, "markdown": _markdown, "junit": _junit}[format_](told)


def _text(told: Told) -> str:
    rows = [("PROMISE", "", "SEEN", "SECONDS"), *(_row(one) for one in told.promises)]
    widths = [max(len(row[place]) for row in rows) for place in range(3)]
    lines = []
    for row, log in zip(rows, ["", *(one.log for one in told.promises)], strict=True):
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        lines.append("  ".join([*cells, row[3]]).rstrip())
        lines += [f"    | {visible(line)}" for line in log.splitlines()]
    return "\n".join([*lines, "", told.verdict])


def _row(one: Promise) -> tuple[str, str, str, str]:
    return visible(one.name), _MARKS[one.verdict], visible(" ".join(one.seen.split())), f"{one.seconds:.1f}"


def _json(told: Told) -> str:
    document = {
        "format": FORMAT,
        "version": 1,
        "exit": told.exit,
        "server": {"url": told.url, "version": told.version},
        "project": told.project,
        "promises": [asdict(one) for one in told.promises],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _markdown(told: Told) -> str:
    lines = [f"### verify: {told.verdict}", "", "| promise | | seen | seconds |", "|---|---|---|---:|"]
    for one in told.promises:
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in _row(one)) + " |")
    for one in told.promises:
        if one.log:
            lines += ["", f"The log for {visible(one.name)} ends so:", ""]
            lines += [f"    {visible(line)}" for line in one.log.splitlines()]
    return "\n".join(lines)


def _junit(told: Told) -> str:
    counts = {"tests": len(told.promises), "failures": sum(one.verdict == "broken" for one in told.promises)}
    counts |= {"errors": 0, "skipped": sum(one.verdict == "not proven" for one in told.promises)}
    root = Element("testsuites")
    texts = {name: str(count) for name, count in counts.items()}
    suite = SubElement(root, "testsuite", {"name": f"xnat-bootstrap verify: {visible(told.url)}", **texts})
    for one in told.promises:
        name, _mark, seen, _seconds = _row(one)
        case = SubElement(suite, "testcase", classname="xnat-bootstrap.verify", name=name, time=f"{one.seconds:.3f}")
        if one.verdict == "broken":
            text = "\n".join([seen, *(visible(line) for line in one.log.splitlines())])
            SubElement(case, "failure", message=seen).text = text
        elif one.verdict == "not proven":
            SubElement(case, "skipped", message=seen)
        else:
            SubElement(case, "system-out").text = seen
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode")
