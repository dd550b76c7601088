"""A resource's catalog: the XML file in its folder that lists its files."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from bootstrap.practice.data import files, resources
from bootstrap.practice.data.resources import Resource

if TYPE_CHECKING:
    from bootstrap.practice.data.files import File
    from bootstrap.practice.site import Site

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACES = 'xmlns:cat="http://nrg.wustl.edu/catalog" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


def text(site: Site, resource: Resource) -> str:
    entries = "".join(map(_entry, files.of(site, resource)))
    body = f"<cat:entries>\n{entries}</cat:entries>\n" if entries else ""
    return f"{_HEAD}<cat:Catalog ID={quoteattr(resource.label)} {_NAMESPACES}>\n{body}</cat:Catalog>\n"


def write(site: Site, resource: Resource) -> None:
    """Whole, or as it was."""
    place = resources.folder(site, resource) / resource.catalog
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(f".{place.name}.part")
    part.write_text(text(site, resource), "utf-8")
    os.replace(part, place)


def _entry(file: File) -> str:
    said = {
        "URI": file.path,
        "name": file.name,
        "digest": file.digest,
        "format": file.facts.format,
        "content": file.facts.content,
        "description": file.facts.description,
    }
    attributes = " ".join(f"{name}={quoteattr(value)}" for name, value in said.items() if value)
    tags = "".join(f"<cat:tag>{_escaped(tag)}</cat:tag>" for tag in file.facts.tags.split(",") if tag)
    inner = f"><cat:tags>{tags}</cat:tags></cat:entry>\n" if tags else "/>\n"
    return f"<cat:entry {attributes}{inner}"


def _escaped(tag: str) -> str:
    return tag.replace("&", "&amp;").replace("<", "&lt;")
