"""What became of the study: where it is, what is in its files, and that it is gone again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bootstrap.errors import BootstrapError
from bootstrap.ops.verify_study import Study
from bootstrap.xnat.answers import Asked, check
from bootstrap.xnat.connection import Connection
from bootstrap.xnat.transport import Request, segment

JSON = {"format": "json"}
UNASSIGNED = "Unassigned"  # the part of the prearchive for what no project can be told of
_GONE = (200, 204, 404)


@dataclass(frozen=True)
class Stored:
    """One study in one project, and nothing beside it."""

    xnat: Connection
    study: Study
    project: str
    strays: tuple[str, ...] = ()  # where else in the prearchive it may have got

    @property
    def _subject(self) -> str:
        return f"/data/projects/{segment(self.project)}/subjects/{segment(self.study.label)}"

    def rows(self, path: str, doing: str, *, absent_ok: bool = False) -> list[Mapping[str, Any]]:
        answer = self.xnat.client.read_json(path, doing=doing, params=JSON, absent_ok=absent_ok)
        found: list[Mapping[str, Any]] = answer["ResultSet"]["Result"] if answer else []
        return found

    def accession(self) -> str:
        """Empty as long as it is not archived."""
        path = f"/data/projects/{segment(self.project)}/experiments/{segment(self.study.label)}"
        found = self.xnat.client.read_json(path, doing="looking for the study", params=JSON, absent_ok=True)
        return str(found["items"][0]["data_fields"]["ID"]) if found else ""

    def scans(self, experiment: str) -> list[str]:
        rows = self.rows(f"/data/experiments/{experiment}/scans", "listing the scans of the study")
        return [str(row["ID"]) for row in rows]

    def waiting(self) -> list[Mapping[str, Any]]:
        """Our rows of the prearchive."""
        paths = [f"/data/prearchive/projects/{segment(place)}" for place in (self.project, *self.strays)]
        rows = [row for path in paths for row in self.rows(path, "looking into the prearchive", absent_ok=True)]
        return [row for row in rows if self.study.label in (row.get("name"), row.get("folderName"), row.get("subject"))]

    def leaks(self, experiment: str) -> tuple[int, list[str]]:
        """How many texts were looked through, and the attributes of what was found in them."""
        texts = list(self._contents(experiment))
        found = {name for text in texts for name in self.study.found_in(text)}
        return len(texts), sorted(found)

    def _contents(self, experiment: str) -> Iterator[bytes]:
        """Each stored file, and the record that XNAT made of their headers."""
        yield self._bytes(f"/data/experiments/{experiment}", {"format": "xml"})
        for scan in self.scans(experiment):
            base = f"/data/experiments/{experiment}/scans/{segment(scan)}/resources/DICOM/files"
            for row in self.rows(base, f"listing the files of scan {scan}"):
                yield self._bytes(str(row["URI"]), {})

    def _bytes(self, path: str, params: Mapping[str, str]) -> bytes:
        asked = Asked(f"reading what was stored at {path}", Request("GET", path, params), self.xnat.client.redactor)
        response = self.xnat.client.exchange(asked)
        check(response, asked)
        return response.body

    def resources(self, base: str) -> set[str]:
        """The labels of those that have files."""
        rows = self.rows(f"{base}/resources", "listing the resources of the study")
        return {str(row["label"]) for row in rows if str(row.get("file_count") or "0") != "0"}

    def remove(self) -> None:
        """The subject with all that it has, and what still waits. Nothing else has this name."""
        client = self.xnat.client
        with client.writing():
            for row in self.waiting():
                client.write(
                    "DELETE", f"/data{row['url']}", doing="removing the study from the prearchive", accept=_GONE
                )
            doing, params = "removing the study", {"removeFiles": "true"}
            client.write("DELETE", self._subject, doing=doing, params=params, accept=_GONE)
        if self.waiting() or self.accession():
            hint = f"remove the subject {self.study.label} of {self.project} by hand"
            raise BootstrapError("removing the study: it is still there", hint=hint)
