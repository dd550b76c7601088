"""As much of a Docker engine as the Container Service asks for, on loopback, with the answers that a test puts in."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

LABELLED = "sha256:" + "1" * 64


class FakeEngine:
    def __init__(self) -> None:
        self.images: dict[str, dict[str, Any]] = {}  # by id: RepoTags, Labels
        self.pullable: dict[str, dict[str, Any]] = {}  # by name: what is there after a pull
        self.log_in_status = "Login Succeeded"
        self.refuses_log_in = False
        self.is_swarm_manager = False
        self.reaches_registries = True
        self.asked_for: list[str] = []  # descriptions from registries
        self.stumbles = False  # 500 for everything but its version
        self.logged_in: list[dict[str, Any]] = []
        self.pulled_with: list[str | None] = []
        self.pushed: dict[str, str | None] = {}  # by name: with which credentials
        self.built: list[str] = []
        self.containers: list[dict[str, Any]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"engine": self}))
        self.host = f"tcp://127.0.0.1:{self._server.server_address[1]}"

    def add(self, number: str, *tags: str, labels: dict[str, str] | None = None) -> None:
        self.images[number] = {"Id": number, "RepoTags": list(tags) or None, "Labels": labels}

    def find(self, name: str) -> dict[str, Any] | None:
        for number, image in self.images.items():
            if name in (number, *(image["RepoTags"] or ()), *image.get("RepoDigests", ())) or number.removeprefix(
                "sha256:"
            ).startswith(name):
                return image
        return None

    def __enter__(self) -> FakeEngine:
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    engine: FakeEngine

    def do_GET(self) -> None:
        path = self._path()
        if path == "/version":
            self._say(200, {"ApiVersion": "1.41"})
        elif self.engine.stumbles:
            self._say(500, {"message": "the engine stumbles"})
        elif path == "/_ping":
            self._say(200, "OK")
        elif path == "/swarm":
            self._say(*((200, {}) if self.engine.is_swarm_manager else (503, {"message": "This node is no manager"})))
        elif path == "/containers/json":
            self._say(200, self.engine.containers)
        elif path == "/images/json":
            self._say(200, list(self.engine.images.values()))
        elif path.startswith("/distribution/"):
            self._describe(unquote(path.removeprefix("/distribution/").removesuffix("/json")))
        else:
            self._say_image(path.removeprefix("/images/").removesuffix("/json"))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self._path() == "/auth":
            self.engine.logged_in.append(json.loads(body))
            refused = (500, {"message": "no such registry"})
            self._say(*(refused if self.engine.refuses_log_in else (200, {"Status": self.engine.log_in_status})))
        elif self._path() == "/build":
            self._build()
        elif self._path().endswith("/tag"):
            self._tag(unquote(self._path().removeprefix("/images/").removesuffix("/tag")))
        elif self._path().endswith("/push"):
            self._push(unquote(self._path().removeprefix("/images/").removesuffix("/push")))
        else:
            self._pull()

    def do_DELETE(self) -> None:
        image = self.engine.find(unquote(self._path().removeprefix("/images/")))
        if image is None:
            self._say(404, {"message": "no such image"})
        elif len(image["RepoTags"] or ()) > 1 and self._query("force") not in ("1", "true", "True"):
            self._say(409, {"message": "image is referenced in multiple repositories"})
        else:
            del self.engine.images[image["Id"]]
            self._say(200, [])

    def _build(self) -> None:
        """Something with the tag and labels that were asked for; what it is made of is not looked at."""
        number = f"sha256:{len(self.engine.built) + 1:064x}"
        self.engine.built.append(self._query("t"))
        self.engine.add(number, self._query("t"), labels=json.loads(self._query("labels")))
        self._say(200, {"stream": "Successfully built\n"})

    def _tag(self, name: str) -> None:
        image = self.engine.find(name)
        if image is None:
            self._say(404, {"message": f"No such image: {name}"})
            return
        tag = f"{self._query('repo')}:{self._query('tag')}"
        for other in self.engine.images.values():
            other["RepoTags"] = [each for each in other["RepoTags"] or () if each != tag]
        image["RepoTags"].append(tag)
        self._say(201, "")

    def _push(self, name: str) -> None:
        self.engine.pushed[f"{name}:{self._query('tag')}"] = self.headers.get("X-Registry-Auth")
        self._say(200, {"id": "layer", "progressDetail": {"current": 5, "total": 5}})

    def _pull(self) -> None:
        name = f"{self._query('fromImage')}:{self._query('tag')}"
        self.engine.pulled_with.append(self.headers.get("X-Registry-Auth"))
        if name not in self.engine.pullable:
            self._say(404, {"message": f"manifest for {name} not found"})
        elif "error" in self.engine.pullable[name]:
            self._say(200, self.engine.pullable[name])
        else:
            self.engine.images |= (
                {self.engine.pullable[name]["Id"]: self.engine.pullable[name]} if self.engine.pullable[name] else {}
            )
            self._say(200, {"status": "done"})

    def _describe(self, name: str) -> None:
        self.engine.asked_for.append(name)
        if not self.engine.reaches_registries:
            self._say(500, {"message": "dial tcp: lookup registry: no such host"})
        elif name in self.engine.pullable:
            self._say(200, {"Descriptor": {}})
        else:
            self._say(404, {"message": f"manifest for {name} not found"})

    def _say_image(self, name: str) -> None:
        image = self.engine.find(unquote(name))
        if image is None:
            self._say(404, {"message": f"No such image: {name}"})
        else:
            self._say(200, {"Id": image["Id"], "Config": {"Labels": image["Labels"]}})

    def _path(self) -> str:
        path = urlsplit(self.path).path
        return path.removeprefix("/v1.41")

    def _query(self, name: str) -> str:
        return parse_qs(urlsplit(self.path).query).get(name, [""])[0]

    def _say(self, status: int, value: Any) -> None:
        body = value.encode() if isinstance(value, str) else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """The test says what went wrong."""
