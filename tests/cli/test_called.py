"""Commands that are printed can be copied and run as they are."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from bootstrap.cli import called

OPTIONS: dict[str, Any] = {
    "overlays": (Path("prod.yaml"),),
    "url": "https://x.example.org",
    "username": None,
    "ca_file": Path("my ca.pem"),
    "timeout": 90.0,
    "only": ("notification", "site_setting:siteId"),
    "prune": True,
    "allow": (),
}


@pytest.fixture(autouse=True)
def _as_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["xnat-bootstrap"])
    monkeypatch.setenv("PATH", "")


def test_the_site_is_applied_with_the_same_server_and_choice() -> None:
    assert called.apply_site(Path("sites/mine"), OPTIONS) == (
        "xnat-bootstrap apply sites/mine -f prod.yaml --url https://x.example.org --ca-file 'my ca.pem' --timeout 90 "
        "--only notification --only site_setting:siteId --prune"
    )


def test_a_document_names_its_site_and_choice_itself() -> None:
    assert called.apply_file("plan.json", OPTIONS) == (
        "xnat-bootstrap apply plan.json --url https://x.example.org --ca-file 'my ca.pem' --timeout 90"
    )


def _installed(folder: Path) -> Path:
    folder.mkdir(parents=True)
    script = folder / "xnat-bootstrap"
    script.write_text("#!/bin/sh\n", encoding="utf-8")
    script.chmod(0o755)
    return script


def test_the_program_is_named_as_it_can_be_called_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = _installed(tmp_path / ".venv" / "bin")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [str(script)])
    assert called.program() == ".venv/bin/xnat-bootstrap"
    monkeypatch.chdir(script.parent)
    assert called.program() == "./xnat-bootstrap"
    monkeypatch.setenv("PATH", str(script.parent))
    assert called.program() == "xnat-bootstrap"
    monkeypatch.setenv("PATH", str(_installed(tmp_path / "other").parent))
    monkeypatch.chdir(tmp_path / "other")
    assert called.program() == str(script)
    monkeypatch.setattr(sys, "argv", [".venv/bin/xnat-bootstrap"])
    assert called.program() == ".venv/bin/xnat-bootstrap"


def test_a_module_is_called_as_a_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", [str(tmp_path / "bootstrap" / "__main__.py")])
    monkeypatch.setattr(sys, "executable", "/opt/python 3/bin/python")
    assert called.program() == "'/opt/python 3/bin/python' -m bootstrap"
