"""What is wrong with an anonymisation script, before it meets data.

    for finding in lint(text, xnat_version="1.9.2", kind="site", file="site.das"):
        print(finding)                          # site.das:7:1: warning: ... [L54]
    RULES["L54"].what_happens                   # at run time
    RULES["L54"].mend

The rules lie in the modules `rules_*`, by topic; each is a small function in one table. A line with the comment
`// lint: ignore L54 because <reason>` (or the line below a line of that comment alone) is spared that rule.
"""

from __future__ import annotations

from bootstrap.dicomedit.lint.check import RULES, at_least, lint
from bootstrap.dicomedit.lint.rule import SEVERITIES, Finding, Rule

__all__ = ["RULES", "SEVERITIES", "Finding", "Rule", "at_least", "lint"]
