"""The program itself, to which the verbs are added."""

from __future__ import annotations

import click

from bootstrap import __version__

# The order in which they are needed, which is how help lists them.
ORDER = (
    *("init", "validate", "explain", "schema", "render"),
    *("wait", "doctor", "plan", "apply", "drift", "export", "unlock"),
    *("plugins", "anon", "verify", "runs", "practice", "completion"),
)


class Verbs(click.Group):
    def list_commands(self, _context: click.Context) -> list[str]:
        return sorted(self.commands, key=ORDER.index)


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="xnat-bootstrap")
def cli() -> None:
    """An XNAT site as code: one YAML file says what an XNAT is to be; this makes it so, and keeps it so.

    Exit codes: 0 nothing to do or done, 1 error, 2 changes pending, 3 refused for safety,
    4 server unreachable or not ready, 5 partly applied, 64 wrong usage.
    """
