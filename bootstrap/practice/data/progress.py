"""/data/status: how far something is that a client gave a name of its own."""

from __future__ import annotations

from collections.abc import Callable

from bootstrap.practice.data.room import room
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call, Refusal

PROCESSING, COMPLETED, FAILED = "PROCESSING", "COMPLETED", "FAILED"
_BAD = 400


def begin(call: Call, name: str) -> None:
    note(call, name, PROCESSING, "Determining destination")


def note(call: Call, name: str, status: str, message: str) -> None:
    """Nothing more comes after what is completed or has failed."""
    call.site.storage.change(
        "INSERT INTO progress (name, username, status, message) VALUES (?, ?, ?, ?)",
        *(name, call.caller.name, status, message),
    )


def followed(call: Call, name: str, work: Callable[[], Answer]) -> Answer:
    """The work, and a note of how it has ended."""
    try:
        answer = work()
    except Refusal as refusal:
        answer = refusal.answer
    if answer.status < _BAD:
        note(call, name, COMPLETED, "Upload complete")
    else:
        note(call, name, FAILED, f"The upload has failed with {answer.status}")
    return answer


@room.get("/data/status/{TRANSACTION_ID}")
def progress(call: Call) -> Answer:
    """Of the caller's own; the list is in a list."""
    rows = call.site.storage.rows(
        "SELECT * FROM progress WHERE name = ? AND username = ? ORDER BY id",
        *(call.parts["TRANSACTION_ID"], call.caller.name),
    )
    told = [{"status": row["status"], "msg": row["message"], "terminal": row["status"] != PROCESSING} for row in rows]
    return bodies.data_json({"msgs": [told]})
