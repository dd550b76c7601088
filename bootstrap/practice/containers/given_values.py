"""The values of a launch, as a request brings them: JSON, a form, a query."""

from __future__ import annotations

from bootstrap.practice.containers.problems import Unreadable
from bootstrap.practice.containers.scalars import as_text
from bootstrap.practice.http import lenient_json
from bootstrap.practice.http.access import Access
from bootstrap.practice.http.call import Call

_JSON = "application/json"


def reading(access: Access, *, json: bool) -> Access:
    """The values are read before anybody's right is looked at. `json`: a JSON body counts, and then nothing else."""

    def allowed(call: Call) -> bool:
        call.json = _of_json(call) if json and call.media_type == _JSON else _of_pairs(call)
        return access(call)

    return allowed


def of_query(call: Call) -> dict[str, str]:
    return {name: call.query[name] for name in call.query}


def _of_json(call: Call) -> dict[str, str]:
    try:
        body = call.read_json()
    except lenient_json.NotJson as error:
        raise Unreadable(str(error)) from error
    if not isinstance(body, dict):
        raise Unreadable(
            "Cannot deserialize value of type `java.util.LinkedHashMap<java.lang.String,java.lang.String>`"
        )
    texts = {name: as_text(value, name) for name, value in body.items()}
    return {name: text for name, text in texts.items() if text is not None}


def _of_pairs(call: Call) -> dict[str, str]:
    found = of_query(call)
    if call.media_type == "application/x-www-form-urlencoded":
        form = call.form()
        found |= {name: form[name] for name in form}
    return found
