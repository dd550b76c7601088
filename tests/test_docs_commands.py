"""docs/commands.md: every YAML block is a site without mistakes, every command runs, the table of rules is fresh.

`python tests/test_docs_commands.py` writes the table anew.
"""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from bootstrap.cli import run
from bootstrap.kinds.command_document import RULES
from bootstrap.ops import jobs
from bootstrap.ops.jobs import Job
from bootstrap.ops.session import Tools

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "commands.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL) for line in block.splitlines()]
TABLE = re.compile(r"(<!-- rules: [^>]*-->\n).*?(\n<!-- end of rules -->)", re.DOTALL)
HEAD = "server: {url: practice, username: admin, password: !env [XNAT_PASSWORD, admin], first_password: admin}\n"
SET_UP = 'site: {siteId: DOCS, siteUrl: "http://localhost", adminEmail: a@example.org}\n'


def table() -> str:
    rows = [
        f"| `{rule.id}` | {rule.severity} | {rule.says} | {rule.otherwise} | {rule.mend} |" for rule in RULES.values()
    ]
    told = "\n".join(["| rule | | what is wrong | what XNAT does | what to do |", "|---|---|---|---|---|", *rows])
    return told.replace("||", "\\|\\|") if "&& ||" in told else told


def with_table(text: str) -> str:
    return TABLE.sub(lambda found: found[1] + table() + found[2], text)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of what the page speaks of, in which its commands run."""
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    (tmp_path / "sites" / "docs").mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_page_has_blocks_and_commands() -> None:
    assert len(BLOCKS) == 3
    assert len(COMMANDS) == 3


@pytest.mark.parametrize("block", BLOCKS)
def test_every_block_is_a_site_without_mistakes(folder: Path, block: str) -> None:
    (folder / "sites" / "docs" / "site.yaml").write_text(block)
    report = jobs.validate(Job(folder / "sites" / "docs"), Tools(environ={}))
    assert (report.exit_code, list(report.problems)) == (0, [])


def test_every_command_runs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "sites" / "docs" / "site.yaml").write_text(HEAD + SET_UP + BLOCKS[0])
    assert run(["apply", "sites/docs"]) == 0
    for line in COMMANDS:
        program, *arguments = shlex.split(line)
        assert program == "xnat-bootstrap"
        assert run(arguments) == 0, capsys.readouterr().err
    assert (folder / "exported" / "templates" / "commands" / "hello-world.json.j2").exists()


def test_the_table_of_rules_is_fresh() -> None:
    assert with_table(TEXT) == TEXT, "run: python tests/test_docs_commands.py"


if __name__ == "__main__":
    PAGE.write_text(with_table(TEXT), encoding="utf-8")
