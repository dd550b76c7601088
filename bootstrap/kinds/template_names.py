"""What templates of commands know besides the site's `vars`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bootstrap.config.site import Site


def template_names(site: Site) -> Mapping[str, Any]:
    return {"images": image_references(site)}


def image_references(site: Site) -> Mapping[str, str]:
    """The full reference of each image of the file."""
    return {image.name: image.present for image in site.section("images") or () if image.present}
