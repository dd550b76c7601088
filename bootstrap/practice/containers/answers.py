"""Answers of the Container Service: JSON as it stands, texts that a caller who accepts only JSON gets called JSON."""

from __future__ import annotations

from typing import Any

from bootstrap.practice.containers.problems import Problem
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call, as_bytes
from bootstrap.practice.http.media import accepts

_JSON = ("application/json",)
_NOT_ACCEPTABLE = "Could not find acceptable representation"


def exact_json(value: Any, status: int = 200) -> Answer:
    """With the nulls that are in it; `bodies.as_json` leaves them out."""
    return Answer(status, as_bytes(value), bodies.JSON)


def bare_text(call: Call, text: str, status: int = 200) -> Answer:
    """It is called JSON where the caller accepts nothing else."""
    if _wants_json(call):
        return bodies.raw_json(text, status)
    return bodies.as_text(text, status, accept=call.headers.get("Accept-Charset", ""))


def of_problem(call: Call, problem: Problem) -> Answer:
    return bare_text(call, problem.text, problem.status)


def acceptable(call: Call, answer: Answer) -> Answer:
    """What was to be answered, or 500 where the caller does not take JSON and the route does not say what it makes."""
    if answer.type == bodies.JSON and not accepts(call, _JSON):
        return bodies.wrapped(_NOT_ACCEPTABLE)
    return answer


def _wants_json(call: Call) -> bool:
    wanted = call.request.accept_mimetypes
    return bool(wanted) and wanted.best_match(["text/plain", "application/json"]) == "application/json"
