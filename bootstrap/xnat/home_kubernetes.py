"""A home inside a pod: `kubectl` is run, as the person who runs this tool would run it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from bootstrap.errors import HomeFailed
from bootstrap.xnat.commands import run_command
from bootstrap.xnat.home import DEFAULT_FOLDER, LOG_LINES, PART, stamp_now
from bootstrap.xnat.home_shell import MAKE_FOLDER, ShellHome

ROLLOUT_SECONDS = 900
# Volumes that outlive a pod. What is not named here (emptyDir, configMap, secret) does not, or cannot be written.
_LASTING = ("persistentVolumeClaim", "hostPath", "nfs", "csi", "cephfs", "iscsi", "azureFile")
# A pod's shell that is root's may stand beside an XNAT that is not: the file belongs to whom its folder belongs to.
_WRITE = (
    f'( set -- "$(dirname "$1")"; {MAKE_FOLDER} ) && umask 077 && cat > "$1" && chmod "$2" "$1" && '
    'if [ "$(id -u)" = 0 ]; then chown "$(stat -c %u:%g "$(dirname "$1")")" "$1"; fi || { rm -f "$1"; exit 1; }'
)


class KubernetesHome(ShellHome):
    """`workload` as kubectl names it: statefulset/xnat."""

    def __init__(
        self,
        workload: str,
        *,
        namespace: str | None = None,
        context: str | None = None,
        container: str | None = None,
        folder: str | None = None,
        program: str = "kubectl",
    ) -> None:
        self._workload, self._container, self._program = workload, container, program
        self._where = [
            *(["--context", context] if context else []),
            *(["--namespace", namespace] if namespace else []),
        ]
        self.folder = PurePosixPath(folder or DEFAULT_FOLDER)
        self.name = f"{workload} on Kubernetes"
        self.stamp = stamp_now()

    def shell(self, script: str, *arguments: str, doing: str, reads: bool = False) -> str:
        return self._kubectl(*self._inside(), "sh", "-c", script, "sh", *arguments, doing=doing)

    def fetch(self, path: str, to: Path) -> None:
        doing = f"reading {path} of {self.name}"
        self._kubectl(*self._inside(), "cat", self._at(path), doing=doing, to=to)

    def put(self, source: Path, path: str, *, private: bool = False) -> None:
        doing = f"writing {path} in {self.name}"
        target = self._at(path)
        part = target + PART
        mode = "600" if private else "644"
        size = source.stat().st_size
        self._kubectl(*self._inside(stdin=True), "sh", "-c", _WRITE, "sh", part, mode, doing=doing, stdin=source)
        # A connection that breaks looks like an end of what was sent.
        checked = 'if [ "$(stat -c %s "$1")" != "$3" ]; then rm -f "$1"; echo "it arrived cut" >&2; exit 1; fi; '
        self.shell(checked + 'mv -f "$1" "$2"', part, target, str(size), doing=doing)

    def lost_by_restart(self, folder: str) -> str:
        inside = self.folder / folder
        mounts = [m for m in self._own.get("volumeMounts") or () if inside.is_relative_to(m["mountPath"])]
        if not mounts:
            return f"{inside} lies in no volume: a new pod begins without what was put there"
        mount = max(mounts, key=lambda found: len(found["mountPath"]))
        if mount.get("readOnly"):
            return f"the volume {mount['name']} at {mount['mountPath']} is mounted read-only"
        if mount["name"] in self._claimed:
            return ""
        volume: Mapping[str, Any] = next((v for v in self._pod.get("volumes") or () if v["name"] == mount["name"]), {})
        if any(kind in volume for kind in _LASTING):
            return ""
        kind = next((key for key in volume if key != "name"), "unknown")
        return f"the volume {mount['name']} at {mount['mountPath']} is of the kind {kind}, which a new pod begins empty"

    def cannot_restart(self) -> str:
        return ""

    def restart(self) -> None:
        doing = f"restarting {self.name}"
        self._kubectl("rollout", "restart", self._workload, doing=doing)
        limit = f"--timeout={ROLLOUT_SECONDS}s"
        self._kubectl("rollout", "status", self._workload, limit, doing=f"waiting for {self.name}")
        self.__dict__.pop("_document", None)

    def logs(self) -> str:
        container = ["--container", self._container] if self._container else []
        try:
            return self._kubectl(
                "logs", self._workload, *container, f"--tail={LOG_LINES}", doing=f"reading the log of {self.name}"
            )
        except HomeFailed:
            return ""

    def _inside(self, *, stdin: bool = False) -> list[str]:
        container = ["--container", self._container] if self._container else []
        return ["exec", *(["--stdin"] if stdin else []), self._workload, *container, "--"]

    def _kubectl(self, *words: str, doing: str, stdin: Path | None = None, to: Path | None = None) -> str:
        seconds = ROLLOUT_SECONDS + 60
        return run_command([self._program, *self._where, *words], doing=doing, stdin=stdin, to=to, seconds=seconds)

    @cached_property
    def _document(self) -> Mapping[str, Any]:
        doing = f"looking at {self.name}"
        said = self._kubectl("get", self._workload, "--output", "json", doing=doing)
        try:
            document: Mapping[str, Any] = json.loads(said)
            document["spec"]["template"]["spec"]["containers"][0]
        except (ValueError, KeyError, IndexError, TypeError) as error:
            raise HomeFailed(f"{doing}: `{self._program}` gave no workload with pods") from error
        return document

    @property
    def _pod(self) -> Mapping[str, Any]:
        spec: Mapping[str, Any] = self._document["spec"]["template"]["spec"]
        return spec

    @property
    def _own(self) -> Mapping[str, Any]:
        containers = self._pod["containers"]
        found = [one for one in containers if one.get("name") == self._container] if self._container else containers
        if not found:
            raise HomeFailed(f"looking at {self.name}: it has no container {self._container}")
        own: Mapping[str, Any] = found[0]
        return own

    @property
    def _claimed(self) -> set[str]:
        templates = self._document["spec"].get("volumeClaimTemplates") or ()
        return {template["metadata"]["name"] for template in templates}
