"""What templates of commands know besides the site's `vars`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bootstrap.config.site import Site
from bootstrap.kinds.image_uses import image_references

__all__ = ["image_references", "template_names"]


def template_names(site: Site) -> Mapping[str, Any]:
    return {"images": image_references(site)}
