"""The house of the design: imports go downward only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bootstrap.kinds import KINDS

PACKAGE = Path(__file__).parents[1] / "bootstrap"
# From the roof to the cellar: a room may import from the rooms below it.
ROOMS = ("cli", "ops", "practice", "engine", "kinds", "config", "xnat", "dicomedit", "facts")
EVERYBODY_KNOWS = {"errors", "values", "jar"}
PRACTICE_KNOWS = {"dicomedit", "facts", *EVERYBODY_KNOWS}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imported_rooms(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names = [node.module] if node.module != "bootstrap" else [f"bootstrap.{a.name}" for a in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level:
            raise AssertionError(f"{path}:{node.lineno}: relative imports hide an arrow")
        for name in names:
            parts = name.split(".")
            if parts[0] == "bootstrap" and len(parts) > 1 and not parts[1].startswith("__"):
                yield parts[1], getattr(node, "lineno", 0)


def may_import(room: str, other: str) -> bool:
    if other == room or (other in EVERYBODY_KNOWS and room != "facts"):
        return True
    if room in ("__init__", "__main__"):
        return other in ("cli",)
    if room in EVERYBODY_KNOWS:
        return other in EVERYBODY_KNOWS
    if room == "practice":
        return other in PRACTICE_KNOWS
    return other in ROOMS and ROOMS.index(other) > ROOMS.index(room)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_downward_only(path: Path) -> None:
    room = room_of(path)
    upward = [(other, line) for other, line in imported_rooms(path) if not may_import(room, other)]
    assert not upward, f"{path.relative_to(PACKAGE.parent)} imports what lies above it: {upward}"


def test_every_room_is_known() -> None:
    rooms = {room_of(path) for path in modules()}
    assert rooms <= {*ROOMS, *EVERYBODY_KNOWS, "__init__", "__main__"}


def test_no_engine_module_names_a_kind() -> None:
    names = {path.stem for path in (PACKAGE / "kinds").glob("*.py")} - {"__init__", "kind", "server"}
    for path in (PACKAGE / "engine").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not [name for name in names if f'"{name}"' in text or f"kinds.{name}" in text], path


def test_only_the_clients_room_and_the_practice_server_speak_http() -> None:
    for path in modules():
        if room_of(path) in ("xnat", "practice"):
            continue
        imports = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        named = {alias.name for node in imports if isinstance(node, ast.Import) for alias in node.names}
        assert not named & {"requests", "urllib3", "http.client", "urllib.request"}, path


def test_every_kind_says_where_the_file_names_it() -> None:
    assert [kind.name for kind in KINDS if bool(kind.sections) is bool(kind.written_under)] == []
