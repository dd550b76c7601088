"""Lists of /data: JSON, CSV, XML or a page."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call

JSON, CSV, XML, HTML = "json", "csv", "xml", "html"
Row = Mapping[str, Any]
_TYPES = {"application/json": JSON, "text/csv": CSV, "text/xml": XML, "application/xml": XML, "text/html": HTML}


def answer(
    call: Call, columns: Sequence[str], rows: Iterable[Row], *, default: str = JSON, total: bool = True, **more: Any
) -> Answer:
    """`more` is told besides the rows; `columns` are those of all rows, in their order."""
    listed = _sorted(call, list(rows))
    form = _form(call, default)
    if form == CSV:
        return Answer(200, _csv(columns, listed).encode("utf-8", "surrogatepass"), "text/csv")
    if form == XML:
        told = {name: value for name, value in more.items() if isinstance(value, str)}
        facts = {**({"totalRecords": str(len(listed))} if total else {}), **told}
        return Answer(200, _xml(columns, listed, facts).encode("utf-8", "surrogatepass"), "text/xml")
    if form == HTML:
        return Answer(200, _html(columns, listed).encode("utf-8", "surrogatepass"), bodies.HTML)
    return bodies.table(listed, total=total, **more)


def _form(call: Call, default: str) -> str:
    asked = call.query.get("format", "").lower()
    if asked in (JSON, CSV, XML, HTML):
        return asked
    if asked in _TYPES:
        return _TYPES[asked]
    if call.headers.get("Accept", "*/*") != "*/*":
        first = next(name for name, form in _TYPES.items() if form == default)
        best = call.request.accept_mimetypes.best_match([first, "application/json", "text/html", "text/xml"])
        return _TYPES.get(best or "", default)
    return default


def _sorted(call: Call, rows: list[Row]) -> list[Row]:
    """By the first column last, so that it counts most."""
    backwards = call.query.get("sortOrder", "").upper() == "DESC"
    for column in reversed(call.query.get("sortBy", "").split(",")):
        if rows and column in rows[0]:
            rows = sorted(rows, key=lambda row: _cell(row, column), reverse=backwards)
    return rows


def _cell(row: Row, column: str) -> str:
    value = row[column]
    return "" if value is None else str(value)


def _csv(columns: Sequence[str], rows: Sequence[Row]) -> str:
    """A value has no line breaks here."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(row, column).replace("\n", " ") for column in columns] for row in rows)
    return text.getvalue()


def _xml(columns: Sequence[str], rows: Sequence[Row], facts: Mapping[str, str]) -> str:
    names = "".join(f"<column>{escape(column)}</column>" for column in columns)
    lines = "".join(
        "<row>" + "".join(f"<cell>{escape(_cell(row, column))}</cell>" for column in columns) + "</row>\n"
        for row in rows
    )
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in facts.items())
    head = f"<ResultSet{attributes}><results><columns>{names}</columns>\n"
    return f"{head}<rows>{lines}</rows></results></ResultSet>"


def _html(columns: Sequence[str], rows: Sequence[Row]) -> str:
    head = "".join(f"<th>{html.escape(column)}</th>" for column in columns)
    lines = "".join(
        "<tr>" + "".join(f"<td>{html.escape(_cell(row, column))}</td>" for column in columns) + "</tr>" for row in rows
    )
    return f"<html><body><table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table></body></html>"
