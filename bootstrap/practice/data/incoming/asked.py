"""What an upload asks for: the parameters of its query and of its form, and what of them a receiver needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bootstrap.practice.data.incoming.receiving import Terms
from bootstrap.practice.http import uploads
from bootstrap.practice.http.call import Call


@dataclass(frozen=True)
class Asked:
    """Parameters of the query go before those of the form."""

    call: Call
    values: Mapping[str, str]

    @classmethod
    def of(cls, call: Call) -> Asked:
        form = dict(call.request.form) if call.media_type == uploads.MULTIPART else {}
        return cls(call, form | dict(call.query))

    def says(self, name: str) -> bool:
        return self.values.get(name, "").lower() == "true"

    def first(self, *names: str) -> str:
        return next((self.values[name] for name in names if self.values.get(name)), "")


def terms(asked: Asked, labels: Mapping[str, str], *, rename: bool) -> Terms:
    return Terms(
        labels=labels,
        rename=rename,
        prevent_anon=asked.says("prevent_anon"),
        prevent_auto_commit=asked.says("prevent_auto_commit"),
        direct=asked.says("Direct-Archive"),
        source=asked.first("SOURCE"),
        visit=asked.first("VISIT"),
    )
