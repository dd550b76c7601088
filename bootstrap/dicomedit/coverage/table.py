"""A coverage on the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from bootstrap.dicomedit.coverage import said
from bootstrap.dicomedit.coverage.proof import Proof
from bootstrap.dicomedit.coverage.result import Coverage, Row
from bootstrap.dicomedit.coverage.verdicts import Verdict
from bootstrap.facts.ps315 import OPTIONS

_STYLES = {Verdict.MET: "green", Verdict.PROTECTED: "cyan", Verdict.JUDGE: "yellow", Verdict.GAP: "red"}
_MOST = 40


def as_text(found: Coverage, proof: Proof | None = None, *, all_rows: bool = False, colour: bool = False) -> str:
    console = Console(width=160, force_terminal=colour, no_color=not colour, highlight=False, soft_wrap=False)
    with console.capture() as capture:
        console.print(Group(*_parts(found, proof, all_rows)))
    return "\n".join(line.rstrip() for line in capture.get().splitlines()) + "\n"


def _parts(found: Coverage, proof: Proof | None, all_rows: bool) -> Iterator[RenderableType]:
    yield Text(said.profile(found), style="bold")
    yield Text(said.outcome(found), style="green" if found.complete else "red")
    yield _verdicts(found)
    rows = list(found.rows) if all_rows else sorted(_worth_showing(found), key=_by_interest)
    if rows:
        yield Text()
        yield _attributes(found, rows if all_rows else rows[:_MOST])
    if len(rows) > _MOST and not all_rows:
        yield Text(f"... and {len(rows) - _MOST} more; all of them with --format json or --html")
    yield Text()
    yield _options(found)
    yield Text()
    yield from (Text(remark) for remark in said.remarks(found))
    if proof is not None:
        yield Text()
        yield from _proof(proof)


def _worth_showing(found: Coverage) -> list[Row]:
    return [row for row in found.rows if row.verdict >= Verdict.JUDGE]


def _by_interest(row: Row) -> tuple[int, bool]:
    """Gaps first, and of these what the author meant to handle."""
    return -row.verdict, not row.handled


def _verdicts(found: Coverage) -> Table:
    table = Table.grid(padding=(0, 2))
    for verdict, count in found.counts().items():
        table.add_row(Text(f"{count:>5}", style=_STYLES[verdict]), verdict.word, said.VERDICTS[verdict])
    return table


def _attributes(found: Coverage, rows: list[Row]) -> Table:
    table = Table("tag", "attribute", "asks", "verdict", "at the root", "in sequences", box=None, pad_edge=False)
    for row in rows:
        verdict = f"{row.verdict.word}: {said.how_far(row)}" if row.verdict is Verdict.GAP else row.verdict.word
        named = [f"in {place}: {said.fates(treatment)}" for place, treatment in row.named]
        table.add_row(
            row.attribute.tag,
            row.attribute.name,
            row.attribute.basic,
            Text(verdict, style=_STYLES[row.verdict]),
            Text(said.fates(row.root)),
            Text("\n".join([said.nested_fates(found, row), *named])),
        )
    return table


def _options(found: Coverage) -> Table:
    table = Table("option of the profile", "attributes", "stay", "stay on some ways", box=None, pad_edge=False)
    for option, count in found.by_option():
        table.add_row(OPTIONS[option], str(count["attributes"]), str(count["kept"]), str(count["kept_sometimes"]))
    return table


def _proof(proof: Proof) -> Iterator[Text]:
    ran = [run for run in proof.runs if run.status == "success"]
    for run in proof.runs:
        if run.status == "error":
            where = f"line {run.line}: " if run.line else ""
            yield Text(f"proof: with {run.variant or 'the object as it is'}: {where}{run.message}", style="yellow")
    for survivor in proof.leaks[:_MOST]:
        variant = f" (with {survivor.variant})" if survivor.variant else ""
        yield Text(f"proof: survives: {survivor}{variant}", style="red")
    if len(proof.leaks) > _MOST:
        yield Text(f"... and {len(proof.leaks) - _MOST} more survivors")
    words = f"proof: {proof.canaries} canaries, {len(ran)} of {len(proof.runs)} objects accepted, "
    yield Text(f"{words}{len(proof.leaks)} survivors", style="green" if proof.holds else "red")
