"""The page about the rules is made from the rules."""

from __future__ import annotations

from pathlib import Path

from bootstrap.dicomedit.lint import RULES
from bootstrap.dicomedit.lint.reference import as_markdown

PAGE = Path(__file__).parents[3] / "docs" / "dicomedit-lint.md"


def test_the_page_is_fresh() -> None:
    stale = "make it anew: python -m bootstrap.dicomedit.lint.reference > docs/dicomedit-lint.md"
    assert PAGE.read_text(encoding="utf-8") == as_markdown(), stale


def test_every_rule_has_its_section() -> None:
    text = as_markdown()
    for rule in RULES.values():
        assert text.count(f"\n## {rule.id}\n") == 1
        assert f"| [{rule.id}](#{rule.id.lower()}) | {rule.severity} |" in text
