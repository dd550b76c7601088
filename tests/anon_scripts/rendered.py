"""The shipped scripts, as a site would have them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bootstrap.config.files import Files
from bootstrap.config.templates import render

FOLDER = Path(__file__).parents[2] / "anon_scripts"
SCRIPTS = sorted(FOLDER.glob("*.das*"))
NAMES: dict[str, dict[str, Any]] = {
    "retain-longitudinal.das.j2": {"dates": "shifted", "date_shift_salt": "pepper"},
    "pixel-blanking-ultrasound.das.j2": {
        "ultrasound": [{"model": "Sono 1", "columns": 4, "rows": 4, "black": [[0, 0, 4, 1]]}]
    },
    "series-uid-fix.das.j2": {"converted_like": ".*nii.*"},
    "derived-series.das.j2": {"derived_description": "mask", "derived_number": 901, "derived_like": ".*mask.*"},
}


def text_of(name: str, **names: Any) -> str:
    path = FOLDER / name
    if path.suffix != ".j2":
        return path.read_text(encoding="utf-8")
    return render(path, {**NAMES[name], **names}, Files())
