"""A kubectl that is scripted: what it would run in a pod it runs here, what it would tell of a workload it reads."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_SCRIPT = """\
#!/bin/sh
for word in "$@"; do printf '%s ' "$(printf '%s' "$word" | head -n 1 | cut -c 1-40)"; done >> {calls}
echo >> {calls}
while [ "$1" = --context ] || [ "$1" = --namespace ]; do shift 2; done
case "$1" in
  get) cat {document} ;;
  exec) while [ "$1" != -- ]; do shift; done; shift; exec "$@" ;;
  rollout) [ "$2" = restart ] && [ -e {command} ] && . {command}; exit 0 ;;
  logs) echo "SEVERE: it is broken" ;;
esac
"""


class Kubectl:
    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.program, self.calls = folder / "kubectl", folder / "calls"
        self._document, self._command = folder / "document.json", folder / "restart.sh"
        places = {"calls": self.calls, "document": self._document, "command": self._command}
        script = _SCRIPT.format_map({name: shlex.quote(str(place)) for name, place in places.items()})
        self.program.write_text(script, encoding="utf-8")
        self.program.chmod(0o755)
        self.tells(workload(home="/data/xnat/home", volume={"emptyDir": {}}))

    def tells(self, document: Mapping[str, Any]) -> None:
        self._document.write_text(json.dumps(document), encoding="utf-8")

    def restarts_by(self, command: str) -> None:
        self._command.write_text(command, encoding="utf-8")

    @property
    def said(self) -> list[str]:
        return self.calls.read_text(encoding="utf-8").splitlines() if self.calls.exists() else []


def workload(
    home: str, volume: Mapping[str, Any] | None = None, *, read_only: bool = False, claimed: bool = False
) -> Mapping[str, Any]:
    """A stateful set whose plugins folder lies in a volume; in none where `volume` is not given and not `claimed`."""
    mount = {"name": "plugins", "mountPath": f"{home}/plugins", "readOnly": read_only}
    mounts = [{"name": "logs", "mountPath": home}, mount] if volume is not None or claimed else []
    volumes = [{"name": "logs", "emptyDir": {}}, {"name": "plugins", **(volume or {})}]
    pod = {"containers": [{"name": "xnat-web", "volumeMounts": mounts}], "volumes": volumes}
    claims = [{"metadata": {"name": "plugins"}}] if claimed else []
    return {"spec": {"template": {"spec": pod}, "volumeClaimTemplates": claims}}
