"""Whether a command's wrapper runs somewhere and with which defaults: the same words for the site and for a project."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from bootstrap.config.section import Model


class InputDefault(Model):
    """What one input of a wrapper starts with, and who may change it."""

    value: str | None = Field(None, description="the value that it starts with; null is the command's own")
    user_settable: bool | None = Field(None, description="may who launches change it; null is the command's own")
    advanced: bool | None = Field(None, description="whether it is folded away; null is the command's own")

    def said(self) -> dict[str, Any]:
        """What the file says, by the Container Service's own names."""
        names = {"value": "default-value", "user_settable": "user-settable", "advanced": "advanced"}
        return {theirs: getattr(self, ours) for ours, theirs in names.items() if ours in self.model_fields_set}


Defaults = dict[str, str | InputDefault | None]


class WrapperUse(Model):
    """One wrapper, on the site or in a project. What is not said is left alone."""

    enabled: bool | None = Field(None, description="whether it can be launched here")
    defaults: Defaults = Field(
        default_factory=dict,
        description="what its inputs start with: a text, or a map of value, user_settable and advanced; null is the "
        "command's own",
    )


def said_default(default: str | InputDefault | None) -> dict[str, Any]:
    """One entry of `defaults` by the Container Service's own names; None is the command's own."""
    if isinstance(default, InputDefault):
        return default.said()
    return {"default-value": default}
