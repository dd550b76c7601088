"""A coverage as one page of HTML that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from itertools import groupby

from bootstrap.dicomedit.coverage import said
from bootstrap.dicomedit.coverage.fates import Kind
from bootstrap.dicomedit.coverage.proof import Proof
from bootstrap.dicomedit.coverage.result import Coverage, Row
from bootstrap.facts.ps315 import OPTIONS

# Not by colour alone: each cell bears the letter of what happens at the root.
_LETTERS = {
    Kind.KEPT: "K",
    Kind.REMOVED: "X",
    Kind.ABSENT: "X",
    Kind.EMPTIED: "Z",
    Kind.REPLACED: "D",
    Kind.HASHED: "U",
    Kind.SHIFTED: "S",
    Kind.DERIVED: "C",
    Kind.COPIED: "!",
    Kind.LISTED: "L",
}
_MEANINGS = {
    "X": "removed",
    "Z": "emptied",
    "D": "replaced",
    "U": "hashed",
    "S": "date shifted",
    "C": "made of its own text",
    "L": "kept as listed",
    "!": "copied from another attribute",
    "K": "kept",
    "?": "depends on the object",
}
_STYLE = """
:root { --met: #2f855a; --protected: #2b6cb0; --judge: #b7791f; --gap: #c53030; --ink: #1a202c; --paper: #fff;
  --faint: #718096; --line: #e2e8f0; }
@media (prefers-color-scheme: dark) { :root { --ink: #edf2f7; --paper: #1a202c; --line: #4a5568; --faint: #a0aec0; } }
body { font: 15px/1.45 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 2rem auto;
  max-width: 72rem; padding: 0 1rem; }
h1 { font-size: 1.4rem; margin: 0; } h2 { font-size: 1.05rem; margin: 1.6rem 0 .5rem; } p { margin: .2rem 0; }
.outcome { font-size: 1.15rem; font-weight: 600; } .faint { color: var(--faint); }
.bar { display: flex; height: 1.4rem; border-radius: 4px; overflow: hidden; margin: .8rem 0 .4rem; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; }
.key { display: inline-block; width: .8rem; height: .8rem; border-radius: 2px; margin-right: .35rem; }
.groups { display: flex; flex-wrap: wrap; gap: .7rem 1.1rem; }
.group h3 { font: 600 .75rem ui-monospace, monospace; margin: 0 0 .15rem; color: var(--faint); }
.cells { display: flex; flex-wrap: wrap; gap: 2px; max-width: 21rem; }
.cell { width: 17px; height: 17px; border-radius: 3px; color: #fff; font: 600 10px/17px ui-monospace, monospace;
  text-align: center; cursor: default; background: linear-gradient(135deg, var(--root) 50%, var(--nested) 50%); }
.conditional { outline: 2px dashed var(--ink); outline-offset: -1px; }
.met { --c: var(--met); } .protected { --c: var(--protected); } .judge { --c: var(--judge); } .gap { --c: var(--gap); }
.key, .bar span { background: var(--c); }
table { border-collapse: collapse; width: 100%; font-size: .85rem; }
td, th { text-align: left; vertical-align: top; padding: .2rem .7rem .2rem 0; border-bottom: 1px solid var(--line); }
td { white-space: pre-line; } code { font-family: ui-monospace, monospace; } summary { cursor: pointer; }
"""


def as_html(found: Coverage, title: str, proof: Proof | None = None) -> str:
    body = [
        f"<h1>{escape(title)}</h1>",
        f'<p class="faint">{escape(said.profile(found))}</p>',
        f'<p class="outcome">{escape(said.outcome(found))}</p>',
        *_bar(found),
        "<h2>Every attribute of the profile</h2>",
        '<p class="faint">Upper left half: at the root. Lower right half: in sequences. Dashed: on some ways only.</p>',
        *_letters(),
        *_grid(found),
        "<h2>What may come through</h2>",
        *_gaps(found),
        "<h2>Options of the profile</h2>",
        *_options(found),
        "<h2>Besides</h2>",
        *(f"<p>{escape(remark)}</p>" for remark in said.remarks(found)),
        *(_proof(proof) if proof else ()),
    ]
    return _page(title, body)


def _page(title: str, body: Iterable[str]) -> str:
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
    opening = f'<!doctype html>\n<html lang="en"><head>{head}<style>{_STYLE}</style></head><body>'
    return "\n".join([opening, *body, "</body></html>\n"])


def _bar(found: Coverage) -> list[str]:
    counts = found.counts()
    parts = [f'<span class="{one.word}" style="flex:{count}"></span>' for one, count in counts.items() if count]
    legend = [
        f'<span><span class="key {one.word}"></span>{count} {one.word}: {escape(said.VERDICTS[one])}</span>'
        for one, count in counts.items()
    ]
    return [f'<div class="bar">{"".join(parts)}</div>', f'<div class="legend">{"".join(legend)}</div>']


def _letters() -> list[str]:
    words = ", ".join(f"<code>{letter}</code> {meaning}" for letter, meaning in _MEANINGS.items())
    return [f'<p class="faint">{words}</p>']


def _grid(found: Coverage) -> list[str]:
    lines = ['<div class="groups">']
    for group, rows in groupby(found.rows, key=lambda row: row.attribute.digits[:4] or "private"):
        cells = "".join(_cell(row) for row in rows)
        lines.append(f'<div class="group"><h3>{escape(group)}</h3><div class="cells">{cells}</div></div>')
    return [*lines, "</div>"]


def _cell(row: Row) -> str:
    nested = row.nested or row.root
    worst = max([nested.verdict, *(treatment.verdict for _, treatment in row.named)])
    kinds = row.root.kinds - {Kind.ABSENT} or {Kind.ABSENT}
    letter = _LETTERS[next(iter(kinds))] if len(kinds) == 1 else "?"
    style = f"--root:var(--{row.root.verdict.word});--nested:var(--{worst.word})"
    tip = f"{row} asks {row.attribute.basic}\nroot: {said.fates(row.root)}\nsequences: {said.fates(row.nested)}"
    extra = " conditional" if row.conditional else ""
    return f'<div class="cell{extra}" style="{style}" title="{escape(tip)}">{letter}</div>'


def _gaps(found: Coverage) -> list[str]:
    meant = [row for row in found.gaps if row.handled]
    rest = [row for row in found.gaps if not row.handled]
    if not found.gaps:
        return ["<p>Nothing.</p>"]
    lines = _table(meant) if meant else []
    if rest:
        summary = f"<summary>{len(rest)} that the script does not handle</summary>"
        lines += [f"<details>{summary}", *_table(rest), "</details>"]
    return lines


def _table(rows: Iterable[Row]) -> list[str]:
    heads = ("tag", "attribute", "asks", "why", "at the root", "in sequences")
    lines = ["<table>", _table_row(heads, "th")]
    for row in rows:
        named = [f"in {place}: {said.fates(treatment)}" for place, treatment in row.named]
        nested = "\n".join([said.fates(row.nested), *named])
        attribute = row.attribute
        cells = (attribute.tag, attribute.name, attribute.basic, said.how_far(row), said.fates(row.root), nested)
        lines.append(_table_row(cells, "td"))
    return [*lines, "</table>"]


def _options(found: Coverage) -> list[str]:
    lines = ["<table>", _table_row(("option", "attributes", "stay", "stay on some ways"), "th")]
    for option, count in found.by_option():
        chosen = " (chosen)" if option in found.options else ""
        cells = (OPTIONS[option] + chosen, *(str(number) for number in count.values()))
        lines.append(_table_row(cells, "td"))
    return [*lines, "</table>"]


def _table_row(cells: Iterable[str], tag: str) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"


def _proof(proof: Proof) -> list[str]:
    accepted = sum(run.status == "success" for run in proof.runs)
    words = (
        f"{proof.canaries} canaries, {accepted} of {len(proof.runs)} objects accepted, {len(proof.leaks)} survivors."
    )
    listed = "".join(f"<li>{escape(str(one))}</li>" for one in proof.leaks)
    return ["<h2>Proof</h2>", f"<p>{words}</p>", f"<details><summary>Survivors</summary><ul>{listed}</ul></details>"]
