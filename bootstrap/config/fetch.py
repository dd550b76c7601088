"""Fetches what tags promised, once the overlays are merged: files, templates, secrets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bootstrap.config import secrets
from bootstrap.config.files import CannotRead, Files, shown
from bootstrap.config.nodes import BROKEN, Map, Node, Scalar, plain, scalars
from bootstrap.config.problems import Problems
from bootstrap.config.tags import Later
from bootstrap.config.texts import FileText
from bootstrap.values import Secret

VARS = "vars"
Names = Callable[[Mapping[str, Any]], Mapping[str, Any]]


class Fetcher:
    """`more` gives a template names besides the site's `vars`; it sees the merged site, templates apart."""

    def __init__(self, files: Files, problems: Problems, run_secrets: bool, more: Names | None = None) -> None:
        self.files, self.problems, self.run_secrets, self.more = files, problems, run_secrets, more
        self.names: Mapping[str, Any] = {}

    def fetch(self, tree: Map) -> None:
        """Puts the values into the tree."""
        variables = tree.entries.get(VARS)
        if variables is not None:
            self._vars(variables)
        waiting = [node for node in scalars(tree) if isinstance(node.value, Later)]
        templates = [node for node in waiting if _is_template(node)]
        for node in waiting:
            if not _is_template(node):
                self._value(node)
        if templates:
            self.names = self._names(tree)
        for node in templates:
            self._value(node)

    def _vars(self, variables: Node) -> None:
        for node in scalars(variables):
            later = node.value
            if isinstance(later, Later) and later.what in ("secret", "command"):
                hint = "what a template makes can be read by others; give the secret to a field that takes one"
                self.problems.error("secret-in-vars", "`vars` takes no secrets", node.place, hint)
                node.value = BROKEN
            elif _is_template(node):
                self.problems.error(
                    "template-in-vars", "`vars` takes no templates: it is what they are made of", node.place
                )
                node.value = BROKEN

    def _names(self, tree: Map) -> Mapping[str, Any]:
        variables = tree.entries.get(VARS)
        names = plain(variables) if isinstance(variables, Map) else {}
        return {**names, **self.more(plain(tree))} if self.more else names

    def _value(self, node: Scalar) -> None:
        later = node.value
        if not isinstance(later, Later):
            return  # an alias: it was fetched where its anchor stands
        if later.what == "env":
            node.value = BROKEN
            message = f"the environment variable `{later.words[0]}` is not set"
            hint = f"set it, or give a default: `!env [{later.words[0]}, ...]`"
            self.problems.error("env-missing", message, node.place, hint)
        elif later.what == "file":
            node.value = self._file(later, node)
        else:
            node.value = self._secret(later, node)

    def _file(self, later: Later, node: Scalar) -> Any:
        try:
            return self._rendered(later) if _is_template(node) else FileText(self.files.text(later.path), later.path)
        except CannotRead as cannot:
            message = f"the file {shown(later.path)} {cannot.why}"
            self.problems.error(cannot.rule, message, node.place, cannot.hint)
            return BROKEN

    def _rendered(self, later: Later) -> Any:
        from bootstrap.config.templates import TemplateFailed, render  # Jinja2 is wanted by few sites

        try:
            return FileText(render(later.path, self.names, self.files), later.path)
        except TemplateFailed as failed:
            self.problems.take([failed.problem])
            return BROKEN

    def _secret(self, later: Later, node: Scalar) -> Any:
        if later.what == "command" and not self.run_secrets:
            return Secret("", later.origin)
        try:
            if later.what == "secret":
                return secrets.from_file(later.path, later.origin)
            return secrets.from_command(later.words, later.folder, later.origin)
        except secrets.NoSecret as none:
            self.problems.error(none.rule, none.message, node.place, none.hint)
            return BROKEN


def _is_template(node: Scalar) -> bool:
    later = node.value
    return isinstance(later, Later) and later.what == "file" and later.path.suffix == ".j2"
