"""A server that says what a case file says, first this and, once something was written, that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bootstrap.xnat.fake import reply
from bootstrap.xnat.guard import is_harmless
from bootstrap.xnat.transport import Request, Response
from tests.kinds.cases import Case


class Scripted:
    def __init__(self, case: Case) -> None:
        assert case.answers is not None
        self._answers = {**_always(case), **case.answers}
        self._afterwards = {**self._answers, **case.afterwards}
        self._ours: dict[str, list[str]] = {}
        self._written = False

    def send(self, request: Request) -> Response:
        if request.path.startswith("/data/config/xnat-bootstrap"):
            return self._bookkeeping(request)
        answers = self._afterwards if self._written else self._answers
        self._written |= not is_harmless(request)
        answer = answers.get(request.line)
        assert answer is not None, f"the case scripts no answer to {request.line}"
        return _response(answer)

    def close(self) -> None:
        """Nothing is held open."""

    def _bookkeeping(self, request: Request) -> Response:
        """Ledger and lock are kept as a config service keeps them."""
        if request.method == "PUT":
            assert request.body is not None
            self._ours.setdefault(request.path, []).append(request.body.decode())
            return reply(201)
        texts = self._ours.get(request.path)
        if not texts:
            return reply(404)
        moments = [f"2026-11-26 10:00:{number:02}.0" for number in range(len(texts))]
        name = request.path.removeprefix("/data/config/xnat-bootstrap/")
        rows = [{"path": name, "contents": t, "create_date": m} for t, m in zip(texts, moments, strict=True)]
        return reply(json={"ResultSet": {"Result": rows}})


def _always(case: Case) -> dict[str, Any]:
    return {
        "GET /xapi/siteConfig/buildInfo": {"json": {"version": case.version}},
        "GET /xapi/siteConfig/initialized": {"json": not case.fresh},
        "DELETE /data/JSESSION": {},
    }


def _response(answer: Mapping[str, Any]) -> Response:
    return reply(**{"status": 200, **answer})
