"""HTTP: a document, or a file that goes on where an earlier try ended.

urllib of the standard library: proxies of the environment (http_proxy, https_proxy, no_proxy), redirects and TLS with
the system's certificates are all that is needed, and nothing has to be installed.
"""

from __future__ import annotations

import base64
import errno
import http.client
import json
import os
import re
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPMessage
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from musclemap_fetch.digests import checked
from musclemap_fetch.errors import DiskFull, FetchError

OnProgress = Callable[[str, int, "int | None"], None]  # name, bytes there, bytes in all

_TRIES = 4  # the first and three more, each from where the one before ended
_SECONDS_OF_SILENCE = 60
_LONGEST_WAIT_SECONDS = 60
_BYTES_AT_ONCE = 1 << 18
_LARGEST_DOCUMENT = 8 << 20
_LARGEST_FILE = 8 << 30
_PAGE = re.compile(rb"\s*(<!doctype html|<html|<head)", re.IGNORECASE)
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")


@dataclass(frozen=True)
class RemoteFile:
    """A file as its source states it; size in bytes, None where it is not stated."""

    name: str
    url: str
    size: int | None = None
    digests: dict[str, str] = field(default_factory=dict)


class _Again(Exception):
    """A try that ended early; wait: seconds that the site asks for."""

    def __init__(self, reason: str, wait: float = 0) -> None:
        super().__init__(reason)
        self.wait = wait


class _Redirects(urllib.request.HTTPRedirectHandler):
    """To other sites, as releases and proxies have it, but never from https to anything else."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        schemes = urlsplit(req.full_url).scheme, urlsplit(newurl).scheme
        if schemes[1] != "https" and schemes != ("http", "http"):
            raise FetchError(f"{req.full_url}: leads to {newurl[:200]}; only https is followed from there")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


@contextmanager
def _answer(url: str, headers: dict[str, str]) -> Iterator[tuple[int, http.client.HTTPResponse]]:
    """The answer to a GET and its status; 200, 206 and 416 alone come back."""
    if urlsplit(url).scheme not in ("https", "http"):
        raise FetchError(f"{url}: is no address of https or http")
    wanted = {"User-Agent": "musclemap-fetch", "Accept-Encoding": "identity", **headers}
    opener = urllib.request.build_opener(_Redirects())
    try:
        with opener.open(urllib.request.Request(url, headers=wanted), timeout=_SECONDS_OF_SILENCE) as answer:
            yield answer.status, answer
    except urllib.error.HTTPError as error:
        with error:
            if error.code == 416:
                yield 416, error  # type: ignore[misc]  # has its headers
                return
        if error.code in (408, 429) or error.code >= 500:
            raise _Again(f"answers {error.code} {error.reason}", _seconds(error.headers.get("Retry-After"))) from None
        raise FetchError(f"{url}: answers {error.code} {error.reason}") from None
    except urllib.error.URLError as error:
        raise _Again(f"cannot be reached: {error.reason}") from None
    except (TimeoutError, ConnectionError, http.client.HTTPException) as error:
        raise _Again(f"the connection ended: {str(error) or type(error).__name__}") from None


def _seconds(text: str | None) -> float:
    return min(float(text), _LONGEST_WAIT_SECONDS) if text and text.isdigit() else 0


def _tried(url: str, attempt: Callable[[], Any]) -> Any:
    for number in range(_TRIES):
        try:
            return attempt()
        except _Again as again:
            if number == _TRIES - 1:
                raise FetchError(f"{url}: {again}; tried {_TRIES} times") from None
            time.sleep(max(again.wait, number))


def document(url: str) -> Any:
    """The JSON of an interface."""

    def attempt() -> bytes:
        with _answer(url, {"Accept": "application/json"}) as (_, answer):
            length = answer.headers.get("Content-Length", "")
            text = answer.read(_LARGEST_DOCUMENT)
            if length.isdigit() and len(text) < min(int(length), _LARGEST_DOCUMENT):
                raise _Again(f"cut at {len(text)} of {length} bytes")
            return text

    text: bytes = _tried(url, attempt)
    try:
        return json.loads(text)
    except ValueError:
        what = "an HTML page" if _PAGE.match(text) else "no JSON"
        raise FetchError(f"{url}: answers {what} where JSON is expected; a proxy may want a sign-in") from None


class Download:
    """A file on its way into `folder`: NAME.part, and NAME.part.json that says what the bytes are of.

    After a cut the next try, of this process or a later one, asks for the rest alone, if the source vouches that the
    file is still the same: by its ETag or date (If-Range), or by a digest that it states.
    """

    def __init__(self, remote: RemoteFile, folder: Path, on_progress: OnProgress) -> None:
        self._remote = remote
        self._part = folder / (remote.name + ".part")
        self._notes = folder / (remote.name + ".part.json")
        self._on_progress = on_progress
        self._digests = dict(remote.digests)

    def run(self) -> tuple[Path, dict[str, str]]:
        """The file, whole as to its size, and the digests that its source states; those are the caller's to check."""
        try:
            _tried(self._remote.url, self._attempt)
        except OSError as error:
            full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
            said = f"{error.filename or self._part}: cannot be written: {error.strerror}"
            raise (DiskFull if full else FetchError)(said) from None
        return self._part, self._digests

    def discard(self) -> None:
        """What is there goes: it is not what was asked for, or there is no room for it."""
        self._part.unlink(missing_ok=True)
        self._notes.unlink(missing_ok=True)

    def _attempt(self) -> None:
        there, headers = self._earlier()
        if there and there == self._remote.size:
            return
        with _answer(self._remote.url, headers) as (status, answer):
            if status == 416:
                self.discard()
                raise _Again("the part that is there is longer than the file")
            total = self._total(status, answer, there)
            if status != 206:
                there = 0
            self._look_at(answer)
            self._make_room(total, there)
            self._note(answer, total)
            self._receive(answer, there, total)

    def _earlier(self) -> tuple[int, dict[str, str]]:
        """Bytes of an earlier try that may stay, and what asks for the rest."""
        try:
            there = self._part.stat().st_size
            notes = json.loads(self._notes.read_text(encoding="utf-8"))
            same = notes["url"] == self._remote.url and self._remote.size in (None, notes["size"])
            vouched = bool(self._remote.digests) and notes["digests"] == self._remote.digests
            validator = str(notes["validator"])
        except (OSError, ValueError, KeyError, TypeError):
            return 0, {}
        if not there or not same or not (vouched or validator):
            return 0, {}
        headers = {"Range": f"bytes={there}-"}
        return there, {**headers, "If-Range": validator} if validator else headers

    def _total(self, status: int, answer: http.client.HTTPResponse, there: int) -> int | None:
        """Bytes of the whole file. Error where that is not what the source states."""
        length = answer.headers.get("Content-Length", "")
        total = int(length) if length.isdigit() else None
        if status == 206:
            match = _RANGE.fullmatch(answer.headers.get("Content-Range", "").strip())
            if not match or int(match[1]) != there:
                self.discard()
                raise _Again("the rest that was asked for is not what came")
            total = int(match[3]) if match[3] != "*" else None
        size = self._remote.size
        if size is not None and total is not None and total != size:
            self._page(answer)
            self.discard()
            raise FetchError(f"{self._remote.url}: has {total} bytes; {size} are stated, so it is not kept")
        total = size if total is None else total
        if total is not None and total > _LARGEST_FILE:
            raise FetchError(f"{self._remote.url}: has {total} bytes; {_LARGEST_FILE} are allowed")
        return total

    def _look_at(self, answer: http.client.HTTPResponse) -> None:
        """That it is no page, and not packed."""
        self._page(answer)
        packed = answer.headers.get("Content-Encoding", "identity").lower()
        if packed != "identity":
            raise FetchError(f"{self._remote.url}: comes packed as '{packed}', which was not asked for")
        self._digests = {**_digests_of_headers(answer.headers), **self._remote.digests}

    def _page(self, answer: http.client.HTTPResponse) -> None:
        if answer.headers.get_content_type() in ("text/html", "application/xhtml+xml"):
            self._refuse_page()

    def _refuse_page(self) -> None:
        self.discard()
        raise FetchError(
            f"{self._remote.url}: gives an HTML page in place of the file; a proxy may want a sign-in: "
            "bring the file by hand, `musclemap fetch NAME --from FILE`"
        )

    def _make_room(self, total: int | None, there: int) -> None:
        free = shutil.disk_usage(self._part.parent).free
        if total is not None and total - there > free:
            needed = f"'{self._remote.name}' needs {total - there} more"
            raise DiskFull(f"{self._part.parent}: has {free} bytes free; {needed}")

    def _note(self, answer: http.client.HTTPResponse, total: int | None) -> None:
        etag = answer.headers.get("ETag", "")
        validator = etag if etag.startswith('"') else answer.headers.get("Last-Modified", "")
        notes = {"url": self._remote.url, "size": total, "digests": self._remote.digests, "validator": validator}
        self._notes.write_text(json.dumps(notes), encoding="utf-8")

    def _receive(self, answer: http.client.HTTPResponse, there: int, total: int | None) -> None:
        bound = _LARGEST_FILE if total is None else total
        with self._part.open("r+b" if there else "wb") as file:
            file.seek(there)
            while True:
                try:
                    block = answer.read(_BYTES_AT_ONCE)
                except (OSError, http.client.HTTPException) as error:
                    reason = str(error) or type(error).__name__
                    raise _Again(f"cut at {there} of {_count(total)} bytes: {reason}") from None
                if not block:
                    break
                if there == 0 and _PAGE.match(block):
                    self._refuse_page()
                there += len(block)
                if there > bound:
                    self.discard()
                    raise FetchError(f"{self._remote.url}: goes on after {bound} bytes, which are all that are stated")
                file.write(block)
                self._on_progress(self._remote.name, there, total)
            file.truncate()
            file.flush()
            os.fsync(file.fileno())
        if total is not None and there < total:
            raise _Again(f"cut at {there} of {total} bytes")


def _count(total: int | None) -> str:
    return "an unknown number of" if total is None else str(total)


def _digests_of_headers(headers: Message) -> dict[str, str]:
    """Those that stores of files state beside what they send: Content-MD5, and Google's x-goog-hash."""
    stated: dict[str, str] = {}
    google = ",".join(headers.get_all("x-goog-hash", []))
    texts = headers.get("Content-MD5", ""), *re.findall(r"md5=([A-Za-z0-9+/=]+)", google)
    for text in texts:
        try:
            stated |= checked("md5", base64.b64decode(text, validate=True).hex())
        except ValueError:
            continue
    return stated
