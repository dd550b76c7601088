"""/xapi/.../launch and .../bulklaunch: one launch, many launches. What becomes of them is told by their workflows."""

from __future__ import annotations

from bootstrap.practice.containers import access, answers
from bootstrap.practice.containers.documents import Document
from bootstrap.practice.containers.given_values import reading
from bootstrap.practice.containers.launching import bulk, queue
from bootstrap.practice.containers.launching.request import Request
from bootstrap.practice.containers.numbers import row_number
from bootstrap.practice.containers.room import room
from bootstrap.practice.http.access import ANYBODY
from bootstrap.practice.http.call import Answer, Call

BY_ID = "/wrappers/{wrapperId}"
BY_NAME = "/commands/{commandId}/wrappers/{wrapperName}"
_ONE_BY_ID = "/wrapper/{wrapperId}"  # an address of its own, for forms only
_OF_PROJECT = "/xapi/projects/{project}"
_ROOT = "/root/{rootElement}"


def launch(call: Call) -> Answer:
    request = _request(call)
    told = {"params": request.given, "command-id": request.command, "wrapper-id": request.wrapper}
    try:
        workflow = queue.submit(call.site, request)
    except queue.NotAccepted as error:
        failure = {"status": "failure", "message": str(error), "params": request.given, "id": 0}
        return answers.exact_json({**failure, "wrapper-id": request.wrapper}, 500)
    return answers.exact_json({"status": "success", **told, "workflow-id": workflow})


def launch_many(call: Call) -> Answer:
    accepted = bulk.submit(call.site, _request(call))
    return answers.exact_json(
        {
            "bulk-launch-id": accepted.id,
            "pipeline-name": accepted.pipeline,
            "successes": [_success(one) for one in accepted.requests],
            "failures": [],
        }
    )


def _success(request: Request) -> Document:
    return {
        "status": "success",
        "params": request.given,
        "command-id": request.command,
        "wrapper-id": request.wrapper,
        "workflow-id": queue.UNASSIGNED,
    }


def _request(call: Call) -> Request:
    parts = call.parts
    named = "wrapperName" in parts
    return Request(
        call.caller.name,
        call.json,
        wrapper=0 if named else row_number(parts["wrapperId"]),
        command=row_number(parts["commandId"]) if named else 0,
        name=parts.get("wrapperName", ""),
        project=parts.get("project", ""),
        root=parts.get("rootElement", ""),
    )


for _path in (BY_ID, BY_NAME):
    for _root in (_ROOT, ""):
        room.post(f"/xapi{_path}{_root}/launch", reading(ANYBODY, json=True))(launch)
        room.post(f"{_OF_PROJECT}{_path}{_root}/launch", reading(access.PROJECT_READER, json=True))(launch)
        room.post(f"/xapi{_path}{_root}/bulklaunch", reading(ANYBODY, json=True))(launch_many)
        room.post(f"{_OF_PROJECT}{_path}{_root}/bulklaunch", reading(ANYBODY, json=True))(launch_many)
for _root in (_ROOT, ""):
    room.post(f"{_OF_PROJECT}{_ONE_BY_ID}{_root}/launch", reading(access.PROJECT_READER, json=False))(launch)
