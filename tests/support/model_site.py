"""A site on loopback that answers like Zenodo, GitHub and Cellpose's, and as badly as sites and proxies can."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


@dataclass
class Site:
    """What it serves, by path; how it fails; what it was asked for."""

    address: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    documents: dict[str, Any] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    cuts: dict[str, list[int]] = field(default_factory=dict)  # bytes after which the connection ends, a try each
    busy: dict[str, int] = field(default_factory=dict)  # answers 503 so many times
    pages: set[str] = field(default_factory=set)  # an HTML page in place of the file
    unsized: set[str] = field(default_factory=set)  # no Content-Length
    etags: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)  # path, Range

    def ranges(self, path: str) -> list[str]:
        return [wanted for asked, wanted in self.asked if asked == path]

    def catalogue(self, folder: Path, models: list[dict[str, Any]]) -> Path:
        """A catalogue of models on this site."""
        sources = {
            "zenodo": {"kind": "zenodo", "address": self.address},
            "releases": {
                "kind": "github",
                "address": f"{self.address}/project",
                "api": f"{self.address}/api/project",
                "without_release": "comes from its authors",
            },
            "plain": {"kind": "plain", "address": f"{self.address}/models"},
        }
        stated = {"format": "musclemap-catalogue", "format_version": 1, "sources": sources, "models": models}
        file = folder / "catalogue.json"
        file.write_text(json.dumps(stated), encoding="utf-8")
        return file

    def add_record(
        self, number: int, concept: int, version: str | None, files: dict[str, bytes], **changes: dict[str, Any]
    ) -> None:
        """A record as Zenodo states it; `changes` to what it states, by file."""
        listed = []
        for name, content in files.items():
            self.files[f"/records/{number}/files/{name}"] = content
            stated = {"key": name, "size": len(content), "checksum": "md5:" + hashlib.md5(content).hexdigest()}
            listed.append({**stated, **changes.get(name.rpartition(".")[2], {})})
        metadata: dict[str, Any] = {"title": "a model", "license": {"id": "mit"}}
        if version is not None:
            metadata["version"] = version
        record = {"id": number, "conceptrecid": str(concept), "metadata": metadata, "files": listed}
        self.documents[f"/api/records/{number}"] = record
        self.redirects[f"/api/records/{concept}"] = f"/api/records/{number}"
        versions = self.documents.setdefault(f"versions of {concept}", [])
        versions.append(record)
        for each in versions:
            self.documents[f"/api/records/{each['id']}/versions?size=100"] = {"hits": {"hits": versions}}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: Site

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        site, path, wanted = self.site, self.path, self.headers.get("Range", "")
        # Of a proxy the whole address is asked for.
        path = "/" + path.split("/", 3)[3] if path.startswith("http://") else path
        site.asked.append((path, wanted))
        if site.busy.get(path, 0) > 0:
            site.busy[path] -= 1
            self._send(503, b"", {"Retry-After": "0"})
        elif path in site.redirects:
            self._send(302, b"", {"Location": site.redirects[path]})
        elif path in site.pages:
            self._send(200, b"<!DOCTYPE html><html>Sign in</html>", {"Content-Type": "text/html; charset=utf-8"})
        elif path in site.documents:
            self._send(200, json.dumps(site.documents[path]).encode(), {"Content-Type": "application/json"})
        elif path in site.files:
            self._file(path, wanted)
        else:
            self._send(404, b"{}", {"Content-Type": "application/json"})

    def _file(self, path: str, wanted: str) -> None:
        content, etag = self.site.files[path], self.site.etags.get(path)
        begin = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
        same = self.headers.get("If-Range", etag) == etag
        headers = {"Content-Type": "application/octet-stream", **({"ETag": etag} if etag else {})}
        if begin >= len(content) and wanted and same:
            self._send(416, b"", {"Content-Range": f"bytes */{len(content)}"})
        elif wanted and same:
            headers["Content-Range"] = f"bytes {begin}-{len(content) - 1}/{len(content)}"
            self._send(206, content[begin:], headers, path)
        else:
            self._send(200, content, headers, path)

    def _send(self, status: int, body: bytes, headers: dict[str, str], path: str = "") -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if path in self.site.unsized:
            self.send_header("Connection", "close")
        else:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        cuts = self.site.cuts.get(path, [])
        if cuts:
            body = body[: cuts.pop(0)]
        self.wfile.write(body)
        if cuts or path in self.site.unsized or len(body) == 0 or path in self.site.cuts:
            self.close_connection = True


@contextmanager
def model_site() -> Iterator[Site]:
    site = Site()
    handler = type("Handler", (_Handler,), {"site": site})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    site.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
