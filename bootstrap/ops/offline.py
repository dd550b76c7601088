"""What needs no server: explain, schema, render."""

from __future__ import annotations

import json
from pathlib import Path

from bootstrap.config import explain, render, site_schema
from bootstrap.engine.report.schemas import plan_schema, report_schema
from bootstrap.kinds import KINDS
from bootstrap.ops.session import Asked, Tools, all_sections, load


def explain_text(topic: str | None, form: str) -> str:
    found = explain(all_sections(), topic, _kinds())
    if form == "json":
        return json.dumps(found.as_json(), indent=2, ensure_ascii=False)
    return found.as_markdown() if form == "markdown" else found.as_text()


def _kinds() -> dict[str, str]:
    """Every kind by name, with the key of the site file under which it is written."""
    return {kind.name: kind.sections[0].key if kind.sections else kind.written_under for kind in KINDS}


def schema_text(which: str) -> str:
    schemas = {"site": lambda: site_schema(all_sections()), "report": report_schema, "plan": plan_schema}
    return json.dumps(schemas[which](), indent=2, ensure_ascii=False)


def render_text(place: Path, asked: Asked, tools: Tools, form: str) -> str:
    rendered = render(load(place, asked, tools, run_secrets=False))
    return json.dumps(rendered.as_json(), indent=2, ensure_ascii=False) if form == "json" else rendered.text
