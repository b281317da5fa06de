"""Programs in front of a terminal: a pseudo-terminal of a chosen width."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

from conftest import BIN, TIME_LIMIT_SECONDS, environment

WIDTHS = [60, 80, 200]
ESCAPE = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def set_width(terminal: int, columns: int) -> None:
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))


def shown(
    columns: int,
    program: str,
    *arguments: str | Path,
    env: dict[str, str] | None = None,
    while_running: Callable[[int, bytes], None] = lambda terminal, seen: None,
) -> str:
    """What the program sends to a terminal; `while_running` is told after each piece what came so far."""
    terminal, side_of_program = pty.openpty()
    set_width(side_of_program, columns)
    process = subprocess.Popen(
        [str(BIN / program), *map(str, arguments)],
        env={**environment(), "TERM": "xterm", **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=side_of_program,
        stderr=side_of_program,
    )
    os.close(side_of_program)
    seen = b""
    end = time.monotonic() + TIME_LIMIT_SECONDS
    try:
        while time.monotonic() < end:
            try:
                piece = os.read(terminal, 65536)
            except OSError:  # the program has closed its side
                break
            seen += piece
            while_running(terminal, seen)
        process.wait(TIME_LIMIT_SECONDS)
    finally:
        process.kill()
        process.wait()
        os.close(terminal)
    return seen.decode(errors="replace")


def width_of(text: str) -> int:
    """Columns on a terminal."""
    wide = {"W": 2, "F": 2}
    return sum(0 if unicodedata.combining(c) else wide.get(unicodedata.east_asian_width(c), 1) for c in text)


def lines_of(text: str) -> list[str]:
    """Every state of every line."""
    return [ESCAPE.sub("", line) for line in re.split(r"[\r\n]+", text) if ESCAPE.sub("", line)]
