"""Whatever README and docs show is tried: YAML validates, commands run or parse, Python compiles, links lead on."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click
import pytest
import yaml

from bootstrap.cli import cli, run
from bootstrap.ops import jobs, session
from bootstrap.ops.jobs import Job
from bootstrap.ops.offline import schema_text
from bootstrap.ops.session import Tools, all_sections
from bootstrap.values import errors_among
from tests.live.conftest import brief_pause, serving

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
# Blocks of these pages need what only a test of their own sets up.
OWN_TESTS = {
    "commands.md": "test_docs_commands.py",
    "compose.md": "compose/test_page.py",
    "images.md": "test_docs_images.py",
    "kubernetes.md": "test_docs_kubernetes.py",
    "anonymisation.md": "anon_scripts/test_page.py",
    "ci.md": "ci_image/test_page.py",
}
# What is not run here, and why.
NOT_RUN = {
    "make bootstrap": "it installs packages; `.ci/run` and every user's first minute run it",
    "make test": "this is it",
    "make validate SITE=sites/practice": "it installs packages; the verb that it calls is tried below",
}
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SPAN = re.compile(r"(?<!`)`((?:xnat-bootstrap|make) [^`]+)`", re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\((?!https?:)([^)#]+)[^)]*\)")
SECTIONS = {section.key for section in all_sections()} | {"vars"}
SERVER = "server: {username: admin, password: !env XNAT_PASSWORD}\n"


@dataclass(frozen=True)
class Block:
    page: Path
    language: str
    text: str
    line: int

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"


def blocks(*languages: str) -> list[Block]:
    return [
        Block(page, found[1], found[2], text.count("\n", 0, found.start()) + 1)
        for page in PAGES
        if page.name not in OWN_TESTS
        for text in [page.read_text(encoding="utf-8")]
        for found in BLOCK.finditer(text)
        if found[1] in languages
    ]


def lines_of(block: Block) -> Iterator[tuple[str, str]]:
    """Each command of a shell block, with the comment behind it."""
    for line in block.text.splitlines():
        command, _, comment = line.partition("  #") if "  #" in line else line.partition(" # ")
        if command.strip():
            yield command.strip(), comment.strip()


def spans() -> list[tuple[str, str]]:
    return [
        (f"{page.name}: {span}", " ".join(span.split()))
        for page in PAGES
        for span in SPAN.findall(BLOCK.sub("", page.read_text(encoding="utf-8")))
    ]


def parses(words: list[str]) -> None:
    """Verb, arguments and options are such as the program takes; nothing is run."""
    verb, words = cli.commands[words[0]], list(words)
    if "--help" in words:
        return
    if isinstance(verb, click.Group) and words[1] in verb.commands:  # `runs SITE` is a verb of its own
        words = words[1:]
        verb = verb.commands[words[0]]
    verb.make_context(words[0], words[1:], parent=click.Context(cli, **cli.context_settings))


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


# Blocks


@pytest.mark.parametrize("block", blocks("yaml"), ids=str)
def test_yaml_is_a_site_file_or_a_part_of_one(block: Block, tmp_path: Path) -> None:
    root = yaml.compose(block.text, Loader=yaml.SafeLoader)
    assert isinstance(root, yaml.MappingNode)
    assert {key.value for key, _value in root.value} <= SECTIONS
    text = block.text if re.search(r"^server:", block.text, re.MULTILINE) else SERVER + block.text
    (tmp_path / "site.yaml").write_text(text, encoding="utf-8")
    shutil.copytree(ROOT / "templates" / "auth", tmp_path / "templates" / "auth")
    for name in re.findall(r"!file (\S+\.das)", text):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text('version "6.6"\n(0010,0010) := subject\n', encoding="utf-8")
    environ = dict.fromkeys(re.findall(r"!env (\w+)", text), "x") | {"XNAT_PASSWORD": "x"}
    report = jobs.validate(Job(tmp_path), Tools(environ=environ))
    assert [str(problem) for problem in errors_among(report.problems)] == []


@pytest.mark.parametrize("block", blocks("python"), ids=str)
def test_python_compiles(block: Block) -> None:
    assert compile(block.text, str(block), "exec").co_code


@pytest.mark.parametrize("block", blocks("sh", "bash", "shell"), ids=str)
def test_commands_run(
    block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the order in which they stand, against a practice XNAT that nobody has set up."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XNAT_PASSWORD", "docs-password")
    monkeypatch.setattr(session, "Tools", partial(session.Tools, pause=brief_pause))
    with serving(tmp_path / "state") as server:
        for command, comment in lines_of(block):
            if command in NOT_RUN:
                assert command.split()[1] in make_targets()
                continue
            program, verb, *words = shlex.split(command)
            assert program == "xnat-bootstrap"
            takes_url = any("--url" in option.opts for option in cli.commands[verb].params) and verb != "init"
            expected = re.search(r"exit code (\d+)", comment)
            code = run([verb, *words, *(["--url", server.url] if takes_url else [])])
            assert code == int(expected[1] if expected else 0), capsys.readouterr()


def test_what_is_not_run_stands_in_a_page() -> None:
    shown = {command for block in blocks("sh") for command, _comment in lines_of(block)}
    assert set(NOT_RUN) <= shown
    assert all((ROOT / "tests" / test).exists() for test in OWN_TESTS.values())


@pytest.mark.parametrize(("place", "span"), spans(), ids=[place for place, _span in spans()])
def test_commands_in_the_text_are_such_as_there_are(place: str, span: str) -> None:
    program, *words = shlex.split(span.partition(" > ")[0])
    if program == "make":
        assert words[0] in make_targets(), place
    else:
        parses(words)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert [target for target in LINK.findall(text) if not (page.parent / target).exists()] == []


# Files that are made from the program


@pytest.mark.parametrize("which", ["site", "report", "plan"])
def test_the_committed_schema_is_fresh(which: str) -> None:
    committed = (ROOT / f"{which}.schema.json").read_text(encoding="utf-8")
    assert committed == schema_text(which) + "\n", f"run: xnat-bootstrap schema {which} > {which}.schema.json"


@pytest.mark.parametrize("site", sorted((ROOT / "sites").glob("*/site.yaml")), ids=lambda path: path.parent.name)
def test_the_sites_that_we_ship_validate(site: Path) -> None:
    report = jobs.validate(Job(site), Tools(environ={"XNAT_PASSWORD": "x"}))
    assert [str(problem) for problem in errors_among(report.problems)] == []


def test_there_is_a_changelog() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert text.startswith("# Changelog\n")
    assert re.search(r"^## \S+", text, re.MULTILINE)
