"""The site file: YAML with positions, tags, secrets and overlays; the merged site; its JSON Schema.

This room is handed the kinds' models (`Section`); it never imports them.
"""

from bootstrap.config.explain import Topic, explain
from bootstrap.config.render import Rendered, render
from bootstrap.config.schema import site_schema
from bootstrap.config.section import Model, Section
from bootstrap.config.site import Site, load_site
from bootstrap.config.starter import starter
from bootstrap.config.texts import EnvText, FileText

__all__ = [
    "EnvText",
    "FileText",
    "Model",
    "Rendered",
    "Section",
    "Site",
    "Topic",
    "explain",
    "load_site",
    "render",
    "site_schema",
    "starter",
]
