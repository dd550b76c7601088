"""docs/images.md: every YAML block is a site without mistakes, every command runs, every rule is one that is told."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bootstrap.cli import run
from bootstrap.ops import jobs
from bootstrap.ops.jobs import Job
from bootstrap.ops.session import Tools
from tests.practice.containers.fake_engine import FakeEngine

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "images.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL) for line in block.splitlines()]
RULES = [rule for row in re.findall(r"^\| (`[^|]+) \|", TEXT, re.MULTILINE) for rule in re.findall(r"`([^`]+)`", row)]
HEAD = "server: {url: practice, username: admin, password: !env [XNAT_PASSWORD, admin], first_password: admin}\n"
SET_UP = 'site: {siteId: DOCS, siteUrl: "http://localhost", adminEmail: a@example.org}\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of what the page speaks of, in which its commands run."""
    shutil.copytree(ROOT / "images", tmp_path / "images")
    (tmp_path / "sites" / "docs").mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def engine() -> Iterator[FakeEngine]:
    with FakeEngine() as made:
        made.add("sha256:" + "a" * 64, "tool:1.2")
        made.pullable["ghcr.io/example/qc:2.1"] = {
            "Id": "sha256:" + "b" * 64, "RepoTags": ["ghcr.io/example/qc:2.1"], "Labels": None
        }  # fmt: skip
        digest = re.search(r"sha256:[0-9a-f]{64}", TEXT)
        assert digest
        made.pullable[f"example/fsl:{digest[0]}"] = {
            "Id": "sha256:" + "c" * 64, "RepoTags": [], "RepoDigests": [f"example/fsl@{digest[0]}"], "Labels": None
        }  # fmt: skip
        yield made


def test_the_page_has_blocks_and_commands() -> None:
    assert (len(BLOCKS), len(COMMANDS)) == (5, 5)


@pytest.mark.parametrize("block", BLOCKS)
def test_every_block_is_a_site_without_mistakes(folder: Path, block: str) -> None:
    (folder / "sites" / "docs" / "site.yaml").write_text(block)
    report = jobs.validate(Job(folder / "sites" / "docs"), Tools(environ={}))
    assert (report.exit_code, list(report.problems)) == (0, [])


def test_every_command_runs_after_the_page_was_applied(
    folder: Path, engine: FakeEngine, capsys: pytest.CaptureFixture[str]
) -> None:
    first, registries, images = BLOCKS[0], BLOCKS[3], BLOCKS[4]
    compute = first.replace("unix:///var/run/docker.sock ", f"'{engine.host}' ")
    assert compute != first
    text = f"{HEAD}{SET_UP}{compute}  build_engine: '{engine.host}'\n{registries}{images}"
    (folder / "sites" / "docs" / "site.yaml").write_text(text)
    assert run(["apply", "sites/docs"]) == 0, capsys.readouterr().err
    assert [tag.partition(":")[0] for tag in engine.built] == ["dcm2niix"]
    for line in COMMANDS:
        program, *arguments = shlex.split(line)
        assert program == "xnat-bootstrap"
        assert run(arguments) == 0, capsys.readouterr().err
    exported = (folder / "exported" / "site.yaml").read_text()
    assert "path-translation-docker-prefix: /srv/xnat" in exported


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_of_the_table_is_one_of_ours(rule: str) -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "bootstrap" / "kinds").glob("*.py")]
    assert any(f'"{rule}"' in source for source in sources)
