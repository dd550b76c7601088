"""docs/ci.md: every YAML block is what it says it is, and every command runs that needs no real XNAT."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from bootstrap.cli import run
from bootstrap.ops import jobs, session
from bootstrap.ops.jobs import Job
from bootstrap.ops.session import Asked, Tools
from bootstrap.practice.server import PracticeServer
from tests import practice_image as image
from tests.live.conftest import brief_pause, serving
from tests.test_docs import make_targets, parses

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(?:# (\S+)\n)?(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
OVERLAY, REHEARSE, GITLAB, PROVE, GITLAB_PROVE = [text for language, _name, text in BLOCKS if language == "yaml"]
SITE = """\
server: {url: "https://xnat.example.org", username: admin, password: !env XNAT_PASSWORD, first_password: admin}
site: {siteId: CI, siteUrl: "https://xnat.example.org", adminEmail: ci@example.org, requireLogin: true}
anonymization: {script: !file site.das}
projects: [{id: VERIFY, title: The proof}]
verify: {project: VERIFY}
"""
SECONDS = 120
# What GitHub and GitLab take, as far as these files use it.
WORKFLOW = {"name", "on", "permissions", "jobs"}
JOB = {"runs-on", "timeout-minutes", "services", "env", "steps"}
STEP = {"name", "uses", "run", "if", "with"}
GITLAB_JOB = {"image", "services", "variables", "script", "rules", "artifacts"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a site of its own and the page's overlay."""
    place = tmp_path / "sites" / "mine"
    place.mkdir(parents=True)
    (place / "site.yaml").write_text(SITE, encoding="utf-8")
    (place / "ci.yaml").write_text(OVERLAY, encoding="utf-8")
    shutil.copy(ROOT / "anon_scripts" / "site-basic-profile.das", place / "site.das")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(session, "Tools", partial(session.Tools, pause=brief_pause))
    monkeypatch.setenv("XNAT_PASSWORD", "rehearsal-only")
    return tmp_path


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PracticeServer]:
    with serving(tmp_path / "state") as running:
        yield running


def loaded(text: str) -> dict[str, Any]:
    """Without YAML's own idea of what `on` is."""
    found: dict[str, Any] = yaml.load(text, yaml.BaseLoader)
    return found


def test_the_page_has_the_blocks_that_are_tried_here() -> None:
    assert [(language, name) for language, name, _text in BLOCKS] == [
        ("sh", ""),
        ("yaml", "sites/mine/ci.yaml"),
        ("yaml", ".github/workflows/rehearse.yml"),
        ("yaml", ".gitlab-ci.yml"),
        ("python", ""),
        ("yaml", ".github/workflows/prove.yml"),
        ("yaml", ".gitlab-ci.yml"),
    ]


def test_the_image_is_built_by_the_command_that_the_page_shows() -> None:
    assert shlex.split(BLOCKS[0][2]) == ["docker", "build", "-t", "xnat-bootstrap", "-f", image.DOCKERFILE, "."]


def test_the_overlay_fits_a_site(folder: Path) -> None:
    job = Job(folder / "sites" / "mine", Asked(overlays=(folder / "sites" / "mine" / "ci.yaml",)))
    report = jobs.validate(job, Tools(environ={"XNAT_PASSWORD": "x"}))
    assert (report.exit_code, list(report.problems)) == (0, [])


@pytest.mark.parametrize("text", [REHEARSE, PROVE], ids=["rehearse", "prove"])
def test_a_workflow_of_github_has_the_keys_that_it_takes(text: str) -> None:
    workflow = loaded(text)
    assert set(workflow) == WORKFLOW
    for job in workflow["jobs"].values():
        assert {"runs-on", "timeout-minutes", "steps"} <= set(job) <= JOB
        for step in job["steps"]:
            assert set(step) <= STEP
            assert ("uses" in step) != ("run" in step)
            assert "@v" in step.get("uses", "@v")


@pytest.mark.parametrize("text", [GITLAB, GITLAB_PROVE], ids=["rehearse", "prove"])
def test_a_job_of_gitlab_has_the_keys_that_it_takes(text: str) -> None:
    for job in loaded(text).values():
        assert {"image", "services", "variables", "script", "artifacts"} <= set(job) <= GITLAB_JOB
        assert job["image"]["entrypoint"] == [""]
        assert all({"name", "alias"} == set(service) for service in job["services"])
        assert f"http://{job['services'][-1]['alias']}:8080" == job["variables"]["XNAT_URL"]


@pytest.mark.parametrize("text", [GITLAB, GITLAB_PROVE], ids=["rehearse", "prove"])
def test_the_commands_of_gitlab_run_one_after_the_other(
    text: str, folder: Path, server: PracticeServer, capsys: pytest.CaptureFixture[str]
) -> None:
    (job,) = loaded(text).values()
    for line in job["script"]:
        program, *words = shlex.split(line.replace("$XNAT_URL", server.url))
        assert program == "xnat-bootstrap"
        assert run(words) == 0, (line, capsys.readouterr())
    reports = job["artifacts"]["reports"]["junit"]
    for name in [reports] if isinstance(reports, str) else reports:
        assert "<testsuite" in (folder / name).read_text(encoding="utf-8")


@pytest.mark.docker
def test_the_commands_of_github_run_in_the_image(folder: Path, server: PracticeServer, practice_image: str) -> None:
    """As GitHub's shell does it; somebody else's account owns the folder."""
    (job,) = loaded(REHEARSE)["jobs"].values()
    (script,) = [step["run"] for step in job["steps"] if "run" in step]
    environ = {**os.environ, **job["env"], "IMAGE": practice_image, "XNAT_URL": server.url}
    ended = subprocess.run(
        ["bash", "-e", "-c", script],
        cwd=folder,
        env=environ,
        check=False,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "Nothing to do" in ended.stdout or "No changes" in ended.stdout, ended.stdout
    assert "<testsuite" in (folder / "apply.xml").read_text(encoding="utf-8")


def test_what_the_real_one_is_proved_with_is_there() -> None:
    (job,) = loaded(PROVE)["jobs"].values()
    assert any(" verify sites/compose" in step.get("run", "") for step in job["steps"])
    for program, *words in (shlex.split(step["run"]) for step in job["steps"] if "run" in step):
        if program == "make":
            assert words[0] in make_targets()
        else:
            assert program == ".venv/bin/xnat-bootstrap"
            parses(words)
        assert not [word for word in words if "sites/" in word and not (ROOT / word.rpartition("=")[2]).exists()]


def test_the_fixture_for_other_software_is_such_as_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    names: dict[str, Any] = {}
    exec(compile(BLOCKS[4][2], "docs/ci.md", "exec"), names)
    found = names["READY"].search("the practice XNAT is ready at http://127.0.0.1:41001 (admin/admin, not set up yet)")
    assert found[1] == "http://127.0.0.1:41001"
    for words in re.findall(r'\["(?:xnat-bootstrap", ")?((?:practice|apply)".*?)\]', BLOCKS[4][2]):
        parses([word.strip('" ') for word in words.split(",")])
