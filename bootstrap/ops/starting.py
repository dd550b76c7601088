"""`init`: a commented starter site, or one made from a server."""

from __future__ import annotations

from pathlib import Path
from shlex import quote

from bootstrap.config import starter
from bootstrap.engine.journal import write_whole
from bootstrap.errors import LocalFileError
from bootstrap.ops.console import Console
from bootstrap.ops.export import export_site
from bootstrap.ops.offline import schema_text
from bootstrap.ops.session import Asked, Tools, all_sections

_SCHEMA = "site.schema.json"  # beside the site, so that editors complete it


def init_site(folder: Path, source: str | None, asked: Asked, tools: Tools, console: Console) -> int:
    if source:
        return export_site(source, folder, asked, tools, console, {_SCHEMA: schema_text("site") + "\n"})
    texts = {"site.yaml": starter(all_sections(), {"server", "site"}, _SCHEMA), _SCHEMA: schema_text("site") + "\n"}
    for name in texts:
        if (folder / name).exists():
            hint = "give another folder; nothing was changed"
            raise LocalFileError(f"writing {folder / name}: it exists already", hint=hint)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LocalFileError(f"making the folder {folder}: {error.strerror or error}") from error
    for name, text in texts.items():
        write_whole(folder / name, text)
    written = [str(folder / name) for name in texts]
    console.json_or(
        {"written": written}, f"wrote {' and '.join(written)}; next: xnat-bootstrap validate {quote(str(folder))}"
    )
    return 0
