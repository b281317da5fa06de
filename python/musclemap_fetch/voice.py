"""What the program says: results on standard output, the rest on standard error."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

_SECONDS_BETWEEN = 0.5


class Voice:
    """Text, or with --json one object a line."""

    def __init__(self, *, json_lines: bool = False, quiet: bool = False) -> None:
        self._json_lines = json_lines
        self._quiet = quiet
        self._last = 0.0
        self._bar = sys.stderr.isatty() and not quiet

    def result(self, text: str, content: dict[str, Any]) -> None:
        self._end_bar()
        print(json.dumps(content) if self._json_lines else _printable(text), flush=True)

    def say(self, text: str) -> None:
        """What may be left out."""
        if not self._quiet:
            self._end_bar()
            print(_printable(text), file=sys.stderr, flush=True)

    def error(self, text: str) -> None:
        self._end_bar()
        print("error: " + _printable(text), file=sys.stderr, flush=True)

    def progress(self, name: str, there: int, total: int | None) -> None:
        """A line that is written over, on a terminal alone."""
        now = time.monotonic()
        if not self._bar or (now - self._last < _SECONDS_BETWEEN and there != total):
            return
        self._last = now
        of = f" of {megabytes(total)}" if total is not None else ""
        print(f"\r{name}: {megabytes(there)}{of}\x1b[K", end="", file=sys.stderr, flush=True)

    def _end_bar(self) -> None:
        if self._bar and self._last:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
            self._last = 0.0


def _printable(text: str) -> str:
    """What a site states cannot drive the terminal."""
    return "".join(c if c.isprintable() or c == "\n" else "?" for c in text)


def megabytes(count: int | None) -> str:
    """Of 10^6 bytes, as sites state them."""
    return "size not stated" if count is None else f"{count / 1e6:.1f} MB"
