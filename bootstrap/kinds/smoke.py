"""The smoke test of a command: its launch form is asked for, or it is really launched and waited for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bootstrap.errors import NotFound, Rejected, ServerFailed, XnatError
from bootstrap.kinds.commands_section import Smoke
from bootstrap.xnat.connection import Connection
from bootstrap.xnat.transport import segment

POLL_SECONDS, LONGEST_SECONDS = 2.0, 1800.0
NOT_BUILT = 501  # how the practice XNAT answers what it does not do
_ENDED = ("Complete", "Failed", "Killed")
_LOG_LINES = 30


class CannotTry(Exception):
    """Why there is nothing to try it on. No fault of the command's."""


@dataclass(frozen=True)
class SmokeTest:
    """`failure` is None where all went well, else what went wrong and how the container's log ends."""

    xnat: Connection
    smoke: Smoke
    wrapper: Mapping[str, Any]
    wrapper_id: int

    @property
    def doing(self) -> str:
        return f"trying the wrapper {self.smoke.wrapper} in {self.smoke.project}"

    @property
    def root(self) -> str:
        return str(self.wrapper["external-inputs"][0]["name"])

    def failure(self) -> str | None:
        value = root_uri(self.xnat, self.smoke, self.wrapper)
        try:
            self._ask_for_form(value)
            return self._launch(value) if self.smoke.launch else None
        except (Rejected, ServerFailed, NotFound) as error:
            if error.status == NOT_BUILT:
                raise CannotTry(error.summary) from error
            return error.message

    def _ask_for_form(self, value: str) -> None:
        path = f"/xapi/projects/{segment(self.smoke.project)}/wrappers/{self.wrapper_id}/launch"
        self.xnat.client.read_json(path, doing=self.doing, params={self.root: value})

    def _launch(self, value: str) -> str | None:
        path = (
            f"/xapi/projects/{segment(self.smoke.project)}/wrappers/{self.wrapper_id}/root/{segment(self.root)}/launch"
        )
        answer = self.xnat.client.write("POST", path, doing=self.doing, json={self.root: value}, creates=True).json()
        workflow = str(answer.get("workflow-id", ""))
        if not workflow.isdigit():
            return f"XNAT took the launch and made no workflow: {answer.get('message') or workflow}"
        fields = self._ended(workflow)
        status = str(fields.get("status", ""))
        return (
            None
            if status == "Complete"
            else f"it ended as `{status}`: {fields.get('details') or ''}{self._log(fields)}"
        )

    def _ended(self, workflow: str) -> Mapping[str, Any]:
        waited, fields = 0.0, dict[str, Any]()
        while not str(fields.get("status", "")).startswith(_ENDED):
            if waited > LONGEST_SECONDS:
                return {**fields, "details": f"still so after {LONGEST_SECONDS:.0f} seconds"}
            if fields:
                self.xnat.pause(POLL_SECONDS)
                waited += POLL_SECONDS
            answer = self.xnat.client.read_json(
                f"/data/workflows/{workflow}", doing=self.doing, params={"format": "json"}
            )
            fields = answer["items"][0]["data_fields"]
        return fields

    def _log(self, fields: Mapping[str, Any]) -> str:
        """How the container's logs end; nothing where there was no container."""
        container = str(fields.get("comments") or "")
        found = []
        for stream in ("stdout", "stderr") if container else ():
            path = f"/xapi/containers/{segment(container)}/logs/{stream}"
            try:
                text = self.xnat.client.read_text(path, doing=self.doing, absent_ok=True) or ""
            except XnatError:
                continue
            lines = text.strip().splitlines()[-_LOG_LINES:]
            found += [f"\n  {stream}: {line}" for line in lines]
        return "".join(found)


def root_uri(xnat: Connection, smoke: Smoke, wrapper: Mapping[str, Any]) -> str:
    """The address of what it is tried on. CannotTry where that is not there."""
    kind = wrapper["external-inputs"][0]["type"]
    project = f"/data/projects/{segment(smoke.project)}"
    if kind == "Project":
        return f"/archive/projects/{segment(smoke.project)}"
    label, *below = smoke.root.split("/")
    part = "subjects" if kind == "Subject" else "experiments"
    doing, path = f"looking for {smoke.root} in {smoke.project}", f"{project}/{part}/{segment(label)}"
    try:
        found = xnat.client.read_json(path, doing=doing, params={"format": "json"}, absent_ok=True)
    except XnatError as error:
        if error.status == NOT_BUILT:
            raise CannotTry(error.summary) from error
        raise
    if not found:
        raise CannotTry(f"the project {smoke.project} has no `{label}` yet")
    address = f"/archive/{part}/{found['items'][0]['data_fields']['ID']}"
    return "/".join([address, *(segment(step) for step in below)])
