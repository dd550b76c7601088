"""`init`: what lies in the folder afterwards, and what stays as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from bootstrap.errors import LocalFileError
from bootstrap.ops import starting
from bootstrap.ops.console import Console
from bootstrap.ops.session import Asked, Tools

LINE = "# yaml-language-server: $schema=site.schema.json\n"


@pytest.fixture
def console() -> Console:
    return Console()


def test_the_next_command_can_be_copied_whatever_the_folder_is_called(
    tmp_path: Path, console: Console, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "größe 1" / "neu"
    assert starting.init_site(folder, None, Asked(), Tools(), console) == 0
    assert f"xnat-bootstrap validate '{folder}'" in capsys.readouterr().out
    assert (folder / "site.yaml").read_text("utf-8").startswith(LINE)


def test_a_file_that_is_there_stays(tmp_path: Path, console: Console) -> None:
    (tmp_path / "site.schema.json").write_text("mine", encoding="utf-8")
    with pytest.raises(LocalFileError, match="exists already"):
        starting.init_site(tmp_path, None, Asked(), Tools(), console)
    assert [(path.name, path.read_text("utf-8")) for path in tmp_path.iterdir()] == [("site.schema.json", "mine")]
